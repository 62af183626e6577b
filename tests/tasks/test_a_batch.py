"""From a client's file to people who are paid: a batch lives, and every yen of it is somewhere."""
import datetime

import pytest

from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.models import Earning, Refund
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.tasks import invariants
from machi.tasks.actions import (
    Unanswered,
    agree_to_refusal,
    appeal,
    approve_answers,
    approve_for_silent,
    close_batches,
    decide_appeal,
    decide_flags,
    finish_bundle,
    flag_item,
    give_answer,
    leave_bundle,
    move_batch,
    publish_batch,
    put_together,
    raise_price,
    refuse_answers,
    save_half,
    skip_item,
    take_bundle,
    top_up,
    undo_answer,
)
from machi.tasks.actions.publishing import asked_for
from machi.tasks.models import Answer, Batch, Item, Slots
from tests.conftest import broken_rules
from tests.people import a_person, a_staff_member
from tests.tasks.making import a_batch, a_draft, held_answers, price_of

pytestmark = pytest.mark.django_db


def books_are_right() -> None:
    assert invariants.broken() == {} and broken_rules() == {}


def answer_all(bundle, worker, said: str = "よい") -> int:
    answers = held_answers(bundle)
    for answer in answers:
        give_answer(answer=answer, by=worker, posted={"a.feeling": [said]}, seconds=8)
    finish_bundle(bundle=bundle, by=worker)
    return len(answers)


def days_go_by(clock_at, days: int) -> None:
    clock_at(clock.now() + datetime.timedelta(days=days))


def test_a_batch_is_answered_approved_by_the_clock_and_paid(clock_at):
    batch = a_batch(rows=10, golds=2)
    paid_in = batch.pot_yen
    workers = [a_person() for _ in range(3)]

    for worker in workers:
        answer_all(take_bundle(batch=batch, by=worker, minutes=60), worker)
    put_together()
    days_go_by(clock_at, 8)
    approve_for_silent()
    days_go_by(clock_at, 1)
    close_batches()

    batch.refresh_from_db()
    earned = {one.worker_id: one for one in Earning.objects.all()}
    assert batch.state == "ended" and balance(Kind.BATCH.of(batch.pk)) == 0
    assert set(earned) == {worker.pk for worker in workers}
    assert all(one.price_yen == 5 * Answer.objects.filter(worker=one.worker_id, state="approved").count() for one in earned.values())
    spent = sum(one.price_yen + one.tax_yen for one in earned.values())
    assert spent + sum(Refund.objects.values_list("amount_yen", flat=True)) == paid_in
    assert set(Item.objects.filter(truth__isnull=True).values_list("outcome", flat=True)) == {"agreed"}
    books_are_right()


def test_nobody_answers_an_item_twice_and_a_second_bundle_brings_the_rest():
    batch = a_batch(rows=100, answers_each=1, most_each=1, gold_percent=0)
    worker = a_person()

    first = take_bundle(batch=batch, by=worker, minutes=15)
    assert take_bundle(batch=batch, by=worker, minutes=15) == first
    count = answer_all(first, worker)
    second = take_bundle(batch=batch, by=worker, minutes=15)

    assert count == 90 and len(held_answers(second)) == 10
    assert Answer.objects.filter(worker=worker).values("item").distinct().count() == 100
    answer_all(second, worker)
    with pytest.raises(DomainError):
        take_bundle(batch=batch, by=worker, minutes=15)
    books_are_right()


def test_half_an_answer_is_kept_an_answer_is_undone_and_what_was_left_is_somebody_elses():
    batch = a_batch(rows=3, answers_each=1, most_each=1, gold_percent=0)
    worker, other = a_person(), a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    one, two, three = held_answers(bundle)

    save_half(answer=one, by=worker, posted={"a.feeling": ["よい"], "a.nothing": ["x"], "do": ["half"]})
    with pytest.raises(Unanswered):
        give_answer(answer=one, by=worker, posted={}, seconds=5)
    one.refresh_from_db()
    assert one.values == {"a.feeling": ["よい"]} and one.state == "held"
    give_answer(answer=one, by=worker, posted={"a.feeling": ["わるい"]}, seconds=5)
    undo_answer(answer=one, by=worker)
    one.refresh_from_db()
    assert one.values == {"feeling": "わるい"} and one.state == "held" and one.given_at is None
    give_answer(answer=one, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    skip_item(answer=two, by=worker)
    leave_bundle(bundle=bundle, by=worker)

    theirs = take_bundle(batch=batch, by=other, minutes=15)
    assert {answer.item_id for answer in held_answers(theirs)} == {two.item_id, three.item_id}
    leave_bundle(bundle=theirs, by=other)
    again = take_bundle(batch=batch, by=worker, minutes=15)
    assert {answer.item_id for answer in held_answers(again)} == {three.item_id}           # what was stepped over is not asked again
    books_are_right()


def test_a_batch_that_stops_gives_back_at_once_what_nobody_has_taken(clock_at):
    batch = a_batch(rows=50, answers_each=2, most_each=2, gold_percent=0)
    worker = a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    answers = held_answers(bundle)
    for answer in answers[:10]:
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=8)

    move_batch(batch=batch, by=batch.by, move="stop")
    with pytest.raises(NotAllowed):
        take_bundle(batch=batch, by=a_person(), minutes=15)
    close_batches()
    books_are_right()
    for answer in answers[10:20]:
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=8)
    leave_bundle(bundle=bundle, by=worker)
    assert approve_answers(batch=batch, by=batch.by) == 20
    days_go_by(clock_at, 1)
    close_batches()

    batch.refresh_from_db()
    (earning,) = Earning.objects.all()
    assert batch.state == "ended" and earning.price_yen == 100 and earning.worker == worker
    assert sum(Refund.objects.values_list("amount_yen", flat=True)) == batch.pot_yen - 110
    books_are_right()


