"""A town that pays by files of its bank, for tests."""
import contextlib
import datetime
from collections.abc import Iterator
from unittest.mock import patch

from django.test import override_settings

from machi.banking.days import bank_days_before
from machi.payments import actions
from machi.payments.account import TownAccount
from machi.payments.models import Earning, Payout, PayoutBatch
from machi.payments.queries import told, waiting_batches, waiting_payouts
from machi.shared import clock
from tests.people import a_contract, with_bank_account

OURS = TownAccount("generic", "0005", "001", "1", "1234567", "街の会", "マチノカイ", "1234567890")
AHEAD = 3                                           # days of the bank


@contextlib.contextmanager
def in_a_town_with_files() -> Iterator[None]:
    with override_settings(MONEY_MODE="bank"), patch("machi.payments.queries.batches.town_account", return_value=OURS):
        yield


def morning(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), clock.JAPAN)


def set_aside_on(value_on: datetime.date) -> datetime.datetime:
    """The morning on which the money of a day is set aside."""
    return morning(bank_days_before(value_on, AHEAD))


def somebody_earned(**traits) -> Earning:
    """A worker with an account, and a finished piece of work that was paid in at a bank that answers at once."""
    with override_settings(MONEY_MODE="demo"):
        contract = a_contract(accepted=True, **traits)
        with_bank_account(contract.worker)
    return Earning.objects.get(about=contract.reference)


def a_payout(**traits) -> Payout:
    """Set aside on its day."""
    earning = somebody_earned(**traits)
    with clock.moved(to=set_aside_on(earning.pay_on)):
        actions.pay_due()
    return Payout.objects.get(worker=earning.worker_id)


def proposed(by) -> PayoutBatch:
    """Everything that waits for the next day, put together."""
    first = waiting_batches(waiting_payouts(), told().rules)[0]
    return actions.propose_batch(value_on=first.value_on, count=first.count, total_yen=first.total_yen, by=by)
