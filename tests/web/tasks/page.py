"""Reading a drawn form as a listener does: the ids that stand there, and the name of each field."""
from html.parser import HTMLParser

_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}
_FIELDS = {"input", "select", "textarea", "button"}


class Read(HTMLParser):
    """`fields`: (name of the field in the form, its accessible name, the names of the groups around it)."""

    def __init__(self, html: str):
        super().__init__()
        self.ids: list[str] = []
        self.refers: list[str] = []                 # ids that others point to
        self.fields: list[dict] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self._labels: dict[str, list[str]] = {}
        self._open: list[tuple[str, dict]] = []
        self._legends: list[list[str]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"
        for one in self.fields:
            one["label"] = " ".join("".join(one["own"] or self._labels.get(one["id"], [])).split())
            one["groups"] = [" ".join("".join(legend).split()) for legend in one["groups"]]

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.tags.append(tag)
        self.attributes |= said.keys()
        if "id" in said:
            self.ids.append(said["id"])
        self.refers += [said["for"]] if "for" in said else []
        self.refers += (said.get("aria-describedby") or "").split() + (said.get("aria-labelledby") or "").split()
        if tag == "fieldset":
            self._legends.append([])
        if tag in _FIELDS and said.get("type") != "hidden" and said.get("aria-hidden") != "true":
            self.fields.append({"id": said.get("id"), "name": said.get("name", ""), "own": [], "groups": list(self._legends), "tag": tag,
                                "type": said.get("type", ""), "value": said.get("value")})
        if tag not in _EMPTY:
            self._open.append((tag, said))

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        opened, _said = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        if tag == "fieldset":
            self._legends.pop()

    def handle_data(self, data):
        tags = [tag for tag, _said in self._open]
        for tag, said in self._open:
            if tag == "label":
                self._labels.setdefault(said.get("for"), []).append(data)
        if "legend" in tags and self._legends:
            self._legends[-1].append(data)
        if "button" in tags and self.fields and not any(said.get("aria-hidden") for _tag, said in self._open):
            self.fields[-1]["own"].append(data)


class _Sent(HTMLParser):
    """What a browser sends of a form that nobody has touched."""

    def __init__(self, html: str):
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._name = self._chosen = None
        self._text: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "input" and (said["type"] not in ("radio", "checkbox", "file") or "checked" in said):
            self._put(said["name"], said.get("value") or "")
        if tag in ("select", "textarea"):
            self._name, self._chosen, self._text = said["name"], None, [] if tag == "textarea" else None
        if tag == "option" and (self._chosen is None or "selected" in said):
            self._chosen = said["value"]

    def handle_endtag(self, tag):
        if tag == "select":
            self._put(self._name, self._chosen)
        if tag == "textarea":
            self._put(self._name, "".join(self._text).removeprefix("\n").replace("\n", "\r\n"))
            self._text = None

    def handle_data(self, data):
        if self._text is not None:
            self._text.append(data)

    def _put(self, name, value):
        self.sent.setdefault(name, []).append(value)


def sent(html: str) -> dict[str, list[str]]:
    return _Sent(html).sent


def faults(html: str) -> list[str]:
    """What somebody who listens would be lost with, and what a text from a file may never become."""
    page = Read(html)
    found = [f"twice: {one}" for one in set(page.ids) if page.ids.count(one) > 1]
    found += [f"points nowhere: {one}" for one in set(page.refers) - set(page.ids)]
    found += [f"no name: {one}" for one in page.fields if not one["label"]]
    found += [f"no name of the group: {one}" for one in page.fields if not all(one["groups"])]
    found += [f"alone: {one}" for one in page.fields if one["type"] in ("radio", "checkbox") and "a." in one["name"] and not one["groups"]]
    found += [f"a {tag}" for tag in {"script", "iframe", "object", "style", "form", "b", "i"} & set(page.tags)]
    found += [f"an attribute {name}" for name in page.attributes if name.startswith("on") or name == "style"]
    return found
