"""From each wish one first step that can be taken today; and the six things that are good to have before a first application."""
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.journey.models import Wish
from machi.journey.queries import Standing
from machi.matching.queries import JobRow, Leaning
from machi.profiles.queries import Completeness, Page, completeness
from machi.taxonomy.queries import category_names
from machi.web.pages.guide.tips import TIPS, Tip
from machi.web.pages.profiles.words import NextStep, step_named

W = Wish.Kind
FOUNDATION = ("display_name", "headline", "strength", "hand_me", "hobby", "conditions")       # six of the steps of completeness
ICONS = {W.EXPERIENCE: "briefcase", W.BESIDE: "moon", W.LOVED: "heart", W.HOME: "house", W.NEW: "sprout"}
GUIDES = {W.EXPERIENCE: "strengths", W.BESIDE: "application", W.LOVED: "hobbies", W.HOME: "working", W.NEW: "not-chosen"}
GUIDES_AT_HOME = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A wish, and the one step that leads towards it."""

    kind: str
    wish: str
    text: str
    deed: str
    href: str

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


def leaning(standing: Standing) -> Leaning:
    """What stands first in this person's list of posts: what, and never why."""
    wishes = standing.wishes
    return Leaning(topics=W.LOVED in wishes, kinds=W.EXPERIENCE in wishes, other_kinds=W.NEW in wishes, in_writing=W.HOME in wishes,
                   own_hours=standing.own_hours, slack_days=standing.slack_days)


def ways(wishes: Iterable[str], page: Page, kinds_shown: Iterable[str]) -> list[Way]:
    """The first step of each wish; `kinds_shown` are the kinds of work that the person's list of posts shows now."""
    found = {W.EXPERIENCE: _experience, W.BESIDE: _beside, W.LOVED: _loved, W.HOME: _home}
    return [Way(wish, str(W(wish).label), *(_new(page, kinds_shown) if wish == W.NEW else found[wish](page))) for wish in wishes]


def guides(wishes: Iterable[str]) -> list[Tip]:
    """A few guides, those first that belong to what somebody wishes for."""
    wanted = dict.fromkeys([*(GUIDES[wish] for wish in wishes), *TIPS])
    return [TIPS[slug] for slug in wanted][:GUIDES_AT_HOME]


@dataclass(frozen=True, slots=True)
class Foundation:
    """基盤づくり: which of the six are there, and the way to each that is not. Never a condition for anything."""

    steps: tuple[tuple[NextStep, bool], ...]

    @property
    def count(self) -> int:
        return sum(is_done for _step, is_done in self.steps)

    @property
    def of(self) -> int:
        return len(self.steps)


def foundation(page: Page, written: Completeness | None = None) -> Foundation:
    """The same answers as completeness, six of them."""
    done = (written or completeness(page)).done
    return Foundation(tuple((step_named(name, page), name in done) for name in FOUNDATION))


def at_home(standing: Standing, page: Page, posts: list[tuple[JobRow, str]]) -> dict:
    """What home shows of a person's wishes: first steps, guides, the foundation before a first application, marks on posts."""
    return {"ways": ways(standing.wishes, page, [row.category for row, _reason in posts]), "guides": guides(standing.wishes),
            "foundation": None if standing.has_applied else foundation(page), "marks_hours": standing.own_hours}


def _experience(page: Page) -> tuple[str, str, str]:
    if not page.strengths and not page.careers:     # the whole page in one form (F08)
        return _("way.experience.form"), _("way.experience.form.go"), reverse("profiles:expert")
    if page.is_career_only:
        return _("way.experience.strength"), _("hand.go"), reverse("journey:hand_me", args=[page.careers[0].pk])
    return _("way.experience"), _("me.step.career.go"), _place("profiles:add", "career")


def _beside(page: Page) -> tuple[str, str, str]:
    deed = _("me.conditions.change") if "conditions" in completeness(page).done else _("me.step.conditions.go")
    return _("way.beside"), deed, _place("profiles:line", "conditions")


def _loved(page: Page) -> tuple[str, str, str]:
    if not page.hobbies:
        return _("way.loved.first"), _("me.step.hobby.go"), _place("profiles:add", "hobby")
    topic = page.hobbies[0].topic.name
    return _("way.loved") % {"topic": topic}, _("way.loved.go") % {"topic": topic}, _jobs(q=topic)


def _home(page: Page) -> tuple[str, str, str]:
    return _("way.home"), _("way.home.go"), _jobs(text=1)


def _new(page: Page, kinds_shown: Iterable[str]) -> tuple[str, str, str]:
    known, names = {career.category_id for career in page.careers}, category_names()
    fresh = next((code for code in kinds_shown if code not in known), None)
    if fresh is None:
        return _("way.new.none"), _("way.new.go_all"), _jobs(newcomer=1)
    return _("way.new") % {"kind": names[fresh]}, _("way.new.go") % {"kind": names[fresh]}, _jobs(category=fresh)


def _place(name: str, section: str) -> str:
    return f"{reverse(name, args=[section])}#{section}"


def _jobs(**asked) -> str:
    return f"{reverse('jobs:list')}?{urlencode(asked)}"
