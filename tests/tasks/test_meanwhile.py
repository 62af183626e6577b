"""What people of a batch do while somebody else does something about its money: nothing is forgotten between the two."""
import datetime

import pytest

from machi.payments import actions as payments
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.tasks.actions import (
    agree_to_refusal,
    approve_answers,
    approve_for_silent,
    close_batches,
    closing,
    finish_bundle,
    flag_item,
    give_answer,
    leave_bundle,
    move_batch,
    put_together,
    raise_price,
    refuse_answers,
    save_form,
    save_half,
    skip_item,
    take_bundle,
    tally_large,
    top_up,
)
from machi.tasks.actions.publishing import asked_for
from machi.tasks.models import Answer, Batch, Bundle, Closing, Item, Slots
from machi.tasks.queries import progress_of, settled_in
from tests.people import a_person
from tests.tasks.making import FEELING, a_batch, held_answers
from tests.tasks.test_a_batch import answer_all, books_are_right, days_go_by

pytestmark = pytest.mark.django_db


def alone(**values) -> Batch:
    return a_batch(**{"answers_each": 1, "most_each": 1, "gold_percent": 0, "price_yen": 100, "seconds": 60, **values})


def raised(batch: Batch, price: int) -> Batch:
    return raise_price(batch=batch, by=batch.by, price=price, amount=asked_for(batch, Slots.Why.RAISE, 0, price))


def test_what_was_held_at_the_old_price_may_come_back_at_the_new_one(clock_at):
    batch = alone(rows=30)
    bundle = take_bundle(batch=batch, by=(worker := a_person()), minutes=60)
    assert len(held_answers(bundle)) > 1
    give_answer(answer=held_answers(bundle)[0], by=worker, posted={"a.feeling": ["よい"]}, seconds=8)

    raised(batch, 200)
    leave_bundle(bundle=bundle, by=worker)
    books_are_right()
    other = a_person()
    while Item.objects.filter(places_free__gt=0).exists():
        answer_all(take_bundle(batch=batch, by=other, minutes=60), other)
    put_together()
    approve_answers(batch=batch, by=batch.by)
    days_go_by(clock_at, 1)
    close_batches()

    assert sorted(Earning.objects.values_list("price_yen", flat=True)) == [100, 29 * 200]
    assert Batch.objects.get().state == "ended"         # and what was paid in too much for the one answer is back
    books_are_right()


def test_of_a_raise_less_is_paid_when_people_answered_meanwhile_and_never_more():
    batch = alone(rows=120)
    stood_there = asked_for(batch, Slots.Why.RAISE, 0, 200)
    answer_all(take_bundle(batch=batch, by=(worker := a_person()), minutes=15), worker)
    needed = asked_for(batch, Slots.Why.RAISE, 0, 200)
    assert 0 < needed < stood_there

    with pytest.raises(DomainError):
        raise_price(batch=batch, by=batch.by, price=200, amount=needed - 1)
    raise_price(batch=batch, by=batch.by, price=200, amount=stood_there)
    assert Slots.objects.get(why="raise").amount_yen == needed
    books_are_right()


def test_what_is_approved_while_a_day_is_closed_waits_for_the_next_closing(clock_at, monkeypatch):
    batch = alone(rows=30)
    first, second = a_person(), a_person()
    one, two = (take_bundle(batch=batch, by=worker, minutes=15) for worker in (first, second))
    answer_all(one, first)
    answer_all(two, second)
    approve_answers(batch=batch, by=batch.by, answers=list(one.answers.values_list("pk", flat=True)))
    days_go_by(clock_at, 1)
    settle = payments.settle_answers

    def settled(**named):
        approve_answers(batch=batch, by=batch.by)       # the client looks at the rest at this very moment
        settle(**named)
    monkeypatch.setattr(payments, "settle_answers", settled)
    close_batches()
    monkeypatch.undo()

    assert Earning.objects.get().worker == first and not two.answers.exclude(closing=None).exists()
    books_are_right()
    days_go_by(clock_at, 1)
    close_batches()
    assert Earning.objects.filter(worker=second).get().price_yen == 100 * two.answers.count()
    books_are_right()


def test_of_a_batch_that_stops_nothing_goes_back_that_was_approved_this_moment(clock_at, monkeypatch):
    batch = alone(rows=30)
    worker = a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    answer_all(bundle, worker)
    move_batch(batch=batch, by=batch.by, move="stop")
    some = list(bundle.answers.values_list("pk", flat=True))
    approve_answers(batch=batch, by=batch.by, answers=some[:1])
    days_go_by(clock_at, 1)
    needed = closing._may_be_needed

    def counted(batch):
        approve_answers(batch=batch, by=batch.client.person)
        return needed(batch)
    monkeypatch.setattr(closing, "_may_be_needed", counted)
    close_batches()
    monkeypatch.undo()
    books_are_right()
    days_go_by(clock_at, 1)
    close_batches()

    assert sum(Earning.objects.values_list("price_yen", flat=True)) == 100 * len(some) and Batch.objects.get().state == "ended"
    books_are_right()


