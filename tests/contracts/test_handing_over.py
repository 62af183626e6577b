"""Delivering, changes, accepting: counted rounds, a clock that accepts, and days that are told at once."""
import datetime
import secrets
from importlib import import_module

import pytest
from django.db import connection

from machi.contracts import actions, policies
from machi.contracts.models import Delivery, DeliveryFile, Milestone
from machi.contracts.models.agreed import LATE
from machi.contracts.queries import client_record, track_record, track_records
from machi.files.storing import StoredFile
from machi.payments.models import Earning
from machi.payments.paydays import pay_day
from machi.reviews.queries import records_of
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.taxonomy.models import Category
from tests.people import a_client, a_contract, a_contract_in_steps, a_job, a_person, a_proposal, an_offer, balance_of, client_of

pytestmark = pytest.mark.django_db
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
TIMES = [(-SECOND, "before"), (0 * SECOND, "at"), (SECOND, "after")]


def hand_over(milestone: Milestone, **named) -> Delivery:
    work = {"text": "できました。", "ai_note": "使っていません"} | named
    return actions.deliver(milestone=milestone, by=milestone.contract.worker, **work)


def ask(milestone: Milestone, **named):
    return actions.ask_changes(milestone=milestone, by=client_of(milestone.contract), points="一つ目\n二つ目", **named)


def accept(milestone: Milestone, **named):
    return actions.accept_delivery(milestone=milestone, by=client_of(milestone.contract), **named)


# ---- delivering ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("nothing", [{"text": ""}, {"text": " \n "}, {"ai_note": " "}])
def test_a_delivery_holds_work_and_the_word_on_ai_that_the_terms_ask_for(nothing):
    milestone = a_contract(funded=True).milestones.get()

    with pytest.raises(DomainError):
        hand_over(milestone, **nothing)
    assert not Delivery.objects.exists()


def test_where_ai_is_not_asked_about_no_word_is_needed():
    hand_over(a_contract(funded=True, ai="welcome").milestones.get(), ai_note="")


def test_work_is_handed_over_once_until_changes_are_asked():
    milestone = a_contract(delivered=True).milestones.get()

    with pytest.raises(NotAllowed):
        hand_over(milestone)
    ask(milestone)
    assert hand_over(milestone).round == 2


def test_without_money_in_escrow_nothing_is_handed_over():
    with pytest.raises(NotAllowed):
        hand_over(a_contract().milestones.get())


# ---- asking for changes ----------------------------------------------------------------------------------------------

def test_changes_are_counted_and_end_where_the_terms_end():
    milestone = a_contract(delivered=True, revisions_count=2).milestones.get()
    for round in (1, 2):
        assert ask(milestone, round=round).round == round
        hand_over(milestone)

    with pytest.raises(NotAllowed):
        ask(milestone)
    assert Milestone.objects.get().state == "delivered"
    assert milestone.contract.worker.notices.filter(kind="contract.changes_asked").order_by("-pk").first().words["k"] == 2


def test_what_lies_on_another_screen_is_neither_accepted_nor_sent_back():
    milestone = a_contract(delivered=True).milestones.get()
    ask(milestone, round=1)
    hand_over(milestone)

    for answer in (accept, ask):
        with pytest.raises(DomainError):
            answer(milestone, round=1)
    accept(milestone, round=2)


# ---- the acceptance clock: one second before, at, and one second after ------------------------------------------------

@pytest.mark.parametrize(("late", "when"), TIMES)
@pytest.mark.parametrize("acceptance_days", [3, 7, 14])
def test_the_town_accepts_when_the_clock_has_run_out(clock_stands_at, late, when, acceptance_days):
    milestone = a_contract(delivered=True, acceptance_days=acceptance_days).milestones.get()
    assert milestone.accept_by == milestone.delivered_at + acceptance_days * DAY
    clock_stands_at(milestone.accept_by + late)

    assert actions.accept_for_silent_clients() == (when != "before")
    milestone.refresh_from_db()
    assert milestone.state == ("delivered" if when == "before" else "accepted")
    assert milestone.was_accepted_by_town is (when != "before")
    assert balance_of(milestone.contract.worker) == (0 if when == "before" else 8_580)
    assert actions.accept_for_silent_clients() == 0


