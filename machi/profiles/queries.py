"""Questions about people's pages."""
from dataclasses import dataclass, field

from machi.profiles.models import Career, Hobby, Profile, Strength


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


def pages_of(users) -> dict[int, Page]:
    """The pages of several people, by their number: four questions however many people."""
    pages = {user.pk: Page(user, None) for user in users}
    for profile in Profile.objects.filter(user__in=pages).order_by("pk"):
        pages[profile.user_id].profile = profile
    for name, rows in (("strengths", Strength.objects), ("hobbies", Hobby.objects.select_related("topic")),
                       ("careers", Career.objects.select_related("category"))):
        for row in rows.filter(user__in=pages).order_by("pk"):
            getattr(pages[row.user_id], name).append(row)
    return pages


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
