"""Fields that take what people really write: 8年, 週10時間, ﾀｶｻｷ."""
import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.portfolio.links import clean_link, place_of
from machi.web.frame.fields import CleanText, NumberField

YEARS_AT_MOST, HOURS_AT_MOST, SLACK_AT_MOST, READING_AT_MOST = 80, 80, 60, 60
_KANA = re.compile(r"[ぁ-ゖァ-ヺー・゠＝ゝゞヽヾ ]+")
_KANJI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆]")


def words_or_link(evidence: str) -> dict[str, str]:
    """What was typed as evidence: a sentence, or nothing but the address of a page, which opens (F20)."""
    is_link = evidence.isascii() and re.fullmatch(r"https://\S+", evidence, re.I) and place_of(evidence)
    return {"evidence": "" if is_link else evidence, "evidence_link": clean_link(evidence) if is_link else ""}


class YearsField(NumberField):
    """How many years: 8, ８, 8年, 約10年."""

    pattern, most, widest = re.compile(r"(?:約)?(\d{1,3})(?:年間?|years?)?"), YEARS_AT_MOST, 8

    refused = _("years.not_a_number")


class HoursField(NumberField):
    """Hours per week: 10, 週10時間, 10h."""

    pattern, least, most = re.compile(r"(?:約?週に?約?|約)?(\d{1,3})(?:時間(?:くらい|ほど)?|h|hours?)?"), 1, HOURS_AT_MOST

    refused = _("me.hours.not_a_number")


class SlackField(NumberField):
    """Days of slack: 3, 3日."""

    pattern, least, most = re.compile(r"(?:約)?(\d{1,3})(?:日間?(?:くらい|ほど)?|days?)?"), 1, SLACK_AT_MOST

    refused = _("me.slack.not_a_number")


class ReadingField(CleanText):
    """How a name is read (ふりがな): kana of either kind; half-width kana become full."""

    def __init__(self, *, required: bool = False, **options):
        super().__init__(max_length=READING_AT_MOST, required=required, **options)

    def to_python(self, value) -> str:
        return " ".join(unicodedata.normalize("NFKC", super().to_python(value)).split())

    def validate(self, value) -> None:
        super().validate(value)
        if value and not _KANA.fullmatch(value):
            raise ValidationError(_("me.reading.kanji") if _KANJI.search(value) else _("me.reading.not_kana"))
