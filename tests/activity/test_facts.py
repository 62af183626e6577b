"""Facts are read in the order of commits: a reader skips nobody, repeats nothing it kept, and may be killed at any moment."""
import threading

import pytest
from django.db import connections, transaction

from machi.activity.actions import read_on, record
from machi.activity.models import Cursor, Fact
from machi.activity.queries import history_of
from machi.shared import clock
from tests.people import a_person


@pytest.fixture
def slow_writer(town):
    """A transaction in another thread: it writes its fact at once and commits when told."""
    opened = []

    def write(about: str):
        wrote, may_commit = threading.Event(), threading.Event()

        def work():
            try:
                with transaction.atomic():
                    record(actor=None, fact="test.done", about=about)
                    wrote.set()
                    may_commit.wait(20)
            finally:
                connections.close_all()
        thread = threading.Thread(target=work)
        thread.start()
        assert wrote.wait(20)
        opened.append((thread, may_commit))

        def commit():
            may_commit.set()
            thread.join(20)
        return commit
    yield write
    for thread, may_commit in opened:
        may_commit.set()
        thread.join(20)


def careful(seen: list) -> None:
    """The town's own reader."""
    read_on(reader="test", act=lambda fact: seen.append(fact.about))


class Naive:
    """The planted reader: it remembers the highest number it has seen. Numbers are given out before commits."""

    def __init__(self):
        self.last = 0

    def __call__(self, seen: list) -> None:
        for fact in Fact.objects.filter(pk__gt=self.last, name="test.done").order_by("pk"):
            seen.append(fact.about)
            self.last = fact.pk


def read_while_an_earlier_one_is_not_yet_committed(reader, slow_writer) -> list[str]:
    seen: list[str] = []
    commit = slow_writer("thing:1")                         # takes the lower number, commits later
    record(actor=None, fact="test.done", about="thing:2")
    reader(seen)
    commit()
    reader(seen)
    reader(seen)
    return seen


def test_nothing_is_skipped_when_the_earlier_number_commits_later(slow_writer):
    assert sorted(read_while_an_earlier_one_is_not_yet_committed(careful, slow_writer)) == ["thing:1", "thing:2"]


def test_a_reader_that_trusts_the_numbers_skips_it(slow_writer):
    assert read_while_an_earlier_one_is_not_yet_committed(Naive(), slow_writer) == ["thing:2"]


def test_a_fact_waits_for_whoever_wrote_before_it_and_no_longer(slow_writer):
    seen: list[str] = []
    commits = [slow_writer(f"thing:{number}") for number in range(3)]
    commits[2]()
    careful(seen)
    assert seen == []

    commits[0]()
    careful(seen)
    assert seen == ["thing:0"]
    commits[1]()
    careful(seen)
    assert seen == ["thing:0", "thing:1", "thing:2"]


def test_many_writers_and_two_readers_lose_and_repeat_nothing(race):
    seen: list[str] = []

    def write(number):
        for one in range(10):
            with transaction.atomic():
                record(actor=None, fact="test.done", about=f"thing:{number}:{one}")

    def read():
        for _round in range(30):
            careful(seen)
    answers = race(*[lambda n=n: write(n) for n in range(5)], read, read)
    careful(seen)

    assert [answer for answer in answers if answer is not None] == []
    assert sorted(seen) == sorted(f"thing:{number}:{one}" for number in range(5) for one in range(10))


def test_numbers_of_transactions_are_numbers_and_not_texts(town):
    """999 comes before 1000; as texts it would be the other way round, and the reader would go back and read twice."""
    seen: list[str] = []
    now = clock.now()
    for number in ("1", "9", "10", "99", "100"):
        Fact.objects.create(written_in=number, happened_at=now, name="test.done", about=f"in:{number}")

    careful(seen)
    careful(seen)

    assert seen == ["in:1", "in:9", "in:10", "in:99", "in:100"]


def test_a_reader_that_stumbles_reads_the_same_again(town):
    for number in range(3):
        record(actor=None, fact="test.done", about=f"thing:{number}")
    seen = []

    def stumble(fact):
        if fact.about == "thing:1":
            raise OSError("killed")
        seen.append(fact.about)
    with pytest.raises(OSError, match="killed"):
        read_on(reader="test", act=stumble)
    assert Cursor.objects.filter(reader="test", fact_id=0).count() == 0, "the first reading left nothing, not even its cursor"

    again = []
    careful(again)
    assert again == ["thing:0", "thing:1", "thing:2"]


def test_a_reader_takes_as_many_as_it_was_asked_to(town):
    for number in range(5):
        record(actor=None, fact="test.done", about=f"thing:{number}")
    seen = []

    counts = [read_on(reader="test", act=lambda fact: seen.append(fact.about), at_most=2) for _round in range(4)]
    assert counts == [2, 2, 1, 0] and seen == [f"thing:{number}" for number in range(5)]


def test_each_reader_has_its_own_place(town):
    record(actor=None, fact="test.done", about="thing:1")
    first, second = [], []

    read_on(reader="one", act=first.append)
    read_on(reader="two", act=second.append)
    assert [fact.about for fact in first] == [fact.about for fact in second] == ["thing:1"]


@pytest.mark.django_db
def test_the_history_of_a_thing_is_told_from_the_beginning():
    person = a_person()
    record(actor=person, fact="test.done", about="thing:7", amount=3)
    record(actor=None, fact="test.undone", about="thing:7")
    record(actor=None, fact="test.done", about="thing:70")

    assert [(fact.name, fact.actor, fact.data) for fact in history_of("thing:7")] == [
        ("test.done", person, {"amount": 3}), ("test.undone", None, {})]
