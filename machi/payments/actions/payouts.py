"""Money on its way to people (出金): the account it goes to, what is set aside for one of them, and how a payout ends."""
import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.banking import matching
from machi.banking.banks import bank_name
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.notifications.models import Notice
from machi.payments import facts
from machi.payments.actions.booking import CLOCK, post
from machi.payments.actions.stopping import guard
from machi.payments.figures import payout_figure
from machi.payments.lifecycle import PAYOUT_LIFECYCLE
from machi.payments.models import BankAccount, DeliveredUntil, Earning, Payout
from machi.payments.queries import free_accounts, has_own_account, hold, pays_out_on, set_aside_in_vain
from machi.payments.queries.batches import set_aside_with_more
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.shared.rows import each

NO_ACCOUNT = "payout.waiting_for_account"


@transaction.atomic
def name_bank_account(*, by, bank_code: str, branch_code: str, kind: str, number: str, holder_kana: str,
                      legal_kana: str = "") -> BankAccount:
    """A worker says where their money goes (口座の登録). The same once more, by a second press, is no change, and nobody is told of one.

    `legal_kana`: the reading of their own name, where it is known. Is the holder's the same, nobody has to look.
    """
    said = {"bank_code": bank_code, "branch_code": branch_code, "kind": kind, "number": number, "holder_kana": holder_kana}
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)      # one after the other, so that the second finds the first
    checked_at = clock.now() if legal_kana and matching.payer(legal_kana) == matching.payer(holder_kana) else None
    if known := BankAccount.objects.filter(worker=by, **said).first():
        if checked_at and known.holder_checked_at is None:
            known.holder_checked_at = checked_at
            known.save(update_fields=["holder_checked_at"])
        return known
    account, _new = BankAccount.objects.update_or_create(
        worker=by, defaults=said | {"changed_at": clock.now(), "holder_checked_at": checked_at, "shared_checked_at": None})
    activity.record(actor=by, fact=facts.BANK_ACCOUNT_CHANGED, about=f"user:{by.pk}")
    notifications.queue(to=by, kind="account.bank_changed", about=f"user:{by.pk}", bank=bank_name(bank_code), when_at=account.changed_at)
    return account


def set_aside(worker: int) -> Payout | None:
    """Make one payout of everything a worker is owed on the day that is paid now. Two at once make one; a person has one a day."""
    guard()
    value_on = pays_out_on()
    account = free_accounts().select_for_update(of=("self",)).select_related("worker").filter(worker=worker).first()
    due = Earning.objects.select_for_update(of=("self",)).filter(worker=worker, payout=None, pay_on__lte=value_on).order_by("pk")
    if account is None or not due or Payout.objects.filter(worker=worker, value_on=value_on, state__in=("requested", "sending")).exists():
        return None
    amount = Yen(sum(earning.amount_yen for earning in due))
    return _make(account, list(due), amount, value_on) if amount else None


@transaction.atomic
def ask_early(*, by, amount: Yen) -> Payout:
    """Somebody wants what they have earned before its pay date (早めに受け取る): all of it, as it stood on their screen.

    Under the lock of their account, so that two presses are one payout. Raises DomainError in a sentence.
    """
    guard()
    value_on = pays_out_on()
    account = free_accounts().select_for_update(of=("self",)).select_related("worker").filter(worker=by).first()
    if account is None:
        raise DomainError(_("early.no_account"))
    if Payout.objects.filter(worker=by, value_on=value_on, state__in=("requested", "sending")).exists():
        raise DomainError(_("early.one_a_day"))
    earned = list(Earning.objects.select_for_update(of=("self",)).filter(worker=by, payout=None, amount_yen__gt=0).order_by("pk"))
    if sum(earning.amount_yen for earning in earned) != amount:
        raise DomainError(_("early.changed"))
    if amount < payout_figure("least_early_yen"):
        raise DomainError(_("early.too_little") % {"n": f"{payout_figure('least_early_yen'):,}"})
    return _make(account, earned, amount, value_on, is_early=True)


