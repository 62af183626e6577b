"""How values are written for people: numbers, yen, days, texts that people typed."""
import datetime
import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from machi.notifications import words as town
from machi.shared import clock


def number(value) -> str:
    """1204 -> 1,204; a negative number carries a real minus sign."""
    return f"{value:,}".replace("-", "\u2212")


def size(count: int) -> str:
    """How large a file is: 1.2 MB, 340 KB."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{number(-(-count // 1000))} KB"


def yen(amount) -> str:
    """8,580円 / 8,580 yen. An amount nobody knows yet is 未定, never a dash."""
    return _("money.unknown") if amount is None else town.yen(int(amount))


def day(value) -> str:
    """12月15日（火） / Tue 15 December, with the year if it is another one."""
    return town.day(clock.day_of(value) if isinstance(value, datetime.datetime) else value)


def hours(minutes: int) -> str:
    """4時間, 90分, 1時間30分 / 4 h, 90 min: how long something takes."""
    return town.hours(minutes)


def month(value: datetime.date) -> str:
    """2026年11月 / November 2026."""
    return town.month(value)


def moment(value: datetime.datetime) -> str:
    """12月15日（火）14:00 / Tue 15 December, 14:00 JST."""
    return town.moment(value)


def days_left(value) -> int:
    """Calendar days in Japan until this day; negative when it is over."""
    return ((clock.day_of(value) if isinstance(value, datetime.datetime) else value) - clock.today()).days


def until(value) -> str:
    """A relative time stands only beside its date: 「あと7日」, 「今日まで」, or nothing when the day is over."""
    left = days_left(value)
    if left < 0:
        return ""
    return ngettext("day.left", "day.left", left) % {"num": left} if left else _("day.today")


def paragraphs(text) -> Markup:
    """What a person typed, escaped, with its lines and paragraphs."""
    text = str(escape(text)).strip()
    if text and "\n" not in text:                   # most are one line
        return Markup(f"<p>{text}</p>")
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    lines = "</p>\n<p>".join(block.replace("\n", "<br>") for block in blocks)
    return Markup(f"<p>{lines}</p>") if lines else Markup("")


def initial(name) -> str:
    """The first letter of a name, for the round mark beside it."""
    return str(name)[:1].upper()


_BROWSERS = (("Line/", "LINE"), ("Edg", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
             ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
            ("Mac OS X", "Mac"), ("Linux", "Linux"))


def device(user_agent: str) -> str:
    """A name by which a person recognises their own device: Chrome（Windows）."""
    browser, system = (next((name for mark, name in table if mark in user_agent), None) for table in (_BROWSERS, _SYSTEMS))
    if browser and system:
        return _("account.device") % {"browser": browser, "system": system}
    return browser or system or _("account.device.unknown")


def is_phone(user_agent: str) -> bool:
    return any(mark in user_agent for mark in ("iPhone", "Android", "iPad"))
