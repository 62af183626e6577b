"""Every item has as many places as people are asked about it, whenever its client made up their mind."""
import pytest
from django.db import OperationalError

from machi.tasks.actions import edit_batch, lay_drafts, laying, publish_batch
from machi.tasks.invariants import broken
from machi.tasks.models import Batch, Item
from tests.tasks.making import a_draft, price_of

pytestmark = pytest.mark.django_db


def places(batch: Batch) -> list[tuple[int, int]]:
    """Of its items without golds: how many there are, and how many are free."""
    return list(Item.objects.filter(batch=batch, truth__isnull=True).order_by("number").values_list("places_count", "places_free"))


def published(batch: Batch) -> Batch:
    batch.refresh_from_db()
    return publish_batch(batch=batch, by=batch.by, amount=price_of(batch))


def test_whoever_makes_up_their_mind_after_the_file_gets_what_they_chose_last():
    draft = a_draft(rows=6, answers_each=3)
    assert places(draft) == [(3, 3)] * 6
    edit_batch(batch=draft, by=draft.by, answers_each=2)

    assert places(published(draft)) == [(2, 2)] * 6
    assert broken() == {}


def test_golds_share_the_places_that_are_paid_for_and_the_first_ones_take_what_is_left_over():
    draft = a_draft(rows=20, golds=3, answers_each=2, gold_percent=10)
    before = set(Item.objects.filter(batch=draft, truth__isnull=False).values_list("places_count", flat=True))

    batch = published(draft)

    golds = list(Item.objects.filter(batch=batch, truth__isnull=False).order_by("number").values_list("places_count", flat=True))
    assert before == {0} and sum(golds) == batch.slots_count - batch.extra_left - 40 and golds == sorted(golds, reverse=True)
    assert max(golds) - min(golds) <= 1 and broken() == {}


@pytest.fixture
def large(monkeypatch):
    """A draft of nine items counts as large, and four of them are given their places at once."""
    monkeypatch.setattr(laying, "LARGE", 8)
    monkeypatch.setattr(laying, "AT_ONCE", 4)
    return a_draft(rows=9, golds=1, answers_each=3)


def test_a_large_draft_is_made_ready_by_the_clock_and_nothing_is_left_when_its_client_publishes(large, monkeypatch):
    assert lay_drafts() == 0
    edit_batch(batch=large, by=large.by, answers_each=5)

    assert (lay_drafts(), lay_drafts()) == (1, 0) and places(large) == [(5, 5)] * 9
    monkeypatch.setattr(laying, "_lay", lambda *_: pytest.fail("the items were ready"))
    assert places(published(large)) == [(5, 5)] * 9


def test_a_client_who_changes_their_mind_back_while_the_clock_broke_off_gets_no_item_with_other_places(large, monkeypatch):
    edit_batch(batch=large, by=large.by, answers_each=5)
    real = laying._lay

    def breaks_off(batch, after, until):
        if after:
            raise OperationalError("the database went away")
        real(batch, after, until)
    monkeypatch.setattr(laying, "_lay", breaks_off)
    with pytest.raises(OperationalError):
        lay_drafts()
    assert places(large) == [(5, 5)] * 4 + [(3, 3)] * 5
    monkeypatch.setattr(laying, "_lay", real)
    edit_batch(batch=large, by=large.by, answers_each=3)

    assert places(published(large)) == [(3, 3)] * 9 and broken() == {}


def test_what_changes_while_the_clock_is_at_it_waits_for_its_next_round(large, monkeypatch):
    edit_batch(batch=large, by=large.by, answers_each=5)
    real = laying._lay

    def changed_meanwhile(batch, after, until):
        real(batch, after, until)
        Batch.objects.filter(pk=batch.pk, answers_each=5).update(answers_each=4)
    monkeypatch.setattr(laying, "_lay", changed_meanwhile)

    assert lay_drafts() == 0 and lay_drafts() == 1
    assert places(large) == [(4, 4)] * 9
