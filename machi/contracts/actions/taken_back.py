"""A client's bank took back what was held for a piece of work: its worker hears so at once, in plain words, and what follows when it stays
away. Who was paid already is not disturbed: their pay is theirs.
"""
from machi.activity.actions import read_on
from machi.activity.models import Fact
from machi.contracts.actions.closing import after_steps, end_unpaid
from machi.contracts.actions.locking import locked
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import Milestone, Timesheet
from machi.contracts.titles import titled
from machi.notifications import actions as notifications
from machi.payments.facts import CHARGEBACK_LOST, CHARGEBACK_RECEIVED, CHARGEBACK_WON, HELD_AGAIN
from machi.payments.queries import lost_of, unpaid_anew
from machi.shared.rows import each

_KINDS = {CHARGEBACK_RECEIVED: "contract.taken_back", CHARGEBACK_WON: "contract.taken_back_over",
          CHARGEBACK_LOST: "contract.taken_back_lost", HELD_AGAIN: "contract.taken_back_over"}


def hear_of_chargebacks() -> int:
    """What payments wrote down, in the order of its commits; each is told once."""
    return read_on(reader="contracts.chargebacks", act=_tell)


def end_what_nobody_paid() -> int:
    """By the clock: what was not handed over, and was not paid anew in time, ends without harm to its worker, and with it what was agreed
    and never funded; return how many steps. Work that was handed over is a difference as any: it does not end so.
    """
    late = Milestone.objects.filter(unpaid_anew("milestone"), state=MilestoneState.FUNDED, first_delivered_at=None).order_by("pk")
    return each(late[:500], _end)


def _end(milestone: Milestone) -> bool:
    contract, milestone = locked(milestone)
    is_so = Milestone.objects.filter(unpaid_anew("milestone"), pk=milestone.pk).exists()
    is_worked_on = contract.is_hourly and Timesheet.objects.filter(milestone=milestone, minutes__gt=0).exists()
    if not is_so or milestone.state != MilestoneState.FUNDED or milestone.first_delivered_at or is_worked_on:
        return False
    end_unpaid(contract, milestone)
    after_steps(contract, is_end=True)
    for person in contract.client.people():
        notifications.queue(to=person, kind="contract.ended_unpaid_client", about=contract.reference, job=titled(milestone))
    return True


def _tell(fact: Fact) -> None:
    for place in fact.data.get("places", ()) if fact.name in _KINDS else ():
        kind, _colon, number = place.partition(":")
        if kind == "milestone" and (milestone := Milestone.objects.select_related("contract__worker").filter(pk=number).first()):
            _tell_worker(milestone, _KINDS[fact.name])


def _tell_worker(milestone: Milestone, kind: str) -> None:
    said = {}
    if kind == "contract.taken_back_lost":
        lost = lost_of(milestone.reference)
        if lost is None:                                # it was paid anew meanwhile
            return
        said = {"until_at": lost.until_at}
        kind = f"{kind}_work" if milestone.first_delivered_at else kind
    notifications.queue(to=milestone.contract.worker, kind=kind, about=milestone.contract.reference, job=titled(milestone), **said)
