"""Money that is held for a piece of work (仮払い): how it comes in, and how it ends. Each ending is one entry with a key that can be
posted once, so that a piece of work ends once.
"""
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.accounts.models import Party, User
from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer, hold
from machi.payments import facts
from machi.payments.actions.booking import actor, keep, post
from machi.payments.actions.refunding import owe_back
from machi.payments.actions.stopping import guard
from machi.payments.actions.taken import at_the_end, refuse_taken_back
from machi.payments.bank import the_bank
from machi.payments.fees import Settlement
from machi.payments.models import Earning, Funding
from machi.payments.queries import DEPOSIT
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.taxes.queries import number_on

NOTHING = Yen(0)


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker gets when held money is settled: for what, how much, on which day it leaves."""

    reference: str                      # milestone:12
    worker: User
    terms: Settlement
    pay_on: datetime.date


class Settled(NamedTuple):
    """What became of held money: who earned what, and how much really goes back to the client."""

    earnings: list[Earning]
    back: Yen


def hold_escrow(*, party: Party, milestone: int, contract: int, amount: Yen, by) -> Funding:
    """The client's money has arrived at the bank and is held until the work is accepted (仮払い).

    In the money mode `demo` the deposit is made here, at the fake bank, under the key of the milestone: again after a crash,
    it is one deposit. Was its line read from the statement meanwhile, the money waits in suspense and is taken from there.
    Joins the transaction of the contract that asked for it.
    """
    guard()
    reference = f"milestone:{milestone}"
    line = the_bank().deposit(key=f"{DEPOSIT}{reference}", amount_yen=int(amount), payer=str(party))
    if line.amount_yen != amount:
        raise DomainError(_("fund.other_sum"))
    is_new = the_bank().moves_at_once and keep(line)    # else it lies in suspense since it was read
    source = Kind.BANK if is_new else Kind.SUSPENSE
    post(Entry(f"fund:{milestone}", actor(by), f"contract:{contract}", [Transfer(source.of(), Kind.ESCROW.of(contract), amount)]))
    if is_new:
        activity.record(actor=by, fact=facts.FUNDING_CONFIRMED, about=reference, amount_yen=int(amount))
    return Funding.objects.create(party=party, reference=reference, amount_yen=int(amount), bank_key=line.key, confirmed_at=clock.now())


def pass_escrow_on(*, milestone: int, contract: int, to_milestone: int, to_contract: int, amount: Yen, by) -> None:
    """Somebody else goes on with a piece of work: so much of what is held for it is held for their contract from now on. Once for each
    milestone. Joins the transaction of the contracts.
    """
    refuse_taken_back(f"milestone:{milestone}")
    deposit = Funding.objects.get(reference=f"milestone:{milestone}")
    Funding.objects.create(party=deposit.party, reference=f"milestone:{to_milestone}", amount_yen=int(amount), part_of=deposit,
                           confirmed_at=deposit.confirmed_at)
    post(Entry(f"pass_on:{milestone}", actor(by), f"contract:{contract}",
               [Transfer(Kind.ESCROW.of(contract), Kind.ESCROW.of(to_contract), amount)]))


def hold_accounts(contracts: Iterable[tuple[int, int, int]]) -> None:
    """Before several pieces of work are settled in one transaction: hold all accounts they touch. Each as (contract, worker, party)."""
    hold(account for contract, worker, party in contracts for account in (
        Kind.ESCROW.of(contract), Kind.WORKER.of(worker), Kind.CLIENT_CREDIT.of(party), Kind.WITHHELD.of(party)))


def settle_escrow(*, milestone: int, contract: int, title: str, party: Party, shares: Sequence[Share], by,
                  refund: Yen = NOTHING) -> Settled:
    """The held money of a milestone is given out, and nothing of it stays: to whoever worked, to the town its fee, the withheld tax
    to the client, who remits it; what is not paid goes back to the client (返金).

    Every ending shares the key `settle:<milestone>`: a milestone ends once. Raises NotEnoughMoney when more is given than is held.
    """
    return settle(key=f"settle:{milestone}", held=Kind.ESCROW.of(contract), about=f"contract:{contract}", title=title, party=party,
                  shares=shares, refund=refund, refund_reference=f"milestone:{milestone}", by=by)


def settle(*, key: str, held: int, about: str, title: str, party: Party, shares: Sequence[Share], refund: Yen, refund_reference: str,
           by) -> Settled:
    """One entry that empties what an account holds for one piece of work. Joins the transaction of the room that decided."""
    less = at_the_end(refund_reference, refund, is_somebody_paid=bool(shares))
    towns = Yen(sum((amount for _account, amount in less.towns), NOTHING))
    back = Yen(refund - less.gone - towns)
    parts = [part for share in shares for part in _parts(share, party)]
    parts += [*less.towns, (Kind.CLIENT_CREDIT.of(party.pk), back)]
    if transfers := [Transfer(held, account, amount) for account, amount in parts if amount]:       # none: all of it is gone
        post(Entry(key, actor(by), about, transfers))
    earnings = [_earn(share, party, about, title) for share in shares]
    for earning in earnings:
        activity.record(actor=by, fact=facts.ESCROW_RELEASED, about=earning.reference, amount_yen=earning.amount_yen)
    if towns:
        activity.record(actor=by, fact=facts.ESCROW_NOT_NEEDED, about=refund_reference, amount_yen=int(towns))
    if back:
        owe_back(party=party, reference=refund_reference, about=about, title=title, amount=back, by=by)
    return Settled(earnings, back)


def _parts(share: Share, party: Party) -> list[tuple[int, Yen]]:
    terms = share.terms
    return [(Kind.WORKER.of(share.worker.pk), terms.worker_receives), (Kind.FEE.of(), terms.fee + terms.client_fee),
            (Kind.CONSUMPTION_TAX.of(), terms.fee_tax + terms.client_fee_tax), (Kind.WITHHELD.of(party.pk), terms.withheld)]


def _earn(share: Share, party: Party, about: str, title: str) -> Earning:
    return Earning.objects.create(
        worker=share.worker, party=party, reference=share.reference, about=about, title=title, **share.terms.in_yen(),
        amount_yen=int(share.terms.worker_receives), pay_on=share.pay_on, earned_at=clock.now(),
        registered_number=number_on(share.worker, clock.today()))
