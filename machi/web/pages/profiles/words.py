"""The next step on my page: what is missing first, why it helps, and where to write it."""
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from machi.profiles.queries import STEPS, Page, completeness


@dataclass(frozen=True, slots=True)
class NextStep:
    """One line that is not written yet."""

    title: str
    why: str
    deed: str
    href: str
    place: str                              # the section of the page in which the form opens; empty: another page

    @property
    def address(self) -> str:
        return f"{self.href}#{self.place}" if self.place else self.href


def next_step(page: Page) -> NextStep | None:
    """The first of the things that are missing; nothing when all are written."""
    step = completeness(page).next_step
    if step is None:
        return None
    if page.is_empty:                               # one question at a time, for whoever has not written anything yet
        return NextStep(*map(str, _BEGIN), reverse("profiles:begin"), "")
    return step_named(step, page)


def other_steps(page: Page) -> list[tuple[NextStep, bool]]:
    """What else is not written yet, in the order in which it is offered: nobody has to take the next one first."""
    done = completeness(page).done
    missing = [(step_named(name, page), False) for name in STEPS if name not in done]
    return missing if page.is_empty else missing[1:]            # whoever has written nothing begins elsewhere: none of these is next


def step_named(step: str, page: Page) -> NextStep:
    """One of the steps of completeness, whether it is done or not."""
    title, why, deed = map(str, _WORDS[step])
    place = {"display_name": "name", "evidence": "strength", "hand_me": "strength"}.get(step, step)
    return NextStep(title, why, deed, _way(step, place, page), place)


_BEGIN = _("me.begin"), _("me.begin.why"), _("me.begin.go")
_WORDS = {
    "display_name": (_("me.step.name"), _("me.step.name.why"), _("me.step.name.go")),
    "headline": (_("me.step.headline"), _("me.step.headline.why"), _("me.step.headline.go")),
    "strength": (_("me.step.strength"), _("me.step.strength.why"), _("me.step.strength.go")),
    "evidence": (_("me.step.evidence"), _("me.step.evidence.why"), _("me.step.evidence.go")),
    "hand_me": (_("me.step.hand_me"), _("me.step.hand_me.why"), _("me.step.hand_me.go")),
    "hobby": (_("me.step.hobby"), _("me.step.hobby.why"), _("me.step.hobby.go")),
    "career": (_("me.step.career"), _("me.step.career.why"), _("me.step.career.go")),
    "skill": (_("me.step.skill"), _("me.step.skill.why"), _("me.step.skill.go")),
    "conditions": (_("me.step.conditions"), _("me.step.conditions.why"), _("me.step.conditions.go")),
    "availability": (_("me.step.availability"), _("me.step.availability.why"), _("me.step.availability.go")),
}


def _way(step: str, place: str, page: Page) -> str:
    if step in ("evidence", "hand_me"):             # both complete a strength that is there already, if one is
        unfinished = next((strength for strength in page.strengths if not getattr(strength, step)), None)
        if unfinished:
            return reverse("profiles:change", args=["strength", unfinished.pk])
    return reverse("profiles:add" if place in ("strength", "hobby", "career", "skill") else "profiles:line", args=[place])
