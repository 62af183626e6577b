"""What my page consists of: sections that exist once (LINES), and kinds of entries (KINDS), each with its form and its action."""
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.db.models import Model

from machi.profiles import actions
from machi.profiles.models import Career, Certificate, Hobby, KnownSkill, Language, Strength
from machi.profiles.queries import Own, Page, names_as_saved, values_as_chosen
from machi.shared.seals import seal, values_of
from machi.web.pages.profiles.forms import (
    AboutForm,
    AvailabilityForm,
    CareerForm,
    CertificateForm,
    ConditionsForm,
    HeadlineForm,
    HobbyForm,
    LanguageForm,
    NamesForm,
    PayForm,
    SkillForm,
    StrengthForm,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A section that a page has once: what is saved, by the names of its form, and the action that writes it."""

    form: type[forms.Form]
    write: Callable
    saved: Callable[[Page, Own], dict]
    is_long: bool = False                           # what is typed is kept while it is typed (actions.keep_unsaved)


def _names(page: Page, own: Own) -> dict:
    return names_as_saved(page.user, own.names)


def _conditions(page: Page, own: Own) -> dict:
    return (values_of(page.conditions, actions.SHARED) | values_of(own.private, actions.OWN)
            | {"conditions": page.profile.conditions if page.profile else ""})


LINES = {
    "name": Line(NamesForm, actions.write_names, _names),
    "headline": Line(HeadlineForm, actions.write_profile, lambda page, own: values_of(page.profile, ["headline"])),
    "about": Line(AboutForm, actions.write_profile, lambda page, own: values_of(page.profile, ["about"]), is_long=True),
    "conditions": Line(ConditionsForm, actions.write_conditions, _conditions),
    "pay": Line(PayForm, actions.say_pay, lambda page, own: values_of(own.pay, PayForm.base_fields)),
    "availability": Line(AvailabilityForm, actions.say_availability,
                         lambda page, own: values_of(page.availability, AvailabilityForm.base_fields)),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry: a strength, a hobby, a past job."""

    model: type[Model]
    form: type[forms.Form]
    add: Callable

    def values(self, entry) -> dict[str, str]:
        """An entry as its form shows it; enough to write it again."""
        return {name: str(value if (value := getattr(entry, name)) is not None else "") for name in self.form.base_fields} | (
            {"category": entry.category_id or ""} if self.model is Career else {})

    def seal(self, entry) -> str:
        return seal(values_as_chosen(entry, self.form.base_fields))


KINDS = {
    "strength": Kind(Strength, StrengthForm, actions.add_strength),
    "hobby": Kind(Hobby, HobbyForm, actions.add_hobby),
    "career": Kind(Career, CareerForm, actions.add_career),
    "skill": Kind(KnownSkill, SkillForm, actions.add_skill),
    "certificate": Kind(Certificate, CertificateForm, actions.add_certificate),
    "language": Kind(Language, LanguageForm, actions.add_language),
}
