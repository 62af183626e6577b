"""What somebody looks for, read from the address and written back into it: the address is the state of a search."""
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from machi.matching.queries import COUNTED_AT_MOST, Facets, Found, search_jobs
from machi.shared.japanese import cleaned
from machi.taxonomy.models import Category
from machi.taxonomy.queries import categories_like
from machi.web.frame.fields import YenField
from machi.web.frame.words import number, yen

LONGEST = 100                               # characters of a search; the rest of a pasted page is not looked for
NOTHING = {"category": "", "newcomer": False, "text_only": False, "least_yen": 0}


@dataclass(frozen=True)
class Search:
    """Words, four facets, and which page of the answer."""

    words: str = ""
    facets: Facets = field(default_factory=Facets)
    page: int = 1

    @property
    def is_wide(self) -> bool:
        """Nothing narrows it."""
        return not self.words and self.facets == Facets()

    def query(self, **more) -> str:
        """The part of the address after the question mark, with nothing empty in it: "q=記事&newcomer=1"."""
        facets = self.facets
        asked = {"q": self.words, "category": facets.category, "newcomer": facets.newcomer and "1", "text": facets.text_only and "1",
                 "least": facets.least_yen and str(int(facets.least_yen))} | more
        return urlencode({name: value for name, value in asked.items() if value})

    def without(self, name: str) -> "Search":
        """The same search when one thing is taken away."""
        if name == "words":
            return Search(facets=self.facets)
        return Search(self.words, replace(self.facets, **{name: NOTHING[name]}))

    def chosen(self, names: dict[str, str]) -> Iterator[tuple[str, str]]:
        """What narrows the search now: its name here, and how people call it."""
        if self.words:
            yield "words", self.words
        if self.facets.category:
            yield "category", names[self.facets.category]
        if self.facets.newcomer:
            yield "newcomer", _("jobs.facet.newcomer")
        if self.facets.text_only:
            yield "text_only", _("jobs.facet.text")
        if self.facets.least_yen:
            yield "least_yen", _("jobs.facet.least.from") % {"amount": yen(self.facets.least_yen)}


def read(asked, categories) -> Search:
    """A search out of an address. What cannot be understood is left out: a link that was cut short still finds work."""
    category = asked.get("category", "")
    facets = Facets(category if category in categories else "", asked.get("newcomer") == "1", asked.get("text") == "1",
                    _amount(asked.get("least", "")))
    return Search(" ".join(cleaned(asked.get("q", "")).split())[:LONGEST], facets, _page(asked.get("page", "")))


def sentence(found: Found, words: str) -> str:
    """How many there are, as somebody would say it aloud."""
    n = number(found.count)
    if found.is_more:
        return (_("jobs.found.many_for") % {"words": words, "n": n}) if words else _("jobs.found.many") % {"n": n}
    return (_("jobs.found.for") % {"words": words, "n": n}) if words else _("jobs.found") % {"n": n}


def kinds_meant(search: Search) -> list[Category]:
    """Kinds of work that the words may mean (honyaku, 英訳), beside the one that is chosen."""
    return [kind for kind in categories_like(search.words, at_most=3) if kind.code != search.facets.category]


def would_find(search: Search, names: dict[str, str]) -> tuple[str, int, str] | None:
    """When nothing is found: what to leave out (its name, how many there are then, the address); nothing if that does not help."""
    tries = [(search_jobs(without.words, without.facets).count, text, without)
             for name, text in search.chosen(names) for without in [search.without(name)]]
    count, text, without = max(tries, key=lambda one: one[0], default=(0, "", search))
    return (text, min(count, COUNTED_AT_MOST), without.query()) if count else None


def _amount(text: str) -> int:
    try:
        return int(YenField(required=False).clean(text[:24]) or 0)
    except ValidationError:
        return 0


def _page(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1
