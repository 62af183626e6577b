"""How it goes, asked at a quarter and at half of the time: kindly, by day, once, and only where there is time enough."""
import datetime

import pytest

from machi.contracts.actions import (
    agree_on_date,
    answer_check_in,
    ask_for_date,
    ask_how_it_goes,
    deliver,
    fund,
    open_dispute,
    switch_check_ins,
)
from machi.contracts.models import CheckIn, Contract
from machi.contracts.queries import track_record
from machi.notifications.models import Notice
from machi.shared import clock
from machi.shared.errors import NotAllowed
from tests.people import a_contract, a_person, client_of

DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)
NOON = clock.start_of(datetime.date(2026, 9, 1)) + datetime.timedelta(hours=12)


def funded(days: int) -> Contract:
    """The money came at noon on 1 September; due so many days later."""
    with clock.moved(to=NOON):
        return a_contract(funded=True, closes_on=clock.today(), due_on=clock.today() + days * DAY)


def span(contract: Contract) -> datetime.timedelta:
    milestone = contract.milestones.get()
    return clock.start_of(milestone.due_on + DAY) - milestone.funded_at


def asked_at(contract: Contract, moment: datetime.datetime) -> list[int]:
    with clock.moved(to=moment):
        ask_how_it_goes()
    return list(CheckIn.objects.filter(milestone__contract=contract).order_by("pk").values_list("percent", flat=True))


def a_check_in() -> CheckIn:
    contract = a_contract(funded=True)
    return CheckIn.objects.create(milestone=contract.milestones.get(), percent=25, asked_at=clock.now())


@pytest.mark.parametrize(("percent", "known"), [(25, []), (50, [25])])
def test_it_is_asked_from_the_very_second_on(db, percent, known):
    contract = funded(20)                               # 20.5 days: a quarter of it ends at 15:00, half of it at 18:00
    moment = contract.milestones.get().funded_at + span(contract) * percent / 100
    if known:
        asked_at(contract, contract.milestones.get().funded_at + span(contract) / 4 + SECOND)

    assert asked_at(contract, moment - 2 * SECOND) == known
    assert asked_at(contract, moment + SECOND) == [*known, percent]
    assert asked_at(contract, moment + 2 * SECOND) == [*known, percent]
    assert Notice.objects.filter(user=contract.worker, kind="contract.check_in").count() == len(known) + 1


def test_whoever_was_not_asked_in_time_is_asked_once_for_half_and_not_twice(db):
    contract = funded(20)

    assert asked_at(contract, NOON + 15 * DAY) == [50]
    assert asked_at(contract, NOON + 16 * DAY) == [50]


@pytest.mark.parametrize(("hour", "asked"), [(8, []), (9, [25]), (19, [25]), (20, []), (3, [])])
def test_never_at_night(db, hour, asked):
    contract = funded(20)

    assert asked_at(contract, clock.start_of(clock.day_of(NOON) + 7 * DAY) + datetime.timedelta(hours=hour, minutes=30)) == asked


@pytest.mark.parametrize(("days", "asked"), [(6, []), (7, []), (8, [50])])
def test_never_about_a_short_step(db, days, asked):
    contract = funded(days)

    assert asked_at(contract, NOON + days * DAY) == asked


def test_nobody_is_asked_who_delivered_or_after_the_due_date_or_in_a_difference(db):
    delivered, late, different = funded(20), funded(20), funded(20)
    with clock.moved(to=NOON + DAY):
        deliver(milestone=delivered.milestones.get(), by=delivered.worker, text="できました。", ai_note="なし")
        open_dispute(milestone=different.milestones.get(), by=different.worker, reason="話した内容と違います。")

    assert asked_at(delivered, NOON + 12 * DAY) == [] and asked_at(different, NOON + 12 * DAY) == []
    CheckIn.objects.all().delete()
    assert asked_at(late, NOON + 21 * DAY) == []


def test_a_later_due_date_moves_what_is_still_to_be_asked(db):
    contract = funded(20)
    milestone = contract.milestones.get()
    with clock.moved(to=NOON + DAY):
        agree_on_date(by=client_of(contract), request=ask_for_date(milestone=milestone, by=contract.worker,
                                                                   wished_on=milestone.due_on + 20 * DAY))

    assert asked_at(contract, NOON + 8 * DAY) == [] and asked_at(contract, NOON + 11 * DAY) == [25]


def test_the_worker_switches_it_off_for_a_contract_and_on_again(db):
    contract = funded(20)
    switch_check_ins(contract=contract, by=contract.worker, on=False)

    assert asked_at(contract, NOON + 12 * DAY) == []
    switch_check_ins(contract=contract, by=contract.worker, on=True)
    assert asked_at(contract, NOON + 12 * DAY) == [50]
    for somebody in (client_of(contract), a_person()):
        with pytest.raises(NotAllowed):
            switch_check_ins(contract=contract, by=somebody, on=False)


def test_an_answer_is_told_to_the_client_and_may_change(db):
    check_in = a_check_in()
    contract = check_in.milestone.contract

    for answer in ("well", "well", "later"):
        answer_check_in(check_in=check_in, by=contract.worker, answer=answer)

    check_in.refresh_from_db()
    assert check_in.answer == "later" and check_in.answered_at
    told = Notice.objects.filter(user=client_of(contract), kind="contract.checked_in").order_by("pk")
    assert [notice.words["answer_word"] for notice in told] == ["checkin.told.well", "checkin.told.later"]
    assert track_record(contract.worker).on_time_count == 0, "nothing is counted"


def test_only_the_worker_answers_and_only_until_the_work_is_there(db):
    check_in = a_check_in()
    contract = check_in.milestone.contract
    for somebody in (client_of(contract), a_person()):
        with pytest.raises(NotAllowed):
            answer_check_in(check_in=check_in, by=somebody, answer="well")

    deliver(milestone=check_in.milestone, by=contract.worker, text="できました。", ai_note="なし")

    with pytest.raises(NotAllowed):
        answer_check_in(check_in=check_in, by=contract.worker, answer="well")


def test_what_was_never_funded_is_never_asked_about(db):
    with clock.moved(to=NOON):
        contract = a_contract(closes_on=clock.today(), due_on=clock.today() + 20 * DAY)

    assert asked_at(contract, NOON + 6 * DAY) == []
    with clock.moved(to=NOON + 6 * DAY):
        fund(contract=contract, by=client_of(contract))
    assert asked_at(contract, NOON + 8 * DAY) == []
