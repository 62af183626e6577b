"""Micro-tasks: the last places go to as many as there are, whoever presses at once; nothing that stops is taken."""
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Sum

from machi.files.models import File
from machi.files.storing import path_of
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.models import Earning
from machi.tasks import actions as tasks
from machi.tasks.invariants import broken
from machi.tasks.models import Answer, AnswerFile, Batch, Bundle, Item
from tests.people import a_person
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes
from tests.tasks.making import a_batch, held_answers
from tests.web.contracts.walking import signed_in, upload


def take(batch: Batch, worker):
    return partial(tasks.take_bundle, batch=batch, by=worker, minutes=15)


@pytest.mark.parametrize("round", ROUNDS)
def test_sixteen_people_and_three_places(race, round):
    batch = a_batch(rows=1, answers_each=3, most_each=3, gold_percent=0)

    came = race(*[take(batch, a_person()) for _ in range(16)])

    assert outcomes(came) == {WON: 3, REFUSED: 13}
    assert Answer.objects.filter(batch=batch, state="held").count() == 3 and Item.objects.get(batch=batch).places_free == 0


@pytest.mark.parametrize("round", ROUNDS)
def test_pressed_at_once_it_is_one_bundle(race, round):
    batch, worker = a_batch(rows=5, gold_percent=0), a_person()

    came = race(*[take(batch, worker) for _ in range(4)])

    assert outcomes(came) == {WON: 4} and Bundle.objects.filter(worker=worker).count() == 1


@pytest.mark.parametrize("round", ROUNDS)
def test_a_batch_stops_while_people_take_bundles(race, round):
    batch = a_batch(rows=60, answers_each=1, most_each=1, gold_percent=0)

    stopped, *_taken = race(partial(tasks.move_batch, batch=batch, by=batch.by, move="stop"),
                            *[take(batch, a_person()) for _ in range(6)])

    assert not isinstance(stopped, Exception)
    batch.refresh_from_db()
    held = Answer.objects.filter(batch=batch, state="held").count()
    assert batch.state == "stopped" and batch.slots_back_count == 60 - held
    assert Item.objects.filter(batch=batch).aggregate(free=Sum("places_free"))["free"] == 0


@pytest.mark.parametrize("round", ROUNDS)
def test_a_bundle_lapses_while_its_last_answer_is_given(race, clock_at, round):
    batch, worker = a_batch(rows=1, answers_each=1, most_each=1, gold_percent=0), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    (answer,) = held_answers(bundle)
    Bundle.objects.filter(pk=bundle.pk).update(until_at=bundle.taken_at)

    given, lapsed = race(partial(tasks.give_answer, answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5),
                         tasks.lapse_bundles)

    answer.refresh_from_db()
    assert answer.state == ("given_back" if isinstance(given, Exception) else "given")
    assert Item.objects.get(batch=batch).places_free == (answer.state == "given_back")


@pytest.mark.parametrize("round", ROUNDS)
def test_an_answer_is_given_twice_at_once_and_one_of_them_is_told(race, round):
    batch, worker = a_batch(rows=2, answers_each=1, most_each=1, gold_percent=0), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    answer = held_answers(bundle)[0]
    Bundle.objects.filter(pk=bundle.pk).update(taken_at=bundle.taken_at - timedelta(minutes=5))

    came = race(*[partial(tasks.give_answer, answer=answer, by=worker, posted={"a.feeling": [said]}, seconds=5)
                  for said in ("よい", "わるい")])

    assert outcomes(came) == {WON: 1, REFUSED: 1}
    given = next(one for one in came if isinstance(one, Answer))
    answer.refresh_from_db()
    assert (answer.state, answer.values, answer.seconds) == ("given", given.values, 5) and Bundle.objects.get(pk=bundle.pk).seconds == 5


