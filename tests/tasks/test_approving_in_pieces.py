"""A million answers are approved a few thousand at a time: what is done is done, whatever breaks off in between."""
import datetime

import pytest

from machi.shared import clock
from machi.shared.errors import NotAllowed
from machi.tasks import policies
from machi.tasks.actions import approve_answers, approve_for_silent, judging, take_bundle
from machi.tasks.models import Answer, Batch
from tests.people import a_person
from tests.tasks.making import a_batch
from tests.tasks.test_a_batch import answer_all

pytestmark = pytest.mark.django_db
ROWS = 7


@pytest.fixture
def batch(monkeypatch) -> Batch:
    """All of it answered by one person; three are a piece."""
    monkeypatch.setattr(judging, "AT_ONCE", 3)
    batch, worker = a_batch(rows=ROWS, answers_each=1, most_each=1, gold_percent=0), a_person()
    answer_all(take_bundle(batch=batch, by=worker, minutes=15), worker)
    return batch


def approved(batch: Batch) -> int:
    return Answer.objects.filter(batch=batch, state="approved").count()


def breaks_off(monkeypatch, at: int, what: Exception) -> None:
    """The database goes away, or whatever, at this piece."""
    approve, pieces = judging._approve, []

    def breaking(**said):
        pieces.append(said)
        found = approve(**said)
        if len(pieces) == at:
            raise what
        return found
    monkeypatch.setattr(judging, "_approve", breaking)


def test_all_of_them_whatever_a_piece_is(batch):
    assert approve_answers(batch=batch, by=batch.by) == ROWS == approved(batch)
    assert approve_answers(batch=batch, by=batch.by) == 0


def test_of_many_that_were_given_at_one_moment_none_is_forgotten(batch):
    Answer.objects.filter(batch=batch).update(given_at=Answer.objects.filter(batch=batch).first().given_at)

    assert approve_answers(batch=batch, by=batch.by) == ROWS == approved(batch)


def test_where_it_breaks_off_what_was_approved_is_and_the_next_press_goes_on(monkeypatch, batch):
    with monkeypatch.context() as broken:
        breaks_off(broken, 2, RuntimeError("the line is gone"))
        with pytest.raises(RuntimeError):
            approve_answers(batch=batch, by=batch.by)
    assert approved(batch) == 3

    assert approve_answers(batch=batch, by=batch.by) == ROWS - 3


def test_by_the_clock_too(monkeypatch, batch, clock_at):
    clock_at(clock.now() + datetime.timedelta(days=8))
    with monkeypatch.context() as broken:
        breaks_off(broken, 2, RuntimeError("the line is gone"))
        with pytest.raises(RuntimeError):
            approve_for_silent()
    assert approved(batch) == 6

    assert approve_for_silent() == ROWS - 6


def test_what_is_given_between_two_pieces_stood_on_no_page(monkeypatch, batch, clock_at):
    """The page was drawn before: whoever pressed has not seen it."""
    drawn_at, late = clock.now(), Answer.objects.filter(batch=batch).order_by("-pk").first()
    approve = judging._approve

    def slowly(**said):
        found = approve(**said)
        Answer.objects.filter(pk=late.pk, state="given").update(given_at=drawn_at + datetime.timedelta(seconds=1))
        return found
    monkeypatch.setattr(judging, "_approve", slowly)

    assert approve_answers(batch=batch, by=batch.by, until_at=drawn_at) == ROWS - 1
    late.refresh_from_db()
    assert late.state == "given"


def test_whoever_may_no_more_stops_between_two_pieces(monkeypatch, batch):
    may = iter([True, False])
    monkeypatch.setattr(policies, "can_judge", lambda by, one: next(may))

    with pytest.raises(NotAllowed, match="検収の係"):
        approve_answers(batch=batch, by=batch.by)

    assert approved(batch) == 3
