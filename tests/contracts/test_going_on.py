"""Work of every month goes on: one side asks for more months on the same terms, the other agrees with one press."""
import datetime

import pytest

from machi.contracts import actions
from machi.contracts.models import ChangeOrder, Contract
from machi.contracts.retainers import months_to_come
from machi.jobs import plans
from machi.jobs.plans import Step, is_monthly, months_on
from machi.notifications.models import Notice
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import a_contract, a_contract_in_months, a_contract_in_steps, a_member, a_person, an_organisation, client_of, held_for

pytestmark = pytest.mark.django_db
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def days(*texts: str) -> list[datetime.date]:
    return [datetime.date.fromisoformat(text) for text in texts]


def prices_and_days(contract: Contract) -> list[tuple[int, datetime.date, str]]:
    return list(contract.milestones.exclude(state="void").order_by("number").values_list("price_yen", "due_on", "state"))


@pytest.mark.parametrize(("so_far", "after", "next_ones"), [
    (("2027-01-10", "2027-02-10"), "2027-02-10", ("2027-03-10", "2027-04-10", "2027-05-10")),
    (("2027-11-30", "2027-12-31"), "2027-12-31", ("2028-01-31", "2028-02-29", "2028-03-31")),       # a leap year
    (("2027-01-31", "2027-02-28"), "2027-02-28", ("2027-03-31", "2027-04-30", "2027-05-31")),
    (("2027-01-30", "2027-02-28"), "2027-02-28", ("2027-03-30", "2027-04-30", "2027-05-30")),
    (("2027-01-28", "2027-02-28"), "2027-02-28", ("2027-03-28", "2027-04-28", "2027-05-28")),
    (("2027-02-28", "2027-03-31"), "2027-04-05", ("2027-04-30", "2027-05-31", "2027-06-30")),       # the last one was moved by five days
    (("2027-02-10", "2027-03-10"), "2027-04-10", ("2027-05-10", "2027-06-10", "2027-07-10")),       # or by a whole month
])
def test_the_months_to_come_keep_the_day_of_those_so_far_also_at_the_end_of_a_month(so_far, after, next_ones):
    assert months_on(days(*so_far), 3, after=days(after)[0]) == days(*next_ones)


def test_what_posting_lays_out_in_months_is_known_as_such_and_other_steps_are_not():
    laid_out = plans.monthly(3, 100_000, clock.months_away(clock.today(), 4))
    assert is_monthly(laid_out) and is_monthly(plans.fitted(laid_out, due_on=laid_out[-1].due_on + 9 * DAY, reward=Yen(90_001)))

    first, second, third = laid_out
    assert not is_monthly([first]) and not is_monthly([first, third])
    assert not is_monthly([first, second._replace(price_yen=Yen(50_000)), third])
    assert not is_monthly([first, second, third._replace(price_yen=first.price_yen - 1)])
    assert not a_contract_in_steps().is_monthly and not a_contract().is_monthly and a_contract_in_months().is_monthly


@pytest.mark.parametrize("asks", ["client", "worker"])
def test_one_side_asks_and_the_other_agrees_with_one_press(town, asks):
    contract = a_contract_in_months(3, funded=True)
    people = {"client": client_of(contract), "worker": contract.worker}
    before = prices_and_days(contract)

    order = actions.ask_to_go_on(contract=contract, by=people.pop(asks), months=2)
    assert prices_and_days(contract) == before, "one side alone changes nothing"
    actions.agree_to_change(order=order, by=people.popitem()[1])

    after = prices_and_days(contract)
    assert after[:3] == before
    assert after[3:] == [(before[0][0], clock.months_away(before[-1][1], number), "agreed") for number in (1, 2)]
    assert [step.title for step in contract.milestones.order_by("number")][3:] == ["4か月目", "5か月目"]
    assert held_for(contract.pk) == contract.milestones.get(number=1).held_yen and broken_rules() == {}


def test_each_month_that_was_added_is_paid_in_delivered_and_paid_as_the_others(town):
    contract = a_contract_in_months(2, funded=True)
    client = client_of(contract)
    actions.agree_to_change(order=actions.ask_to_go_on(contract=contract, by=contract.worker, months=1), by=client)

    for number in (1, 2, 3):
        if number > 1:
            actions.fund(contract=contract, by=client, number=number)
        step = contract.milestones.get(number=number)
        actions.deliver(milestone=step, by=contract.worker, text="今月のぶんです。", ai_note="なし")
        actions.accept_delivery(milestone=step, by=client)

    contract.refresh_from_db()
    assert contract.state == "completed" and held_for(contract.pk) == 0 and broken_rules() == {}


def test_while_the_wish_waits_the_months_under_way_go_on_and_it_still_holds(town):
    """Handed over, sent back, accepted and paid in: none of it touches the months to come."""
    contract = a_contract_in_months(3, funded=True)
    client, step = client_of(contract), contract.milestones.get(number=1)
    order = actions.ask_to_go_on(contract=contract, by=contract.worker, months=1)
    actions.deliver(milestone=step, by=contract.worker, text="今月のぶんです。", ai_note="なし")
    actions.ask_changes(milestone=step, by=client, points="一か所")
    actions.deliver(milestone=step, by=contract.worker, text="直しました。", ai_note="なし")
    actions.accept_delivery(milestone=step, by=client)
    actions.fund(contract=contract, by=client)

    actions.agree_to_change(order=order, by=client)

    assert [state for _price, _day, state in prices_and_days(contract)] == ["accepted", "funded", "agreed", "agreed"]
    assert broken_rules() == {}


