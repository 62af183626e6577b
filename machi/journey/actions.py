"""Choosing wishes, and finding strengths. No fact is recorded here: what a person clears leaves nothing behind."""
from collections.abc import Iterable

from django.db import transaction

from machi.accounts.models import User
from machi.journey.models import Answer, Question, Wish
from machi.profiles import actions as profiles
from machi.profiles.models import Strength
from machi.shared import clock


@transaction.atomic
def choose_wishes(*, by, kinds: Iterable[str]) -> None:
    """From now on a person wishes for these, and for nothing else. An empty list forgets them all. Raises ValueError for another word."""
    wanted = {Wish.Kind(kind) for kind in kinds}
    User.objects.select_for_update().get(pk=by.pk)          # two windows, one after the other: never half of each
    Wish.objects.filter(user=by).exclude(kind__in=wanted).delete()
    Wish.objects.bulk_create([Wish(user=by, kind=kind) for kind in sorted(wanted)], ignore_conflicts=True)


def answer(*, by, question: str, text: str) -> Answer:
    """Keep the answer to one question; an empty text passes it over."""
    kept, _is_new = Answer.objects.update_or_create(user=by, question=Question(question), defaults={"text": text, "saved_at": clock.now()})
    return kept


def forget_answers(*, by) -> None:
    """Delete every answer, at once and for good. Strengths that came of them stay: they are on the page."""
    Answer.objects.filter(user=by).delete()


@transaction.atomic
def add_found(*, by, chosen: Iterable[dict[str, str]]) -> list[Strength]:
    """Put the chosen drafts on the person's page, all or none, so that pressing twice adds once: a line that says the same takes what
    it had left empty, and what was edited is a line of its own. Raises DomainError when the page is full.
    """
    return [profiles.put_strength(by=by, **draft) for draft in chosen]
