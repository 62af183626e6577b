"""Hobbies follow the topics they name."""
from django.db.models import Count, Exists, OuterRef, Q

from machi.activity import actions as activity
from machi.activity.models import Fact
from machi.profiles import facts
from machi.profiles.models import NOTE_AT_MOST, Hobby
from machi.taxonomy import actions as taxonomy
from machi.taxonomy import facts as topic_facts
from machi.taxonomy.queries import standing_of


def follow_topics() -> int:
    """Topics were merged or parted: hobbies name the topic that theirs stands for now. Reads the facts in the order of their commits."""
    return activity.read_on(reader="profiles.topics", act=follow, at_most=1_000)


def count_hobbies() -> None:
    """Tell the list of topics on how many pages each stands: what many love is offered first."""
    taxonomy.count_uses(people=dict(Hobby.objects.order_by("topic").values_list("topic").annotate(Count("pk"))))


def follow(fact: Fact) -> None:
    """May be repeated: it asks what stands now, not what the fact said."""
    if fact.name not in topic_facts.CHANGED:
        return
    for chosen, standing in standing_of(fact.data["topics"]).items():
        there = Hobby.objects.filter(user=OuterRef("user"), topic=standing).values("pk")
        astray = Hobby.objects.filter(Q(topic_before=chosen) | Q(topic=chosen, topic_before=None)).exclude(topic=standing)
        for hobby in astray.filter(Exists(there)).order_by("pk"):
            _join_hobbies(hobby, Hobby.objects.select_for_update(of=("self",)).get(user=hobby.user_id, topic=standing))
        astray.update(topic=standing, topic_before=None if standing == chosen else chosen)


def _join_hobbies(hobby: Hobby, kept: Hobby) -> None:
    """Somebody had both: one line stays, with the longer years, both notes, and what shows it."""
    kept.years = max(kept.years, hobby.years)
    kept.note = " ".join(dict.fromkeys(filter(None, (kept.note, hobby.note))))[:NOTE_AT_MOST]
    kept.evidence_link = kept.evidence_link or hobby.evidence_link
    kept.evidence_piece_id = kept.evidence_piece_id or hobby.evidence_piece_id
    kept.save(update_fields=["years", "note", "evidence_link", "evidence_piece_id"])
    hobby.delete()
    activity.record(actor=None, fact=facts.HOBBIES_JOINED, about=f"user:{kept.user_id}")