def test_a_batch_whose_last_answers_were_refused_whole_ends_and_its_money_goes_back(clock_at):
    batch, worker = alone(rows=1), a_person()
    answer_all(take_bundle(batch=batch, by=worker, minutes=15), worker)
    answer = Answer.objects.get()
    refuse_answers(batch=batch, by=batch.by, answers=[answer.pk], reason="手引きの2番とちがいます", paid_percent=0)
    agree_to_refusal(answer=answer, by=worker)
    move_batch(batch=batch, by=batch.by, move="stop")
    days_go_by(clock_at, 1)

    assert close_batches() == 1

    assert Batch.objects.get().state == "ended" and Closing.objects.get().gross_yen == 0 and not Earning.objects.exists()
    books_are_right()


def test_more_answers_are_asked_also_where_everything_waits_for_a_person():
    batch = a_batch(rows=3, answers_each=2, most_each=2, extra_percent=0, gold_percent=0)
    for said in ("よい", "わるい"):
        answer_all(take_bundle(batch=batch, by=(worker := a_person()), minutes=15), worker, said)
    put_together()
    assert set(Item.objects.values_list("outcome", flat=True)) == {"person"}

    batch = Batch.objects.get()
    top_up(batch=batch, by=batch.client.person, count=3, amount=asked_for(batch, Slots.Why.TOP_UP, 3, batch.price_yen))
    put_together()

    assert set(Item.objects.values_list("outcome", "places_free")) == {("waiting", 1)}
    assert len(held_answers(take_bundle(batch=batch, by=a_person(), minutes=15))) == 3
    books_are_right()


def test_more_answers_are_asked_where_all_were_asked_who_might_be():
    batch = a_batch(rows=1, answers_each=1, most_each=2, extra_percent=100, gold_percent=0)
    for said in ("よい", "わるい"):
        answer_all(take_bundle(batch=batch, by=(worker := a_person()), minutes=15), worker, said)
        Batch.objects.update(put_together_at=None)
        put_together()
        batch.refresh_from_db()
        if said == "よい" and not Item.objects.get().places_free:
            Item.objects.update(outcome="waiting", places_free=1, places_count=2)
            Batch.objects.update(extra_left=0)
    assert Item.objects.get().outcome == "person"

    batch = Batch.objects.get()
    top_up(batch=batch, by=batch.client.person, count=1, amount=asked_for(batch, Slots.Why.TOP_UP, 1, batch.price_yen))
    put_together()

    assert (Item.objects.get().outcome, Item.objects.get().places_free) == ("waiting", 1)
    books_are_right()


def test_whoever_found_a_broken_item_is_paid_also_where_nobody_looks(clock_at):
    batch, worker = alone(rows=1), a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    flag_item(answer=held_answers(bundle)[0], by=worker, words="画像が開きません", seconds=8)
    finish_bundle(bundle=bundle, by=worker)
    days_go_by(clock_at, batch.acceptance_days - 1)
    assert approve_for_silent() == 0

    days_go_by(clock_at, 2)
    assert approve_for_silent() == 1
    days_go_by(clock_at, 1)
    close_batches()

    assert Earning.objects.get().price_yen == 100
    put_together()
    assert Item.objects.get().outcome == "person"       # nobody else is asked, and its client may still say what it is
    days_go_by(clock_at, 1)
    close_batches()
    assert Batch.objects.get().state == "ended"
    books_are_right()


def test_an_item_of_which_one_person_said_that_it_is_broken_is_asked_about_once_more_and_their_half_answer_counts_for_nothing(clock_at):
    batch = a_batch(rows=1, answers_each=2, most_each=4, extra_percent=100, gold_percent=0)
    finder, other, third = a_person(), a_person(), a_person()
    held = held_answers(take_bundle(batch=batch, by=finder, minutes=15))[0]
    save_half(answer=held, by=finder, posted={"a.feeling": ["わるい"]})
    flag_item(answer=held, by=finder, words="文がありません", seconds=8)
    finish_bundle(bundle=held.bundle, by=finder)
    answer_all(take_bundle(batch=batch, by=other, minutes=15), other)
    days_go_by(clock_at, batch.acceptance_days + 1)
    approve_for_silent()
    put_together()

    item = Item.objects.get()
    assert (item.outcome, item.places_free, Answer.objects.get(pk=held.pk).values) == ("waiting", 1, None)
    answer_all(take_bundle(batch=batch, by=third, minutes=15), third)
    Batch.objects.update(put_together_at=None)
    put_together()
    item.refresh_from_db()
    assert (item.outcome, item.result) == ("agreed", {"feeling": "よい"})
    books_are_right()


