"""Our file of the bank's lines beside the bank's own: what only an outside record can show."""
import pytest

from machi.checks.rules import broken_rules
from machi.payments import invariants
from machi.payments.fakebank import FakeBank
from machi.shared import clock
from tests import database
from tests.people import a_contract, payday, with_bank_account


@pytest.fixture
def paid(town, breaks_books, monkeypatch):
    monkeypatch.setattr(invariants, "SETTLING_SECONDS", 0)
    contract = a_contract(accepted=True)
    with_bank_account(contract.worker)
    with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
        payday()
    assert broken_rules() == {}


def names() -> set[str]:
    return {rule.name for rule in broken_rules()}


def test_a_line_that_the_bank_does_not_know_is_found(paid):
    with database.as_superuser() as root:
        root.execute("INSERT INTO payments_statementline VALUES ('deposit:milestone:0', now(), 5, now())")

    assert invariants.ON_STATEMENT in names()


def test_money_that_came_and_that_nobody_took_up_is_found(paid):
    FakeBank().deposit(key="deposit:milestone:0", amount_yen=5, payer="だれか")

    assert names() == {invariants.ALL_READ}


def test_a_payout_that_left_with_another_sum_is_found(paid):
    with database.as_superuser() as root:
        root.execute("UPDATE payments_payout SET amount_yen = amount_yen + 1")

    assert invariants.DELIVERED in names()