@pytest.mark.parametrize(("late", "when"), TIMES)
def test_changes_are_asked_before_the_clock_has_run_out_and_not_at_it(clock_stands_at, late, when):
    milestone = a_contract(delivered=True).milestones.get()
    clock_stands_at(milestone.accept_by + late)

    assert policies.can_ask_changes(client_of(milestone.contract), milestone) is (when == "before")
    if when == "before":
        ask(milestone)
    else:
        with pytest.raises(NotAllowed):
            ask(milestone)
        accept(milestone)                           # a client may still be faster than the town, and nobody is worse off
    assert actions.accept_for_silent_clients() == 0


def test_changes_stop_the_clock_and_the_next_delivery_starts_it_anew(clock_at):
    milestone = a_contract(delivered=True).milestones.get()
    first = milestone.accept_by
    ask(milestone)
    clock_at(first + DAY)
    assert actions.accept_for_silent_clients() == 0

    hand_over(milestone)
    milestone.refresh_from_db()
    assert milestone.accept_by > first + 7 * DAY


@pytest.mark.parametrize(("late", "count"), [(-SECOND, 0), (0 * SECOND, 1), (SECOND, 1)])
def test_the_client_is_reminded_at_half_time_and_on_the_last_day_once_each(clock_stands_at, late, count):
    milestone = a_contract(delivered=True).milestones.get()
    half, last = milestone.delivered_at + (milestone.accept_by - milestone.delivered_at) / 2, milestone.accept_by - DAY
    reminders = client_of(milestone.contract).notices.filter(kind="contract.accept_soon")

    clock_stands_at(half + late)
    assert actions.remind_of_acceptance() == count
    assert actions.remind_of_acceptance() == 0
    clock_stands_at(last + late)
    assert actions.remind_of_acceptance() == 1
    assert actions.remind_of_acceptance() == 0
    assert reminders.count() == count + 1


def test_somebody_whose_clock_has_run_out_is_not_reminded_any_more(clock_stands_at):
    milestone = a_contract(delivered=True).milestones.get()
    clock_stands_at(milestone.accept_by)

    assert actions.remind_of_acceptance() == 0


# ---- the day of payment ----------------------------------------------------------------------------------------------

def test_delivered_in_time_the_printed_day_stays(clock_at):
    contract = a_contract(funded=True)
    milestone = contract.milestones.get()
    clock_at(clock.end_of(milestone.due_on))

    hand_over(milestone)
    milestone.refresh_from_db()
    assert milestone.pay_on.isoformat() == contract.terms["pay_on"] and milestone.was_on_time is True


def test_delivered_a_second_late_the_day_counts_from_the_new_receipt(clock_stands_at):
    milestone = a_contract(funded=True).milestones.get()
    clock_stands_at(clock.end_of(milestone.due_on) + SECOND)

    hand_over(milestone)
    milestone.refresh_from_db()
    assert milestone.pay_on == pay_day(milestone.due_on + DAY, acceptance_days=7) and milestone.was_on_time is False


def test_sent_back_the_day_counts_from_the_next_receipt_and_being_on_time_from_the_first(clock_at):
    milestone = a_contract(delivered=True).milestones.get()
    ask(milestone)
    clock_at(clock.end_of(milestone.due_on + 20 * DAY))

    hand_over(milestone)
    milestone.refresh_from_db()
    assert milestone.pay_on == pay_day(milestone.due_on + 20 * DAY, acceptance_days=7)
    assert milestone.was_on_time is True
    accept(milestone)
    assert Earning.objects.get().pay_on == milestone.pay_on


# ---- track records: counted, never claimed ---------------------------------------------------------------------------