GOLDS = "番号,文,答え,わけ\n" + "".join(f"{n},きょうは{n}回目です,,\n" for n in range(1, 6)) + "".join(
    f"g{n},とても好きです,よい,ほめている\n" for n in range(1, 5))


def test_whoever_is_called_away_from_a_trial_goes_on_with_it_and_one_right_answer_is_no_trial():
    batch, worker = a_batch(data=GOLDS.encode(), trial_golds=4, trial_percent=75, gold_percent=20, answers_each=3, most_each=3), a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    first, *_others = held_answers(bundle)
    give_answer(answer=first, by=worker, posted={"a.feeling": ["よい"]}, seconds=8)
    leave_bundle(bundle=bundle, by=worker)

    again = take_bundle(batch=batch, by=worker, minutes=15)

    assert again.is_trial and len(held_answers(again)) == 3
    for answer in held_answers(again)[:2]:
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["わるい"]}, seconds=8)
    skip_item(answer=held_answers(again)[0], by=worker)
    finish_bundle(bundle=again, by=worker)
    with pytest.raises(DomainError, match="4"):         # one of four: what was stepped over counts
        take_bundle(batch=batch, by=worker, minutes=15)


def test_a_new_part_never_takes_the_name_of_another_kind_that_people_answered_by():
    batch = alone(rows=3)
    answer_all(take_bundle(batch=batch, by=(worker := a_person()), minutes=15), worker)
    other = {"version": 1, "parts": [FEELING["parts"][0],
                                     {"kind": "number", "name": FEELING["parts"][1]["name"], "label": "いくつですか"}]}

    with pytest.raises(DomainError, match="種類"):
        save_form(batch=batch, by=batch.by, said=other, guide="数えます。")
    put_together()


def test_a_large_batch_is_counted_by_the_clock_and_its_page_says_when(monkeypatch, clock_at):
    for place in ("machi.tasks.models.batches.LARGE", "machi.tasks.actions.putting.LARGE"):
        monkeypatch.setattr(place, 5)
    batch, small = alone(rows=10), alone(rows=2)
    assert progress_of(batch).counted_at is None        # nobody has counted yet: it is counted while somebody waits
    assert tally_large() == 1 and tally_large() == 0
    batch.refresh_from_db()
    bundle = take_bundle(batch=batch, by=(worker := a_person()), minutes=15)
    answer_all(bundle, worker)

    before = progress_of(batch)
    assert before.counted_at and before.tally.answered == 0 and before.tally.items == 10
    clock_at(clock.now() + datetime.timedelta(minutes=2))
    assert tally_large() == 1
    batch.refresh_from_db()
    after = progress_of(batch)

    assert after.tally.given == bundle.answers.count() and after.tally.settled == 0
    Item.objects.filter(batch=batch, number=1).update(outcome="agreed")
    Item.objects.filter(batch=small, number=1).update(outcome="agreed")
    assert settled_in([batch, small]) == {batch.pk: 0, small.pk: 1}
    assert Bundle.objects.count() == 1


@pytest.mark.parametrize(("extra_percent", "outcomes"), [(0, ["person", "person"]), (50, ["waiting", "agreed"])])
def test_what_one_called_broken_and_another_answered_comes_to_an_end_and_stays_there(clock_at, extra_percent, outcomes):
    """With nothing left a person sees it, however often it is looked at; where one more is paid for, that one ends it."""
    batch = a_batch(rows=1, answers_each=2, most_each=4, extra_percent=extra_percent, gold_percent=0)
    finder, other = a_person(), a_person()
    held = held_answers(take_bundle(batch=batch, by=finder, minutes=15))[0]
    flag_item(answer=held, by=finder, words="文がありません", seconds=8)
    finish_bundle(bundle=held.bundle, by=finder)
    answer_all(take_bundle(batch=batch, by=other, minutes=15), other)
    days_go_by(clock_at, batch.acceptance_days + 1)
    approve_for_silent()

    seen = []
    for _look in range(2):
        Batch.objects.update(put_together_at=None)
        put_together()
        seen.append(Item.objects.get().outcome)
        if Item.objects.get().places_free:
            third = a_person()
            answer_all(take_bundle(batch=batch, by=third, minutes=15), third)
    assert seen == outcomes and Batch.objects.get().extra_left == 0
    books_are_right()


def test_a_form_with_which_no_gold_or_no_trial_could_be_right_does_not_take_the_place_of_one_that_is_out():
    batch = a_batch(rows=10, golds=3, trial_golds=2)
    renamed = {"version": 1, "parts": [FEELING["parts"][0], {**FEELING["parts"][1], "options": ["とてもよい", "わるい"]}]}
    untold = {"version": 1, "parts": [FEELING["parts"][0], {"kind": "file", "name": "photo", "label": "写真", "kinds": ["picture"]},
                                      FEELING["parts"][1]]}
    for said in (renamed, untold):
        with pytest.raises(DomainError):
            save_form(batch=batch, by=batch.by, said=said)
    assert batch.forms.count() == 1
