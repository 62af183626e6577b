"""Money of micro-tasks (タスクの仮払い): held for so many answers together, given out to many people in one statement, the rest goes back.

A deposit for a batch has a number of its own (`slots:5`): a batch that is topped up has several. What goes back of one carries it, so that
never more goes back than came, and to the card it came from.
"""
from collections.abc import Sequence
from typing import NamedTuple

from machi.accounts.models import Party
from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.payments import facts
from machi.payments.actions.booking import actor, keep, post, post_many
from machi.payments.actions.escrow import Share
from machi.payments.actions.refunding import owe_back
from machi.payments.actions.stopping import guard
from machi.payments.actions.taken import refuse_taken_back
from machi.payments.bank import the_bank
from machi.payments.models import Earning, Funding
from machi.payments.queries import DEPOSIT, slots_place
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxes.queries import numbers_on

NOTHING = Yen(0)


class Back(NamedTuple):
    """So much of one deposit goes back to its client."""

    reference: str                      # closing:8
    slots: int                          # the deposit
    amount: Yen


def hold_slots(*, party: Party, slots: int, batch: int, amount: Yen, by) -> Funding:
    """The client's money for so many answers has arrived, and is held for their batch. Again after a crash it is one deposit.

    Joins the transaction of the batch that asked for it, as `hold_escrow` does.
    """
    guard()
    place = slots_place(slots)
    line = the_bank().deposit(key=f"{DEPOSIT}{place}", amount_yen=int(amount), payer=str(party))
    is_new = the_bank().moves_at_once and keep(line)    # else it lies in suspense since it was read
    source = Kind.BANK if is_new else Kind.SUSPENSE
    post(Entry(f"fund:{place}", actor(by), f"batch:{batch}", [Transfer(source.of(), Kind.BATCH.of(batch), Yen(line.amount_yen))]))
    if is_new:
        activity.record(actor=by, fact=facts.FUNDING_CONFIRMED, about=place, amount_yen=line.amount_yen)
    return Funding.objects.create(party=party, reference=place, amount_yen=line.amount_yen, bank_key=line.key, confirmed_at=clock.now())


def settle_answers(*, closing: int, batch: int, title: str, party: Party, shares: Sequence[Share], back: Sequence[Back], by) -> int:
    """What was approved since the last closing is given out: to each worker, to the town its fees, the withheld tax for the client; and
    what is not needed any more goes back. As many statements for a thousand people as for one. Returns the yen that left the batch.

    Joins the transaction of the batch. Raises DomainError while the client's bank has taken one of its deposits back, and
    NotEnoughMoney when more is given than is held.
    """
    guard()
    for one in back:
        refuse_taken_back(slots_place(one.slots))
    held, about, key = Kind.BATCH.of(batch), f"batch:{batch}", f"answers:{closing}"
    parts = [(f"{key}:{share.worker.pk}", Kind.WORKER.of(share.worker.pk), share.terms.worker_receives) for share in shares]
    parts += [
        (f"{key}:fee", Kind.FEE.of(), sum((share.terms.fee + share.terms.client_fee for share in shares), NOTHING)),
        (f"{key}:tax", Kind.CONSUMPTION_TAX.of(), sum((share.terms.fee_tax + share.terms.client_fee_tax for share in shares), NOTHING)),
        (f"{key}:withheld", Kind.WITHHELD.of(party.pk), sum((share.terms.withheld for share in shares), NOTHING)),
        (f"{key}:back", Kind.CLIENT_CREDIT.of(party.pk), sum((one.amount for one in back), NOTHING))]
    post_many([Entry(name, actor(by), about, [Transfer(held, account, amount)]) for name, account, amount in parts if amount], by=by)
    numbers = numbers_on([share.worker.pk for share in shares], clock.today())
    Earning.objects.bulk_create(Earning(
        worker=share.worker, party=party, reference=share.reference, about=about, title=title, **share.terms.in_yen(),
        amount_yen=int(share.terms.worker_receives), pay_on=share.pay_on, earned_at=clock.now(),
        registered_number=numbers.get(share.worker.pk, "")) for share in shares)
    activity.record(actor=by, fact=facts.ANSWERS_SETTLED, about=f"closing:{closing}", workers=len(shares))
    deposits = {fund.reference: fund for fund in Funding.objects.filter(reference__in=[slots_place(one.slots) for one in back])}
    for one in back:
        owe_back(party=party, reference=one.reference, about=about, title=title, amount=one.amount, by=by,
                 funding=deposits[slots_place(one.slots)])
    return int(sum((amount for _name, _account, amount in parts), NOTHING))
