"""What a client gives beside the price (おひねり): it comes in and is given out in the same transaction, through the contract's escrow."""
from machi.accounts.models import Party
from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.payments import facts
from machi.payments.actions.booking import actor, keep, post
from machi.payments.actions.escrow import NOTHING, Share, hold_accounts, settle
from machi.payments.actions.stopping import guard
from machi.payments.bank import the_bank
from machi.payments.models import Earning, Funding
from machi.payments.queries import DEPOSIT, bonus_place
from machi.shared import clock
from machi.shared.money import Yen


def pay_bonus(*, bonus: int, contract: int, title: str, party: Party, share: Share, by) -> Earning:
    """The deposit, and at once all of it out again: to the worker, the town's fee where it takes one, the withheld tax. Once for each
    bonus. Joins the transaction of the contract; raises DomainError when the money has not come.
    """
    guard()
    hold_accounts([(contract, share.worker.pk, party.pk)])
    place, about, amount = bonus_place(bonus), f"contract:{contract}", share.terms.client_pays
    line = the_bank().deposit(key=f"{DEPOSIT}{place}", amount_yen=int(amount), payer=str(party))
    is_new = the_bank().moves_at_once and keep(line)    # else it lies in suspense since it was read
    source = Kind.BANK if is_new else Kind.SUSPENSE
    post(Entry(f"fund:{place}", actor(by), about, [Transfer(source.of(), Kind.ESCROW.of(contract), Yen(line.amount_yen))]))
    if is_new:
        activity.record(actor=by, fact=facts.FUNDING_CONFIRMED, about=place, amount_yen=line.amount_yen)
    Funding.objects.create(party=party, reference=place, amount_yen=line.amount_yen, bank_key=line.key, confirmed_at=clock.now())
    (earning,), _back = settle(key=f"settle:{place}", held=Kind.ESCROW.of(contract), about=about, title=title, party=party, shares=[share],
                        refund=NOTHING, refund_reference=place, by=by)
    return earning
