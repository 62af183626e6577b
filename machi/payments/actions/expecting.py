"""A client is told where to transfer the money for a piece of work, and until when it is waited for (振込のご案内)."""
import datetime
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.banking.matching import FIRST, LAST, code_of
from machi.notifications import actions as notifications
from machi.notifications.words import yen
from machi.payments import facts
from machi.payments.actions.stopping import guard
from machi.payments.lifecycle import DEPOSIT_LIFECYCLE, DepositState
from machi.payments.models import ExpectedDeposit
from machi.payments.queries import has_own_account, is_paid_by_card, late_deposits, owed_by
from machi.payments.queries.waiting import OWED
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.shared.rows import each


def expect_deposit(*, party: Party, place: str, about: str, title: str, amount: Yen, until_at: datetime.datetime, by) -> ExpectedDeposit:
    """Somebody pressed "pay in" where money comes by a transfer. Pressed again it is the same number; another sum is another number.

    Joins the transaction of the room that asks, which holds the piece of work. Raises DomainError when the money is here already.
    """
    guard()
    if not place.startswith(OWED) and (owed := owed_by(party.pk)):
        raise DomainError(_("debt.first") % {"gross": yen(int(owed))})
    before = ExpectedDeposit.objects.select_for_update(of=("self",)).exclude(state=DepositState.LAPSED).filter(place=place).first()
    if before is not None and before.is_here:
        raise DomainError(_("deposit.is_here"))
    if before is not None and before.amount_yen == amount:
        if before.until_at != until_at:
            before.until_at = until_at                  # the number stays: money may be on its way under it
            before.save(update_fields=["until_at"])
        return before
    others = ExpectedDeposit.objects.select_for_update(of=("self",)).filter(
        about=about, place__startswith=place.partition(":")[0], state=DepositState.WAITING)
    for other in () if place.startswith(OWED) else others.order_by("pk"):
        _lapse(other)                                   # one number at a time for one piece of work: another sum, another version
    deposit = ExpectedDeposit.objects.create(
        code=_new_code(), party=party, place=place, about=about, title=title, amount_yen=int(amount), until_at=until_at, asked_by=by,
        asked_at=clock.now())
    activity.record(actor=by, fact=facts.DEPOSIT_EXPECTED, about=place, amount_yen=int(amount), deposit=deposit.pk)
    for person in () if is_paid_by_card() else party.people(Power.PAYER):      # by card they pay on the page they are led to
        notifications.queue(to=person, kind="deposit.expected", about=f"deposit:{deposit.pk}", job=title, gross_yen=int(amount),
                            until_at=until_at)
    return deposit


def forget_repaying(debt: int) -> None:
    """The sum of a debt is another: what its client was asked for is waited for no longer, and goes back should it come."""
    for place in ExpectedDeposit.objects.filter(about=f"debt:{debt}", state=DepositState.WAITING).order_by("pk").values_list(
            "place", flat=True):
        forget_deposit(place=place)


def lapse_deposits() -> int:
    """By the clock: what did not come in time is waited for no longer, once the days are over in which a line may still be read."""
    return each(late_deposits().values_list("pk", flat=True)[:500], _lapse_late)


def forget_deposit(*, place: str) -> None:
    """What it was for will not be done any more. Joins the transaction of the room that knows; what comes now goes back."""
    if not has_own_account():
        return
    if waiting := ExpectedDeposit.objects.select_for_update(of=("self",)).filter(place=place, state=DepositState.WAITING).first():
        _lapse(waiting)


@transaction.atomic
def _lapse_late(pk: int) -> bool:
    deposit = ExpectedDeposit.objects.select_for_update(of=("self",)).get(pk=pk)
    if not DEPOSIT_LIFECYCLE.allows(deposit.state, "lapse"):
        return False
    _lapse(deposit)
    return True


def _lapse(deposit: ExpectedDeposit) -> None:
    deposit.state, deposit.ended_at = DEPOSIT_LIFECYCLE.next(deposit.state, "lapse"), clock.now()
    deposit.save(update_fields=["state", "ended_at"])
    activity.record(actor=None, fact=facts.DEPOSIT_LAPSED, about=deposit.place, deposit=deposit.pk)


def _new_code() -> str:
    """A number that was never given to anybody."""
    while ExpectedDeposit.objects.filter(code=(code := code_of(FIRST + secrets.randbelow(LAST - FIRST + 1)))).exists():
        pass
    return code
