"""How a wish of one side ends, whatever it was about; and how somebody who stands by is free again."""
from collections.abc import Iterable

from machi.activity import actions as activity
from machi.contracts import facts
from machi.contracts.actions.telling import people_of, tell
from machi.contracts.lifecycle import OFFER_LIFECYCLE, STAND_IN_LIFECYCLE, WISH_LIFECYCLE, OfferState, WishState
from machi.contracts.models import ChangeOrder, Contract, DateRequest, Milestone, Offer, StandIn
from machi.contracts.models.standins import OPEN
from machi.notifications import actions as notifications
from machi.shared import clock


def end_wish(wish: ChangeOrder | DateRequest, move: str, by, contract: Contract) -> None:
    """The wish is locked."""
    wish.state = WISH_LIFECYCLE.next(wish.state, move)
    wish.ended_at = clock.now()
    wish.save()
    fact, what = (facts.DATE_REQUEST_ENDED, {"milestone": wish.milestone_id}) if isinstance(wish, DateRequest) else (
        facts.CHANGE_ENDED, {"kind": wish.kind})
    activity.record(actor=by, fact=fact, about=contract.reference, how=wish.state, **what)


def open_date(milestone: Milestone) -> DateRequest | None:
    return DateRequest.objects.locked().filter(milestone=milestone, state=WishState.ASKED).first()


def open_change(contract: Contract) -> ChangeOrder | None:
    return ChangeOrder.objects.locked().filter(contract=contract, state=WishState.ASKED).first()


def lapse_date(milestone: Milestone) -> None:
    """The work came first, or the step ended: an open wish has nothing left to ask. Under the lock of the contract."""
    if wish := open_date(milestone):
        end_wish(wish, "lapse", None, milestone.contract)


def lapse_change(contract: Contract, moved: Iterable[Milestone] | None = None) -> None:
    """A step moved: what was asked about the contract, was asked about things as they were; whoever asked hears of it.

    Weeks by the hour go on beside each other: there `moved` names those that are on their way, and a wish lives on as long as it is
    not about their money. So does a wish for more months, whatever the months before them do. Under the lock of the contract.
    """
    lapse_call(contract)
    wish = open_change(contract)
    goes_beside = contract.is_hourly or wish is not None and wish.months_count
    if wish is None or goes_beside and moved is not None and not _is_about(wish, moved):
        return
    end_wish(wish, "lapse", None, contract)
    tell(contract, people_of(contract, wish.side), "contract.change_overtaken")


def _is_about(wish: ChangeOrder, moved: Iterable[Milestone]) -> bool:
    """Does it say what the worker gets of one of these steps? What is not funded yet moves by none of them."""
    return not {part["number"] for part in wish.parts}.isdisjoint(step.number for step in moved)


def lapse_call(contract: Contract) -> None:
    """The work goes on without the stand-in: who was called need not answer any more. Under the lock of the contract."""
    for offer in Offer.objects.locked().filter(stand_in__contract=contract, state=OfferState.OPEN).select_related("worker"):
        end_call(offer, "replace")
        notifications.queue(to=offer.worker, kind="contract.stand_in_not_needed", about=offer.reference, job=contract.title)


def end_call(offer: Offer, move: str) -> None:
    offer.state, offer.answered_at = OFFER_LIFECYCLE.next(offer.state, move), clock.now()
    offer.save(update_fields=["state", "answered_at"])


def lapse_stand_in(contract: Contract) -> None:
    """The contract is over: nobody needs to stand by any more. Under the lock of the contract."""
    for stand_in in StandIn.objects.locked().filter(contract=contract, state__in=OPEN).select_related("person"):
        end_stand_in(contract, stand_in, "lapse", None)
        if stand_in.person_agreed_at:
            notifications.queue(to=stand_in.person, kind="contract.stand_in_free", about=stand_in.reference, job=contract.title)


def end_stand_in(contract: Contract, stand_in: StandIn, move: str, by) -> None:
    stand_in.state, stand_in.ended_at, stand_in.note = STAND_IN_LIFECYCLE.next(stand_in.state, move), clock.now(), ""
    stand_in.save()
    activity.record(actor=by, fact=facts.STAND_IN_ENDED, about=contract.reference, how=stand_in.state)
