"""While a client's bank has taken back what was held, the clock does not ask each minute for what cannot be."""
import datetime

from machi.contracts.actions import submit_weeks, take_up_fundings
from machi.payments.actions import take_up_card
from machi.shared import clock
from tests.cards.living import pay
from tests.cards.town import asked, begun, dispute, hear, state
from tests.conftest import broken_rules
from tests.people import an_hourly_contract


def test_a_week_in_which_nobody_worked_ends_when_its_money_is_back(account, by_card, caplog):
    account.shows((100_000, "ｳﾝｴｲ"))
    contract = an_hourly_contract(weeks_count=1)
    deposit = asked(contract)
    intent = begun(deposit)
    pay(intent)
    take_up_card(deposit=deposit)
    take_up_fundings()
    intent.refresh_from_db()
    with clock.moved(to=contract.timesheets.get().submit_by + datetime.timedelta(seconds=1)):
        hear(dispute(by_card, intent, "needs_response", amount=intent.amount_yen))
        for _minute in range(3):
            assert submit_weeks() == 0
        assert [record.message for record in caplog.records] == [] and broken_rules() == {}

        hear(dispute(by_card, intent, "won", amount=intent.amount_yen))
        assert submit_weeks() == 1 and broken_rules() == {}
    assert state(contract) == "ended"