def test_a_refusal_needs_a_person_and_a_reason_pays_a_part_and_may_be_appealed(clock_at):
    batch = a_batch(rows=4, answers_each=1, most_each=1, gold_percent=0, price_yen=100)
    worker, moderator = a_person(), a_staff_member("moderator")
    answer_all(take_bundle(batch=batch, by=worker, minutes=15), worker)
    first, second, third, fourth = Answer.objects.order_by("pk")

    with pytest.raises(DomainError):
        refuse_answers(batch=batch, by=batch.by, answers=[first.pk], reason="だめ", paid_percent=0)
    with pytest.raises(NotAllowed):
        refuse_answers(batch=batch, by=worker, answers=[first.pk], reason="手引きの2番とちがいます", paid_percent=0)
    refuse_answers(batch=batch, by=batch.by, answers=[first.pk, second.pk, third.pk], reason="手引きの2番とちがいます", paid_percent=50)
    agree_to_refusal(answer=first, by=worker)
    appeal(answer=second, by=worker, words="手引きの2番のとおりに答えました。")
    appeal(answer=third, by=worker, words="これも同じです。")
    with pytest.raises(NotAllowed):
        decide_appeal(answer=second, by=batch.by, is_granted=False, words="読みました。")
    decide_appeal(answer=second, by=moderator, is_granted=True, words="読みました。")
    decide_appeal(answer=third, by=moderator, is_granted=False, words="読みました。")
    approve_answers(batch=batch, by=batch.by)
    put_together()
    days_go_by(clock_at, 1)
    close_batches()

    (earning,) = Earning.objects.all()
    assert earning.price_yen == 50 + 100 + 50 + 100
    batch.refresh_from_db()
    assert batch.state == "ended"
    books_are_right()


def test_a_broken_item_is_flagged_with_words_and_whoever_found_it_is_paid(clock_at):
    batch = a_batch(rows=2, answers_each=2, most_each=2, gold_percent=0, price_yen=100)
    worker = a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    one, two = held_answers(bundle)

    with pytest.raises(DomainError):
        flag_item(answer=one, by=worker, words=" ", seconds=5)
    flag_item(answer=one, by=worker, words="文がありません", seconds=5)
    give_answer(answer=two, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    finish_bundle(bundle=bundle, by=worker)
    decide_flags(item=one.item, by=batch.by, is_broken=True)
    approve_answers(batch=batch, by=batch.by)
    days_go_by(clock_at, 1)
    close_batches()

    assert Earning.objects.get().price_yen == 200
    books_are_right()


def test_a_price_is_raised_for_what_nobody_has_taken_and_never_falls():
    batch = a_batch(rows=20, answers_each=1, most_each=1, gold_percent=0)
    worker = a_person()
    before = take_bundle(batch=batch, by=worker, minutes=15)
    leave_bundle(bundle=before, by=worker)

    with pytest.raises(DomainError):
        raise_price(batch=batch, by=batch.by, price=4, amount=0)
    batch = raise_price(batch=Batch.objects.get(pk=batch.pk), by=batch.by, price=8, amount=asked_for(batch, Slots.Why.RAISE, 0, 8))
    assert take_bundle(batch=batch, by=worker, minutes=15).price_yen == 8
    books_are_right()


def test_answers_that_disagree_get_one_more_up_to_the_budget_then_a_person():
    batch = a_batch(rows=2, answers_each=2, most_each=3, extra_percent=50, gold_percent=0)
    people = [a_person() for _ in range(4)]
    for worker, said in zip(people[:2], ("よい", "わるい"), strict=True):
        answer_all(take_bundle(batch=batch, by=worker, minutes=15), worker, said)
    put_together()

    batch.refresh_from_db()
    assert batch.extra_left == 0 and set(Item.objects.values_list("places_free", flat=True)) == {1}
    answer_all(take_bundle(batch=batch, by=people[2], minutes=15), people[2], "よい")
    Batch.objects.update(put_together_at=clock.now() - datetime.timedelta(hours=1), threshold_percent=99)
    put_together()
    assert set(Item.objects.values_list("outcome", flat=True)) <= {"person", "agreed"}
    books_are_right()


def test_what_lies_below_the_least_wage_does_not_go_out_and_says_the_sum():
    draft = a_draft(price_yen=1, seconds=60)

    with pytest.raises(DomainError, match="円"):
        publish_batch(batch=draft, by=draft.by, amount=price_of(draft))
    assert balance(Kind.BATCH.of(draft.pk)) == 0


def test_a_batch_is_topped_up_for_more_disagreements():
    batch = a_batch(rows=5, gold_percent=0)
    before = batch.extra_left

    batch = top_up(batch=batch, by=batch.by, count=10, amount=asked_for(batch, Slots.Why.TOP_UP, 10, batch.price_yen))

    assert batch.extra_left == before + 10
    books_are_right()


def test_nobody_decides_an_appeal_of_their_own():
    batch, moderator = a_batch(rows=1, answers_each=1, most_each=1, gold_percent=0, price_yen=100), a_staff_member("moderator")
    answer_all(take_bundle(batch=batch, by=moderator, minutes=15), moderator)
    answer = Answer.objects.get()
    refuse_answers(batch=batch, by=batch.by, answers=[answer.pk], reason="手引きの2番とちがいます", paid_percent=0)
    appeal(answer=answer, by=moderator, words="手引きのとおりです。")

    with pytest.raises(NotAllowed):
        decide_appeal(answer=answer, by=moderator, is_granted=True, words="読みました。")

    answer.refresh_from_db()
    assert answer.state == "appealed"
