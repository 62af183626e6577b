"""What my page consists of: four lines about the person, and three kinds of entries, each with its form and its action."""
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.db.models import Model

from machi.accounts.actions import introduce
from machi.profiles import actions
from machi.profiles.models import Career, Hobby, Strength
from machi.profiles.queries import Page
from machi.web.pages.profiles.forms import AboutForm, CareerForm, ConditionsForm, HeadlineForm, HobbyForm, NameForm, StrengthForm


@dataclass(frozen=True, slots=True)
class Line:
    """One line about the person."""

    field: str
    form: type[forms.Form]
    write: Callable

    def initial(self, page: Page) -> dict:
        owner = page.user if self.field == "display_name" else page.profile
        return {self.field: getattr(owner, self.field, "")}


LINES = {
    "name": Line("display_name", NameForm, introduce),
    "headline": Line("headline", HeadlineForm, actions.write_profile),
    "about": Line("about", AboutForm, actions.write_profile),
    "conditions": Line("conditions", ConditionsForm, actions.write_profile),
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


KINDS = {
    "strength": Kind(Strength, StrengthForm, actions.add_strength),
    "hobby": Kind(Hobby, HobbyForm, actions.add_hobby),
    "career": Kind(Career, CareerForm, actions.add_career),
}
