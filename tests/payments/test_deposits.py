"""What was paid in is never unseen: a deposit whose deed died on the way is taken up, and one that came too late goes back."""
import datetime
import logging

import pytest

from machi.contracts.actions import fund, take_up_fundings, void_unfunded
from machi.contracts.models import Contract
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions, invariants
from machi.payments.fakebank import FakeBank
from machi.payments.models import Funding, StatementLine
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.conftest import broken_rules
from tests.people import a_contract, client_of

UNREAD, UNBOOKED = "every deposit on the bank's statement is read", "the bank account in the books is the sum of the lines that were read"
SUM = 11_000


@pytest.fixture(autouse=True)
def no_patience(monkeypatch):
    monkeypatch.setattr(invariants, "SETTLING_SECONDS", 0)


def paid_in(contract: Contract, amount: int = SUM) -> str:
    """The bank has the money; the deed that asked for it died before it was written down here."""
    return FakeBank().deposit(key=f"deposit:milestone:{contract.milestones.get().pk}", amount_yen=amount, payer="みなと").key


def look_at_the_bank() -> None:
    actions.read_statement()
    take_up_fundings()


def held(contract: Contract) -> tuple:
    contract.refresh_from_db()
    return contract.state, balance(Kind.ESCROW.of(contract.pk)), balance(Kind.SUSPENSE.of()), balance(Kind.BANK.of())


def test_a_deposit_whose_deed_died_is_named_then_taken_up_and_its_contract_begins(town):
    contract = a_contract()
    key = paid_in(contract)
    assert broken_rules() == {UNREAD: [key]}

    look_at_the_bank()
    look_at_the_bank()

    assert held(contract) == ("active", SUM, 0, -SUM) and broken_rules() == {}
    assert Funding.objects.get().bank_key == key and contract.milestones.get().state == "funded"
    assert contract.worker.notices.filter(kind="contract.escrowed").count() == 1


def test_money_that_was_read_and_not_yet_taken_up_waits_in_suspense_and_the_client_may_press_again(town):
    contract = a_contract()
    paid_in(contract)
    actions.read_statement()
    assert held(contract) == ("pending_funding", 0, SUM, -SUM) and broken_rules() == {}

    fund(contract=contract, by=client_of(contract))
    take_up_fundings()

    assert held(contract) == ("active", SUM, 0, -SUM) and FakeBank().statement()[-1].amount_yen == SUM


def test_a_contract_whose_money_lies_at_the_bank_does_not_end_for_want_of_it(town, clock_at):
    contract = a_contract()
    clock_at(contract.fund_by + datetime.timedelta(seconds=1))
    paid_in(contract)

    assert void_unfunded() == 0
    look_at_the_bank()
    assert held(contract) == ("active", SUM, 0, -SUM)


def test_what_comes_after_the_contract_ended_goes_back_and_the_client_is_told(town):
    contract = a_contract()
    with clock.moved(to=contract.fund_by + datetime.timedelta(seconds=1)):
        assert void_unfunded() == 1
    key = paid_in(contract)

    look_at_the_bank()
    look_at_the_bank()

    assert held(contract) == ("void", 0, 0, 0) and broken_rules() == {}
    assert [(line.key, line.amount_yen) for line in FakeBank().statement()] == [(key, SUM), (f"return:{key}", -SUM)]
    assert client_of(contract).notices.get(kind="contract.refunded").words["gross_yen"] == SUM
    assert not Funding.objects.exists()


@pytest.mark.parametrize("key", ["deposit:milestone:987654321", f"deposit:milestone:{'9' * 30}", "deposit:milestone:x", "deposit:x"])
def test_money_for_no_known_work_stays_in_suspense_and_holds_up_nobody(town, caplog, key):
    FakeBank().deposit(key=key, amount_yen=500, payer="だれか")
    contract = a_contract()
    paid_in(contract)

    with caplog.at_level(logging.WARNING):
        look_at_the_bank()

    assert held(contract) == ("active", SUM, 500, -SUM - 500) and broken_rules() == {}
    assert key.removeprefix("deposit:") in caplog.text


def test_another_sum_than_the_agreed_one_begins_nothing(town, caplog):
    contract = a_contract()
    paid_in(contract, SUM - 1)

    look_at_the_bank()

    assert held(contract) == ("pending_funding", 0, SUM - 1, 1 - SUM) and "another sum" in caplog.text
    with pytest.raises(DomainError):
        fund(contract=contract, by=client_of(contract))


def test_the_deed_and_the_reading_at_once_book_the_money_once(race):
    for _round in range(8):
        contract = a_contract()
        answers = race(lambda one=contract: fund(contract=one, by=client_of(one)), *[actions.read_statement] * 3, take_up_fundings)

        assert not [answer for answer in answers if isinstance(answer, Exception)]
        look_at_the_bank()
        assert held(contract)[:3] == ("active", SUM, 0)
    assert balance(Kind.BANK.of()) == -8 * SUM


def test_a_line_that_was_read_and_never_booked_is_named(town, breaks_books):
    StatementLine.objects.create(key="deposit:milestone:1", value_on=clock.today(), amount_yen=500, read_at=clock.now())
    FakeBank().deposit(key="deposit:milestone:1", amount_yen=500, payer="みなと")

    assert UNBOOKED in broken_rules()