def test_after_the_last_month_is_accepted_the_contract_is_over_and_the_wish_with_it():
    contract = a_contract_in_months(2, funded=True)
    client = client_of(contract)
    for number in (1, 2):
        if number > 1:
            actions.fund(contract=contract, by=client)
        step = contract.milestones.get(number=number)
        order = actions.ask_to_go_on(contract=contract, by=contract.worker, months=1) if number == 2 else None
        actions.deliver(milestone=step, by=contract.worker, text="今月のぶんです。", ai_note="なし")
        actions.accept_delivery(milestone=step, by=client)

    with pytest.raises(DomainError):
        actions.agree_to_change(order=order, by=client)
    contract.refresh_from_db()
    assert contract.state == "completed" and ChangeOrder.objects.get().state == "lapsed"


@pytest.mark.parametrize("months", [0, -1, 13, 99])
def test_from_one_month_to_twelve_and_no_further_than_a_year_from_today(months):
    contract = a_contract_in_months(2, funded=True)
    to_come = months_to_come(contract, list(contract.milestones.order_by("number")))

    assert 1 <= len(to_come) <= 12 and to_come[-1].due_on <= clock.today() + 365 * DAY < clock.months_away(to_come[-1].due_on, 1)
    for count in (months, len(to_come) + 1):
        with pytest.raises(DomainError):
            actions.ask_to_go_on(contract=contract, by=contract.worker, months=count)
    assert not ChangeOrder.objects.exists()


def test_only_the_two_sides_ask_and_only_about_work_of_every_month():
    party = an_organisation()
    contract = a_contract_in_months(2, funded=True, party=party, by=party.people("keeper")[0])
    for stranger in (a_person(), a_member(party, "payer"), a_member(party, "member")):
        with pytest.raises(DomainError):
            actions.ask_to_go_on(contract=contract, by=stranger, months=1)
    steps = a_contract_in_steps(funded=True)
    with pytest.raises(DomainError):
        actions.ask_to_go_on(contract=steps, by=steps.worker, months=1)
    assert not ChangeOrder.objects.exists()


def test_after_the_end_was_said_nobody_goes_on_beyond_it():
    contract = a_contract_in_months(7, funded=True)
    actions.give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 40 * DAY)

    with pytest.raises(DomainError, match="終わ"):
        actions.ask_to_go_on(contract=contract, by=contract.worker, months=1)


def test_another_price_that_both_signed_is_the_price_of_the_months_to_come():
    contract = a_contract_in_months(3, funded=True)
    waiting = [Step(step.title, Yen(12_000), step.due_on) for step in contract.milestones.order_by("number") if step.is_unfunded]
    actions.agree_to_change(order=actions.ask_for_terms(contract=contract, by=contract.worker, steps=waiting), by=client_of(contract))

    actions.ask_to_go_on(contract=contract, by=contract.worker, months=1)

    assert ChangeOrder.objects.get(state="asked").steps[0]["price_yen"] == 12_000


# ---- two weeks before ------------------------------------------------------------------------------------------------

def told() -> int:
    return Notice.objects.filter(kind="contract.last_month").count()


@pytest.mark.parametrize(("moved", "is_told"), [(-1, False), (0, True), (10, True), (14, True), (15, False)])
def test_two_weeks_before_the_last_month_is_over_both_hear_of_it(moved, is_told, clock_stands_at):
    """At midnight of the day fourteen days before; never after the day."""
    contract = a_contract_in_months(2, funded=True)
    begins = clock.start_of(contract.milestones.get(number=2).due_on - 14 * DAY)
    clock_stands_at(begins + moved * DAY if moved >= 0 else begins - SECOND)

    assert (actions.tell_of_last_months(), told()) == ((1, 2) if is_told else (0, 0))
    assert actions.tell_of_last_months() == 0, "once"


def test_after_more_months_were_agreed_they_hear_of_the_new_last_one(clock_stands_at):
    contract = a_contract_in_months(2, funded=True)
    last_on = contract.milestones.get(number=2).due_on
    clock_stands_at(clock.start_of(last_on - 10 * DAY))
    actions.tell_of_last_months()
    actions.agree_to_change(order=actions.ask_to_go_on(contract=contract, by=contract.worker, months=1), by=client_of(contract))
    assert actions.tell_of_last_months() == 0

    clock_stands_at(clock.start_of(clock.months_away(last_on, 1) - 10 * DAY))
    assert actions.tell_of_last_months() == 1 and told() == 4


@pytest.mark.parametrize("said", ["asked", "notice", "steps", "over"])
def test_who_has_spoken_already_is_not_told(said, clock_stands_at):
    contract = a_contract_in_steps(funded=True) if said == "steps" else a_contract_in_months(7, funded=True)
    last = contract.milestones.order_by("-number").first()
    if said == "notice":
        actions.give_notice(contract=contract, by=client_of(contract), last_on=last.due_on - DAY)
    clock_stands_at(clock.start_of(last.due_on - 10 * DAY))
    contract.milestones.filter(state="agreed").exclude(pk=last.pk).update(due_on=clock.today() + DAY)
    if said == "asked":
        actions.ask_to_go_on(contract=contract, by=contract.worker, months=1)
    if said == "over":
        actions.agree_to_change(order=actions.ask_to_end(contract=contract, by=contract.worker, prices={1: Yen(0)}), by=client_of(contract))

    assert (actions.tell_of_last_months(), told()) == (0, 0)
