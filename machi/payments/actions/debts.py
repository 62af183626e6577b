"""What a client owes the town (未払い): how it comes, is repaid, given up, or won back; and that no new work begins while it is open.

Lock order: a deposit that is waited for, then the debts of one client in the order of their numbers.
"""
from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.cards.models import Chargeback
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.notifications.words import yen
from machi.payments import facts, policies
from machi.payments.actions.booking import CLOCK, post
from machi.payments.actions.expecting import expect_deposit, forget_repaying
from machi.payments.actions.refunding import owe_back
from machi.payments.actions.stopping import guard
from machi.payments.models import Debt, ExpectedDeposit, Funding, Refund, Repayment, Taken
from machi.payments.queries import debt_of, fee_debt, owed_by, pay_in_until, repaid_with, repay_place
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen

NOTHING, LEAST = Yen(0), Yen(100)                   # a card takes no less than some coins


def refuse_owing(party: int) -> None:
    """Nobody begins new work while they owe the town. Raises DomainError with the sum, and how to repay it."""
    if owed := owed_by(party):
        raise DomainError(_("debt.first") % {"gross": yen(int(owed))})


def owe(*, party: Party, reference: str, amount: Yen, kind: str = "debt.open") -> None:
    """Somebody owes the town from now on; the caller books it."""
    debt = Debt.objects.create(party=party, reference=reference, amount_yen=int(amount), since_at=clock.now())
    for person in party.people(Power.PAYER):
        notifications.queue(to=person, kind=kind, about=f"debt:{debt.pk}", gross_yen=int(amount))


def is_owed(reference: str) -> bool:
    """Was it ever asked of somebody?"""
    return Debt.objects.filter(reference=reference).exists()


@transaction.atomic
def ask_to_repay(*, debt: Debt, by, amount: Yen | None = None) -> ExpectedDeposit:
    """The client wants to repay it, or so much of it: what they are asked for, by card or by a transfer. Again, it is the same; with
    another sum the one before is waited for no longer.
    """
    guard()
    asked = list(ExpectedDeposit.objects.select_for_update(of=("self",)).filter(about=f"debt:{debt.pk}", state="waiting").order_by("pk"))
    debt = Debt.objects.select_for_update(of=("self",)).select_related("party").get(pk=debt.pk)
    if not policies.can_repay(by, debt):
        raise NotAllowed(_("debt.not_now"))
    amount = debt.open if amount is None else amount
    if not min(LEAST, debt.open) <= amount <= debt.open:
        raise DomainError(_("debt.amount.wrong") % {"least": yen(int(min(LEAST, debt.open))), "gross": yen(int(debt.open))})
    place = next((one.place for one in asked if one.amount == amount), None)
    if place is None:
        forget_repaying(debt.pk)
        place = repay_place(Repayment.objects.create(debt=debt, amount_yen=int(amount), asked_at=clock.now()).pk)
    return expect_deposit(party=debt.party, place=place, about=f"debt:{debt.pk}", title=_("debt.title"), amount=amount,
                          until_at=pay_in_until(), by=by)


def repay(deposit: ExpectedDeposit) -> None:
    """It came: so much less is owed, and with the last of it what it kept from beginning may begin. `deposit` is held."""
    debt = Debt.objects.select_for_update(of=("self",)).select_related("party").get(pk=debt_of(deposit.place))
    if debt.open < deposit.amount:                      # whatever changes it forgets the deposit first
        raise DomainError(_("state.moved_on"))
    post(Entry(deposit.place, CLOCK, deposit.about, [Transfer(Kind.SUSPENSE.of(), Kind.CLIENT_DEBT.of(debt.party_id), deposit.amount)]))
    Funding.objects.create(party=debt.party, reference=deposit.place, amount_yen=deposit.amount_yen, bank_key=deposit.key,
                           confirmed_at=deposit.ended_at)
    debt.repaid_yen += deposit.amount_yen
    debt.save(update_fields=["repaid_yen"])
    activity.record(actor=None, fact=facts.DEBT_REPAID, about=f"debt:{debt.pk}", amount_yen=deposit.amount_yen)
    left = int(owed_by(debt.party_id))
    kind, said = ("debt.part_repaid", {"rest_yen": left}) if left else ("debt.repaid", {})
    for person in debt.party.people(Power.PAYER):
        notifications.queue(to=person, kind=kind, about=f"debt:{debt.pk}", gross_yen=deposit.amount_yen, **said)


