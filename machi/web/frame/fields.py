"""Fields of forms that take what people really type: full-width digits, a comma, 円, marks that nobody can see."""
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.shared.japanese import cleaned, folded
from machi.shared.money import Yen

YEN_AT_MOST = 100_000_000
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


class TopicField(CleanText):
    """The name of a topic. While it is typed, the town offers those it knows: one spelling leads to more work than three."""

    def __init__(self, **options):
        offers = {"list": "topics", "autocomplete": "off", "hx-get": reverse_lazy("profiles:topics"),
                  "hx-trigger": "input changed delay:250ms", "hx-target": "#topics", "hx-swap": "innerHTML", "hx-sync": "this:replace"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=offers), **options)

    def validate(self, value) -> None:
        super().validate(value)
        if len(folded(value)) > 80:                 # ㍿ is one letter when typed and four when it is searched
            raise ValidationError(_("me.topic.too_long"))


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
