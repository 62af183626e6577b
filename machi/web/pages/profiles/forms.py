"""The lines of my page, one small form each. Every field carries its コツ and an example."""
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.profiles.models import NOTE_AT_MOST, Hobby
from machi.shared.japanese import cleaned
from machi.taxonomy.models import Category
from machi.taxonomy.queries import categories
from machi.web.frame.fields import CleanText, TopicField

YEARS_AT_MOST = 80
_YEARS = re.compile(r"(?:約)?(\d{1,3})(?:年間?|years?)?")


class YearsField(forms.CharField):
    """Whole years as people write them: 8, ８, 8年, 約10年."""

    def __init__(self, **options):
        digits = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8, "autocomplete": "off"})
        super().__init__(widget=digits, strip=False, **options)

    def to_python(self, value) -> int | None:
        if isinstance(value, int):
            return value
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cleaned(str(value or "")))).lower()
        if not text:
            return None
        found = _YEARS.fullmatch(text)
        if not found or int(found[1]) > YEARS_AT_MOST:
            raise ValidationError(_("years.not_a_number") % {"most": YEARS_AT_MOST})
        return int(found[1])

    def run_validators(self, value) -> None:
        """The range is all there is to check."""


class NameForm(forms.Form):
    display_name = CleanText(max_length=40, label=_("me.name.label"), help_text=_("me.name.tip"),
                             error_messages={"required": _("signup.name.required")},
                             widget=forms.TextInput(attrs={"autocomplete": "nickname"}))


class HeadlineForm(forms.Form):
    headline = CleanText(max_length=60, required=False, label=_("me.headline.label"), help_text=_("me.headline.tip"))


class AboutForm(forms.Form):
    about = CleanText(max_length=2000, required=False, lines=True, label=_("me.about.label"), help_text=_("me.about.tip"))


class ConditionsForm(forms.Form):
    conditions = CleanText(max_length=200, required=False, label=_("me.conditions.label"),
                           help_text=_("me.conditions.tip"), widget=forms.Textarea(attrs={"rows": 3}))


class StrengthForm(forms.Form):
    """強み, 裏づけ, and だから、こんなことをお願いできます."""

    statement = CleanText(max_length=80, label=_("me.statement.label"), help_text=_("me.statement.tip"))
    evidence = CleanText(max_length=200, required=False, label=_("me.evidence.label"), help_text=_("me.evidence.tip"))
    hand_me = CleanText(max_length=120, required=False, label=_("me.hand_me.label"), help_text=_("me.hand_me.tip"))


class HobbyForm(forms.Form):
    """趣味: a topic, for how long, and how."""

    topic = TopicField(label=_("me.topic.label"), help_text=_("me.topic.tip"))
    years = YearsField(label=_("me.hobby_years.label"), help_text=_("me.hobby_years.tip"))
    depth = forms.ChoiceField(label=_("me.depth.label"), choices=Hobby.Depth.choices, widget=forms.RadioSelect,
                              error_messages={"required": _("me.depth.required"), "invalid_choice": _("me.depth.required")})
    note = CleanText(max_length=NOTE_AT_MOST, required=False, label=_("me.hobby_note.label"), help_text=_("me.hobby_note.tip"))


class CareerForm(forms.Form):
    """経歴, in the person's own words."""

    role = CleanText(max_length=80, label=_("me.role.label"), help_text=_("me.role.tip"))
    category = forms.ChoiceField(required=False, label=_("me.category.label"), help_text=_("me.category.tip"),
                                 error_messages={"invalid_choice": _("me.category.unknown")})
    years = YearsField(label=_("me.career_years.label"), help_text=_("me.career_years.tip"))
    note = CleanText(max_length=200, required=False, label=_("me.career_note.label"), help_text=_("me.career_note.tip"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._kinds = {category.code: category for category in categories()}
        self.fields["category"].choices = [("", _("me.category.none")), *((code, category.name) for code, category in self._kinds.items())]

    def clean_category(self) -> Category | None:
        return self._kinds.get(self.cleaned_data["category"])
