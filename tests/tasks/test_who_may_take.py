"""Who is handed a bundle: by what the batch asks, by how somebody did in their first bundle, and only where it pays the least wage."""
import pytest

from machi.shared.errors import NotAllowed
from machi.tasks.actions import finish_bundle, give_answer, take_bundle
from machi.tasks.models import Batch
from tests.people import a_contract, a_person
from tests.tasks.making import a_batch, held_answers

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
