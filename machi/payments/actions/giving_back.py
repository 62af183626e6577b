"""A deposit that came for nothing any more (返金): its contract has ended, its contest never opened, its bonus or its batch lapsed."""
from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.payments import facts
from machi.payments.actions.booking import CLOCK, keep, post
from machi.payments.actions.cards import owe_deposit_back
from machi.payments.actions.stopping import guard
from machi.payments.bank import the_bank
from machi.payments.queries import DEPOSIT
from machi.shared.money import Yen


def give_back(*, place: str, about: str) -> Yen:
    """It goes back to whoever paid it in; returns how much. `place`: for what it came (milestone:5); `about`: of which work (contract:3).

    Joins the transaction of the room, where it will never be held any more. Again after a crash, it goes back once.
    """
    guard()
    if not the_bank().moves_at_once:
        return owe_deposit_back(place=place)
    line = the_bank().give_back(key=f"{DEPOSIT}{place}")
    amount = Yen(-line.amount_yen)
    keep(line)
    post(Entry(line.key, CLOCK, about, [Transfer(Kind.SUSPENSE.of(), Kind.BANK.of(), amount)]))
    activity.record(actor=None, fact=facts.FUNDING_RETURNED, about=place, amount_yen=int(amount))
    return amount
