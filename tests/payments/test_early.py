"""Being paid before the pay date: all that was earned, from a sum on, once, and never less than what stood on the screen."""
import datetime

import pytest
from django.test import override_settings

from machi.contracts.actions import accept_delivery
from machi.payments import actions
from machi.payments.models import Payout
from machi.payments.queries import early_pay, reward_delivered
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.payments.batches import in_a_town_with_files, proposed, set_aside_on, somebody_earned
from tests.people import a_contract, a_person, a_staff_member, balance_of, client_of, with_bank_account
from tests.web.contracts.walking import said, signed_in, text_of

NET = 8_580


def test_whoever_asks_is_paid_at_once_and_the_pay_date_has_nothing_left(town, clock_at):
    earning = somebody_earned()
    assert early_pay(earning.worker).why_not == "" and early_pay(earning.worker).amount == NET
    actions.ask_early(by=earning.worker, amount=Yen(NET))
    actions.send_payouts()

    assert (int(reward_delivered().amount), int(balance_of(earning.worker))) == (NET, 0) and broken_rules() == {}
    clock_at(clock.end_of(earning.pay_on))
    assert actions.pay_due() == 0 and Payout.objects.get().is_early


def test_where_a_file_carries_money_it_goes_with_the_next_one(town):
    earning = somebody_earned()
    with in_a_town_with_files(), clock.moved(to=set_aside_on(earning.pay_on) - (earning.pay_on - clock.today()) / 4):
        payout = actions.ask_early(by=earning.worker, amount=Yen(NET))
        assert payout.value_on < earning.pay_on and payout.state == "requested" and broken_rules() == {}
        with pytest.raises(DomainError):
            actions.ask_early(by=earning.worker, amount=Yen(NET))


@pytest.mark.parametrize("is_early", [True, False])
def test_what_becomes_due_for_a_day_that_is_set_aside_already_leaves_with_it_and_not_a_day_late(town, clock_at, is_early):
    """One transfer of a person a day: until a batch has it, one payout carries both."""
    with override_settings(MONEY_MODE="demo"):
        contract = a_contract(delivered=True)
    first = somebody_earned(worker=contract.worker) if not is_early else somebody_earned(
        worker=contract.worker, due_on=clock.today() + datetime.timedelta(days=60), closes_on=clock.today() + datetime.timedelta(days=7))
    with in_a_town_with_files():
        clock_at(set_aside_on(contract.milestones.get().pay_on))
        if is_early:
            actions.ask_early(by=contract.worker, amount=Yen(NET))
        else:
            assert actions.pay_due() == 1
        accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
        assert actions.pay_due() == 0
        assert (actions.join_set_aside(), actions.join_set_aside(), actions.pay_due()) == (1, 0, 0)

        payout = Payout.objects.get(state="requested")
        assert (payout.amount_yen, payout.value_on, payout.is_early) == (2 * NET, contract.milestones.get().pay_on, is_early)
        assert payout.earnings.count() == 2 and first.pay_on >= payout.value_on and broken_rules() == {}


def test_what_lies_in_a_batch_stays_as_it_was_put_together(town, clock_at):
    with override_settings(MONEY_MODE="demo"):
        contract = a_contract(delivered=True)
    somebody_earned(worker=contract.worker)
    with in_a_town_with_files():
        clock_at(set_aside_on(contract.milestones.get().pay_on))
        assert actions.pay_due() == 1
        proposed(a_staff_member("finance"))
        accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))

        assert actions.join_set_aside() == 0 and Payout.objects.get().amount_yen == NET


def test_too_little_another_sum_nothing_and_no_account_are_each_a_sentence(town):
    small, rich, bare = somebody_earned(reward_yen=2_000), somebody_earned(), somebody_earned()
    bare.worker.bank_account.delete()
    for worker, amount in ((small.worker, small.amount_yen), (rich.worker, NET - 1), (rich.worker, NET + 1), (bare.worker, NET),
                           (a_person(), 5_000), (with_bank_account(a_person()), 5_000)):
        with pytest.raises(DomainError):
            actions.ask_early(by=worker, amount=Yen(amount))
        assert early_pay(worker).why_not or amount != NET
    assert not Payout.objects.exists()


def test_the_page_says_how_much_and_when_and_one_press_asks(town):
    earning = somebody_earned()
    browser = signed_in(earning.worker)
    assert "8,580円" in text_of(browser.get("/earnings/early/"))
    for wrong in ("", "x", "-1", "0", str(10**40), "1"):
        answer = browser.post("/earnings/early/", {"amount_yen": wrong})
        assert answer.status_code in (409, 422) and said("early.changed") in text_of(answer) and not Payout.objects.exists()

    for status in (302, 409):                           # pressed twice
        assert browser.post("/earnings/early/", {"amount_yen": str(NET)}).status_code == status
    assert Payout.objects.get().amount_yen == NET and said("early.nothing") in text_of(browser.get("/earnings/early/"))
