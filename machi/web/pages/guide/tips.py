"""Six short guides (コツ), each at most 400 characters in Japanese: what to do, one example, one place to go."""
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

TIP_ICONS = {"begin": "user-round-pen", "strengths": "gem", "hobbies": "fish", "application": "send", "not-chosen": "coffee",
             "working": "calendar-days"}


@dataclass(frozen=True, slots=True)
class Tip:
    """One guide. `place` is where its advice can be followed at once, `deed` the words of that button."""

    slug: str
    title: str
    lead: str
    texts: tuple[str, ...]
    example: str
    place: str
    deed: str

    @property
    def icon(self) -> str:
        return TIP_ICONS[self.slug]


TIPS = {tip.slug: tip for tip in (
    Tip("begin", _("tip.begin"), _("tip.begin.lead"), (_("tip.begin.1"), _("tip.begin.2"), _("tip.begin.3")),
        _("tip.begin.example"), "profiles:me", _("tip.begin.go")),
    Tip("strengths", _("tip.strengths"), _("tip.strengths.lead"), (_("tip.strengths.1"), _("tip.strengths.2"), _("tip.strengths.3")),
        _("tip.strengths.example"), "profiles:me", _("tip.strengths.go")),
    Tip("hobbies", _("tip.hobbies"), _("tip.hobbies.lead"), (_("tip.hobbies.1"), _("tip.hobbies.2"), _("tip.hobbies.3")),
        _("tip.hobbies.example"), "profiles:me", _("tip.hobbies.go")),
    Tip("application", _("tip.application"), _("tip.application.lead"),
        (_("tip.application.1"), _("tip.application.2"), _("tip.application.3")), _("tip.application.example"), "jobs:list",
        _("tip.application.go")),
    Tip("not-chosen", _("tip.not_chosen"), _("tip.not_chosen.lead"),
        (_("tip.not_chosen.1"), _("tip.not_chosen.2"), _("tip.not_chosen.3")),
        _("tip.not_chosen.example"), "jobs:list", _("tip.not_chosen.go")),
    Tip("working", _("tip.working"), _("tip.working.lead"), (_("tip.working.1"), _("tip.working.2"), _("tip.working.3")),
        _("tip.working.example"), "guide:money", _("tip.working.go")),
)}
