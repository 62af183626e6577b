"""A client's bank took back what was held for a piece of work: its worker hears so at once, in plain words. Nothing here moves money."""
from machi.activity.actions import read_on
from machi.activity.models import Fact
from machi.contracts.models import Milestone
from machi.contracts.titles import titled
from machi.notifications import actions as notifications
from machi.payments.facts import CHARGEBACK_LOST, CHARGEBACK_RECEIVED, CHARGEBACK_WON

_KINDS = {CHARGEBACK_RECEIVED: "contract.taken_back", CHARGEBACK_WON: "contract.taken_back_over",
          CHARGEBACK_LOST: "contract.taken_back_lost"}


def hear_of_chargebacks() -> int:
    """What payments wrote down, in the order of its commits; each is told once."""
    return read_on(reader="contracts.chargebacks", act=_tell)


def _tell(fact: Fact) -> None:
    kind, _colon, number = fact.data.get("place", "").partition(":") if fact.name in _KINDS else ("", "", "")
    if kind != "milestone" or not number.isdecimal():
        return
    if milestone := Milestone.objects.select_related("contract__worker").filter(pk=number).first():
        notifications.queue(to=milestone.contract.worker, kind=_KINDS[fact.name], about=milestone.contract.reference, job=titled(milestone))
