"""Payday (支払日): what is due is set aside for its workers, a thousand of them in one transaction."""
import datetime
import json
import logging
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.expressions import RawSQL

from machi.activity import actions as activity
from machi.banking.banks import bank_name
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts
from machi.payments.actions.booking import post_many
from machi.payments.actions.payouts import set_aside
from machi.payments.actions.stopping import guard
from machi.payments.models import Payout
from machi.payments.queries import due_workers, free_accounts, has_own_account, hold, pays_out_on
from machi.shared import clock
from machi.shared.errors import Paused
from machi.shared.rows import each

AT_ONCE = 1_000                             # people: few statements, and nobody waits long for a lock of theirs
# `new_payout` for many, and what each of them carries: what is counted is locked, and leaves, and nothing that is earned at this moment.
# Each worker is looked up by index, and no list is joined with another: so many people take so much time, whatever the planner thinks.
_SET_ASIDE = """
    WITH due AS MATERIALIZED (
        SELECT nextval('payments_payout_id_seq') AS payout, d.yen, d.earnings, a.*
          FROM payments_bankaccount a CROSS JOIN LATERAL (
                   SELECT sum(amount_yen) AS yen, array_agg(id) AS earnings
                     FROM (SELECT id, amount_yen FROM payments_earning e
                            WHERE e.worker_id = a.worker_id AND e.payout_id IS NULL AND e.pay_on <= %(value_on)s
                            ORDER BY id FOR UPDATE) AS e
               ) AS d
         WHERE a.worker_id = ANY (%(workers)s::bigint[]) AND d.yen <> 0
           AND (SELECT count(*) FROM payments_payout p
                 WHERE p.worker_id = a.worker_id AND p.value_on = %(value_on)s AND p.state IN ('requested', 'sending')) = 0
    ), carried AS (
        UPDATE payments_earning e SET payout_id = due.payout
          FROM (SELECT payout, unnest(earnings) AS earning FROM due) AS due WHERE e.id = due.earning
    )
    INSERT INTO payments_payout (id, worker_id, amount_yen, state, value_on, requested_at, free_from, bank_name, bank_account, holder_kana)
    SELECT payout, worker_id, yen, 'requested', %(value_on)s, %(now)s, changed_at + %(hold)s, %(banks)s::jsonb ->> bank_code,
           concat_ws('-', bank_code, branch_code, kind, number), holder_kana
      FROM due RETURNING id, worker_id, amount_yen, bank_name"""
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
    of_workers = free_accounts().filter(worker__in=RawSQL("SELECT unnest(%s::bigint[])", [list(workers)]))
    free = list(of_workers.select_for_update(of=("self",)).order_by("pk").values_list("worker", "bank_code"))
    payouts = list(Payout.objects.raw(_SET_ASIDE, {  # asked anew: what another process set aside is seen, now that the accounts are held
        "workers": [worker for worker, _code in free], "banks": json.dumps({code: bank_name(code) for _worker, code in free}),
        "value_on": value_on, "now": clock.now(), "hold": hold() if has_own_account() else None}))
    if payouts:
        _tell(payouts, value_on)
    return len(payouts)


def _tell(payouts: Sequence[Payout], value_on: datetime.date) -> None:
    """In the books, as facts, and their workers hear of it."""
    post_many([Entry(payout.bank_key, "", payout.bank_key, [Transfer(
        Kind.WORKER.of(payout.worker_id), Kind.TRANSIT.of(payout.worker_id), payout.amount)]) for payout in payouts], by=None)
    activity.record_many(actor=None, fact=facts.PAYOUT_REQUESTED, things=(
        (payout.bank_key, {"amount_yen": payout.amount_yen}) for payout in payouts))
    notifications.queue_many(kind="payout.sending", told=(
        (payout.worker_id, payout.bank_key, {"net_yen": payout.amount_yen, "bank": payout.bank_name, "date_on": value_on})
        for payout in payouts))
