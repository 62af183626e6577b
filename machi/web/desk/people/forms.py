from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.accounts import roles
from machi.accounts.models import User
from machi.accounts.queries import somebody
from machi.web.frame.fields import CleanText


class FindForm(forms.Form):
    """Somebody, by exactly their address or their number. Nobody is browsed."""

    asked = CleanText(label=gettext_lazy("desk.people.asked"), max_length=254, help_text=gettext_lazy("desk.people.asked.hint"),
                      widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}))
    person: User

    def clean_asked(self) -> str:
        found = somebody(self.cleaned_data["asked"])
        if found is None:
            raise ValidationError(_("desk.people.nobody"))
        self.person = found
        return self.cleaned_data["asked"]


class GiveForm(forms.Form):
    """One of the duties that a person does not hold yet."""

    kind = forms.ChoiceField(label=gettext_lazy("desk.duty"), error_messages={
        "required": gettext_lazy("desk.duty.choose"), "invalid_choice": gettext_lazy("desk.duty.choose")})

    def __init__(self, *args, held: set[str], **options):
        super().__init__(*args, **options)
        free = [(key, role.name) for key, role in roles.DUTIES.items() if key not in held]
        self.fields["kind"].choices = [("", _("desk.duty.choose")), *free]