def test_an_answer_waits_for_half_of_another_and_the_time_of_both_counts(race):
    batch, worker = a_batch(rows=2, answers_each=1, most_each=1, gold_percent=0), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    Bundle.objects.filter(pk=bundle.pk).update(taken_at=bundle.taken_at - timedelta(minutes=5))
    (answer, other), is_kept = held_answers(bundle), Event()

    def keep_half():
        with transaction.atomic():
            tasks.save_half(answer=other, by=worker, posted={}, seconds=100)
            is_kept.set()
            time.sleep(0.2)                             # the other has looked by then, and waits to write

    def give():
        is_kept.wait(5)
        return tasks.give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=8)

    assert outcomes(race(keep_half, give)) == {WON: 2} and Bundle.objects.get(pk=bundle.pk).seconds == 108


@pytest.mark.parametrize("round", ROUNDS)
def test_an_answer_is_approved_refused_and_taken_back_at_once(race, round):
    batch, worker = a_batch(rows=2, answers_each=1, most_each=1, gold_percent=0, price_yen=100), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    answer, other = held_answers(bundle)
    tasks.give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    Bundle.objects.filter(pk=bundle.pk).update(seen_at=bundle.seen_at.replace(year=2020))

    race(partial(tasks.approve_answers, batch=batch, by=batch.by), partial(tasks.undo_answer, answer=answer, by=worker),
         partial(tasks.refuse_answers, batch=batch, by=batch.by, answers=[answer.pk], reason="手引きの2番とちがいます", paid_percent=0))

    answer.refresh_from_db()
    assert answer.state in ("approved", "held", "refused")


@pytest.mark.parametrize("round", ROUNDS)
def test_a_day_is_closed_once_by_four_at_once(race, clock_at, round):
    batch, worker = a_batch(rows=3, answers_each=1, most_each=1, gold_percent=0, price_yen=100), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    for answer in held_answers(bundle):
        tasks.give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    tasks.finish_bundle(bundle=bundle, by=worker)
    tasks.approve_answers(batch=batch, by=batch.by)
    clock_at(bundle.taken_at.replace(year=bundle.taken_at.year + 1))

    race(*[tasks.close_batches for _ in range(4)])

    assert Earning.objects.get().price_yen == 300 and balance(Kind.WORKER.of(worker.pk)) == Earning.objects.get().amount_yen


@pytest.mark.parametrize("round", ROUNDS)
def test_eight_presses_with_a_file_are_one_answer_and_one_file(race, round):
    form = {"parts": [{"kind": "cell", "column": "文"}, {"kind": "file", "name": "f", "label": "写し", "kinds": ["text"]}]}
    batch, worker = a_batch(form=form, rows=1, answers_each=1, most_each=1, gold_percent=0), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    (answer,) = held_answers(bundle)
    before = _on_disk()

    came = race(*[partial(_press, bundle, answer) for _ in range(8)])

    assert sorted(one.status_code for one in came) == [302] + [409] * 7
    assert AnswerFile.objects.filter(answer=answer).count() == File.objects.filter(owner=worker).count() == 1
    kept = AnswerFile.objects.get(answer=answer)
    assert _on_disk() - before == {path_of(kept.file.stored_as)}
    answer.refresh_from_db()
    assert answer.state == "given" and answer.values["f"]["key"] == str(kept.pk)


def _press(bundle: Bundle, answer: Answer):
    return signed_in(bundle.worker).post(f"/bundles/{bundle.pk}/answers/{answer.position}/", {
        "do": "answer", "a.f": upload("写し.txt", "きょうは晴れ".encode())})


def _on_disk() -> set:
    return {path for path in Path(settings.MEDIA_ROOT).glob("??/*") if path.is_file()}


@pytest.mark.parametrize("round", ROUNDS)
def test_a_batch_stops_while_people_give_back_what_they_hold(race, round):
    batch, workers = a_batch(rows=60, answers_each=1, most_each=1, gold_percent=0, seconds=90, price_yen=50), [a_person() for _ in range(5)]
    bundles = [tasks.take_bundle(batch=batch, by=worker, minutes=15) for worker in workers]

    came = race(partial(tasks.move_batch, batch=batch, by=batch.by, move="stop"),
                *[partial(tasks.leave_bundle, bundle=bundle, by=worker) for bundle, worker in zip(bundles, workers, strict=True)])

    assert not any(isinstance(one, Exception) for one in came)
    batch.refresh_from_db()
    assert batch.slots_back_count == 60 and broken() == {}
    assert Item.objects.filter(batch=batch).aggregate(free=Sum("places_free"), count=Sum("places_count")) == {"free": 0, "count": 0}


