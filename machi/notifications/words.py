"""How the gaps of a text are filled, in the language of the reader (voice.md, "Form")."""
import datetime
import unicodedata
from functools import lru_cache

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from machi.notifications.kinds import KINDS
from machi.shared import clock

LEFT = "person.left"                                # stands in a gap for the name of somebody who has left the town
SUBJECT_AT_MOST = 28                                # Japanese letters; a Latin one counts half
_DAYS_JA = "月火水木金土日"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def hours(minutes: int) -> str:
    """4時間, 90分, 1時間30分 / 4 h, 90 min, 1 h 30 min: how long something takes."""
    whole, rest = divmod(minutes, 60)
    if whole and rest:
        return _("time.hours_minutes") % {"h": f"{whole:,}", "m": rest}
    return _("time.hours") % {"h": f"{whole:,}"} if whole else _("time.minutes") % {"m": rest}


def month(value: datetime.date) -> str:
    """2026年11月 / November 2026."""
    return date_format(value, "YEAR_MONTH_FORMAT")


def short_month(value: datetime.date) -> str:
    """11月 / Nov: under a bar of a chart."""
    return _MONTHS_EN[value.month - 1][:3] if (translation.get_language() or "ja").startswith("en") else f"{value.month}月"


def said(kind: str, words: dict) -> tuple[str, str]:
    """Subject and text of a notice, in the language that is spoken now."""
    gaps = dict(filled(name, value) for name, value in words.items())
    return str(KINDS[kind].subject) % gaps, str(KINDS[kind].text) % gaps


def subject(kind: str, words: dict) -> str:
    """The subject of a mail: short enough for a telephone. Where it is too long, the title in it gives way, never the event."""
    gaps = dict(filled(name, value) for name, value in words.items())
    text = str(KINDS[kind].subject)
    if "job" in gaps:
        gaps["job"] = cut(gaps["job"], SUBJECT_AT_MOST - _width(text % (gaps | {"job": ""})))
    return " ".join((text % gaps).split())


def cut(text: str, most: float) -> str:
    """As much of a text as is this wide; what a title opens with says most."""
    kept = ""
    for letter in " ".join(text.split()):
        if _width(kept + letter) > most:
            return kept.rstrip(" 、，・（(「『［[")
        kept += letter
    return kept


def _width(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(letter) in "WFA" else .5 for letter in text)


def filled(name: str, value) -> tuple[str, str]:
    """A gap as people read it: net_yen 8580 -> net "8,580円", pay_on "2026-12-15" -> pay "12月15日（火）", client_person あおい ->
    client "あおいさん", reason_word "reason.topic" -> reason "題材への詳しさ"."""
    if value == LEFT:
        return name.removesuffix("_person"), _(LEFT)
    for ending, write in (("_yen", yen), ("_minutes", hours), ("_on", lambda v: day(datetime.date.fromisoformat(v))),
                          ("_at", lambda v: moment(datetime.datetime.fromisoformat(v)))):
        if name.endswith(ending):
            return name.removesuffix(ending), write(value)
    if name.endswith("_words"):
        return name.removesuffix("_words"), _("list.and").join(_(one) for one in value)
    if name.endswith("_word"):
        return name.removesuffix("_word"), _(value)
    if name.endswith("_person"):
        return name.removesuffix("_person"), called(value)
    return name, f"{value:,}" if isinstance(value, int) else str(value)


def called(name: str) -> str:
    """How the town calls a person: with さん in Japanese, by name alone in English."""
    return name if (translation.get_language() or "ja").startswith("en") or name == _(LEFT) else f"{name}さん"


def yen(amount: int) -> str:
    """8,580円 / 8,580 yen."""
    return _("money.yen") % {"amount": f"{amount:,}".replace("-", "\u2212")}


def day(value: datetime.date) -> str:
    """12月15日（火） / Tue 15 December; the year stands only when it is another one."""
    return _day(value, value.year != clock.today().year, translation.get_language() or "ja")


@lru_cache(10_000)
def _day(value: datetime.date, other_year: bool, language: str) -> str:
    if language.startswith("en"):
        text = f"{_DAYS_EN[value.weekday()]} {value.day} {_MONTHS_EN[value.month - 1]}"
        return f"{text} {value.year}" if other_year else text
    text = f"{value.month}月{value.day}日（{_DAYS_JA[value.weekday()]}）"
    return f"{value.year}年{text}" if other_year else text


def moment(value: datetime.datetime) -> str:
    """12月15日（火）14:00 / Tue 15 December, 14:00 JST; in やさしい日本語 午後2時."""
    return _moment(value, clock.today().year, translation.get_language() or "ja")


@lru_cache(10_000)
def _moment(value: datetime.datetime, this_year: int, language: str) -> str:
    local = value.astimezone(clock.JAPAN)
    on = _day(local.date(), local.year != this_year, language)
    if language.startswith("en"):
        return f"{on}, {local:%H:%M} JST"
    if language == "ja-simple":
        half, hour = ("午前", local.hour) if local.hour < 12 else ("午後", local.hour - 12)
        minute = f"{local.minute}分" if local.minute else ""
        return f"{on}{half}{hour}時{minute}"
    return f"{on}{local:%H:%M}"
