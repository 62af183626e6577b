"""Writing my page. Every line is saved by itself, so that a life with interruptions loses nothing."""
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.activity.models import Fact
from machi.profiles import facts, policies
from machi.profiles.models import NOTE_AT_MOST, Career, Hobby, Profile, Strength
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.taxonomy import actions as taxonomy
from machi.taxonomy import facts as topic_facts
from machi.taxonomy.actions import topic_named
from machi.taxonomy.queries import standing_of

LINES_AT_MOST = 30                  # of one kind: enough for a long life, too few to fill a disk


@transaction.atomic
def write_profile(*, by, headline: str | None = None, about: str | None = None, conditions: str | None = None) -> Profile:
    """A person says who they are, and how they like to work (conditions, never reasons). What is not named stays as it is."""
    lines = {"headline": headline, "about": about, "conditions": conditions}
    profile, _is_new = Profile.objects.update_or_create(user=by, defaults={
        name: words for name, words in lines.items() if words is not None} | {"changed_at": clock.now()})
    activity.record(actor=by, fact=facts.PROFILE_WRITTEN, about=f"user:{by.pk}")
    return profile


def add_strength(*, by, statement: str, evidence: str = "", hand_me: str = "") -> Strength:
    """What somebody is good at (強み), with what shows it."""
    return _add(Strength(user=by, statement=statement, evidence=evidence, hand_me=hand_me), by)


def add_hobby(*, by, topic: str, years: int, depth: str, note: str = "") -> Hobby:
    """What somebody loves (趣味): the topic becomes the same row that posts name. Refuses a topic that is there already."""
    try:
        with transaction.atomic():
            return _add(Hobby(user=by, topic=topic_named(topic), years=years, depth=depth, note=note), by)
    except IntegrityError:
        raise DomainError(_("hobby.there_already")) from None


def add_career(*, by, role: str, years: int, category=None, note: str = "") -> Career:
    """Past work (経歴), in the person's own words."""
    return _add(Career(user=by, role=role, years=years, category=category, note=note), by)


@transaction.atomic
def change_entry(*, entry, by, **values):
    """Change one line. Raises NotAllowed for somebody else's."""
    entry = type(entry).objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if not policies.can_change_entry(by, entry):
        raise NotAllowed(_("profile.not_yours"))
    if "topic" in values:
        values["topic"] = topic_named(values["topic"])
        values["topic_before"] = None
        if Hobby.objects.filter(user=by, topic=values["topic"]).exclude(pk=entry.pk).exists():
            raise DomainError(_("hobby.there_already"))
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save()
    return entry


@transaction.atomic
def remove_entry(*, entry, by) -> None:
    """Take a line off the page."""
    if not policies.can_change_entry(by, entry):
        raise NotAllowed(_("profile.not_yours"))
    entry.delete()
    activity.record(actor=by, fact=facts.ENTRY_REMOVED, about=f"user:{by.pk}", kind=type(entry).__name__.lower())


@transaction.atomic
def _add(entry, by):
    if type(entry).objects.filter(user=by).count() >= LINES_AT_MOST:
        raise DomainError(_("profile.full"))
    entry.added_at = clock.now()
    entry.save()
    activity.record(actor=by, fact=facts.ENTRY_ADDED, about=f"user:{by.pk}", kind=type(entry).__name__.lower())
    return entry


def follow_topics() -> int:
    """Topics were merged or parted: hobbies name the topic that theirs stands for now. Reads the facts in the order of their commits."""
    return activity.read_on(reader="profiles.topics", act=_follow_topics, at_most=1_000)


def count_hobbies() -> None:
    """Tell the list of topics on how many pages each stands: what many love is offered first."""
    taxonomy.count_uses(people=dict(Hobby.objects.order_by("topic").values_list("topic").annotate(Count("pk"))))


def _follow_topics(fact: Fact) -> None:
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
    """Somebody had both: one line stays, with the longer years and both notes."""
    kept.years = max(kept.years, hobby.years)
    kept.note = " ".join(dict.fromkeys(filter(None, (kept.note, hobby.note))))[:NOTE_AT_MOST]
    kept.save(update_fields=["years", "note"])
    hobby.delete()
    activity.record(actor=None, fact=facts.HOBBIES_JOINED, about=f"user:{kept.user_id}")
