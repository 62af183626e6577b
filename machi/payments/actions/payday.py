"""Payday (支払日): what is due is set aside for its workers, a thousand of them in one transaction."""
import datetime
import logging
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import InterfaceError, OperationalError, connection, transaction

from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts
from machi.payments.actions.booking import post_many
from machi.payments.actions.payouts import new_payout, set_aside
from machi.payments.actions.stopping import guard
from machi.payments.lifecycle import PayoutState
from machi.payments.models import BankAccount, Earning, Payout
from machi.payments.queries import due_workers, free_accounts, pays_out_on
from machi.shared.errors import Paused
from machi.shared.money import Yen
from machi.shared.rows import each

AT_ONCE = 1_000                             # people: few statements, and nobody waits long for a lock of theirs
_CARRIED = """
    UPDATE payments_earning e SET payout_id = c.payout
      FROM unnest(%(earnings)s::bigint[], %(payouts)s::bigint[]) AS c (earning, payout) WHERE e.id = c.earning"""
log = logging.getLogger(__name__)


def pay_due() -> int:
    """Set aside what is due for every worker with a bank account; return how many payouts were made.

    Nothing is too small: on its pay date everything due leaves. Where a file carries the money, it is set aside some days of the bank
    before, for that date.
    """
    guard()
    due = due_workers(pays_out_on())
    return sum(_together_or_each(due[start:start + AT_ONCE]) for start in range(0, len(due), AT_ONCE))


def _together_or_each(workers: Sequence[int]) -> int:
    """All of them in one transaction. Can one of them not be paid, each is a transaction of their own, and that one holds up nobody."""
    try:
        return set_aside_together(workers)
    except (OperationalError, InterfaceError, Paused):
        raise
    except Exception:
        log.exception("%d payouts could not be set aside together, and are one after the other", len(workers))
        return each(workers, set_aside)


@transaction.atomic
def set_aside_together(workers: Sequence[int]) -> int:
    """The same as `set_aside` for each of these, with as many statements as for one; returns how many payouts were made."""
    guard()
    value_on = pays_out_on()
    accounts = _accounts(workers, value_on)
    due = Earning.objects.select_for_update(of=("self",)).filter(worker__in=accounts, payout=None, pay_on__lte=value_on).order_by("pk")
    sums, earned = Counter(), {}
    for number, worker, yen in due.values_list("pk", "worker", "amount_yen"):
        sums[worker] += yen
        earned[number] = worker
    payouts = Payout.objects.bulk_create(new_payout(accounts[worker], Yen(yen), value_on) for worker, yen in sums.items() if yen)
    if payouts:
        _carry(earned, payouts, value_on)
    return len(payouts)


def _accounts(workers: Sequence[int], value_on: datetime.date) -> dict[int, BankAccount]:
    """Where the money of each goes, held until the transaction ends; nobody for whom something is on its way for that day already."""
    found = free_accounts().select_for_update(of=("self",)).select_related("worker").filter(worker__in=workers).order_by("pk")
    accounts = {account.worker_id: account for account in found}
    under_way = Payout.objects.filter(worker__in=accounts, value_on=value_on, state__in=(PayoutState.REQUESTED, PayoutState.SENDING))
    for worker in under_way.order_by("pk").values_list("worker", flat=True):
        del accounts[worker]
    return accounts


def _carry(earned: Mapping[int, int], payouts: Sequence[Payout], value_on: datetime.date) -> None:
    """These earnings (number -> worker) leave with the payouts of their workers: in the books, as facts, and they hear of it. Only these:
    what is earned at this moment was not counted.
    """
    of_worker = {payout.worker_id: payout.pk for payout in payouts}
    carried = {earning: of_worker[worker] for earning, worker in earned.items() if worker in of_worker}
    with connection.cursor() as cursor:             # bulk_update would name each row in the question
        cursor.execute(_CARRIED, {"earnings": list(carried), "payouts": list(carried.values())})
    post_many([Entry(payout.bank_key, "", payout.bank_key, [Transfer(
        Kind.WORKER.of(payout.worker_id), Kind.TRANSIT.of(payout.worker_id), payout.amount)]) for payout in payouts], by=None)
    activity.record_many(actor=None, fact=facts.PAYOUT_REQUESTED, things=[
        (payout.bank_key, {"amount_yen": payout.amount_yen}) for payout in payouts])
    notifications.queue_many(kind="payout.sending", told=(
        (payout.worker, payout.bank_key, {"net_yen": payout.amount_yen, "bank": payout.bank_name, "date_on": value_on})
        for payout in payouts))
