"""What an editor sees of a topic: how often it is named, and what follows when it becomes another."""
from typing import NamedTuple

from django.db.models import OuterRef, Q

from machi.jobs.models import Job
from machi.profiles.models import Hobby
from machi.taxonomy.models import Topic


class Uses(NamedTuple):
    """Counted now: people who have the topic on their page, posts that name it, and people who have both topics."""

    people: int
    posts: int
    both: int


def uses_of(topic: Topic, into: Topic | None = None) -> Uses:
    named = Q(topic=topic) | Q(topic__merged_into=topic)
    hobbies = Hobby.objects.filter(named)
    both = hobbies.filter(user__in=Hobby.objects.filter(user=OuterRef("user"), topic=into).values("user")).count() if into else 0
    return Uses(hobbies.count(), Job.objects.filter(named).count(), both)
