"""What keeps somebody here, in words, with the way to each thing."""
from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.notifications.words import day, yen
from machi.privacy.queries import Hold


class Held(NamedTuple):
    words: str
    href: str                               # empty: not theirs to end


def shown(holds: Iterable[Hold]) -> list[Held]:
    """One sentence and one address for each."""
    return [Held(*_SAID[hold.kind](hold)) for hold in holds]


_SAID = {
    "contract": lambda hold: (_("leave.hold.contract") % {"title": hold.title}, reverse("contracts:room", args=[hold.number])),
    "offer": lambda hold: (_("leave.hold.offer") % {"title": hold.title}, reverse("contracts:offer", args=[hold.number])),
    "contest": lambda hold: (_("leave.hold.contest") % {"title": hold.title}, reverse("jobs:detail", args=[hold.number])),
    "batch": lambda hold: (_("leave.hold.batch") % {"title": hold.title}, ""),
    "bundle": lambda hold: (_("leave.hold.bundle") % {"title": hold.title}, ""),
    "entry": lambda hold: (_("leave.hold.entry") % {"title": hold.title}, reverse("jobs:detail", args=[hold.number])),
    "earning": lambda hold: (_("leave.hold.earning") % {"title": hold.title, "amount": yen(int(hold.amount)), "day": day(hold.on)},
                             reverse("payments:earnings")),
    "debt": lambda hold: (_("leave.hold.debt") % {"amount": yen(int(hold.amount))}, reverse("payments:debt", args=[hold.number])),
    "organisation": lambda hold: (_("leave.hold.organisation") % {"name": hold.title}, reverse("organisations:one", args=[hold.number])),
    "duty": lambda hold: (_("leave.hold.duty") % {"duty": hold.title}, ""),         # others end it
    "deposit": lambda hold: (_("leave.hold.deposit") % {"title": hold.title, "amount": yen(int(hold.amount))},
                             reverse("payments:deposit", args=[hold.number])),
    "refund": lambda hold: (_("leave.hold.refund") % {"title": hold.title, "amount": yen(int(hold.amount))},
                            reverse("payments:refund_account")),
    "withheld": lambda hold: (_("leave.hold.withheld") % {"amount": yen(int(hold.amount))}, reverse("payments:paid")),
    "export": lambda hold: (_("leave.hold.export"), reverse("privacy:export")),
}
