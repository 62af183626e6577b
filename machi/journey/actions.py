"""Choosing wishes, finding strengths, and a goal for a month. No fact is recorded here: what a person clears leaves nothing behind."""
from collections.abc import Iterable

from django.db import transaction

from machi.journey.models import Answer, Question, Target, Wish
from machi.profiles import actions as profiles
from machi.profiles.actions.person import hold
from machi.profiles.models import Strength
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.seals import refuse_if_overtaken


@transaction.atomic
def choose_wishes(*, by, kinds: Iterable[str]) -> None:
    """From now on a person wishes for these, and for nothing else. An empty list forgets them all. Raises ValueError for another word."""
    wanted = {Wish.Kind(kind) for kind in kinds}
    hold(by)                                                # two windows, one after the other: never half of each
    Wish.objects.filter(user=by).exclude(kind__in=wanted).delete()
    Wish.objects.bulk_create([Wish(user=by, kind=kind) for kind in sorted(wanted)], ignore_conflicts=True)


@transaction.atomic
def answer(*, by, question: str, text: str | None, seen: str | None = None) -> Answer:
    """Keep the answer to one question. An empty text passes it over; None passes it over and keeps what was said before.

    `seen` is the seal of what the form had read; raises Overtaken where another window saved another answer meanwhile.
    """
    hold(by)
    said = Answer.objects.filter(user=by, question=Question(question)).first() or Answer(user=by, question=Question(question))
    if text is not None:
        refuse_if_overtaken(seen, {"text": said.text}, {"text": text})
        said.text = text
    said.saved_at = clock.now()
    said.save()
    return said


def forget_answers(*, by) -> None:
    """Delete every answer, at once and for good. Strengths that came of them stay: they are on the page."""
    Answer.objects.filter(user=by).delete()


@transaction.atomic
def add_found(*, by, chosen: Iterable[dict[str, str]]) -> list[Strength]:
    """Put the chosen drafts on the person's page, all or none, so that pressing twice adds once: a line that says the same takes what
    it had left empty, and what was edited is a line of its own. Raises DomainError when the page is full.
    """
    return [profiles.put_strength(by=by, **draft) for draft in chosen]


def set_target(*, by, monthly: Yen, months: int, aside_percent: int, savings: Yen | None) -> Target:
    """From now on this is a person's goal for a month; pressed twice it is one."""
    target, _is_new = Target.objects.update_or_create(user=by, defaults={
        "monthly_yen": int(monthly), "months_count": months, "aside_percent": aside_percent,
        "savings_yen": None if savings is None else int(savings), "saved_at": clock.now()})
    return target


def forget_target(*, by) -> None:
    """Delete the goal, at once and for good."""
    Target.objects.filter(user=by).delete()