def new_payout(account: BankAccount, amount: Yen, value_on: datetime.date, *, is_early: bool = False) -> Payout:
    """As it will be written: so much to that account, for that day."""
    return Payout(
        worker=account.worker, amount_yen=int(amount), requested_at=clock.now(), value_on=value_on, is_early=is_early,
        holder_kana=account.holder_kana, bank_name=bank_name(account.bank_code), bank_account=account.told_as,
        free_from=account.changed_at + hold() if has_own_account() else None)


def _make(account: BankAccount, due: list[Earning], amount: Yen, value_on: datetime.date, *, is_early: bool = False) -> Payout:
    """Set it aside: these earnings leave together, for that day."""
    worker, payout = account.worker_id, new_payout(account, amount, value_on, is_early=is_early)
    payout.save()
    Earning.objects.filter(pk__in=[earning.pk for earning in due]).update(payout=payout)
    post(Entry(payout.bank_key, CLOCK, payout.bank_key, [Transfer(Kind.WORKER.of(worker), Kind.TRANSIT.of(worker), amount)]))
    activity.record(actor=account.worker if is_early else None, fact=facts.PAYOUT_REQUESTED, about=payout.bank_key, amount_yen=int(amount))
    notifications.queue(to=account.worker, kind="payout.sending", about=payout.bank_key, net_yen=int(amount), bank=payout.bank_name,
                        date_on=value_on)
    return payout


def undo_set_aside() -> int:
    """Somebody gave up the account for which their money was set aside, perhaps because a stranger had named it: as long as no file has
    it, it is theirs again, and goes to the account of now with the next payday. Returns how many.
    """
    guard()
    return each(set_aside_in_vain().values_list("pk", flat=True), _undo)


def _undo(pk: int) -> bool:
    payout = set_aside_in_vain().select_for_update(of=("self",)).select_related("worker").filter(pk=pk).first()
    if payout is None or not _is_not_carried(payout, "undo"):
        return False
    activity.record(actor=None, fact=facts.PAYOUT_UNDONE, about=payout.bank_key, amount_yen=payout.amount_yen)
    notifications.queue(to=payout.worker, kind="payout.undone", about=payout.bank_key, net_yen=payout.amount_yen)
    return True


def join_set_aside() -> int:
    """Something became due for a day for which something else of the same person is set aside already, perhaps early: as long as no batch
    has that, one payout carries both. Returns how many.
    """
    guard()
    return each(set_aside_with_more().values_list("pk", flat=True), _join)


def _join(pk: int) -> bool:
    worker = Payout.objects.values_list("worker", flat=True).get(pk=pk)
    account = free_accounts().select_for_update(of=("self",)).select_related("worker").filter(worker=worker).first()
    payout = set_aside_with_more().select_for_update(of=("self",)).filter(pk=pk).first()
    if account is None or payout is None:
        return False
    carried = Q(payout=payout) | Q(payout=None, pay_on__lte=payout.value_on)
    due = list(Earning.objects.select_for_update(of=("self",)).filter(carried, worker=worker).order_by("pk"))
    if not _is_not_carried(payout, "undo"):
        return False
    activity.record(actor=None, fact=facts.PAYOUT_UNDONE, about=payout.bank_key, amount_yen=payout.amount_yen)
    _make(account, due, Yen(sum(earning.amount_yen for earning in due)), payout.value_on, is_early=payout.is_early)
    return True


def _is_not_carried(payout: Payout, event: str, **columns) -> bool:
    """It ends without a bank: what it carried is the worker's again. False when something else was faster."""
    if not move(payout.pk, event, ended_at=clock.now(), **columns):
        return False
    post(Entry(f"payout_end:{payout.pk}", CLOCK, payout.bank_key,
               [Transfer(Kind.TRANSIT.of(payout.worker_id), Kind.WORKER.of(payout.worker_id), payout.amount)]))
    payout.earnings.update(payout=None)
    return True


