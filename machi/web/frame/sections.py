"""Words that may be changed in two windows: a form knows what it had read, and can show what was saved beside what was typed."""
from django import forms
from django.forms.widgets import ChoiceWidget
from django.utils.translation import gettext_lazy as _

from machi.shared.errors import DomainError
from machi.shared.seals import Overtaken, seal


class SectionForm(forms.Form):
    """A form of one section. `seal` says what it was filled with, `theirs` what another window saved meanwhile: (label, text)."""

    seal = ""
    theirs: tuple[tuple[str, str], ...] = ()
    is_unsaved = False                              # filled with what was being typed when the person went away

    def read(self, now: str) -> "SectionForm":
        """A form knows what it had read: this very moment, or when the window was opened."""
        self.seal = (self.data.get("seen") or None) if self.is_bound else now
        return self

    def refuse(self, refusal: DomainError, saved: dict) -> None:
        """409: what was typed stays. Where another window was quicker, its words stand beside it, and saving once more is a choice."""
        self.add_error(None, str(refusal))
        if isinstance(refusal, Overtaken):
            self.seal = seal(saved)
            self.meet(saved)

    def meet(self, saved: dict) -> None:
        """Another window was quicker: show its words beside these, where they differ."""
        self.theirs = tuple((str(bound.label), said(bound.field, saved.get(bound.name))) for bound in self.visible_fields()
                            if bound.name in saved and self._differs(bound, saved.get(bound.name)))

    def _differs(self, bound: forms.BoundField, value) -> bool:
        """What is chosen is compared in its words, everything else as the form understood it: ３,０００円 is 3000."""
        if isinstance(bound.field.widget, ChoiceWidget):
            return said(bound.field, bound.data) != said(bound.field, value)
        typed = self.cleaned_data.get(bound.name)
        return typed != value and _plain(typed) != _plain(value)


def said(field: forms.Field, value) -> str:
    """A saved value in words."""
    if isinstance(field, forms.MultipleChoiceField):
        chosen = {str(one) for one in value or []}
        return "、".join(str(label) for key, label in field.choices if str(key) in chosen)
    if isinstance(field.widget, ChoiceWidget):
        chosen = "" if value is None else str(value)
        return next((str(label) for key, label in field.widget.choices if str(key) == chosen), "")
    if isinstance(field, forms.BooleanField):
        return str(field.label if value else _("choice.unticked"))
    return "" if value is None else str(value)


def _plain(value):
    """A value without the way it came: typed or saved."""
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return "" if value in (None, False) else str(value).replace("\r\n", "\n").strip()