def give_up(party: Party, amount: Yen) -> None:
    """Two people of the town have signed that so much will not be paid any more: the oldest first. The caller books it."""
    left = amount
    for debt in _held(party.pk):
        if part := min(left, debt.open):
            debt.lost_yen += int(part)
            debt.save(update_fields=["lost_yen"])
            left = Yen(left - part)
    if left:
        raise DomainError(_("adjust.no_such_debt"))


def won_back(chargeback: Chargeback) -> list[tuple[int, Yen]]:
    """The card company has given it back: whose it is now, as (account, how much). What is open is owed no more, what was given up was
    no loss, and what the client had repaid is theirs again.
    """
    debt = _one(f"chargeback:{chargeback.pk}")
    return _owe_less(debt, Yen(debt.amount_yen - debt.back_yen)) if debt else []


def owe_no_fee(chargeback: Chargeback, amount: Yen) -> list[tuple[int, Yen]]:
    """The service has given back so much of its fee for a chargeback, which the client owed: whose it is now."""
    return _owe_less(_one(fee_debt(chargeback.pk)), amount)


def _owe_less(debt: Debt, amount: Yen) -> list[tuple[int, Yen]]:
    """So much of it is not owed at all: what is open first, then what was given up, then what was repaid, which goes back."""
    owed = min(amount, debt.open)
    lost = min(Yen(amount - owed), Yen(debt.lost_yen))
    debt.back_yen += int(owed)
    debt.save(update_fields=["back_yen"])
    return [(Kind.CLIENT_DEBT.of(debt.party_id), owed), (Kind.LOSS.of(), lost),
            (Kind.CLIENT_CREDIT.of(debt.party_id), _give_back(debt, Yen(amount - owed - lost)))]


def _give_back(debt: Debt, amount: Yen) -> Yen:
    """So much of what was repaid goes back to where it came from, the newest first; returns how much."""
    left = amount
    for came in repaid_with(debt):
        part = min(left, Yen(came.amount_yen))
        if part and not Refund.objects.filter(reference=came.reference).exists():
            owe_back(party=debt.party, reference=came.reference, about=f"debt:{debt.pk}", title=_("debt.title"), amount=part, by=None)
            left = Yen(left - part)
    return Yen(amount - left)


def need_less(taken: Taken, amount: Yen) -> list[tuple[int, Yen]]:
    """So much of what the town had paid in was not needed for the work: whose it is, as (account, how much). What the client has repaid
    of it is not named here: it goes back to them as any.
    """
    debt = _one(f"taken:{taken.pk}")
    if debt is None:
        return []
    owed = min(amount, debt.open)
    lost = min(Yen(amount - owed), Yen(debt.lost_yen))
    debt.back_yen += int(owed)
    debt.save(update_fields=["back_yen"])
    return [(Kind.CLIENT_DEBT.of(debt.party_id), owed), (Kind.LOSS.of(), lost)]


def _one(reference: str) -> Debt | None:
    known = Debt.objects.filter(reference=reference).first()
    if known is None:
        return None
    forget_repaying(known.pk)
    return Debt.objects.select_for_update(of=("self",)).select_related("party").get(pk=known.pk)


def _held(party: int) -> list[Debt]:
    """What they owe, the oldest first. A deposit on its way to one of them is waited for no longer: the sum is another."""
    for pk in Debt.objects.open().filter(party=party).order_by("pk").values_list("pk", flat=True):
        forget_repaying(pk)
    return list(Debt.objects.select_for_update(of=("self",)).open().filter(party=party).order_by("pk"))