@pytest.mark.parametrize("round", ROUNDS)
def test_a_broken_item_is_decided_while_answers_are_put_together(race, round):
    batch, worker = a_batch(rows=4, answers_each=2, most_each=2, gold_percent=0), a_person()
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=15)
    flagged, *answers = held_answers(bundle)
    tasks.flag_item(answer=flagged, by=worker, words="何も書いてありません", seconds=5)
    for answer in answers:
        tasks.give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    tasks.finish_bundle(bundle=bundle, by=worker)

    came = race(partial(tasks.decide_flags, item=flagged.item, by=batch.by, is_broken=True), tasks.put_together,
                partial(tasks.move_batch, batch=batch, by=batch.by, move="stop"))

    assert not any(isinstance(one, OperationalError) for one in came) and broken() == {}


@pytest.mark.parametrize("round", ROUNDS)
def test_many_begin_a_trial_at_once_and_nobody_waits_for_ever(race, round):
    data = "番号,文,答え,わけ\n1,きょうは1回目です,,\n" + "".join(f"g{n},とても好きです,よい,ほめている\n" for n in range(1, 7))
    batch = a_batch(data=data.encode(), trial_golds=3, gold_percent=30, answers_each=10, most_each=10)

    came = race(*[take(batch, a_person()) for _ in range(6)])

    assert not any(isinstance(one, OperationalError) for one in came) and outcomes(came)[WON] >= 1 and broken() == {}


@pytest.mark.parametrize("round", ROUNDS)
def test_people_who_hold_golds_of_one_another_leave_at_once(race, round):
    data = "番号,文,答え,わけ\n" + "".join(f"{n},きょうは{n}回目です,,\n" for n in range(1, 31)) + "".join(
        f"g{n},とても好きです,よい,ほめている\n" for n in range(1, 9))
    batch, workers = a_batch(data=data.encode(), gold_percent=30, seconds=90, price_yen=50, answers_each=5, most_each=5), [
        a_person() for _ in range(5)]
    bundles = [tasks.take_bundle(batch=batch, by=worker, minutes=15) for worker in workers]

    came = race(*[partial(_leave_by_index, bundle, worker) for bundle, worker in zip(bundles, workers, strict=True)])

    assert not any(isinstance(one, Exception) for one in came) and broken() == {}


def _leave_by_index(bundle: Bundle, worker) -> None:
    """As the planner would go about it where a batch is large: item by item, in the order of the answers."""
    with connection.cursor() as db:
        db.execute("SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off")
    tasks.leave_bundle(bundle=bundle, by=worker)


@pytest.mark.parametrize("round", ROUNDS)
def test_a_client_decides_an_item_while_answers_are_put_together_and_no_place_is_lost(race, monkeypatch, round):
    batch = a_batch(rows=1, answers_each=2, most_each=2, extra_percent=0, gold_percent=0)
    for said in ("よい", "わるい"):
        bundle = tasks.take_bundle(batch=batch, by=(worker := a_person()), minutes=15)
        tasks.give_answer(answer=held_answers(bundle)[0], by=worker, posted={"a.feeling": [said]}, seconds=5)
        tasks.finish_bundle(bundle=bundle, by=worker)
    tasks.put_together()
    batch = Batch.objects.get(pk=batch.pk)
    amount = tasks.publishing.asked_for(batch, "top_up", 1, batch.price_yen)
    tasks.top_up(batch=batch, by=batch.client.person, count=1, amount=amount)
    item, step, has_read = Item.objects.get(batch=batch), tasks.putting.next_step, Event()

    def slowly(**named):                                # between what is read and what is written
        has_read.set()
        time.sleep(0.1)
        return step(**named)

    def decide():
        has_read.wait(5)
        tasks.decide_item(item=item, by=batch.client.person, result={"feeling": "よい"})
    monkeypatch.setattr(tasks.putting, "next_step", slowly)

    race(tasks.put_together, decide)

    assert broken() == {}
