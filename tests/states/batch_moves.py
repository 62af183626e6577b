"""A batch of payouts for the bank: how to bring one into each state, and every deed that moves it."""
from functools import wraps
from unittest.mock import patch

from machi.payments import actions as payments
from machi.payments.lifecycle import BATCH_LIFECYCLE, BatchState
from machi.payments.models import PayoutBatch
from machi.shared import clock
from tests.payments.batches import a_payout, in_a_town_with_files, proposed
from tests.people import a_person, a_staff_member
from tests.states.things import CLIENT, COLLEAGUE, DESK, FINANCE, WORKER, Deed, Thing


def by_file(act):
    """In a town that pays by files, in which every sum takes two people."""
    @wraps(act)
    def there(*values):
        with in_a_town_with_files(), patch("machi.payments.queries.batches.payout_figure", return_value=0):
            return act(*values)
    return there


@by_file
def _batch(state: str, _deed: str) -> PayoutBatch:
    """Put together by the one who is FINANCE below."""
    payout = a_payout()
    with clock.moved(to=payout.requested_at):
        batch, other = proposed(a_staff_member("finance")), a_staff_member("finance")
        if state == "withdrawn":
            return payments.withdraw_batch(batch=batch, by=other)
        for at, deed in (("approved", payments.approve_batch), ("written", payments.take_file), ("given", payments.give_batch)):
            if state == "proposed":
                break
            deed(batch=batch, by=other)
            batch.refresh_from_db()
            if state == at:
                break
    return batch


def _in_time(deed):
    @by_file
    def do(batch: PayoutBatch, by):
        with clock.moved(to=batch.proposed_at):
            deed(batch=batch, by=by)
    return do


def _sides(batch: PayoutBatch) -> dict:
    return {FINANCE: batch.proposed_by, COLLEAGUE: a_staff_member("finance"), WORKER: a_person(),
            CLIENT: a_staff_member("operator", "auditor")}


BATCH = Thing("batch of payouts", PayoutBatch, BatchState, BATCH_LIFECYCLE, _batch, _sides, [
    Deed("agree to it", COLLEAGUE, (("approve",),), _in_time(payments.approve_batch)),
    Deed("take it back", DESK, (("withdraw",),), _in_time(payments.withdraw_batch)),
    Deed("take its file", DESK, (("write",),), _in_time(payments.take_file), leaves_traces=True),       # again: the same file
    Deed("say that the bank has it", DESK, (("give",),), _in_time(payments.give_batch)),
], columns={"given_at": {"given"}})
