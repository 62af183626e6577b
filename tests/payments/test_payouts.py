"""Payday: what is due leaves once, on its day, to the account that is there; what comes back is the worker's again."""
import datetime

import pytest
from django.db import IntegrityError

from machi.payments import actions
from machi.payments.actions import payday as paydays
from machi.payments.fakebank import UNKNOWN_ACCOUNT, FakeBank
from machi.payments.lifecycle import PayoutState
from machi.payments.models import BankAccount, Earning, Payout
from machi.payments.queries import NextPayment, next_payment, reward_delivered
from machi.shared import clock
from tests.people import a_contract, a_person, balance_of, payday, with_bank_account

pytestmark = pytest.mark.django_db
NET = 8_580


@pytest.fixture
def earned(clock_at):
    """A worker with a finished piece of work; the clock stands on the pay date at ten in the morning."""
    contract = a_contract(accepted=True)
    clock_at(datetime.datetime.combine(contract.milestones.get().pay_on, datetime.time(10), clock.JAPAN))
    return contract.worker


def states(worker) -> list[str]:
    return list(Payout.objects.filter(worker=worker).order_by("pk").values_list("state", flat=True))


def test_what_is_due_leaves_once(earned):
    with_bank_account(earned)

    payday()
    payday()

    assert states(earned) == ["paid"]
    assert (balance_of(earned), reward_delivered(of=earned).amount, FakeBank().sent_yen()) == (0, NET, NET)


def test_nothing_leaves_before_the_day_and_nothing_stays_after_it(clock_at):
    worker = with_bank_account(a_contract(accepted=True).worker)
    pay_on = Earning.objects.get().pay_on
    clock_at(clock.end_of(pay_on - datetime.timedelta(days=1)))
    assert actions.pay_due() == 0

    clock_at(clock.end_of(pay_on - datetime.timedelta(days=1)) + datetime.timedelta(seconds=1))
    assert actions.pay_due() == 1
    assert balance_of(worker) == 0


def test_all_that_is_due_goes_together_and_what_is_not_due_waits(clock_at):
    worker = with_bank_account(a_person())
    soon = a_contract(accepted=True, worker=worker)
    later = a_contract(accepted=True, worker=worker, due_on=clock.today() + datetime.timedelta(days=90), reward_yen=20_000)
    also_soon = a_contract(accepted=True, worker=worker, reward_yen=1_000)
    days = [contract.milestones.get().pay_on for contract in (soon, also_soon, later)]
    assert days[0] == days[1] < days[2]
    clock_at(datetime.datetime.combine(days[0], datetime.time(9), clock.JAPAN))

    assert next_payment(worker) == NextPayment(days[0], NET + 858)
    payday()

    assert Payout.objects.get().amount_yen == NET + 858
    assert next_payment(worker) == NextPayment(days[2], balance_of(worker))


def test_without_an_account_the_money_waits_and_the_worker_hears_of_it_once(earned):
    payday()
    assert (states(earned), balance_of(earned)) == ([], NET)

    assert actions.remind_of_account() == 1
    assert actions.remind_of_account() == 0
    assert earned.notices.filter(kind="payout.waiting_for_account").count() == 1

    with_bank_account(earned)
    payday()
    assert reward_delivered(of=earned).amount == NET


def test_whoever_was_told_of_the_missing_account_takes_nobody_elses_place():
    for _number in range(3):
        a_contract(accepted=True)

    assert [actions.remind_of_account(at_most=2) for _turn in range(3)] == [2, 1, 0]


def test_what_the_bank_sends_back_is_the_workers_again_and_leaves_after_the_account_is_mended(earned):
    with_bank_account(earned, UNKNOWN_ACCOUNT)
    payday()

    assert (states(earned), balance_of(earned)) == (["returned"], NET)
    assert not BankAccount.objects.filter(worker=earned).exists(), "it would come back again and again"
    assert earned.notices.filter(kind="payout.returned").count() == 1
    payday()
    assert states(earned) == ["returned"], "without an account nothing is tried"

    with_bank_account(earned)
    payday()
    assert states(earned) == ["returned", "paid"]
    assert reward_delivered().amount == FakeBank().sent_yen() == NET


def test_an_account_named_meanwhile_stays(earned, monkeypatch):
    with_bank_account(earned, UNKNOWN_ACCOUNT)
    actions.pay_due()
    with monkeypatch.context() as quiet:
        quiet.setattr(actions, "read_statement", lambda: 0)             # the bank was told; its answer is not read yet
        actions.send_payouts()
    with_bank_account(earned, "7654321")

    actions.read_statement()
    assert states(earned) == ["returned"]
    payday()
    assert states(earned) == ["returned", "paid"]


