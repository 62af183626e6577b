from django import forms
from django.utils.translation import gettext_lazy as _


class ExampleForm(forms.Form):
    """Every kind of field, with its hint and what it says when something is missing."""

    name = forms.CharField(
        label=_("gallery.name"), help_text=_("gallery.name.hint"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("account.email"), widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}))
    price = forms.IntegerField(
        label=_("gallery.price"), min_value=500, error_messages={"min_value": _("gallery.price.low")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("gallery.kind"), choices=[
        ("", _("gallery.kind.choose")), ("fixed", _("gallery.kind.fixed")), ("hourly", _("gallery.kind.hourly"))])
    due_on = forms.DateField(label=_("gallery.due"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.MultipleChoiceField(
        label=_("gallery.hours"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("morning", _("gallery.hours.morning")), ("evening", _("gallery.hours.evening")), ("night", _("gallery.hours.night"))])
    contact = forms.ChoiceField(
        label=_("gallery.contact"), help_text=_("gallery.contact.hint"), widget=forms.RadioSelect,
        choices=[("text", _("gallery.contact.text")), ("call", _("gallery.contact.call"))])
    message = forms.CharField(label=_("gallery.message"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    agree = forms.BooleanField(
        label=_("gallery.agree"), help_text=_("gallery.agree.hint"), error_messages={"required": _("gallery.agree.required")})
