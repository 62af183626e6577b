"""A batch that many people answer, some of them seldom right: what the town puts together is right more often than a plain majority of the
same answers, whoever was right is paid like whoever was not, and no machine refuses anybody.

Proves W10 (nobody is rejected by a machine) and the quality on which the small first work of F28 and F81 stands: a town that could not
tell what is right would have to choose its people.
"""
import datetime
import random
from collections import Counter, defaultdict

import pytest
from django.db import connection

from machi.shared import clock
from machi.shared.errors import DomainError
from machi.tasks.actions import finish_bundle, give_answer, put_together, take_bundle
from machi.tasks.models import Answer, Batch, Item
from tests.conftest import broken_rules
from tests.people import a_person
from tests.tasks.making import a_batch, held_answers

ROWS = 2_000
RIGHT = (0.97, 0.95, 0.93, 0.9, 0.85, 0.8, 0.7, 0.65, 0.6, 0.6, 0.55, 0.5)         # twelve workers: how often each is right
SAID = ("よい", "わるい")

pytestmark = pytest.mark.django_db


def a_file(chance: random.Random, golds: int) -> tuple[bytes, dict[str, str]]:
    """The rows of a client, and what is true of each: the town knows it of the golds alone."""
    truth = {key: chance.choice(SAID) for key in (*map(str, range(1, ROWS + 1)), *(f"g{number}" for number in range(golds)))}
    rows = [f"{key},口コミ{key},{said if key[0] == 'g' else ''},くらべた答えです" for key, said in truth.items()]
    return "\n".join(["番号,文,答え,わけ", *rows]).encode(), truth


def a_bundle_is_answered(batch: Batch, worker, right: float, truth: dict[str, str]) -> bool:
    """Is there still something for this worker?"""
    try:
        bundle = take_bundle(batch=batch, by=worker, minutes=15)
    except DomainError:
        return False
    for answer in held_answers(bundle):
        known = truth[answer.item.key]
        said = known if random.Random(f"{worker.pk} {answer.item.key}").random() < right else SAID[1 - SAID.index(known)]
        give_answer(answer=answer, by=worker, posted={"a.feeling": [said]}, seconds=8)
    finish_bundle(bundle=bundle, by=worker)
    return True


def share_right(found: dict[str, str], truth: dict[str, str]) -> float:
    return sum(found[key] == truth[key] for key in found) / len(found)


def majority(truth: dict[str, str]) -> float:
    """Of the same answers; where two say the same number, it is right half of the time."""
    votes = defaultdict(Counter)
    for key, values in Answer.objects.filter(values__isnull=False, item__truth__isnull=True).values_list("item__key", "values"):
        votes[key][values["feeling"]] += 1
    halves = {key: count[SAID[0]] == count[SAID[1]] for key, count in votes.items()}
    return sum(0.5 if halves[key] else count.most_common(1)[0][0] == truth[key] for key, count in votes.items()) / len(votes)


def test_twelve_workers_of_known_quality_are_put_together_better_than_by_majority(clock_at):
    chance = random.Random(12)
    data, truth = a_file(chance, golds=ROWS // 20)
    batch = a_batch(data=data, seconds=60, price_yen=20, answers_each=3, most_each=5, extra_percent=40, gold_percent=10)
    workers = [(a_person(pk=900_000 + number), right) for number, right in enumerate(RIGHT)]
    with connection.cursor() as db:                     # who gets which golds, and where they stand: the same each time
        db.execute("SELECT setseed(0.12)")

    is_going_on = True
    while is_going_on:                                  # in a new order each time; then the clock asks for more where they differ
        chance.shuffle(workers)
        is_going_on = any([a_bundle_is_answered(batch, worker, right, truth) for worker, right in workers])
        clock_at(clock.now() + datetime.timedelta(minutes=3))
        put_together()

    results = dict(Item.objects.filter(truth__isnull=True).values_list("key", "result"))
    ours, theirs = share_right({key: result["feeling"] for key, result in results.items()}, truth), majority(truth)
    print(f"{len(results):,} rows, {Answer.objects.count():,} answers: right {ours:.3f}, by majority {theirs:.3f}")
    assert len(results) == ROWS and ours > theirs + 0.02
    assert not Answer.objects.filter(state="refused").exists() and broken_rules() == {}