def test_an_earning_of_nothing_leaves_no_payout_and_goes_along_with_the_next():
    worker = with_bank_account(a_contract(accepted=True).worker)
    whole = Earning.objects.get()
    Earning.objects.create(worker=worker, party=whole.party, reference="milestone:0", about="contract:0", title="", price_yen=1, tax_yen=0,
                           fee_yen=1, fee_tax_yen=0, withheld_yen=0, amount_yen=0, pay_on=clock.today(), earned_at=clock.now())

    assert actions.pay_due() == 0 and states(worker) == []
    with clock.moved(by=datetime.timedelta(days=60)):
        assert actions.pay_due() == 1
    assert Payout.objects.get().earnings.count() == 2


def test_what_cannot_be_set_aside_for_one_worker_holds_up_nobody_else(earned, monkeypatch, caplog):
    other = with_bank_account(a_contract(accepted=True).worker)
    with_bank_account(earned)
    real = Payout.save

    def broken(payout, **columns):
        if payout.worker == earned:
            raise IntegrityError("a payout that cannot be")
        real(payout, **columns)
    with clock.moved(by=datetime.timedelta(days=60)):
        with monkeypatch.context() as bad:
            bad.setattr(paydays, "set_aside_together", lambda _workers: 1 / 0)        # then each is a transaction of their own
            bad.setattr(Payout, "save", broken)
            assert actions.pay_due() == 1
        assert (states(earned), states(other)) == ([], ["requested"]) and "a payout that cannot be" in caplog.text
        assert actions.pay_due() == 1 and states(earned) == ["requested"]


def test_a_bank_that_does_not_answer_leaves_the_payout_on_its_way(earned, monkeypatch):
    """Then every row would fail: the turn of the clock ends there, and the clock logs why (machi/background)."""
    with_bank_account(earned)
    actions.pay_due()
    with monkeypatch.context() as broken:
        broken.setattr(FakeBank, "transfer", lambda *_args, **_named: (_ for _ in ()).throw(OSError("no line")))
        with pytest.raises(OSError, match="no line"):
            actions.send_payouts()
    assert states(earned) == [PayoutState.SENDING]
    assert actions.read_statement() == 0, "nothing ended"

    assert actions.send_payouts() == 1
    assert states(earned) == ["paid"] and FakeBank().sent_yen() == NET


def test_an_answer_that_was_lost_is_asked_for_again_under_the_same_key(earned, monkeypatch):
    """The bank did it, then the line broke: money left once."""
    with_bank_account(earned)
    actions.pay_due()
    real = FakeBank.transfer
    with monkeypatch.context() as broken:
        broken.setattr(FakeBank, "transfer", lambda self, **named: (real(self, **named), 1 / 0))
        assert actions.send_payouts() == 0

    actions.send_payouts()
    assert states(earned) == ["paid"] and FakeBank().sent_yen() == NET


def test_the_first_money_is_told_with_who_gave_the_work_later_money_without(earned):
    with_bank_account(earned)
    payday()
    assert earned.notices.get(kind="payout.first").words["client"] == "みなと地域スポーツ応援会"

    second = a_contract(accepted=True, worker=earned)
    with clock.moved(to=clock.end_of(second.milestones.get().pay_on)):
        payday()
    assert list(earned.notices.filter(kind__in=("payout.first", "payout.arrived")).order_by("pk").values_list("kind", flat=True)) == [
        "payout.first", "payout.arrived"]


def test_reward_delivered_counts_only_what_stands_on_the_statement(earned):
    with_bank_account(earned)
    actions.pay_due()
    assert reward_delivered().amount == 0, "set aside is not delivered"

    actions.send_payouts()
    paid_on = Payout.objects.get().paid_on
    assert reward_delivered(since=paid_on).amount == reward_delivered(of=earned).amount == NET
    assert reward_delivered(since=paid_on + datetime.timedelta(days=1)) == reward_delivered(of=a_person())
    assert reward_delivered(of=a_person()).amount == reward_delivered(of=a_person()).people_count == 0


def test_a_changed_account_concerns_the_next_payout_not_the_one_on_its_way(earned):
    with_bank_account(earned)
    actions.pay_due()
    with_bank_account(earned, "7654321")
    actions.send_payouts()

    assert Payout.objects.get().bank_account == "0005-001-1-1234567"
    assert BankAccount.objects.get().ending == "321"
