"""Work in several steps: each is funded, handed over and paid for itself; together they cost what they cost in one piece."""
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.contracts.actions import accept_delivery, deliver, fund, void_unfunded
from machi.contracts.models import Contract, Milestone
from machi.contracts.queries import current, steps_of, track_record
from machi.contracts.titles import titled
from machi.payments.fees import settlement, summed
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import a_client, a_contract_in_steps, balance_of, client_of, held_for

pytestmark = pytest.mark.django_db
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def step(contract: Contract, number: int) -> Milestone:
    return contract.milestones.get(number=number)


def hand_over(milestone: Milestone):
    return deliver(milestone=milestone, by=milestone.contract.worker, text="できました。", ai_note="なし")


def do_step(contract: Contract, number: int) -> None:
    fund(contract=contract, by=client_of(contract), number=number)
    hand_over(step(contract, number))
    accept_delivery(milestone=step(contract, number), by=client_of(contract))


def states(contract: Contract) -> list[str]:
    contract.refresh_from_db()
    return [contract.state, *contract.milestones.order_by("number").values_list("state", flat=True)]


@given(prices=some.lists(some.integers(100, 400_000), min_size=1, max_size=8), is_withheld=some.booleans())
def test_work_in_steps_costs_to_the_yen_what_it_costs_in_one_piece(prices, is_withheld):
    on, prices = datetime.date(2026, 12, 1), [Yen(price) for price in prices]
    parts = summed([settlement(price, on=on, is_withheld=is_withheld, before=Yen(sum(prices[:number])))
                    for number, price in enumerate(prices)])
    whole = settlement(Yen(sum(prices)), on=on)

    assert (parts.price, parts.tax, parts.fee, parts.fee_tax) == (whole.price, whole.tax, whole.fee, whole.fee_tax)


def test_the_terms_name_every_step_with_its_money_and_its_days():
    terms = a_contract_in_steps(prices=(60_000, 60_000, 60_000)).terms

    assert [(one["number"], one["title"], one["client_pays_yen"]) for one in terms["steps"]] == [
        (1, "区切り1", 66_000), (2, "区切り2", 66_000), (3, "区切り3", 66_000)]
    assert [one["fee_yen"] for one in terms["steps"]] == [13_200, 10_000, 6_600]        # 20 % up to 100,000 of the whole, then 10 %
    assert terms["client_pays_yen"] == 198_000 and terms["net_yen"] == sum(one["net_yen"] for one in terms["steps"])
    assert [one["due_on"] for one in terms["steps"]] == sorted(one["due_on"] for one in terms["steps"])


def test_step_by_step_to_the_end(town):
    contract = a_contract_in_steps()
    assert states(contract) == ["pending_funding", "agreed", "agreed", "agreed"]

    do_step(contract, 1)
    assert states(contract) == ["active", "accepted", "agreed", "agreed"]
    assert held_for(contract.pk) == 0 and current(steps_of(contract)).number == 2 and track_record(contract.worker).completed_count == 0
    do_step(contract, 2)
    do_step(contract, 3)

    assert states(contract) == ["completed", "accepted", "accepted", "accepted"] and held_for(contract.pk) == 0
    assert balance_of(contract.worker) == contract.terms["net_yen"] == sum(Earning.objects.values_list("amount_yen", flat=True))
    assert track_record(contract.worker).completed_count == track_record(contract.worker).on_time_count == 1
    assert contract.worker.notices.filter(kind="review.due").count() == 1 and broken_rules() == {}
    told = contract.worker.notices.filter(kind__in=["contract.step_accepted", "contract.accepted"]).order_by("pk")
    assert [one.kind for one in told] == ["contract.step_accepted"] * 2 + ["contract.accepted"], "one contract is one record"


def test_one_step_at_a_time_is_funded_and_only_the_one_on_the_screen(town):
    contract = a_contract_in_steps(funded=True)
    with pytest.raises(DomainError):
        fund(contract=contract, by=client_of(contract))
    hand_over(step(contract, 1))
    accept_delivery(milestone=step(contract, 1), by=client_of(contract))

    with pytest.raises(DomainError):
        fund(contract=contract, by=client_of(contract), number=1)
    with pytest.raises(DomainError):
        fund(contract=contract, by=contract.worker)
    fund(contract=contract, by=client_of(contract), number=2)

    assert states(contract) == ["active", "accepted", "funded", "agreed"] and held_for(contract.pk) == 22_000 and broken_rules() == {}


@pytest.mark.parametrize(("late", "is_over"), [(-SECOND, False), (0 * SECOND, False), (SECOND, True)])
def test_a_next_step_that_nobody_funds_ends_and_harms_nobody(town, clock_stands_at, late, is_over):
    contract = a_contract_in_steps()
    do_step(contract, 1)
    contract.refresh_from_db()
    assert contract.fund_by - clock.now() > 6 * DAY

    clock_stands_at(contract.fund_by + late)
    void_unfunded()

    assert states(contract) == (["completed", "accepted", "void", "void"] if is_over else ["active", "accepted", "agreed", "agreed"])
    assert contract.worker.notices.filter(kind="contract.rest_void").exists() == is_over
    assert track_record(contract.worker).completed_count == is_over and broken_rules() == {}


def test_withholding_is_that_of_each_payment(town):
    contract = a_contract_in_steps(prices=(10_000, 20_000), by=a_client(is_withholding_agent=True))

    assert [one.withheld_yen for one in contract.milestones.order_by("number")] == [1_021, 2_042]
    do_step(contract, 1)
    assert balance_of(contract.worker) == 7_559 and broken_rules() == {}


@pytest.mark.parametrize("step, called", [("2面", "会報を直す：2面"), ("会報を直す", "会報を直す"), ("", "会報を直す")])
def test_a_step_that_is_called_like_the_whole_is_not_called_twice(step, called):
    assert titled(Milestone(contract=Contract(title="会報を直す"), title=step)) == called
