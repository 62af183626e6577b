"""Fields that nobody who hears a page can name: no label is for them or around them, and they have no name of their own (WCAG 4.1.2)."""
from html.parser import HTMLParser

FIELDS, PRESSED = ("input", "select", "textarea"), ("hidden", "submit", "button", "image", "reset")


class _Page(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.around, self.named, self.fields = 0, set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "label":
            self.around += 1
            self.named.add(said.get("for"))
        elif tag in FIELDS and said.get("type") not in PRESSED:
            is_named = self.around or said.get("aria-label") or said.get("aria-labelledby")
            self.fields.append((said.get("id", ""), bool(is_named), self.get_starttag_text()))

    def handle_endtag(self, tag):
        if tag == "label":
            self.around -= 1


def unlabelled(html: str) -> list[str]:
    """The fields of a page without a label, as they are written there."""
    if html.startswith("PK"):
        return []                                   # a ZIP, whose bytes may look like anything
    page = _Page(html)
    return [written for field, is_named, written in page.fields if not is_named and field not in page.named]
