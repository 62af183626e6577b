"""What of somebody's micro-tasks belongs to their track record (実績), for everybody to read: how many bundles of which kind, and how long.

How often they were right is theirs alone (doing.py). A bundle of which everything was refused is no record.
"""
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Sum

from machi.shared.question import Question
from machi.tasks.lifecycle import AnswerState, BundleState
from machi.tasks.models import Answer, Bundle

_some_was_taken = Exists(Answer.objects.filter(bundle=OuterRef("pk"), state__in=(AnswerState.GIVEN, AnswerState.APPROVED)))
_done = Question(lambda worker: Bundle.objects.filter(_some_was_taken, worker=worker, state=BundleState.DONE).order_by("batch__category")
                 .values_list("batch__category").annotate(n=Count("pk"), worked=Sum("seconds")))


class SmallWork(NamedTuple):
    """Finished bundles of one category (its code), and the minutes that were worked on them together."""

    category: str
    bundles: int
    minutes: int


def small_work_of(worker: int) -> list[SmallWork]:
    """From the moment on which a bundle is finished; what is refused afterwards leaves it again. The kind with most minutes first."""
    found = [SmallWork(category, bundles, max(1, round(seconds / 60))) for category, bundles, seconds in _done(worker)]
    return sorted(found, key=lambda one: (-one.minutes, one.category))


def about_small_work(worker: int) -> list:
    """What `small_work_of` asks, for `asked_together`."""
    return [_done.about(worker)]
