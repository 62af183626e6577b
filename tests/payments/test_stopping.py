"""While a stop of money stands no yen moves, whoever asks; afterwards everything that was due is done once."""
import datetime

import pytest

from machi.background import rounds
from machi.background.schedule import RUNS
from machi.banking.days import is_bank_day
from machi.checks import actions as checks
from machi.contracts.actions import accept_delivery, accept_for_silent_clients, deliver, fund
from machi.contracts.models import Milestone
from machi.ledger.models import Entry
from machi.payments import actions as payments
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning, MoneyStop, Payout
from machi.shared import clock
from machi.shared.errors import NotAllowed
from tests import database, rows
from tests.people import a_contract, a_person, a_staff_member, client_of, with_bank_account

DAY = datetime.timedelta(days=1)


def a_turn_of_the_clock() -> None:
    """Every run once, in its order, as the background does it."""
    for run in RUNS:
        rounds.perform(run)


# ---- the door is shut for everybody -----------------------------------------------------------------------------------

def test_no_verb_of_money_does_anything_while_a_stop_stands(town):
    unfunded, delivered, due = a_contract(), a_contract(delivered=True), a_contract(accepted=True)
    with_bank_account(due.worker)
    stop = payments.stop_money(why="銀行の明細と合いません。", by=a_staff_member("finance"))
    before, lines = rows.fingerprint(), FakeBank().statement()

    with clock.moved(by=40 * DAY):
        for deed in (lambda: fund(contract=unfunded, by=client_of(unfunded)),
                     lambda: accept_delivery(milestone=delivered.milestones.get(), by=client_of(delivered)),
                     accept_for_silent_clients, payments.pay_due, payments.send_payouts, payments.send_refunds, payments.read_statement):
            with pytest.raises(payments.MoneyStopped):
                deed()

    assert rows.changed(before, rows.fingerprint()) == set() and FakeBank().statement() == lines
    payments.lift_clean_stop(stop=stop, by=a_staff_member("finance"))
    fund(contract=unfunded, by=client_of(unfunded))


def test_work_is_handed_over_and_an_account_is_named_while_money_stands_still(db):
    contract = a_contract(funded=True)
    payments.stop_money(why="確かめます。")

    deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="なし")
    with_bank_account(contract.worker)

    assert contract.milestones.get().state == "delivered"


def test_a_stop_is_raised_once_for_a_rule_and_once_for_a_word(db):
    first, again = (payments.stop_money(rule="a rule", rows=[number]) for number in (1, 2))
    payments.stop_money(why="確かめます。")

    assert first == again and MoneyStop.objects.standing().count() == 2
    payments.lift_clean_stop(stop=first)
    assert payments.stop_money(rule="a rule", rows=[3]) != first


def test_a_page_looks_at_a_mark_that_follows_the_stops(town, settings):
    stop = payments.stop_money(why="確かめます。")
    assert settings.STOP_MARK.exists()
    payments.lift_clean_stop(stop=stop)
    assert not settings.STOP_MARK.exists()


# ---- who may stop money, and let it move again ------------------------------------------------------------------------

def test_only_the_finance_desk_stops_money_and_says_why(db):
    for person in (a_person(), a_staff_member("operator"), a_staff_member("moderator"), a_staff_member("auditor")):
        with pytest.raises(NotAllowed):
            payments.stop_money(why="止めます。", by=person)
    with pytest.raises(NotAllowed):
        payments.stop_money(why="  ", by=a_staff_member("finance"))

    assert not MoneyStop.objects.exists()


def test_what_cannot_be_mended_is_lifted_by_two_people_with_a_reason(db):
    first, second = a_staff_member("finance"), a_staff_member("finance")
    stop = payments.stop_money(rule="a rule")
    with pytest.raises(NotAllowed):
        payments.ask_to_lift(stop=stop, by=first, reason=" ")
    payments.ask_to_lift(stop=stop, by=first, reason="銀行の誤りと分かりました。")

    with pytest.raises(NotAllowed):
        payments.agree_to_lift(stop=stop, by=first)
    lifted = payments.agree_to_lift(stop=stop, by=second)

    assert (lifted.state, lifted.asked_by, lifted.lifted_by, lifted.was_clean) == ("lifted", first, second, False)
    payments.guard()


def test_a_stop_is_lifted_by_one_person_only_when_its_rule_is_clean(town, breaks_books):
    a_contract(accepted=True)
    with database.as_superuser() as root:
        root.execute("UPDATE ledger_balance SET balance_yen = balance_yen + 1")
    assert checks.check(is_full=True)
    finance, stops = a_staff_member("finance"), list(MoneyStop.objects.standing())
    for stop in stops:
        with pytest.raises(NotAllowed):
            checks.lift(stop=stop, by=finance)

    with database.as_superuser() as root:
        root.execute("UPDATE ledger_balance SET balance_yen = balance_yen - 1")
    for stop in stops:
        checks.lift(stop=stop, by=finance)
    payments.guard()


