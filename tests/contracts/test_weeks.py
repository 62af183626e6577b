"""Work by the hour: the minutes of a week are written down, handed over, confirmed and paid; the rest goes back."""
import datetime

import pytest
from django.db import IntegrityError, transaction

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
from tests.people import a_job, a_person, a_proposal, an_hourly_contract, an_offer, client_of, held_for, hours_written, in_week

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


# ---- the terms ---------------------------------------------------------------------------------------------------------

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


# ---- writing down ------------------------------------------------------------------------------------------------------

def test_somebody_starts_and_stops_as_often_as_they_like_and_only_the_minutes_count():
    contract = an_hourly_contract(funded=True)
    worker = contract.worker
    for begin, end in ((9, 9.5), (10, 10.25), (23, 23.75)):
        with in_week(contract, hour=begin) as sheet:
            contracts.start_clock(timesheet=sheet, by=worker)
        with in_week(contract, hour=end) as sheet:
            contracts.stop_clock(timesheet=sheet, by=worker)

    assert week(contract).minutes == 30 + 15 + 45
    assert broken_rules() == {}


def test_pressed_twice_the_clock_runs_once_and_less_than_a_minute_leaves_nothing():
    contract = an_hourly_contract(funded=True)
    with in_week(contract) as sheet:
        first = contracts.start_clock(timesheet=sheet, by=contract.worker)
        assert contracts.start_clock(timesheet=sheet, by=contract.worker) == first
        assert contracts.stop_clock(timesheet=sheet, by=contract.worker) is None
        with pytest.raises(DomainError):
            contracts.stop_clock(timesheet=sheet, by=contract.worker)

    assert TimeEntry.objects.count() == 0


@pytest.mark.parametrize(("begin", "later"), [(9, 12 * HOUR + MINUTE), (23, 2 * HOUR)])
def test_a_forgotten_stop_asks_when_and_why_and_the_client_can_read_it(begin, later):
    contract = an_hourly_contract(funded=True)
    worker = contract.worker
    with in_week(contract, hour=begin) as sheet:
        entry = contracts.start_clock(timesheet=sheet, by=worker)
        with clock.moved(by=later):
            for said in ({}, {"ended_at": entry.started_at + HOUR}, {"ended_at": entry.started_at + HOUR, "reason": " "},
                         {"ended_at": clock.now() + HOUR, "reason": "寝てしまいました"},
                         {"ended_at": entry.started_at - HOUR, "reason": "寝てしまいました"}):
                with pytest.raises(DomainError):
                    contracts.stop_clock(timesheet=sheet, by=worker, **said)
            mended = contracts.stop_clock(timesheet=sheet, by=worker, ended_at=entry.started_at + 30 * MINUTE, reason="呼ばれて離れました")

    assert (mended.minutes, mended.mended_reason) == (30, "呼ばれて離れました")
    assert TimeEntry.objects.visible_to(client_of(contract)).get().mended_reason


def test_twelve_hours_to_the_second_are_no_forgotten_stop(clock_stands_at):
    contract = an_hourly_contract(funded=True, weekly_hours=20)
    sheet = week(contract)
    begin = sheet.begins_at + 9 * HOUR
    clock_stands_at(begin)
    entry = contracts.start_clock(timesheet=sheet, by=contract.worker)

    clock_stands_at(begin + 12 * HOUR - SECOND)
    assert not entry.is_forgotten
    clock_stands_at(begin + 12 * HOUR)
    assert not entry.is_forgotten
    clock_stands_at(begin + 12 * HOUR + SECOND)
    assert entry.is_forgotten
    assert contracts.remind_of_running_clocks() == 1 and contracts.remind_of_running_clocks() == 0


def test_what_cannot_be_written_down_is_refused_in_words():
    contract = an_hourly_contract(funded=True)
    worker, sheet = contract.worker, week(contract)
    hours_written(sheet, 4)
    start = sheet.begins_at

    def add(begin, end, at=None):
        with clock.moved(to=at or sheet.is_over_at + HOUR):
            contracts.add_entry(timesheet=sheet, by=worker, started_at=begin, ended_at=end)

    for begin, end, at in [
        (start + 10 * HOUR, start + 11 * HOUR, None),                                           # overlaps
        (start + 9 * HOUR, start + 13 * HOUR, None),                                            # the very same
        (start - HOUR, start, None), (start - HOUR, start + HOUR, None),                        # the week before
        (sheet.is_over_at, sheet.is_over_at + 30 * MINUTE, None),                               # the week after
        (sheet.is_over_at - HOUR, sheet.is_over_at + MINUTE, None),
        (start + 48 * HOUR, start + 49 * HOUR, start + 48 * HOUR + 30 * MINUTE),                # not yet
        (start + 50 * HOUR, start + 50 * HOUR, None), (start + 50 * HOUR, start + 49 * HOUR, None),
        (start + 48 * HOUR, start + 60 * HOUR + MINUTE, None),                                  # longer than anybody works
        (start + 48 * HOUR, start + 54 * HOUR + MINUTE, None),                                  # a minute over the cap
    ]:
        with pytest.raises(DomainError) as refusal:
            add(begin, end, at)
        assert str(refusal.value)
    add(start + 48 * HOUR, start + 54 * HOUR)
    assert week(contract).minutes == 600
    assert broken_rules() == {}


