"""Fields of forms that take what people really type: full-width digits, a comma, 円, marks that nobody can see."""
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.shared import clock
from machi.shared.japanese import cleaned, folded
from machi.shared.money import Yen
from machi.taxonomy.models import Category
from machi.taxonomy.queries import categories
from machi.web.frame.words import hours

YEN_AT_MOST, EARLIEST_YEAR = 100_000_000, 1900
_AMOUNT = re.compile(r"-?\d{1,15}")


class CleanText(forms.CharField):
    """Text without what nobody can see (NUL, control characters, marks that turn the text around). Emoji, 髙 and 𠮷 stay.

    `lines=True`: a text of several lines. Without it, line breaks and runs of spaces become one space.
    """

    default_error_messages = {"max_length": gettext_lazy("text.too_long")}

    def __init__(self, *, lines: bool = False, rows: int = 6, **options):
        self.lines = lines
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(strip=False, **options)

    def widget_attrs(self, widget):
        """A long text that is pasted is never cut off in silence: it is taken, and we say how much too long it is."""
        attrs = super().widget_attrs(widget)
        if self.lines:
            attrs.pop("maxlength", None)
        return attrs

    def to_python(self, value) -> str:
        text = cleaned(str(value)) if value is not None else ""
        return text if self.lines else " ".join(text.split())


def offering(names: str) -> forms.TextInput:
    """A line whose <datalist> of this name is filled anew while one types, with what the town knows."""
    return forms.TextInput(attrs={
        "list": names, "autocomplete": "off", "hx-get": reverse_lazy(f"profiles:{names}"), "hx-trigger": "input changed delay:250ms",
        "hx-target": f"#{names}", "hx-swap": "innerHTML", "hx-sync": "this:replace"})


class TopicField(CleanText):
    """The name of a topic. While it is typed, the town offers those it knows: one spelling leads to more work than three."""

    def __init__(self, **options):
        super().__init__(max_length=40, widget=offering("topics"), **options)

    def validate(self, value) -> None:
        super().validate(value)
        if len(folded(value)) > 80:                 # ㍿ is one letter when typed and four when it is searched
            raise ValidationError(_("me.topic.too_long"))


class NumberField(forms.CharField):
    """A whole number as people write it, with the word that belongs to it or without: 8, ８, 8年, 約10年間."""

    pattern, least, most, widest = re.compile(r"(\d{1,6})"), 0, 100, 10
    refused: str                                        # the words for a number that is none, or too small or large

    def __init__(self, **options):
        digits = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": self.widest, "autocomplete": "off"})
        super().__init__(widget=digits, strip=False, **options)

    def to_python(self, value) -> int | None:
        if isinstance(value, int):
            return value
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cleaned(str(value or "")))).lower()
        if not text:
            return None
        found = self.pattern.fullmatch(text)
        if not found or not self.least <= int(found[1]) <= self.most:
            raise ValidationError(str(self.refused) % {"least": self.least, "most": self.most})
        return int(found[1])

    def run_validators(self, value) -> None:
        """The range is all there is to check."""


class CalendarYearField(NumberField):
    """The year in which something was, up to this one: 2019, ２０１９, 2019年, 2019年度."""

    pattern, least, refused = re.compile(r"(\d{4})(?:年度?)?"), EARLIEST_YEAR, gettext_lazy("year.not_a_year")

    @property
    def most(self) -> int:
        return clock.today().year


class CategoryField(forms.ChoiceField):
    """A kind of work of the town's list, or none. Its value is the row; each form asks once which there are."""

    def __init__(self, **options):
        super().__init__(required=False, label=gettext_lazy("me.category.label"),
                         error_messages={"invalid_choice": gettext_lazy("me.category.unknown")}, **options)

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.kinds = {category.code: category for category in categories()}
        copy.choices = [("", _("me.category.none")), *((code, category.name) for code, category in copy.kinds.items())]
        return copy

    def clean(self, value) -> Category | None:
        return self.kinds.get(super().clean(value))


class YenField(forms.CharField):
    """A sum of money as people write it: 10000, 10,000, １００００, 10000円. Its value is Yen, or None when it may be empty."""

    def __init__(self, *, at_least: int = 1, at_most: int = YEN_AT_MOST, **options):
        self.at_least, self.at_most = at_least, at_most
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 24}))
        super().__init__(**options)

    def to_python(self, value) -> Yen | None:
        if isinstance(value, int):
            return Yen(int(value))
        text = unicodedata.normalize("NFKC", cleaned(str(value or ""))).translate(str.maketrans("−ー", "--", ",、 \u3000"))
        text = text.removeprefix("¥").removesuffix("円").removesuffix("yen")
        if not text:
            return None
        if not _AMOUNT.fullmatch(text):
            raise ValidationError(_("yen.not_a_number"))
        return Yen(int(text))

    def validate(self, value) -> None:
        super().validate(value)
        if value is not None and not self.at_least <= value <= self.at_most:
            raise ValidationError(_("yen.out_of_range") % {"least": f"{self.at_least:,}", "most": f"{self.at_most:,}"})

    def run_validators(self, value) -> None:
        """The range is all there is to check."""


class DayField(forms.DateField):
    """A calendar day; full-width digits and 2026/12/15 are understood too."""

    default_error_messages = {"invalid": gettext_lazy("day.not_a_day")}

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        options.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"])
        super().__init__(**options)

    def to_python(self, value):
        return super().to_python(unicodedata.normalize("NFKC", cleaned(value)) if isinstance(value, str) else value)


class HoursField(forms.CharField):
    """How long something takes, as people write it: 4, ４時間, 1.5, 90分, 1時間30分, 2 h. Its value is minutes."""

    pattern = re.compile(r"(?:(?P<hours>\d{1,4}(?:\.\d{1,2})?)(?:時間?|hours?|h|$))?(?:(?P<minutes>\d{1,5})(?:分|minutes?|min|m))?半?")
    most = 60_000

    def __init__(self, **options):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 24}), **options)

    def prepare_value(self, value):
        return hours(value) if isinstance(value, int) else value

    def clean(self, value) -> int | None:
        text = re.sub(r"[\s約]", "", unicodedata.normalize("NFKC", cleaned(str(super().clean(value)))).lower())
        if not text and not self.required:
            return None
        found = self.pattern.fullmatch(text)
        if not found or not any(found.groups()):
            raise ValidationError(_("hours.not_hours"))
        minutes = round(float(found["hours"] or 0) * 60) + int(found["minutes"] or 0) + 30 * text.endswith("半")
        if not 1 <= minutes <= self.most:
            raise ValidationError(_("hours.out_of_range") % {"most": self.most // 60})
        return minutes
