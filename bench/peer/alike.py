"""Two answers are the same page: every tag with all it carries, every word. Only white space and <wbr> may differ."""
from html.parser import HTMLParser

ONCE = {"csrfmiddlewaretoken", "key", "window"}         # new in every answer


class _Pieces(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.pieces, self._text = [], []

    def handle_starttag(self, tag, attributes):
        if tag == "wbr":
            return
        known = dict(attributes)
        if known.get("name") in ONCE:
            known["value"] = ""
        self._end_text()
        self.pieces.append((tag, *sorted((name, " ".join((value or "").split())) for name, value in known.items())))

    def handle_endtag(self, tag):
        self._end_text()
        self.pieces.append(("/", tag))

    def handle_data(self, data):
        self._text.append("".join(data.split()))

    def _end_text(self):
        if text := "".join(self._text):
            self.pieces.append(text)
        self._text = []


def pieces(html: str) -> list:
    """What a reader, a screen reader and a browser get from a page."""
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    parser._end_text()
    return parser.pieces


def must_be_alike(name: str, ours: str, peers: str) -> None:
    """An error that shows the first place where they differ."""
    mine, other = pieces(ours), pieces(peers)
    for place, (one, two) in enumerate(zip(mine, other, strict=False)):
        if one != two:
            before = mine[max(0, place - 4):place]
            raise AssertionError(f"{name}: piece {place} is {one!r} on our page and {two!r} on the peer's, after {before}")
    if len(mine) != len(other):
        raise AssertionError(f"{name}: {len(mine)} pieces on our page, {len(other)} on the peer's")