def test_a_clock_that_runs_over_the_cap_is_cut_there():
    contract = an_hourly_contract(funded=True, weekly_hours=2)
    with in_week(contract) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
        with clock.moved(by=3 * HOUR):
            assert contracts.stop_clock(timesheet=sheet, by=contract.worker).minutes == 120
            with pytest.raises(DomainError):
                contracts.start_clock(timesheet=sheet, by=contract.worker)


def test_a_week_without_its_money_has_no_work():
    contract = an_hourly_contract()
    with in_week(contract) as sheet, pytest.raises(DomainError, match="仮払い"):
        contracts.start_clock(timesheet=sheet, by=contract.worker)


def test_nobody_else_writes_hours():
    contract = an_hourly_contract(funded=True)
    entry = hours_written(week(contract))
    for person in (client_of(contract), a_person()):
        with in_week(contract, hour=20) as sheet:
            for deed in (lambda by: contracts.start_clock(timesheet=sheet, by=by), lambda by: contracts.remove_entry(entry=entry, by=by),
                         lambda by: contracts.submit_week(timesheet=sheet, by=by)):
                with pytest.raises(DomainError):
                    deed(person)


def test_an_entry_is_taken_away_brought_back_and_mended():
    contract = an_hourly_contract(funded=True)
    worker, entry = contract.worker, hours_written(week(contract), 4, note="下書き")
    with in_week(contract, hour=20):
        contracts.remove_entry(entry=entry, by=worker)
        assert week(contract).minutes == 0
        assert contracts.restore_entry(entry=entry, by=worker).minutes == 240
        contracts.change_entry(entry=entry, by=worker, started_at=entry.started_at, ended_at=entry.started_at + HOUR, note="校正")

    assert (week(contract).minutes, TimeEntry.objects.get().note) == (60, "校正")
    assert broken_rules() == {}


def test_brought_back_over_another_entry_or_over_the_cap_it_stays_away():
    contract = an_hourly_contract(funded=True)
    worker, entry = contract.worker, hours_written(week(contract), 4)
    with in_week(contract, hour=20):
        contracts.remove_entry(entry=entry, by=worker)
    hours_written(week(contract), 2)
    with in_week(contract, hour=20), pytest.raises(DomainError):
        contracts.restore_entry(entry=entry, by=worker)


def test_pressed_times_are_mended_with_a_reason():
    contract = an_hourly_contract(funded=True)
    with in_week(contract) as sheet:
        entry = contracts.start_clock(timesheet=sheet, by=contract.worker)
        with clock.moved(by=HOUR):
            contracts.stop_clock(timesheet=sheet, by=contract.worker)
            with pytest.raises(DomainError):
                contracts.change_entry(entry=entry, by=contract.worker, started_at=entry.started_at, ended_at=entry.started_at + MINUTE)
            contracts.change_entry(entry=entry, by=contract.worker, started_at=entry.started_at, ended_at=entry.started_at + MINUTE,
                                   reason="途中で席を外しました")

    assert TimeEntry.objects.get().mended_reason == "途中で席を外しました"


def test_the_database_itself_refuses_two_entries_at_one_time_and_minutes_over_the_cap():
    contract = an_hourly_contract(funded=True)
    entry = hours_written(week(contract), 4)
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        contract.timesheets.update(minutes=601)


# ---- handing over, confirming, money -----------------------------------------------------------------------------------

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


# ---- the next week -----------------------------------------------------------------------------------------------------

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
    for hours in (None, weeks.Hours(1_500, 41, 3), weeks.Hours(1_500, 10, 27), weeks.Hours(300, 10, 3)):
        with pytest.raises(DomainError):
            contracts.change_offer(offer=offer, by=client, hours=hours)

    after = contracts.change_offer(offer=offer, by=client, hours=weeks.Hours(1_600, 5, 2))

    assert after.terms["hourly"] == {"rate_yen": 1_600, "weekly_hours": 5, "weeks_count": 2}
    contract = contracts.accept_offer(offer=after, by=offer.worker, terms_hash=after.terms_hash)
    assert [sheet.cap_minutes for sheet in contract.timesheets.all()] == [300, 300]
    assert broken_rules() == {}
