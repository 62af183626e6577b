"""The record and the badges: counted from contracts, never claimed, gone when the facts change, and never one number (F27, F82)."""
import datetime

import pytest

from machi.contracts.actions import accept_delivery, agree_on_date, ask_for_date, deliver
from machi.contracts.queries import track_record
from machi.jobs.actions import close_overdue
from machi.proposals.actions import answer_for_silent_clients, decline
from machi.reviews.badges import OF_CLIENTS, OF_WORKERS, Badge, badges_of_clients, badges_of_person
from machi.reviews.queries import Record, record_of, records_of
from machi.shared import clock
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, client_of
from tests.reviews.working import finished

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def of(worker) -> dict[str, int]:
    return dict(badges_of_person(worker).as_worker)


def of_client(client) -> dict[str, int]:
    found = badges_of_clients([client.party])[client.party.pk]
    assert badges_of_person(client).as_client == found
    return dict(found)


# ---- the record ------------------------------------------------------------------------------------------------------

def test_one_more_finished_contract_is_one_more_in_the_record_and_nothing_else_is(django_assert_num_queries):
    worker, client, nobody = a_person(), a_client(), a_person()
    finished(worker, client, thanks="助かりました")
    finished(worker, client, late=True)
    a_contract(delivered=True, worker=worker)

    with django_assert_num_queries(1):
        records = records_of([worker, nobody])
    record = records[worker.pk]
    assert (record.completed_count, record.on_time_count, record.clients_count, record.repeat_clients_count) == (2, 1, 1, 1)
    assert (record.thanks_count, record.categories) == (1, (("writing", 2),))
    assert records[nobody.pk] == Record() and record_of(nobody).is_newcomer
    finished(worker)
    assert record_of(worker).completed_count == 3


def test_the_record_with_thanks_and_the_one_without_agree_in_everything_they_share():
    worker = a_person()
    client = a_client()
    for late in (False, True, False):
        finished(worker, client, late=late, thanks="ありがとう")

    plain, whole = track_record(worker), record_of(worker)
    assert all(getattr(plain, name) == getattr(whole, name) for name in plain.__dataclass_fields__)


def test_a_record_cannot_be_put_in_an_order():
    one, other = Record(completed_count=3), Record(completed_count=1)

    with pytest.raises(TypeError):
        sorted([one, other])
    assert not [name for name in Record.__dataclass_fields__ if name.split("_")[0] in ("score", "rank", "total", "level")]


# ---- of those who work -----------------------------------------------------------------------------------------------

def test_on_the_agreed_day_begins_with_three_and_goes_with_one_that_is_late():
    worker = a_person()
    for _number in range(2):
        finished(worker)
    assert of(worker) == {}

    finished(worker)
    assert of(worker) == {"on_time": 3}
    finished(worker, late=True)
    assert of(worker) == {}


def test_within_the_room_that_the_client_gave_it_is_still_the_agreed_day():
    worker = a_person()
    for slack_days in (0, 0, 5):
        contract = a_contract(funded=True, worker=worker, slack_days=slack_days)
        step = contract.milestones.get()
        with clock.moved(to=clock.start_of(step.due_on + slack_days * DAY)):
            deliver(milestone=step, by=worker, text="できました。", ai_note="なし")
            accept_delivery(milestone=step, by=client_of(contract))

    assert of(worker) == {"on_time": 3}


def test_what_lies_long_ago_is_not_held_against_anybody():
    worker, client = a_person(), a_client()
    finished(worker, client, late=True)
    with clock.moved(by=40 * DAY):
        for _number in range(9):
            finished(worker, client)
        assert "on_time" not in of(worker)
        finished(worker, client)
        assert of(worker)["on_time"] == 10


def test_a_date_that_moved_by_agreement_is_no_fact_for_a_badge():
    """F70: the badges of somebody whose date moved are the badges of somebody whose date did not."""
    moved, untouched = a_person(), a_person()
    for worker in (moved, untouched):
        for _number in range(3):
            finished(worker)
    contract = a_contract(funded=True, worker=moved)
    milestone = contract.milestones.get()
    agree_on_date(request=ask_for_date(milestone=milestone, by=moved, wished_on=milestone.due_on + DAY), by=contract.client.person)

    assert of(moved) == of(untouched)


def test_asked_again_by_two_clients_and_thanked_three_times():
    worker, clients = a_person(), [a_client(), a_client()]
    for client in clients * 2:
        finished(worker, client, thanks="ありがとう")

    assert of(worker) == {"on_time": 4, "asked_again": 2, "thanked": 4}


# ---- of clients ------------------------------------------------------------------------------------------------------

def test_a_client_who_answers_everybody_until_the_town_has_to():
    client = a_client()
    job = a_job(client, seats_count=5)
    waiting = [a_proposal(job) for _number in range(6)]
    for proposal in waiting[:4]:
        decline(proposal=proposal, by=client, reason="topic")
    assert of_client(client) == {}
    decline(proposal=waiting[4], by=client, reason="topic")
    assert of_client(client) == {"answers_everybody": 5}

    with clock.moved(by=90 * DAY):
        from_town = _let_the_town_answer()
        assert from_town and of_client(client) == {}


def _let_the_town_answer() -> int:
    close_overdue()
    with clock.moved(by=60 * DAY):
        return answer_for_silent_clients()


def test_a_client_who_checks_in_time_comes_back_and_says_thanks():
    client, workers = a_client(), [a_person(), a_person()]
    for worker in workers * 2:
        finished(worker, client, thanks="助かりました")
    assert of_client(client) == {"accepts_in_time": 4, "comes_back": 2, "says_thanks": 4}

    finished(workers[0], client, by_town=True)
    assert of_client(client) == {"answers_everybody": 5, "comes_back": 2, "says_thanks": 4}


def test_several_people_are_one_question_and_nobody_has_what_others_earned(django_assert_num_queries):
    worker, others = a_person(), [a_person() for _number in range(5)]
    client = a_client()
    for _number in range(3):
        finished(worker, client, thanks="ありがとう")

    with django_assert_num_queries(1):
        found = badges_of_person(worker)
    assert [code for code, _count in found.as_worker] == ["on_time", "thanked"] and not found.as_client
    assert all(badges_of_person(other) == ([], []) for other in others)
    parties = [client.party, *(other.party for other in others)]
    with django_assert_num_queries(1):
        as_clients = badges_of_clients(parties)
    assert set(as_clients[client.party.pk]) == {Badge("accepts_in_time", 3), Badge("says_thanks", 3)}


def test_there_is_no_badge_for_having_badges():
    assert len({*OF_WORKERS, *OF_CLIENTS}) == 7 and Badge._fields == ("code", "count")
