"""An answer is given in two short journeys. It writes what the way through the locks writes; whatever happens between the two, nothing is
written that did not stand, and the way through the locks says why.
"""
import datetime

import pytest

from machi.shared.errors import IllegalMove, NotAllowed
from machi.tasks.actions import Unanswered, answering, give_answer, giving, leave_bundle, save_half, take_bundle
from machi.tasks.models import Answer, Bundle
from tests.people import a_person
from tests.tasks.making import a_batch, a_csv, held_answers

pytestmark = pytest.mark.django_db
SAID, OTHERWISE = {"a.feeling": ["よい"]}, {"a.feeling": ["わるい"]}
NOT_YOURS = "この束は、いまあなたのところにありません。"
WRITTEN = ("state", "values", "is_skipped", "flag", "is_right", "seconds", "given_at", "reason", "paid_percent", "refused_at", "decided_at")
TOUCHED = ("state", "seconds", "seen_at", "until_at", "ended_at", "last_number")


@pytest.fixture
def bundle() -> Bundle:
    return take_bundle(batch=a_batch(rows=6, gold_percent=0), by=a_person(), minutes=15)


def columns(answer: Answer) -> tuple:
    answer = Answer.objects.select_related("bundle").get(pk=answer.pk)
    return tuple(getattr(answer, name) for name in WRITTEN), tuple(getattr(answer.bundle, name) for name in TOUCHED)


def slowly(monkeypatch) -> None:
    monkeypatch.setattr(answering, "give_at_once", lambda **_said: None)


def meanwhile(monkeypatch, deed) -> None:
    """Between what the short way has seen and what it writes."""
    judge, deeds = giving.columns_given, [deed]

    def judged(*seen):
        if deeds:
            deeds.pop()()
        return judge(*seen)
    monkeypatch.setattr(giving, "columns_given", judged)


@pytest.mark.parametrize("later, seconds, half", [
    (300, 8, 0), (300, -5, 0), (20, 900, 0), (300, 30, 100), (40_000, 9_999, 50)])      # of the last ones not all can be so
@pytest.mark.parametrize("said", [SAID, OTHERWISE])
@pytest.mark.parametrize("golds", [0, 4])
def test_both_ways_write_the_same(monkeypatch, clock_stands_at, later, seconds, half, said, golds):
    batch, ways = a_batch(data=a_csv(20, golds), gold_percent=30 if golds else 0, answers_each=5, most_each=5), []
    for is_slow in (False, True):
        worker = a_person()
        clock_stands_at(batch.published_at)
        bundle = take_bundle(batch=batch, by=worker, minutes=15)
        clock_stands_at(batch.published_at + datetime.timedelta(seconds=later))
        answer = Answer.objects.filter(bundle=bundle, item__truth__isnull=not golds).order_by("position").first()
        if half:
            save_half(answer=answer, by=worker, posted=OTHERWISE, seconds=half)
        if is_slow:
            slowly(monkeypatch)
        given = give_answer(answer=answer, by=worker, posted=said, seconds=seconds)
        ways.append(columns(answer))
        assert (given.state, given.values, given.seconds) == (ways[-1][0][0], ways[-1][0][1], ways[-1][0][5])
    assert ways[0] == ways[1] and ways[0][0][0] == "given"
    assert ways[0][0][4] == ((said is SAID) if golds else None)


def test_two_questions_and_no_more(bundle, django_assert_num_queries):
    first, second, *_rest = held_answers(bundle)
    give_answer(answer=first, by=bundle.worker, posted=SAID, seconds=8)         # its form is read once

    with django_assert_num_queries(2):
        give_answer(answer=second, by=bundle.worker, posted=SAID, seconds=8)


def test_another_persons_bundle(bundle):
    answer, other = held_answers(bundle)[0], a_person()
    before = columns(answer)

    with pytest.raises(NotAllowed, match=NOT_YOURS):
        give_answer(answer=answer, by=other, posted=SAID, seconds=8)

    assert columns(answer) == before


