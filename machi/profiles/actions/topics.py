"""Hobbies follow the topics they name."""
from collections import Counter

from django.db.models import Count, Exists, OuterRef, QuerySet

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.portfolio.models import Piece, PieceTopic
from machi.profiles import facts
from machi.profiles.models import NOTE_AT_MOST, Hobby
from machi.taxonomy import actions as taxonomy
from machi.taxonomy import following


def follow_topics() -> int:
    """Topics were merged or parted: hobbies name the topic that theirs stands for now. Reads the facts in the order of their commits."""
    return following.follow(reader="profiles.topics", lead=lead_hobbies)


def count_topics() -> None:
    """Tell the list of topics on how many people's pages that everybody may open each stands, as a hobby or with a piece of work."""
    hobbies = Hobby.objects.filter(user__in=_open_to_all())
    pieces = PieceTopic.objects.filter(piece__in=Piece.objects.here().filter(shown=Piece.Shown.EVERYBODY, user__in=_open_to_all())).exclude(
        Exists(hobbies.filter(user=OuterRef("piece__user"), topic=OuterRef("topic"))))
    people = Counter()
    for naming, person in ((hobbies, "user"), (pieces, "piece__user")):
        people.update(dict(naming.order_by("topic").values_list("topic").annotate(Count(person, distinct=True))))
    taxonomy.count_uses(people=people)


def _open_to_all() -> QuerySet[User]:
    return User.objects.filter(is_active=True, closed_at=None)


def lead_hobbies(chosen: int, standing: int) -> None:
    """Hobbies for which one topic was chosen name what it stands for. Where somebody has both, one line stays.

    Two stay where one cannot hold what both say: the second goes on naming the topic of its person, which is called like the other.
    """
    there = Hobby.objects.filter(user=OuterRef("user"), topic=standing).values("pk")
    astray = following.naming(Hobby.objects.all(), chosen).exclude(topic=standing)
    for hobby in astray.filter(Exists(there)).select_for_update(of=("self",)).order_by("pk"):
        _join_hobbies(hobby, Hobby.objects.select_for_update(of=("self",)).get(user=hobby.user_id, topic=standing))
    astray.exclude(Exists(there)).update(**following.anew(chosen, standing))


def _join_hobbies(hobby: Hobby, kept: Hobby) -> None:
    """Somebody had both: one line stays, with the longer years, both notes, and what shows it. Nothing is cut off."""
    note = " ".join(dict.fromkeys(filter(None, (kept.note, hobby.note))))
    links, pieces = {kept.evidence_link, hobby.evidence_link} - {""}, {kept.evidence_piece_id, hobby.evidence_piece_id} - {None}
    if len(note) > NOTE_AT_MOST or len(links) > 1 or len(pieces) > 1:
        return
    kept.years, kept.note = max(kept.years, hobby.years), note
    kept.evidence_link, kept.evidence_piece_id = next(iter(links), ""), next(iter(pieces), None)
    kept.save(update_fields=["years", "note", "evidence_link", "evidence_piece_id"])
    number = hobby.pk
    hobby.delete()
    activity.record(actor=None, fact=facts.HOBBIES_JOINED, about=f"user:{kept.user_id}", entry=number, into=kept.pk)
