"""While a client's bank has taken back what was held, the clock does not ask each minute for what cannot be."""
import datetime

import pytest

from machi.contracts.actions import submit_weeks, take_up_fundings
from machi.payments.actions import take_up_card
from machi.payments.models import ExpectedDeposit
from machi.proposals.actions import open_contest, settle_contests, take_up_pots
from machi.shared import clock
from machi.shared.money import Yen
from tests.cards.living import pay
from tests.cards.town import asked, begun, dispute, hear, state
from tests.conftest import broken_rules
from tests.people import a_contest, an_hourly_contract, client_of, closed_contest


@pytest.fixture(autouse=True)
def operators_money(account):
    account.shows((100_000, "ｳﾝｴｲ"))


def paid(deposit: ExpectedDeposit):
    intent = begun(deposit)
    pay(intent)
    take_up_card(deposit=deposit)
    intent.refresh_from_db()
    return intent


def rests_and_then_ends(api: str, caplog, intent, rounds) -> None:
    """Nothing is refused, because nothing is asked; won, it ends as it would have."""
    hear(dispute(api, intent, "needs_response", amount=intent.amount_yen))
    for _minute in range(3):
        assert rounds() == 0
    assert [record.message for record in caplog.records] == [] and broken_rules() == {}

    hear(dispute(api, intent, "won", amount=intent.amount_yen))
    assert rounds() == 1 and broken_rules() == {}


def test_a_week_in_which_nobody_worked_ends_when_its_money_is_back(by_card, caplog):
    contract = an_hourly_contract(weeks_count=1)
    intent = paid(asked(contract))
    take_up_fundings()
    with clock.moved(to=contract.timesheets.get().submit_by + datetime.timedelta(seconds=1)):
        rests_and_then_ends(by_card, caplog, intent, submit_weeks)
    assert state(contract) == "ended"


def test_a_contest_without_an_entry_gives_its_pot_back_when_the_pot_is_there_again(by_card, caplog):
    job = a_contest(opened=False)
    open_contest(job=job, by=client_of(job), pot=Yen(44_000))
    intent = paid(ExpectedDeposit.objects.get())
    take_up_pots()
    with closed_contest(job):
        rests_and_then_ends(by_card, caplog, intent, settle_contests)
