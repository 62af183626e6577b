"""Hobbies follow the topics they name."""
from django.db.models import Count, Exists, OuterRef

from machi.activity import actions as activity
from machi.profiles import facts
from machi.profiles.models import NOTE_AT_MOST, Hobby
from machi.taxonomy import actions as taxonomy
from machi.taxonomy import following


def follow_topics() -> int:
    """Topics were merged or parted: hobbies name the topic that theirs stands for now. Reads the facts in the order of their commits."""
    return following.follow(reader="profiles.topics", lead=lead_hobbies)


def count_hobbies() -> None:
    """Tell the list of topics on how many pages each stands: what many love is offered first."""
    taxonomy.count_uses(people=dict(Hobby.objects.order_by("topic").values_list("topic").annotate(Count("pk"))))


def lead_hobbies(chosen: int, standing: int) -> None:
    """Hobbies for which one topic was chosen name what it stands for. Where somebody has both, one line stays."""
    there = Hobby.objects.filter(user=OuterRef("user"), topic=standing).values("pk")
    astray = following.naming(Hobby.objects.all(), chosen).exclude(topic=standing)
    for hobby in astray.filter(Exists(there)).order_by("pk"):
        _join_hobbies(hobby, Hobby.objects.select_for_update(of=("self",)).get(user=hobby.user_id, topic=standing))
    astray.update(**following.anew(chosen, standing))


def _join_hobbies(hobby: Hobby, kept: Hobby) -> None:
    """Somebody had both: one line stays, with the longer years, both notes, and what shows it."""
    kept.years = max(kept.years, hobby.years)
    kept.note = " ".join(dict.fromkeys(filter(None, (kept.note, hobby.note))))[:NOTE_AT_MOST]
    kept.evidence_link = kept.evidence_link or hobby.evidence_link
    kept.evidence_piece_id = kept.evidence_piece_id or hobby.evidence_piece_id
    kept.save(update_fields=["years", "note", "evidence_link", "evidence_piece_id"])
    hobby.delete()
    activity.record(actor=None, fact=facts.HOBBIES_JOINED, about=f"user:{kept.user_id}")
