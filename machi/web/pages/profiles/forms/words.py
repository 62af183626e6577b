"""Who somebody is: their names, one line, and a longer introduction."""
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from machi.profiles.models import Names
from machi.web.frame.fields import CleanText
from machi.web.frame.sections import SectionForm
from machi.web.pages.jobs.fields import ChoiceOfOne
from machi.web.pages.profiles.forms.fields import ReadingField


class CallNameForm(SectionForm):
    """What to be called (呼び名), and nothing else."""

    call_name = CleanText(max_length=40, label=_("me.name.label"), help_text=_("me.name.tip"),
                          error_messages={"required": _("signup.name.required")},
                          widget=forms.TextInput(attrs={"autocomplete": "nickname"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial.get("shown") == Names.Shown.LEGAL:          # the tip says that others see it
            self.fields["call_name"].help_text = ""


class NamesForm(CallNameForm):
    """呼び名 and 氏名, each with its reading, and which one others see (F91)."""

    call_reading = ReadingField(label=_("me.call_reading.label"), help_text=_("me.call_reading.tip"))
    legal_name = CleanText(max_length=60, required=False, label=_("me.legal_name.label"), help_text=_("me.legal_name.tip"),
                           widget=forms.TextInput(attrs={"autocomplete": "name"}))
    legal_reading = ReadingField(label=_("me.legal_reading.label"), help_text=_("me.legal_reading.tip"))
    shown = ChoiceOfOne(label=_("me.shown.label"), help_text=_("me.shown.tip"), choices=Names.Shown.choices, required=False)

    def clean_shown(self) -> str:
        return self.cleaned_data["shown"] or Names.Shown.CALL

    def clean(self) -> dict:
        values = super().clean()
        if values.get("shown") == Names.Shown.LEGAL and "legal_name" in values and not values["legal_name"]:
            self.add_error("legal_name", ValidationError(gettext("me.names.nothing_to_show")))
        return values


class HeadlineForm(SectionForm):
    headline = CleanText(max_length=60, required=False, label=_("me.headline.label"), help_text=_("me.headline.tip"))


class AboutForm(SectionForm):
    """A long text: while it is typed it is kept every two seconds, where only its person sees it."""

    KEPT = {"rows": 8, "hx-post": reverse_lazy("profiles:unsaved", args=["about"]), "hx-trigger": "input changed delay:2s, again",
            "hx-target": "#unsaved-about", "hx-swap": "outerHTML", "hx-push-url": "false", "hx-sync": "this:queue last"}

    about = CleanText(max_length=2000, required=False, lines=True, label=_("me.about.label"), help_text=_("me.about.tip"),
                      widget=forms.Textarea(attrs=KEPT))
