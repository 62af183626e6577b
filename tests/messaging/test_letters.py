"""Letters between the two sides of a thing: nobody else writes or reads, and the same form is one letter."""
import pytest

from machi.messaging.actions import mark_read, open_thread, send_message
from machi.messaging.models import Member, Message, Thread
from machi.messaging.queries import letters, thread_about
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
    assert [letter.key for letter in letters(thread)] == ["k0", "k1", "k2", "k9"]


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
