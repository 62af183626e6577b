"""Who is handed a bundle: by what the batch asks, by how somebody did in their first bundle, and only where it pays the least wage."""
import pytest

from machi.shared.errors import NotAllowed
from machi.tasks.actions import finish_bundle, give_answer, take_bundle
from machi.tasks.invariants import broken
from machi.tasks.models import Batch
from machi.tasks.prices import answers_in
from machi.tasks.queries import unpublishable
from tests.people import a_contract, a_person
from tests.tasks.making import a_batch, a_draft, held_answers

pytestmark = pytest.mark.django_db


def take(batch, worker):
    return take_bundle(batch=batch, by=worker, minutes=15)


def test_nobody_of_the_client_answers_their_own_batch():
    batch = a_batch()

    with pytest.raises(NotAllowed):
        take(batch, batch.by)


def test_below_the_least_wage_nobody_is_handed_a_bundle():
    batch = a_batch(seconds=10)
    Batch.objects.filter(pk=batch.pk).update(seconds_each=600)      # so long it really takes

    with pytest.raises(NotAllowed):
        take(batch, a_person())


def test_a_batch_that_asks_for_a_record_waits_for_whoever_has_one():
    batch, paid = a_batch(record_needed=1), a_contract(accepted=True).worker

    with pytest.raises(NotAllowed):
        take(batch, a_person())
    assert take(batch, paid).state == "open"


@pytest.mark.parametrize(("said", "goes_on"), [("よい", True), ("わるい", False)])
def test_the_first_bundle_shows_who_goes_on_and_is_paid_all_the_same(said, goes_on):
    batch, worker = a_batch(golds=4, trial_golds=2, gold_percent=20), a_person()
    first = take(batch, worker)
    answers = held_answers(first)
    for answer in answers:
        give_answer(answer=answer, by=worker, posted={"a.feeling": [said]}, seconds=5)
    finish_bundle(bundle=first, by=worker)

    assert first.is_trial and all(answer.item.is_gold for answer in answers) and first.price_yen == batch.price_yen
    if goes_on:
        assert not take(batch, worker).is_trial
    else:
        with pytest.raises(NotAllowed):
            take(batch, worker)


@pytest.mark.parametrize("gold_percent", [0, 5])
def test_there_are_golds_for_as_many_people_as_can_each_do_a_little_and_for_some_who_do_not_pass(gold_percent):
    batch = a_batch(rows=12, golds=3, answers_each=2, most_each=3, gold_percent=gold_percent, trial_golds=3, seconds=300, price_yen=200)
    assert answers_in(15, 300) == 3

    for number in range(8):                             # each bundle of the shortest has three answers: eight people
        worker = a_person()
        first = take(batch, worker)
        assert first.is_trial and len(held_answers(first)) == 3, number
        for answer in held_answers(first):
            give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
        finish_bundle(bundle=first, by=worker)
        assert not take(batch, worker).is_trial
    assert broken() == {}


def test_a_trial_of_which_nobody_can_say_who_was_right_is_told_before_anybody_pays():
    form = {"version": 1, "parts": [{"kind": "cell", "name": "text", "column": "文"},
                                    {"kind": "file", "name": "photo", "label": "写真", "kinds": ["picture"]}]}
    draft = a_draft(rows=3, golds=3, trial_golds=2, form=form)

    assert [missing.step for missing in unpublishable(draft)] == ["price"]
    draft.trial_golds = 0
    assert unpublishable(draft) == []
