"""Is income tax withheld from a payment (源泉徴収, 所得税法204条), and why? The answer is a proposal with its reason: the law looks at what
the work is, and a name of a category only says so roughly.
"""
import datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.shared import clock
from machi.taxes.rates import changed_at, rows

# Why, in words. Of a class that a town added itself the general words are said.
WORDS = {
    "manuscript": gettext_noop("taxes.because.manuscript"), "translation": gettext_noop("taxes.because.translation"),
    "design": gettext_noop("taxes.because.design"), "typesetting": gettext_noop("taxes.because.typesetting"),
    "picture": gettext_noop("taxes.because.picture"), "photo": gettext_noop("taxes.because.photo"),
    "sound": gettext_noop("taxes.because.sound"), "teaching": gettext_noop("taxes.because.teaching"),
    "listed": gettext_noop("taxes.because.listed"), "code": gettext_noop("taxes.because.code"),
    "signing": gettext_noop("taxes.because.signing"), "questions": gettext_noop("taxes.because.questions"),
    "proofreading": gettext_noop("taxes.because.proofreading"), "other": gettext_noop("taxes.because.other"),
    "part": gettext_noop("taxes.because.part"), "client": gettext_noop("taxes.because.client"),
    "company": gettext_noop("taxes.because.company"),
}


class Proposal(NamedTuple):
    """Whether tax is withheld, and the reason: a class of work, or what the client or the worker is."""

    is_withheld: bool
    reason: str

    @property
    def words(self) -> str:
        return because(self.reason, is_withheld=self.is_withheld)


def proposed(*, category: str, is_agent: bool, is_company: bool = False, has_part: bool = False,
             on: datetime.date | None = None) -> Proposal:
    """What the law says of work of a category, `is_agent`: the client pays salaries and so has to withhold (源泉徴収義務者).
    `is_company`: the worker is one (法人), from whom nothing is withheld for such work. `has_part`: a part of it, and no more, is work that
    the law lists, like the design of a program.
    """
    reason, is_listed = class_of(category, on=on)
    if not is_listed and has_part:
        reason, is_listed = "part", True
    if not is_listed:
        return Proposal(False, reason)
    if not is_agent:
        return Proposal(False, "client")
    if is_company:
        return Proposal(False, "company")
    return Proposal(True, reason)


def class_of(category: str, *, on: datetime.date | None = None) -> tuple[str, bool]:
    """The class of work that a category belongs to, and whether the law lists it; a category without a row is not listed."""
    return _classes(on or clock.today(), changed_at()).get(category, ("other", False))


@lru_cache(maxsize=32)
def _classes(day: datetime.date, _changed: int) -> dict[str, tuple[str, bool]]:
    """Every category with a row on a day: its class, and whether the law lists it. Lists ask this for each of their cards."""
    newest = {one.says["class"]: one.says for one in rows("work") if one.holds_on(day)}       # of a class the newest row holds, alone
    return {category: (name, says["is_withheld"]) for name, says in newest.items() for category in says["categories"]}


def because(reason: str, *, is_withheld: bool) -> str:
    """A reason in words; nothing where none was written down."""
    own = "listed" if is_withheld else "other"
    return _(WORDS.get(reason, WORDS[own])) if reason else ""
