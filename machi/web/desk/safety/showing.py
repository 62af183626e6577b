"""What the safety desk shows: the rules in words, what broke, and what is late."""
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.checks.models import Alarm, Check
from machi.checks.rules import NOT_YET, NUMBERS, RULES
from machi.payments.models import MoneyStop
from machi.shared.invariants import Class

WORDS: dict[int, Promise] = {
    1: _("safety.n1"), 2: _("safety.n2"), 3: _("safety.n3"), 4: _("safety.n4"), 5: _("safety.n5"), 6: _("safety.n6"), 7: _("safety.n7"),
    8: _("safety.n8"), 9: _("safety.n9"), 10: _("safety.n10"), 11: _("safety.n11"), 12: _("safety.n12"), 13: _("safety.n13"),
    14: _("safety.n14"), 15: _("safety.n15"), 16: _("safety.n16"), 17: _("safety.n17"), 18: _("safety.n18"), 19: _("safety.n19"),
    20: _("safety.n20"), 21: _("safety.n21"), 22: _("safety.n22"), 23: _("safety.n23"), 24: _("safety.n24"), 25: _("safety.n25"),
    26: _("safety.n26"), 27: _("safety.n27"), 28: _("safety.n28"), 29: _("safety.n29"), 30: _("safety.n30")}
PAST = 10                                           # so many of the stops that were lifted are shown
OTHER, LATE = _("safety.other"), _("safety.other_late")
_BY_NAME = {rule.name: rule for rule in RULES}
ALARMS = 50                                         # so many are named


class Broken(NamedTuple):
    """A rule as the desk reads it: its number or nothing, its sentence, and its own English name."""

    number: int | None
    words: Promise
    name: str


def told(name: str) -> Broken:
    """A rule by its name; one that this version of the town does not know any more keeps its name."""
    rule = _BY_NAME.get(name)
    number = rule.numbers[0] if rule and rule.numbers else None
    return Broken(number, WORDS[number] if number else LATE if rule and rule.kind == Class.LIVENESS else OTHER, name)


def _told(stops) -> list[tuple[MoneyStop, Broken | None]]:
    return [(stop, told(stop.rule) if stop.rule else None) for stop in stops]


def board() -> dict:
    """The first page of the desk."""
    alarms = Alarm.objects.filter(ended_at=None)
    newest = {is_full: Check.objects.filter(is_full=is_full).order_by("-began_at").first() for is_full in (True, False)}
    stops = MoneyStop.objects.order_by("-raised_at", "-pk")
    return {
        "stops": _told(stops.standing()), "past": _told(stops.exclude(lifted_at=None)[:PAST]),
        "alarms": [(alarm, told(alarm.rule)) for alarm in alarms.order_by("since_at", "pk")[:ALARMS]], "alarms_count": alarms.count(),
        "full": newest[True], "lately": newest[False],
        "rules": [(number, WORDS[number], number in NOT_YET) for number in NUMBERS]}