def test_an_answer_named_with_another_bundle(bundle):
    answer, worker = held_answers(bundle)[0], bundle.worker
    before = columns(answer)
    answer.bundle_id = take_bundle(batch=a_batch(rows=2), by=worker, minutes=15).pk

    with pytest.raises(NotAllowed, match=NOT_YOURS):
        give_answer(answer=answer, by=worker, posted=SAID, seconds=8)

    assert columns(answer) == before


def test_the_bundle_is_left_between(monkeypatch, bundle):
    answer, worker = held_answers(bundle)[0], bundle.worker
    meanwhile(monkeypatch, lambda: leave_bundle(bundle=bundle, by=worker))

    with pytest.raises(NotAllowed, match=NOT_YOURS):
        give_answer(answer=answer, by=worker, posted=SAID, seconds=8)

    answer.refresh_from_db()
    assert answer.state == "given_back" and answer.values is None and answer.bundle.seconds == 0


def test_only_the_bundle_has_ended_between(monkeypatch, bundle):
    """What no deed does: the bundle is over, and its answer held all the same. The bundle is asked too, not only the answer."""
    answer = held_answers(bundle)[0]
    meanwhile(monkeypatch, lambda: Bundle.objects.filter(pk=bundle.pk).update(state="left", ended_at=bundle.taken_at))

    with pytest.raises(NotAllowed, match=NOT_YOURS):
        give_answer(answer=answer, by=bundle.worker, posted=SAID, seconds=8)

    answer.refresh_from_db()
    assert answer.state == "held"


def test_time_that_only_its_answer_has_is_not_lost(monkeypatch, bundle):
    """The same the other way round: what is added to is the answer as it stands."""
    answer = held_answers(bundle)[0]
    meanwhile(monkeypatch, lambda: Answer.objects.filter(pk=answer.pk).update(seconds=100))

    give_answer(answer=answer, by=bundle.worker, posted=SAID, seconds=0)

    answer.refresh_from_db()
    assert answer.seconds == 100


def test_it_is_given_in_another_window_between(monkeypatch, clock_stands_at, bundle):
    answer, worker = held_answers(bundle)[0], bundle.worker
    clock_stands_at(bundle.taken_at + datetime.timedelta(minutes=5))
    meanwhile(monkeypatch, lambda: give_answer(answer=answer, by=worker, posted=OTHERWISE, seconds=0))

    with pytest.raises(IllegalMove):
        give_answer(answer=answer, by=worker, posted=SAID, seconds=8)

    answer.refresh_from_db()
    assert answer.values == {"feeling": "わるい"} and answer.seconds == answer.bundle.seconds == 0


@pytest.mark.parametrize("which", [0, 1])
def test_time_that_is_kept_between_is_not_lost(monkeypatch, clock_stands_at, bundle, which):
    """Half an answer in another window: of the same one, or of the next in the bundle."""
    held, worker = held_answers(bundle), bundle.worker
    clock_stands_at(bundle.taken_at + datetime.timedelta(minutes=5))
    meanwhile(monkeypatch, lambda: save_half(answer=held[which], by=worker, posted=OTHERWISE, seconds=100))

    given = give_answer(answer=held[0], by=worker, posted=SAID, seconds=8)

    held[0].refresh_from_db()
    assert held[0].state == given.state == "given" and held[0].seconds == (108 if which == 0 else 8)
    assert Bundle.objects.get(pk=bundle.pk).seconds == 108


def test_what_is_missing_is_told_and_nothing_is_written(bundle):
    answer = held_answers(bundle)[0]
    before = columns(answer)

    with pytest.raises(Unanswered) as unanswered:
        give_answer(answer=answer, by=bundle.worker, posted={}, seconds=8)

    assert set(unanswered.value.errors) == {"feeling"} and columns(answer) == before
