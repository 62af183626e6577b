"""The pot of a contest (コンペの仮払い): paid in before the post opens, given out when prizes are chosen or the town splits it."""
from collections.abc import Sequence

from machi.accounts.models import Party
from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.payments import facts
from machi.payments.actions.booking import actor, keep, post
from machi.payments.actions.escrow import Settled, Share, settle
from machi.payments.actions.stopping import guard
from machi.payments.bank import the_bank
from machi.payments.models import Funding
from machi.payments.queries import DEPOSIT, pot_place
from machi.shared import clock
from machi.shared.money import Yen


def hold_pot(*, party: Party, job: int, version: int, amount: Yen, by) -> Funding:
    """The client's money has arrived at the bank and lies in the pot of a contest.

    The key of the deposit names the version of the post: again after a crash it is one deposit, and whoever writes other prizes
    pays in anew. Joins the transaction that opens the post, as `hold_escrow` does.
    """
    guard()
    place = pot_place(job, version)
    line = the_bank().deposit(key=f"{DEPOSIT}{place}", amount_yen=int(amount), payer=str(party))
    is_new = the_bank().moves_at_once and keep(line)    # else it lies in suspense since it was read
    source = Kind.BANK if is_new else Kind.SUSPENSE
    post(Entry(f"fund:job:{job}", actor(by), f"job:{job}", [Transfer(source.of(), Kind.POT.of(job), Yen(line.amount_yen))]))
    if is_new:
        activity.record(actor=by, fact=facts.FUNDING_CONFIRMED, about=place, amount_yen=line.amount_yen)
    return Funding.objects.create(party=party, reference=f"job:{job}", amount_yen=line.amount_yen, bank_key=line.key,
                                  confirmed_at=clock.now())


def settle_pot(*, job: int, title: str, party: Party, shares: Sequence[Share], refund: Yen, by) -> Settled:
    """The pot is given out, and nothing of it stays: to the makers, to the town its fees, the rest back to the client. Once."""
    return settle(key=f"award:{job}", held=Kind.POT.of(job), about=f"job:{job}", title=title, party=party, shares=shares, refund=refund,
                  refund_reference=f"job:{job}", by=by)