# ---- the three nights of the town ---------------------------------------------------------------------------------------

def test_a_background_that_was_off_for_three_days_does_everything_late_once_and_stops_nothing(town):
    """Acceptances, payouts and refunds wait meanwhile; the alarms say so, and go by themselves."""
    waiting = [a_contract(delivered=True) for _number in range(2)]
    due = with_bank_account(a_contract(accepted=True).worker)
    ends = Milestone.objects.filter(state="delivered").values_list("accept_by", flat=True)
    late_by = max(Earning.objects.get().pay_on, *map(clock.day_of, ends))
    with clock.moved(to=clock.end_of(late_by) + 3 * DAY):
        checks.look_for_what_is_late()
        assert set(checks.Alarm.objects.filter(ended_at=None).values_list("row", flat=True)) == {
            str(contract.milestones.get().pk) for contract in waiting}
        assert not checks.check(is_full=True)

        for _turn in range(3):
            a_turn_of_the_clock()

        assert not MoneyStop.objects.exists() and not checks.Alarm.objects.filter(ended_at=None).exists()
        assert [contract.milestones.get().state for contract in waiting] == ["accepted"] * 2
        assert Entry.objects.filter(key__startswith="settle:").count() == 3
        assert list(Payout.objects.values_list("worker", "state")) == [(due.pk, "paid")]


def test_a_payday_in_bank_mode_waits_two_bank_days_for_its_statement(town, settings):
    due = with_bank_account(a_contract(accepted=True).worker)
    pay_on = Earning.objects.get(worker=due).pay_on
    with clock.moved(to=clock.end_of(pay_on)):
        payments.pay_due()
        Payout.objects.update(state="sending")
    settings.MONEY_MODE = "bank"
    day, banks = pay_on, 0
    while banks < 2:
        day += DAY
        banks += is_bank_day(day)

    for moment, alarms in ((clock.end_of(day), 0), (clock.start_of(day + DAY) + datetime.timedelta(seconds=1), 1)):
        with clock.moved(to=moment):
            assert checks.look_for_what_is_late() == alarms
    settings.MONEY_MODE = "demo"
    with clock.moved(to=clock.end_of(pay_on) + datetime.timedelta(minutes=62)):
        assert checks.look_for_what_is_late() == 1
        assert not checks.check(is_full=True) and not MoneyStop.objects.exists()
    Payout.objects.update(state="requested")


def test_nobody_loses_a_contract_because_money_was_stopped_on_its_last_day(town):
    contract = a_contract()
    stop = payments.stop_money(why="確かめます。")
    last = contract.fund_by + datetime.timedelta(hours=1)
    with clock.moved(to=last):
        a_turn_of_the_clock()
        payments.lift_clean_stop(stop=stop)
        a_turn_of_the_clock()
        contract.refresh_from_db()
        assert contract.state == "pending_funding"
    with clock.moved(to=last + DAY + datetime.timedelta(minutes=1)):
        a_turn_of_the_clock()
        contract.refresh_from_db()
        assert contract.state == "void"


@pytest.mark.parametrize("damage", [
    "UPDATE ledger_transfer SET amount_yen = amount_yen + 1 WHERE credit_id / 1000000000000 = 13",
    "UPDATE ledger_balance SET balance_yen = balance_yen - 1 WHERE account_id / 1000000000000 = 11 AND balance_yen > 0",
    "UPDATE payments_earning SET amount_yen = amount_yen + 1, fee_yen = fee_yen - 1",
])
def test_one_altered_yen_stops_money_within_one_run_and_acceptances_wait(town, breaks_books, damage):
    delivered = a_contract(delivered=True)
    a_contract(accepted=True)
    with database.as_superuser() as root:
        root.execute("SET session_replication_role = replica")
        root.execute(damage)

    with clock.moved(to=delivered.milestones.get().accept_by + datetime.timedelta(hours=2)):
        assert checks.check_lately()
        a_turn_of_the_clock()
        assert delivered.milestones.get().state == "delivered"

        with database.as_superuser() as root:
            root.execute("SET session_replication_role = replica")
            root.execute(UNDO[damage.split()[1]])
        for stop in MoneyStop.objects.standing():
            checks.lift(stop=stop, by=None)
        a_turn_of_the_clock()
        assert delivered.milestones.get().state == "accepted" and not MoneyStop.objects.standing().exists()


UNDO = {
    "ledger_transfer": "UPDATE ledger_transfer SET amount_yen = amount_yen - 1 WHERE credit_id / 1000000000000 = 13",
    "ledger_balance": "UPDATE ledger_balance SET balance_yen = balance_yen + 1 WHERE account_id / 1000000000000 = 11 AND balance_yen > 0",
    "payments_earning": "UPDATE payments_earning SET amount_yen = amount_yen - 1, fee_yen = fee_yen + 1",
}
