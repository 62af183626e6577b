"""A week from many hands at once: it is written in, handed over, confirmed and paid as if one thing came after the other."""
import datetime
from functools import partial

from machi.contracts import actions as contracts
from machi.contracts.models import Contract, Delivery, Dispute, Milestone, TimeEntry, Timesheet
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.conftest import broken_rules
from tests.people import an_hourly_contract, client_of, held_for, hours_written, in_week
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes

HOUR = datetime.timedelta(hours=1)


def a_week(hours: float = 4):
    contract = an_hourly_contract(funded=True)
    sheet = contract.timesheets.get(milestone__number=1)
    if hours:
        hours_written(sheet, hours)
    return contract, sheet, contract.worker, client_of(contract)


def add(sheet: Timesheet, worker, begin: int, hours: float = 1):
    start = sheet.begins_at + begin * HOUR
    return partial(contracts.add_entry, timesheet=sheet, by=worker, started_at=start, ended_at=start + hours * HOUR)


def test_writing_against_handing_over_against_confirming_against_the_clocks(race):
    """Whatever comes first: what was written before the record was handed over is paid, and nothing else."""
    for _round in ROUNDS:
        contract, sheet, worker, client = a_week()
        with in_week(contract, day=7, hour=13):
            race(add(sheet, worker, 30), add(sheet, worker, 40), partial(contracts.submit_week, timesheet=sheet, by=worker),
                 contracts.submit_weeks, partial(contracts.accept_delivery, milestone=sheet.milestone, by=client), contracts.submit_weeks)
        with clock.moved(to=clock.start_of(sheet.ends_on) + 30 * 24 * HOUR):
            race(contracts.accept_for_silent_clients, contracts.accept_for_silent_clients,
                 partial(contracts.accept_delivery, milestone=sheet.milestone, by=client))
        sheet.refresh_from_db()
        written = sum(entry.minutes for entry in sheet.entries.standing())
        assert sheet.billed_minutes == sheet.minutes == written
        assert Earning.objects.get(reference=sheet.milestone.reference).price_yen == written * 1_500 // 60
        assert held_for(contract.pk) == 0


def test_two_starts_at_once_are_one_clock_and_two_contracts_one_of_them(race):
    for _round in ROUNDS:
        contract, sheet, worker, _client = a_week(0)
        other = an_hourly_contract(funded=True, worker=worker).timesheets.get(milestone__number=1)
        with in_week(contract):
            answers = race(*[partial(contracts.start_clock, timesheet=one, by=worker) for one in (sheet, other)] * 4)
        assert TimeEntry.objects.filter(worker=worker).count() == 1
        assert all(isinstance(answer, TimeEntry | DomainError) for answer in answers)
        with in_week(contract, hour=11):
            race(*[partial(contracts.stop_clock, timesheet=one, by=worker) for one in (sheet, other)] * 2)
        assert TimeEntry.objects.filter(worker=worker).get().minutes == 60


def test_the_same_hour_written_eight_times_is_one_entry(race):
    for _round in ROUNDS:
        contract, sheet, worker, _client = a_week(0)
        with in_week(contract, day=3):
            assert outcomes(race(*[add(sheet, worker, 5)] * 8)) == {WON: 1, REFUSED: 7}


def test_the_last_hours_below_the_cap_are_written_once(race):
    for _round in ROUNDS:
        contract, sheet, worker, _client = a_week(9)
        with in_week(contract, day=5):
            assert outcomes(race(*[add(sheet, worker, 30 + 2 * one) for one in range(6)])) == {WON: 1, REFUSED: 5}
        assert Timesheet.objects.get(pk=sheet.pk).minutes == 600


def test_asking_against_confirming_against_the_clock(race):
    for _round in ROUNDS:
        contract, sheet, worker, client = a_week()
        with in_week(contract, hour=20):
            contracts.submit_week(timesheet=sheet, by=worker)
        milestone = contract.milestones.get(number=1)
        with clock.moved(to=milestone.accept_by - datetime.timedelta(milliseconds=1)):
            race(partial(contracts.ask_about_week, milestone=milestone, by=client, words="何の作業でしたか。"),
                 partial(contracts.accept_delivery, milestone=milestone, by=client), contracts.accept_for_silent_clients)
        milestone.refresh_from_db()
        assert Earning.objects.filter(reference=milestone.reference).exists() is (milestone.state == "settled")
        assert milestone.state in ("settled", "funded") and (milestone.state == "funded") is bool(milestone.revisions_used)


def test_without_the_locks_hours_are_written_into_a_record_that_is_handed_over(race, breaks_books, monkeypatch):
    """These races can be lost: in the twin without locks a week gets hours while the clock hands it over without them."""
    for model in (Contract, Milestone, Timesheet):
        monkeypatch.setattr(type(model.objects.all()), "locked", lambda self: self.order_by("pk"))
    wrong = 0
    for _round in range(15):
        contract, sheet, worker, _client = a_week(1)
        with in_week(contract, day=7, hour=12):
            race(add(sheet, worker, 30), add(sheet, worker, 33), *[contracts.submit_weeks] * 4)
        given = Delivery.objects.filter(milestone=sheet.milestone).order_by("pk").first()
        wrong += given is not None and given.minutes_spent != Timesheet.objects.get(pk=sheet.pk).minutes
    assert wrong


def test_two_weeks_that_both_sides_see_differently_at_once_are_two_differences_and_each_is_about_its_own(race):
    """Each week's money rests once, whoever was first; settled for whoever spoke by the clock while somebody takes one back, none moves
    twice.
    """
    for _round in ROUNDS:
        contract, sheet, worker, client = a_week()
        contracts.fund(contract=contract, by=client, number=2)
        second = contract.timesheets.get(milestone__number=2)
        hours_written(second, 2)
        for one, number, day in ((sheet, 1, 6), (second, 2, 0)):
            with in_week(contract, number, day=day, hour=20):
                contracts.submit_week(timesheet=one, by=worker)
        with in_week(contract, 2, hour=21):
            answers = race(*[partial(contracts.open_dispute, milestone=one.milestone, by=by, reason="違います。")
                             for one in (sheet, second) for by in (worker, client)] * 2)
        disputes = list(Dispute.objects.filter(milestone__contract=contract).order_by("milestone__number"))
        assert outcomes(answers)[WON] == 2 and [one.milestone.number for one in disputes] == [1, 2]
        assert {one.milestone.state for one in disputes} == {"disputed"} and held_for(contract.pk) == 33_000
        Dispute.objects.update(reminders_count=3)
        with clock.moved(to=disputes[0].answer_by + HOUR):
            race(contracts.settle_for_silent, contracts.settle_for_silent,
                 *[partial(contracts.withdraw_dispute, dispute=one, by=one.opened_by) for one in disputes])
        ends = {(1, "settled"): 6_000, (2, "settled"): 3_000, (1, "refunded"): 0, (2, "refunded"): 0}
        for step in contract.milestones.filter(number__lt=3):
            paid = Earning.objects.filter(reference=step.reference).values_list("price_yen", flat=True)
            assert sum(paid) == ends.get((step.number, step.state), 0) and len(paid) <= 1 and step.state != "disputed"
        open_weeks = contract.milestones.filter(number__lt=3, state="delivered").count()
        assert held_for(contract.pk) == 16_500 * open_weeks
    assert broken_rules() == {}