def remind_of_account(*, at_most: int = 500) -> int:
    """Somebody has money waiting and no bank account: tell them, once for each sum."""
    known = Notice.objects.filter(user=OuterRef("worker"), kind=NO_ACCOUNT, about=OuterRef("reference"))
    untold = Earning.objects.filter(~Exists(known), payout=None, worker__bank_account=None, worker__erased_at=None)
    return each(untold.select_related("worker").order_by("pk")[:at_most], _remind)


def _remind(earning: Earning) -> bool:
    Earning.objects.select_for_update().get(pk=earning.pk)
    if earning.worker.notices.filter(kind=NO_ACCOUNT, about=earning.reference).exists():
        return False
    notifications.queue(to=earning.worker, kind=NO_ACCOUNT, about=earning.reference, net_yen=earning.amount_yen, date_on=earning.pay_on)
    return True


def come_back(payout: Payout, reason: str) -> bool:
    """The bank refused (組戻し): the money is the worker's again, and leaves once the account is mended."""
    if not move(payout.pk, "return", ended_at=clock.now(), reason=reason):
        return False
    post(Entry(f"payout_end:{payout.pk}", CLOCK, payout.bank_key,
               [Transfer(Kind.TRANSIT.of(payout.worker_id), Kind.WORKER.of(payout.worker_id), payout.amount)]))
    _is_theirs_again(payout, reason)
    return True


def come_back_later(payout: Payout, reason: str) -> bool:
    """It had left and stood on the statement, and days later the bank sent it back. The line that brought it is in suspense already.

    What was counted as delivered since it arrived is counted anew.
    """
    arrived_at = payout.ended_at
    if not move(payout.pk, "come_back", paid_on=None, is_untold=False, ended_at=clock.now(), reason=reason):
        return False
    post(Entry(f"payout_back:{payout.pk}", CLOCK, payout.bank_key,
               [Transfer(Kind.SUSPENSE.of(), Kind.WORKER.of(payout.worker_id), payout.amount)]))
    DeliveredUntil.objects.filter(day__gte=clock.day_of(arrived_at)).delete()
    _is_theirs_again(payout, reason)
    return True


def was_not_sent(payout: Payout, reason: str) -> bool:
    """The bank never carried it: the money is the worker's again, their account stays, and it goes with the next payday."""
    if not _is_not_carried(payout, "return", reason=reason):
        return False
    activity.record(actor=None, fact=facts.PAYOUT_RETURNED, about=payout.bank_key, amount_yen=payout.amount_yen)
    notifications.queue(to=payout.worker, kind="payout.not_sent", about=payout.bank_key, net_yen=payout.amount_yen, reason=reason)
    return True


def _is_theirs_again(payout: Payout, reason: str) -> None:
    """What it carried waits for an account that takes it."""
    payout.earnings.update(payout=None)
    for account in BankAccount.objects.select_for_update().filter(worker=payout.worker_id):
        if account.told_as == payout.bank_account:  # it would come back again and again; one named meanwhile stays
            account.delete()
    activity.record(actor=None, fact=facts.PAYOUT_RETURNED, about=payout.bank_key, amount_yen=payout.amount_yen)
    notifications.queue(to=payout.worker, kind="payout.returned", about=payout.bank_key, net_yen=payout.amount_yen,
                        bank=payout.bank_name, reason=reason)


@transaction.atomic
def move(pk: int, move: str, **columns) -> bool:
    """One move of a payout under its lock; False when another process was faster."""
    guard()
    payout = Payout.objects.select_for_update().get(pk=pk)
    if not PAYOUT_LIFECYCLE.allows(payout.state, move):
        return False
    payout.state = PAYOUT_LIFECYCLE.next(payout.state, move)
    for name, value in columns.items():
        setattr(payout, name, value)
    payout.save(update_fields=["state", *columns])
    return True