def test_a_track_record_counts_finished_contracts_only(django_assert_num_queries):
    worker, client, nobody = a_person(), a_client(), a_person()
    a_contract(delivered=True, worker=worker)
    a_contract(accepted=True, worker=worker, category=Category.objects.get(pk="web"))
    for _again in range(2):
        _finished(worker, client)
    late = _finished(worker, client, late=True)

    with django_assert_num_queries(1):
        records = track_records([worker, nobody])
    record = records[worker.pk]
    assert (record.completed_count, record.on_time_count, record.clients_count, record.repeat_clients_count) == (4, 3, 2, 1)
    assert record.categories[0] == ("writing", 3) and len(record.categories) == 2
    assert (record.is_newcomer, records[nobody.pk].is_newcomer, records[nobody.pk].completed_count) == (False, True, 0)
    assert track_record(worker) == record and late.worker == worker


def _finished(worker, client, *, late: bool = False):
    offer = an_offer(a_proposal(a_job(client), worker))
    contract = actions.accept_offer(offer=offer, by=worker, terms_hash=offer.terms_hash)
    actions.fund(contract=contract, by=client)
    milestone = contract.milestones.get()
    with clock.moved(by=30 * DAY if late else 0 * DAY):
        hand_over(milestone)
        accept(milestone)
    return contract


def test_a_clients_record_tells_how_often_the_town_had_to_accept(clock_stands_at):
    milestone = a_contract(delivered=True).milestones.get()
    clock_stands_at(milestone.accept_by)
    actions.accept_for_silent_clients()

    record = client_record(milestone.contract.client)
    assert (record.jobs_count, record.contracts_count, record.accepted_count, record.accepted_by_town_count) == (1, 1, 1, 1)


def test_files_of_a_delivery_stay_with_it():
    milestone = a_contract(funded=True).milestones.get()
    from_disk = [_file("報告.txt"), _file("写真.png")]

    delivery = hand_over(milestone, text="", files=from_disk)

    assert set(DeliveryFile.objects.filter(delivery=delivery).values_list("file__name", flat=True)) == {"報告.txt", "写真.png"}


def _file(name: str):
    return StoredFile(name, secrets.token_hex(32), "text", 3, "0" * 64)


def test_a_step_that_the_town_accepts_is_told_as_a_step_and_the_last_one_as_a_record(clock_stands_at):
    contract = a_contract_in_steps(funded=True, prices=(10_000, 20_000))

    for number, kind in ((1, "contract.step_accepted_by_town"), (2, "contract.accepted_by_town")):
        if number == 2:
            contract.refresh_from_db()
            actions.fund(contract=contract, by=client_of(contract))
        milestone = contract.milestones.get(number=number)
        hand_over(milestone)
        milestone.refresh_from_db()
        clock_stands_at(milestone.accept_by + SECOND)
        assert actions.accept_for_silent_clients() == 1
        assert contract.worker.notices.filter(kind=kind).count() == 1
    assert contract.worker.notices.filter(kind__endswith="accepted_by_town").count() == 2


@pytest.mark.parametrize(("days", "is_in_time"), [(3, True), (4, False)])
def test_the_record_knows_the_room_that_the_client_gave_after_the_due_date(clock_at, days, is_in_time):
    milestone = a_contract(funded=True, slack_days=3).milestones.get()
    worker = milestone.contract.worker
    clock_at(clock.end_of(milestone.due_on + days * DAY))
    hand_over(milestone)
    accept(milestone)

    milestone.refresh_from_db()
    assert milestone.was_on_time is is_in_time
    assert track_record(worker).on_time_count == records_of([worker])[worker.pk].on_time_count == int(is_in_time)
    assert is_in_time is not Milestone.objects.filter(LATE, pk=milestone.pk).exists()


def test_what_was_agreed_before_steps_knew_of_that_room_is_read_from_its_terms():
    roomy, plain = (a_contract(funded=True, slack_days=days).milestones.get() for days in (3, 0))
    Milestone.objects.update(slack_days=0)
    with connection.cursor() as cursor:
        cursor.execute(import_module("machi.contracts.migrations.0019_slack_days").FILL)

    assert [Milestone.objects.get(pk=step.pk).slack_days for step in (roomy, plain)] == [3, 0]
