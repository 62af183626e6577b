"""Letters between the two sides of a thing: nobody else writes or reads, and the same form is one letter."""
import datetime

import pytest

from machi.contracts.actions import remind_who_is_silent
from machi.contracts.models import Contract
from machi.messaging.actions import mark_read, open_thread, send_message
from machi.messaging.models import Member, Message, Thread
from machi.messaging.queries import letters, thread_about, unanswered
from machi.shared import clock
from machi.shared.errors import NotAllowed
from tests.people import a_contract, a_person, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    contract = a_contract()
    return thread_about(contract.reference, contract.worker)


def sides_of(thread: Thread) -> tuple:
    """The worker, who takes part in person, and the person of the party that takes part as a whole."""
    return thread.members.get().user, thread.party.person


def send(thread: Thread, by, key: str = "k1", body: str = "よろしくお願いします。") -> Message:
    return send_message(thread=thread, by=by, body=body, key=key, title="試合の記事")


def test_a_contract_opens_one_thread_for_its_two_sides():
    contract = a_contract()
    sides = [contract.worker, client_of(contract)]
    again = open_thread(about=contract.reference, members=[contract.worker], party=contract.client)

    assert [thread_about(contract.reference, side) for side in sides] == [again, again] and again.members.count() == 1
    assert thread_about(contract.reference, a_person()) is None


def test_a_letter_is_told_once_until_it_is_read(thread):
    writer, reader = sides_of(thread)
    for number in range(3):
        send(thread, writer, f"k{number}")
    assert reader.notices.filter(kind="contract.message").count() == 1 and not writer.notices.filter(kind="contract.message").exists()

    reader.notices.update(read_at=thread.opened_at)
    send(thread, writer, "k9")
    assert reader.notices.filter(kind="contract.message").count() == 2
    assert [letter.pk for letter in letters(thread)] == [Message.objects.get(key=key).pk for key in ("k0", "k1", "k2", "k9")]


def test_the_same_form_sent_twice_is_one_letter(thread):
    writer, other = sides_of(thread)
    first = send(thread, writer)

    assert send(thread, writer, body="二度目") == first and Message.objects.get().body == "よろしくお願いします。"
    assert send(thread, other) != first, "somebody else's form may carry the same key"


def test_a_stranger_neither_writes_nor_reads(thread):
    stranger = a_person()

    with pytest.raises(NotAllowed):
        send(thread, stranger)
    mark_read(thread=thread, by=stranger)
    assert not Message.objects.exists() and not Thread.objects.visible_to(stranger).exists()


def test_reading_goes_forward_only(thread):
    writer, reader = sides_of(thread)
    last = send(thread, writer)
    mark_read(thread=thread, by=reader)

    assert Member.objects.get(thread=thread, user=reader).read_up_to == last.pk
    assert Member.objects.get(thread=thread, user=writer).read_up_to == 0
    mark_read(thread=thread, by=reader)
    assert Member.objects.get(thread=thread, user=reader).read_up_to == last.pk


# ---- whoever is silent is reminded once ------------------------------------------------------------------------------

DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def noon_after(moment, days: int):
    """At noon in Japan: nobody is reminded at night."""
    return clock.start_of(clock.day_of(moment) + days * DAY) + datetime.timedelta(hours=12)


def reminders(user) -> int:
    return user.notices.filter(kind="contract.unanswered").count()


@pytest.mark.parametrize("who", [0, 1])
def test_three_days_after_a_letter_the_silent_side_hears_once_that_somebody_waits(thread, who):
    writer, silent = sides_of(thread)[::1 if who else -1]
    letter = send(thread, writer)
    with clock.moved(to=noon_after(letter.sent_at, 4)):
        assert (remind_who_is_silent(), remind_who_is_silent()) == (1, 0)
        send(thread, writer, "k2", "いかがでしょうか。")
    with clock.moved(to=noon_after(letter.sent_at, 8)):
        assert remind_who_is_silent() == 1, "a new letter after three more days is one more"
    assert (reminders(silent), reminders(writer)) == (2, 0)


def test_whoever_has_answered_is_not_reminded(thread):
    first, second = sides_of(thread)
    letter = send(thread, first)
    send(thread, second)
    with clock.moved(to=noon_after(letter.sent_at, 4)):
        assert remind_who_is_silent() == 1 and (reminders(first), reminders(second)) == (1, 0)


def test_a_letter_in_a_contract_that_is_over_is_looked_at_once_and_reminds_nobody(thread):
    letter = send(thread, sides_of(thread)[0])
    Contract.objects.update(state="ended", ended_at=clock.now(), fund_by=None)
    with clock.moved(to=noon_after(letter.sent_at, 4)):
        assert remind_who_is_silent() == 0
        assert not unanswered("contract", since=letter.sent_at - DAY, until=clock.now()).exists()


@pytest.mark.parametrize(("late", "asked"), [(-SECOND, 0), (SECOND, 1)])
def test_the_three_days_are_whole(thread, clock_stands_at, late, asked):
    letter = send(thread, sides_of(thread)[0])
    noon = noon_after(letter.sent_at, 0)
    Message.objects.update(sent_at=noon)
    clock_stands_at(noon + 3 * DAY + late)
    assert remind_who_is_silent() == asked


@pytest.mark.parametrize("hours", [-12, -4, 9])
def test_nobody_is_reminded_at_night(thread, hours):
    letter = send(thread, sides_of(thread)[0])
    with clock.moved(to=noon_after(letter.sent_at, 5) + datetime.timedelta(hours=hours)):
        assert remind_who_is_silent() == 0


def test_when_the_contract_is_over_nobody_has_to_answer():
    contract = a_contract(accepted=True)
    letter = send(thread_about(contract.reference, contract.worker), contract.worker)
    with clock.moved(to=noon_after(letter.sent_at, 4)):
        assert remind_who_is_silent() == 0
