"""How a wish of one side ends, whatever it was about."""
from machi.activity import actions as activity
from machi.contracts import facts
from machi.contracts.lifecycle import WISH_LIFECYCLE, WishState
from machi.contracts.models import ChangeOrder, Contract, DateRequest, Milestone
from machi.shared import clock


def end_wish(wish: ChangeOrder | DateRequest, move: str, by, contract: Contract) -> None:
    """The wish is locked."""
    wish.state = WISH_LIFECYCLE.next(wish.state, move)
    wish.ended_at = clock.now()
    wish.save()
    fact = facts.DATE_REQUEST_ENDED if isinstance(wish, DateRequest) else facts.CHANGE_ENDED
    activity.record(actor=by, fact=fact, about=contract.reference, how=wish.state)


def open_date(milestone: Milestone) -> DateRequest | None:
    return DateRequest.objects.locked().filter(milestone=milestone, state=WishState.ASKED).first()


def open_change(contract: Contract) -> ChangeOrder | None:
    return ChangeOrder.objects.locked().filter(contract=contract, state=WishState.ASKED).first()


def lapse_date(milestone: Milestone) -> None:
    """The work came first, or the step ended: an open wish has nothing left to ask. Under the lock of the contract."""
    if wish := open_date(milestone):
        end_wish(wish, "lapse", None, milestone.contract)


def lapse_change(contract: Contract) -> None:
    """A step moved: what was asked about the contract, was asked about things as they were. Under the lock of the contract."""
    if wish := open_change(contract):
        end_wish(wish, "lapse", None, contract)
