"""What somebody of the finance desk decides about a person's payouts: they rest until a day, or a holder's name is right."""
import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.models import Party, User
from machi.accounts.powers import EVERY_POWER
from machi.activity import actions as activity
from machi.notifications import actions as notifications
from machi.payments import facts, policies
from machi.payments.models import BankAccount, Earning, PayoutPause
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed

LONGEST = datetime.timedelta(days=60)               # then somebody has to say so again


@transaction.atomic
def pause_payouts(*, worker: User, code: str, words: str, until_on: datetime.date, by) -> PayoutPause:
    """Nothing is sent to this person through that day, whatever is due; they read why. What is in a file already has left."""
    _may(by, worker)
    if not clock.today() <= until_on <= clock.today() + LONGEST:
        raise DomainError(_("pause.until.wrong") % {"n": LONGEST.days})
    _hold(worker)
    PayoutPause.objects.filter(worker=worker, ended_at=None).update(ended_at=clock.now(), ended_by=by)  # this one instead
    pause = PayoutPause.objects.create(worker=worker, code=code, words=words, until_on=until_on, paused_by=by, paused_at=clock.now())
    activity.record(actor=by, fact=facts.PAYOUTS_PAUSED, about=f"user:{worker.pk}", code=code, until=until_on.isoformat())
    notifications.queue(to=worker, kind="payout.paused", about=f"user:{worker.pk}", reason=words, date_on=until_on)
    return pause


@transaction.atomic
def end_pause(*, worker: User, by) -> None:
    """Before its day: money goes with the next payday."""
    _may(by, worker)
    _hold(worker)
    if not PayoutPause.objects.filter(worker=worker, ended_at=None).update(ended_at=clock.now(), ended_by=by):
        raise DomainError(_("state.moved_on"))
    activity.record(actor=by, fact=facts.PAUSE_ENDED, about=f"user:{worker.pk}")


def confirm_holder(*, worker: User, named_at: str, by) -> BankAccount:
    """Somebody of the desk has looked: this account, under another name than the person's own, is theirs (a company's, a former name).

    `named_at`: when it was named, as it stood on the screen. An account of later is not the one that was looked at.
    """
    return _looked_at("holder_checked_at", facts.HOLDER_CONFIRMED, worker, named_at, by)


def confirm_shared(*, worker: User, named_at: str, by) -> BankAccount:
    """Somebody of the desk has looked: who pays this person has money go to the same account, and it is well (a family, one household).

    The same `named_at`. Whoever pays this person is not the one who says so.
    """
    if Earning.objects.filter(worker=worker, party__in=Party.objects.acting_for(by, *EVERY_POWER)).exists():
        raise NotAllowed(_("pause.not_yours"))
    return _looked_at("shared_checked_at", facts.SHARED_CONFIRMED, worker, named_at, by)


@transaction.atomic
def _looked_at(column: str, fact: str, worker: User, named_at: str, by) -> BankAccount:
    _may(by, worker)
    account = BankAccount.objects.select_for_update(of=("self",)).filter(worker=worker).first()
    if account is None or account.changed_at.isoformat() != named_at or getattr(account, column) is not None:
        raise DomainError(_("state.moved_on"))
    setattr(account, column, clock.now())
    account.save(update_fields=[column])
    activity.record(actor=by, fact=fact, about=f"user:{worker.pk}")
    return account


def _may(by, worker: User) -> None:
    """Somebody of the desk, and never about their own money."""
    if not policies.can_propose_batch(by) or by.pk == worker.pk:
        raise NotAllowed(_("pause.not_yours"))


def _hold(worker: User) -> None:
    """Whoever sets money aside holds the account: one waits for the other. Two who let somebody rest wait for each other at the person."""
    User.objects.select_for_update(no_key=True).get(pk=worker.pk)
    list(BankAccount.objects.select_for_update(of=("self",)).filter(worker=worker))
