"""Words that may be changed in two windows: a form knows what it had read, and can show what was saved beside what was typed."""
from django import forms


class SectionForm(forms.Form):
    """A form of one section. `seal` says what it was filled with, `theirs` what another window saved meanwhile: (label, text)."""

    seal = ""
    theirs: tuple[tuple[str, str], ...] = ()
    is_unsaved = False                              # filled with what was being typed when the person went away

    def meet(self, saved: dict) -> None:
        """Another window was quicker: show its words beside these, where they differ."""
        self.theirs = tuple((str(bound.label), said(bound.field, saved.get(bound.name))) for bound in self.visible_fields()
                            if _plain(bound.data) != _plain(saved.get(bound.name)))


def said(field: forms.Field, value) -> str:
    """A saved value in words."""
    if isinstance(field, forms.MultipleChoiceField):
        chosen = {str(one) for one in value or []}
        return "、".join(str(label) for key, label in field.choices if str(key) in chosen)
    if isinstance(field, forms.ChoiceField):
        return next((str(label) for key, label in field.choices if str(key) == str(value)), "")
    if isinstance(field, forms.BooleanField):
        return str(field.label) if value else ""
    return "" if value is None else str(value)


def _plain(value):
    """A value without the way it came: typed or saved."""
    if isinstance(value, (list, tuple)):
        return sorted(map(str, value))
    return "" if value in (None, False) else str(value).replace("\r\n", "\n").strip()
