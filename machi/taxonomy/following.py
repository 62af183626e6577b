"""Rows of other rooms follow the topics they name: after a merge they name what their topic stands for, and keep what was chosen.

Such a row has `topic`, and `topic_before`: what its person chose, where that is not the topic itself.
"""
from collections.abc import Callable

from django.db.models import Q, QuerySet

from machi.activity import actions as activity
from machi.activity.models import Fact
from machi.taxonomy import facts
from machi.taxonomy.queries import standing_of


def follow(*, reader: str, lead: Callable[[int, int], None]) -> int:
    """Topics were merged, parted or renamed: `lead` is given each, and what it stands for now. Facts come in the order of commits."""
    return activity.read_on(reader=reader, act=lambda fact: hand_on(fact, lead), at_most=1_000)


def hand_on(fact: Fact, lead: Callable[[int, int], None]) -> None:
    """May be repeated: it asks what stands now, not what the fact said."""
    if fact.name in facts.CHANGED:
        for chosen, standing in standing_of(fact.data["topics"]).items():
            lead(chosen, standing)


def naming(rows: QuerySet, chosen: int) -> QuerySet:
    """Rows for which this topic was chosen, whatever it stands for now."""
    return rows.filter(Q(topic_before=chosen) | Q(topic=chosen, topic_before=None))


def anew(chosen: int, standing: int) -> dict[str, int | None]:
    """What a row says from now on for which one topic was chosen, and which names what that stands for."""
    return {"topic": standing, "topic_before": None if standing == chosen else chosen}
