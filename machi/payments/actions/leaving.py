"""Money that came back to somebody who has left for good. It lies where it lay, in the account of their number, and is owed until it is
sent again: to an account that they name in writing, which two people of the finance desk have read. Nothing of it is ever forfeited.

Lock order: the person, then the row of the letter.
"""
from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.payments import facts, policies
from machi.payments.lifecycle import ADJUSTMENT_LIFECYCLE
from machi.payments.models import BankAccount, LateAccount, Payout
from machi.payments.queries import accounts_to_forget, left_with_money
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each


@transaction.atomic
def ask_late_account(*, worker: User, by, bank_code: str, branch_code: str, kind: str, number: str, holder_kana: str,
                     words: str) -> LateAccount:
    """One person of the desk has a letter from whoever left, and types in the account that stands there."""
    worker = _held(worker, by)
    if not words.strip():
        raise DomainError(_("adjust.words.missing"))
    if worker.late_accounts.filter(state="asked").exists() or BankAccount.objects.filter(worker=worker).exists():
        raise DomainError(_("state.moved_on"))
    asked = LateAccount.objects.create(worker=worker, told_as=f"{bank_code}-{branch_code}-{kind}-{number}", holder_kana=holder_kana,
                                       words=words.strip(), asked_by=by, asked_at=clock.now())
    activity.record(actor=by, fact=facts.LATE_ACCOUNT_ASKED, about=f"user:{worker.pk}", late=asked.pk)
    return asked


@transaction.atomic
def sign_late_account(*, late: LateAccount, by) -> BankAccount:
    """Another person has read the same letter. The money leaves with the next payday, once the account has rested as any new one."""
    late, told = _answered(late, "sign", by)
    account = BankAccount.objects.create(worker=late.worker, **told, changed_at=clock.now(), holder_checked_at=clock.now())
    activity.record(actor=by, fact=facts.LATE_ACCOUNT_SIGNED, about=f"user:{late.worker_id}", late=late.pk)
    return account


@transaction.atomic
def refuse_late_account(*, late: LateAccount, by) -> LateAccount:
    """It does not stand so in the letter, or whoever asked takes it back: the money stays owed."""
    late, _told = _answered(late, "refuse", by)
    activity.record(actor=by, fact=facts.LATE_ACCOUNT_REFUSED, about=f"user:{late.worker_id}", late=late.pk)
    return late


def forget_late_accounts() -> int:
    """By the clock: what was owed has arrived, and of the account nothing stays, as of everybody who left."""
    return each(accounts_to_forget().values_list("worker", flat=True), _forget)


@transaction.atomic
def _forget(worker: int) -> bool:
    User.objects.select_for_update(no_key=True).get(pk=worker)
    account = accounts_to_forget().select_for_update(of=("self",)).filter(worker=worker).first()
    if account is None:
        return False
    account.delete()
    Payout.objects.filter(worker=worker).update(bank_name="", bank_account="", holder_kana="", reason="")
    return True


def _held(worker: User, by) -> User:
    worker = User.objects.select_for_update(no_key=True).get(pk=worker.pk)
    if not policies.can_send_late(by, worker):
        raise NotAllowed(_("pause.not_yours"))
    if not left_with_money().filter(pk=worker.pk).exists():
        raise DomainError(_("state.moved_on"))
    return worker


def _answered(late: LateAccount, move: str, by) -> tuple[LateAccount, dict[str, str]]:
    """With the account that stood there, of which nothing stays here."""
    _held(late.worker, by)
    late = LateAccount.objects.select_for_update(of=("self",)).select_related("worker").get(pk=late.pk)
    state = ADJUSTMENT_LIFECYCLE.next(late.state, move)
    if move == "sign" and by.pk == late.asked_by_id:
        raise NotAllowed(_("adjust.two_people"))
    told = late.account
    late.state, late.answered_by, late.answered_at, late.told_as, late.holder_kana = state, by, clock.now(), "", ""
    late.save()
    return late, told
