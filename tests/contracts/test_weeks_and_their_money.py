"""Work by the hour: the terms of the weeks, how a week is handed over, confirmed and paid, what goes back, and the money of the next."""
import datetime

import pytest

from machi.contracts import actions as contracts
from machi.contracts import weeks
from machi.contracts.models import Contract, Milestone, TimeEntry
from machi.jobs.plans import Step
from machi.notifications.models import Notice
from machi.payments.models import Earning, Refund
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import a_job, a_proposal, an_hourly_contract, an_offer, client_of, held_for, hours_written, in_week

pytestmark = pytest.mark.django_db
HOUR, MINUTE, SECOND = datetime.timedelta(hours=1), datetime.timedelta(minutes=1), datetime.timedelta(seconds=1)


def week(contract: Contract, number: int = 1):
    return contract.timesheets.select_related("milestone").get(milestone__number=number)


def submitted(contract: Contract, hours: float = 4):
    """A week whose hours were written on its Monday and handed over in the evening."""
    hours_written(week(contract), hours)
    with in_week(contract, hour=21) as sheet:
        contracts.submit_week(timesheet=sheet, by=contract.worker)
    return contract.milestones.get(number=1)


# ---- the terms -------------------------------------------------------------------------------------------------------

def test_the_terms_name_the_rate_the_cap_and_each_week_with_its_money():
    contract = an_hourly_contract()
    terms, steps = contract.terms, list(contract.milestones.order_by("number"))

    assert terms["hourly"] == {"rate_yen": 1_500, "weekly_hours": 10, "weeks_count": 3}
    assert [step["before_yen"] for step in terms["steps"]] == [0, 0, 0]             # the fee is counted for each week by itself
    assert {(step.price_yen, step.held_yen, step.fee_yen, step.fee_tax_yen) for step in steps} == {(15_000, 16_500, 3_300, 330)}
    assert terms["price_yen"] == 45_000 and terms["due_on"] == steps[-1].due_on.isoformat()
    assert all(sheet.starts_on.weekday() == 0 and sheet.cap_minutes == 600 for sheet in contract.timesheets.all())
    assert contract.offer.answer_by < week(contract).begins_at


@pytest.mark.parametrize("offered", ["2026-12-21", "2027-01-31", "2028-02-21", "2026-11-29", "2026-11-30"])
def test_weeks_go_from_monday_to_sunday_over_new_year_the_end_of_a_month_and_a_leap_day(offered):
    on = datetime.date.fromisoformat(offered)

    days = weeks.due_days(offered_on=on, count=4)

    assert {day.weekday() for day in days} == {0} and [b - a for a, b in zip(days, days[1:], strict=False)] == [weeks.WEEK] * 3
    first = weeks.first_day(days[0])
    assert datetime.timedelta(days=8) <= first - on <= datetime.timedelta(days=14)
    assert weeks.last_day(days[0]) - first == datetime.timedelta(days=6)


