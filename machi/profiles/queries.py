"""Questions about people's pages."""
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from machi.accounts.models import User
from machi.profiles.models import Career, Hobby, Profile, Strength
from machi.shared.question import Question, any_of, as_read
from machi.taxonomy.models import Category, Topic


@dataclass(slots=True)
class Page:
    """Everything a person wrote about themselves."""

    user: object
    profile: Profile | None
    strengths: list[Strength] = field(default_factory=list)
    hobbies: list[Hobby] = field(default_factory=list)
    careers: list[Career] = field(default_factory=list)

    @property
    def career_years(self) -> int:
        return sum(career.years for career in self.careers)

    @property
    def is_career_only(self) -> bool:
        """Somebody who lists where they were, and not yet what one can hand them (F21)."""
        return bool(self.careers) and not self.strengths


def _lines(model, *columns: str) -> ArraySubquery:
    """All lines of one kind, of the person of the outer question; a moment is not among them, JSON has none."""
    every = {name: name for name in ("id", "user_id", *columns)}
    return ArraySubquery(model.objects.filter(user=OuterRef("pk")).order_by("pk").values_list(JSONObject(**every)))


_CATEGORY = [f"category__{field.attname}" for field in Category._meta.concrete_fields]
_pages = Question(lambda users: User.objects.filter(any_of("pk", users)).order_by("pk").values_list(
    "pk", _lines(Profile, "headline", "about", "conditions"), _lines(Strength, "statement", "evidence", "hand_me"),
    _lines(Hobby, "topic_id", "years", "depth", "note", "topic__id", "topic__name", "topic__folded"),
    _lines(Career, "role", "category_id", "years", "note", *_CATEGORY)))


def pages_of(users) -> dict[int, Page]:
    """The pages of several people, by their number: one question however many people."""
    pages = {user.pk: Page(user, None) for user in users}
    for number, profiles, strengths, hobbies, careers in _pages(list(pages)):
        page = pages[number]
        page.profile = as_read(Profile, profiles[0].items()) if profiles else None
        page.strengths = [as_read(Strength, line.items()) for line in strengths]
        page.hobbies = [_with(as_read(Hobby, line.items()), "topic", Topic, line) for line in hobbies]
        page.careers = [_with(as_read(Career, line.items()), "category", Category, line) for line in careers]
    return pages


def _with(entry, name: str, model, line: dict):
    """The entry with what it names; a past job may name no kind of work."""
    prefix = f"{name}__"
    named = getattr(entry, f"{name}_id") and as_read(model, (
        (column.removeprefix(prefix), value) for column, value in line.items() if column.startswith(prefix)))
    setattr(entry, name, named)
    return entry


def page_of(user) -> Page:
    """One person's page."""
    return pages_of([user])[user.pk]


STEPS = ("display_name", "headline", "strength", "evidence", "hand_me", "hobby", "career", "conditions")


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of the page is written (書けた割合): which of STEPS are done, and the next one."""

    done: tuple[str, ...]
    next_step: str | None

    @property
    def count(self) -> int:
        return len(self.done)

    @property
    def of(self) -> int:
        return len(STEPS)

    @property
    def percent(self) -> int:
        return 100 * len(self.done) // len(STEPS)


def completeness(page: Page) -> Completeness:
    """Eight things, none of them required. What is missing first is the next step."""
    profile = page.profile
    has = {
        "display_name": bool(page.user.display_name),
        "headline": bool(profile and profile.headline),
        "strength": bool(page.strengths),
        "evidence": any(strength.evidence for strength in page.strengths),
        "hand_me": any(strength.hand_me for strength in page.strengths),
        "hobby": bool(page.hobbies),
        "career": bool(page.careers),
        "conditions": bool(profile and profile.conditions),
    }
    return Completeness(tuple(step for step in STEPS if has[step]), next((step for step in STEPS if not has[step]), None))