@pytest.mark.parametrize(("minutes", "price"), [(1, 25), (2, 50), (7, 175), (59, 1_475), (60, 1_500), (61, 1_525), (599, 14_975)])
def test_minutes_are_paid_to_the_yen(minutes, price):
    assert weeks.earned(minutes, 1_500) == Yen(price)
    assert weeks.earned(minutes, 1_511) == Yen(minutes * 1_511 // 60)


# ---- handing over, confirming, money ---------------------------------------------------------------------------------

def test_the_minutes_are_paid_and_the_rest_goes_back():
    contract = an_hourly_contract(funded=True)
    milestone = submitted(contract, 4)

    contracts.accept_delivery(milestone=milestone, by=client_of(contract))

    earning, refund = Earning.objects.get(), Refund.objects.get()
    assert (earning.price_yen, earning.tax_yen, earning.fee_yen, earning.fee_tax_yen, earning.amount_yen) == (6_000, 600, 1_320, 132, 5_148)
    assert refund.amount_yen == 16_500 - 6_600 and held_for(contract.pk) == 0
    assert week(contract).billed_minutes == 240
    assert broken_rules() == {}


def test_a_full_week_is_paid_as_agreed():
    contract = an_hourly_contract(funded=True)
    contracts.accept_delivery(milestone=submitted(contract, 10), by=client_of(contract))

    assert contract.milestones.get(number=1).state == "accepted" and not Refund.objects.exists()
    assert broken_rules() == {}


def test_the_clock_hands_over_on_monday_at_noon_and_confirms_when_the_days_of_acceptance_are_over(clock_stands_at):
    contract = an_hourly_contract(funded=True)
    hours_written(week(contract), 4)
    noon = clock.start_of(week(contract).ends_on + weeks.DAY) + 12 * HOUR
    clock_stands_at(noon - SECOND)
    assert contracts.submit_weeks() == 0
    clock_stands_at(noon)
    assert contracts.submit_weeks() == 1 and contracts.submit_weeks() == 0
    milestone = contract.milestones.get(number=1)
    assert milestone.accept_by == noon + datetime.timedelta(days=7)

    clock_stands_at(milestone.accept_by - SECOND)
    assert contracts.accept_for_silent_clients() == 0
    clock_stands_at(milestone.accept_by)
    assert contracts.accept_for_silent_clients() == 1
    milestone.refresh_from_db()
    assert milestone.was_accepted_by_town and Earning.objects.get().pay_on == milestone.pay_on
    assert Notice.objects.filter(user=contract.worker, kind="week.confirmed_by_town").exists()
    assert broken_rules() == {}


def test_of_a_week_in_which_nobody_worked_the_money_goes_back_by_the_clock():
    contract = an_hourly_contract(funded=True)
    with in_week(contract, day=7, hour=12):
        assert contracts.submit_weeks() == 1

    assert contract.milestones.get(number=1).state == "refunded" and Refund.objects.get().amount_yen == 16_500
    assert Contract.objects.get().state == "active"
    assert broken_rules() == {}


def test_what_runs_at_the_end_of_the_week_is_not_counted_by_the_clock():
    contract = an_hourly_contract(funded=True)
    hours_written(week(contract), 1)
    with in_week(contract, day=6, hour=22) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
    with in_week(contract, day=7, hour=12):
        contracts.submit_weeks()

    assert contract.milestones.get(number=1).state == "delivered" and week(contract).minutes == 60
    assert TimeEntry.objects.count() == 1


def test_the_client_asks_once_the_worker_answers_mends_and_hands_over_again():
    contract = an_hourly_contract(funded=True)
    client, milestone = client_of(contract), submitted(contract, 4)
    with in_week(contract, hour=22) as sheet:
        contracts.ask_about_week(milestone=milestone, by=client, words="午後は何の作業でしたか。")
        entry = sheet.entries.get()
        with pytest.raises(DomainError):
            contracts.change_entry(entry=entry, by=contract.worker, started_at=entry.started_at, ended_at=entry.started_at + 3 * HOUR)
        contracts.change_entry(entry=entry, by=contract.worker, started_at=entry.started_at, ended_at=entry.started_at + 3 * HOUR,
                               reason="昼休みを引きました")
        with pytest.raises(DomainError):
            contracts.submit_week(timesheet=sheet, by=contract.worker)
        contracts.submit_week(timesheet=sheet, by=contract.worker, words="記事の校正です。昼休みを引きました。")
        with pytest.raises(DomainError):
            contracts.ask_about_week(milestone=milestone, by=client, words="もう一つ")
        contracts.accept_delivery(milestone=milestone, by=client)

    assert Earning.objects.get().price_yen == 4_500
    assert broken_rules() == {}


def test_a_question_that_is_not_answered_goes_back_as_it_stands_after_three_days():
    contract = an_hourly_contract(funded=True)
    milestone = submitted(contract, 4)
    with in_week(contract, day=6, hour=20):
        contracts.ask_about_week(milestone=milestone, by=client_of(contract), words="何の作業でしたか。")
        asked = clock.now()
    with clock.moved(to=asked + datetime.timedelta(days=3) - MINUTE):
        assert contracts.submit_weeks() == 0
    with clock.moved(to=asked + datetime.timedelta(days=3) + MINUTE):
        assert contracts.submit_weeks() == 1
    assert contract.milestones.get(number=1).state == "delivered"


def test_a_dispute_that_the_client_leaves_unanswered_pays_the_minutes():
    contract = an_hourly_contract(funded=True)
    dispute = contracts.open_dispute(milestone=submitted(contract, 4), by=contract.worker, reason="確認されません。")
    type(dispute).objects.update(reminders_count=3)
    with clock.moved(to=dispute.answer_by + SECOND):
        assert contracts.settle_for_silent() == 1

    assert Earning.objects.get().price_yen == 6_000 and held_for(contract.pk) == 0
    assert broken_rules() == {}


# ---- the next week ---------------------------------------------------------------------------------------------------

def test_the_next_week_is_funded_while_the_week_before_waits_for_its_confirmation():
    contract = an_hourly_contract(funded=True)
    submitted(contract, 4)

    contracts.fund(contract=contract, by=client_of(contract), number=2)

    assert held_for(contract.pk) == 33_000
    contracts.accept_delivery(milestone=contract.milestones.get(number=1), by=client_of(contract))
    assert held_for(contract.pk) == 16_500
    assert broken_rules() == {}


def test_a_week_that_was_not_funded_is_void_and_two_in_a_row_end_the_contract(clock_stands_at):
    contract = an_hourly_contract(funded=True)
    hours_written(week(contract), 4)
    with in_week(contract, day=7, hour=12):
        contracts.submit_weeks()
    contracts.accept_delivery(milestone=contract.milestones.get(number=1), by=client_of(contract))
    contract.refresh_from_db()
    assert contract.fund_by == clock.end_of(week(contract, 2).ends_on)
    for number, state in ((2, "active"), (3, "completed")):
        end = clock.end_of(week(contract, number).ends_on)
        clock_stands_at(end)
        assert contracts.void_unfunded() == 0
        clock_stands_at(end + SECOND)
        assert contracts.void_unfunded() == 1
        assert contract.milestones.get(number=number).state == "void"
        assert Contract.objects.get().state == state
    assert broken_rules() == {}


def test_two_weeks_in_a_row_without_money_end_what_comes_after():
    contract = an_hourly_contract(weeks_count=5)
    for number, state in ((1, "pending_funding"), (2, "void")):
        with clock.moved(to=week(contract, number).is_over_at + MINUTE):
            contracts.void_unfunded()
        assert Contract.objects.get().state == state
    assert set(Milestone.objects.values_list("state", flat=True)) == {"void"}
    assert broken_rules() == {}


def test_on_the_thursday_before_whoever_pays_hears_of_it_once():
    contract = an_hourly_contract()
    monday = week(contract).starts_on
    with clock.moved(to=clock.end_of(monday - 5 * weeks.DAY)):
        assert contracts.remind_of_weeks() == 0
    with clock.moved(to=clock.start_of(monday - 4 * weeks.DAY)):
        assert contracts.remind_of_weeks() == 1 and contracts.remind_of_weeks() == 0
    assert Notice.objects.filter(user=client_of(contract), kind="week.to_fund").count() == 1


def test_both_sign_more_hours_for_the_weeks_to_come():
    contract = an_hourly_contract(funded=True)
    worker, client = contract.worker, client_of(contract)
    rest = list(contract.milestones.filter(state="agreed").order_by("number"))
    order = contracts.ask_for_terms(contract=contract, by=worker, steps=[
        Step(step.title, Yen(20 * 1_500), step.due_on) for step in rest] + [Step("", Yen(15_000), rest[-1].due_on + weeks.WEEK)])
    contracts.agree_to_change(order=order, by=client)

    assert [sheet.cap_minutes for sheet in contract.timesheets.order_by("starts_on")] == [600, 1_200, 1_200, 600]
    assert broken_rules() == {}


@pytest.mark.parametrize("price", [15_001, 41 * 1_500])
def test_hours_of_a_week_are_whole_and_at_most_forty(price):
    contract = an_hourly_contract(funded=True)
    rest = contract.milestones.filter(state="agreed").order_by("number")
    with pytest.raises(DomainError):
        contracts.ask_for_terms(contract=contract, by=contract.worker, steps=[Step("", Yen(price), step.due_on) for step in rest])


def test_other_hours_take_the_place_of_an_offer():
    job = a_job(published=True, form="hourly", rate_yen=1_500, weekly_hours=10, weeks_count=3, reward_yen=None, due_on=None,
                minutes_estimate=None)
    offer, client = an_offer(a_proposal(job)), client_of(job)
    for hours in (None, weeks.Hours(1_500, 41, 3), weeks.Hours(1_500, 10, 27), weeks.Hours(300, 10, 3), weeks.Hours(1_499, 10, 3)):
        with pytest.raises(DomainError):
            contracts.change_offer(offer=offer, by=client, hours=hours)

    after = contracts.change_offer(offer=offer, by=client, hours=weeks.Hours(1_600, 5, 2))

    assert after.terms["hourly"] == {"rate_yen": 1_600, "weekly_hours": 5, "weeks_count": 2}
    contract = contracts.accept_offer(offer=after, by=offer.worker, terms_hash=after.terms_hash)
    assert [sheet.cap_minutes for sheet in contract.timesheets.all()] == [300, 300]
    assert broken_rules() == {}
