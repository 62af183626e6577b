"""Topics are brought by people; the first spelling stays, and editors merge what is one. The rest comes from the operator's lists."""
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.activity.queries import history_of
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.japanese import cleaned, folded
from machi.taxonomy import facts, lists, policies
from machi.taxonomy.marks import marks_of
from machi.taxonomy.models import Category, Skill, Topic
from machi.taxonomy.queries import topic_called

# Whoever names a topic and keeps what they were given shares this lock until they are done; whoever merges topics has it alone.
# So nobody keeps a topic that was merged a moment ago without the rooms above hearing of it afterwards.
TOPICS = 0x746f706963
FORGOTTEN_AT_ONCE = 500
COUNTS = TOPICS + 1                                 # whoever writes many topics at once does it alone, so that nobody waits in a circle


@transaction.atomic
def topic_named(name: str) -> Topic | None:
    """The topic of this name; the one that is also called so (やきゅう); or a new one. Nothing for an empty name.

    A merged one leads on to the topic it was merged into. Within a transaction the answer stays true until its end.
    """
    name = cleaned(name)
    if not name:
        return None
    _hold_topics(shared=True)
    topic = Topic.objects.select_related("merged_into").filter(folded=folded(name)).first() or topic_called(name)
    if topic is None:
        topic, _is_new = Topic.objects.select_related("merged_into").get_or_create(folded=folded(name), defaults={
            "name": name, "origin": Topic.Origin.PERSON, "brought_at": clock.now(), "marks": marks_of([name], [])})
    return topic.merged_into or topic


@transaction.atomic
def describe_topic(*, topic: Topic, by, name: str, reading: str = "", name_en: str = "", synonyms: list[str] | tuple = ()) -> Topic:
    """An editor says how a topic is called, read, and called otherwise. The spelling it had still leads to it.

    Refuses a name that another topic has: those two can be merged. One that only a draft names, which no editor sees, is merged here.
    """
    topic = _for_editor(topic, by)
    before, name = topic.name, cleaned(name)
    if folded(name) != topic.folded:
        _respell(topic, name, by)
    topic.name, topic.reading, topic.name_en = name, folded(cleaned(reading)), cleaned(name_en)
    topic.synonyms, topic.looked_at = _distinct(synonyms), clock.now()
    topic.save()
    topic.merged.update(name=name)
    _mark(topic)
    if before != name:
        activity.record(actor=by, fact=facts.TOPIC_RENAMED, about=topic.reference, topics=_with_merged(topic))
    return topic


@transaction.atomic
def leave_topic(*, topic: Topic, by) -> Topic:
    """An editor looked at a new topic and finds it good as it is."""
    topic = _for_editor(topic, by)
    topic.looked_at = clock.now()
    topic.save(update_fields=["looked_at"])
    return topic


@transaction.atomic
def merge_topics(*, topic: Topic, into: Topic, by) -> Topic:
    """Two topics are one (統合): `topic` becomes another way to `into`, and so does all that was merged into it before.

    Pages show the one name at once. The rooms above take the fact up and let their rows name the one topic.
    """
    topic, into, now = _for_editor(topic, by), _standing(into), clock.now()
    if topic == into:
        raise DomainError(_("topic.same"))
    moved = _with_merged(topic)
    topic.merged.update(merged_into=into, name=into.name)
    topic.own_name, topic.name, topic.merged_into, topic.merged_at = topic.name, into.name, into, now
    into.people_count, into.posts_count = into.people_count + topic.people_count, into.posts_count + topic.posts_count
    topic.looked_at, into.looked_at = now, into.looked_at or now
    topic.save()
    into.save()
    _mark(into)
    activity.record(actor=by, fact=facts.TOPIC_MERGED, about=topic.reference, into=into.pk, topics=moved)
    return into


@transaction.atomic
def part_topics(*, topic: Topic, by) -> Topic:
    """Undo a merge: `topic` stands for itself again, and what came along with it then comes along with it now.

    What named it before the merge names it again. Two hobbies of one person that had become one stay one.
    """
    _for_editor(topic, by)
    topic = Topic.objects.select_related("merged_into").get(pk=topic.pk)
    into = topic.merged_into
    if into is None:
        raise DomainError(_("topic.not_merged"))
    with_it = into.merged.filter(pk__in=_came_along(topic)).exclude(pk=topic.pk)
    moved = [topic.pk, *with_it.order_by("pk").values_list("pk", flat=True)]
    topic.name, topic.own_name, topic.merged_into, topic.merged_at = topic.own_name, "", None, None
    topic.save()
    with_it.update(merged_into=topic, name=topic.name)
    _mark(topic)
    _mark(into)
    activity.record(actor=by, fact=facts.TOPIC_PARTED, about=topic.reference, out_of=into.pk, topics=moved)
    return topic


@transaction.atomic
def count_uses(*, people: dict[int, int] | None = None, posts: dict[int, int] | None = None) -> None:
    """A room above says on how many pages, or in how many posts, each topic stands now: what is named often is offered first."""
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s)", (COUNTS,))
        for column, counts in (("people_count", people), ("posts_count", posts)):
            if counts is not None:
                db.execute(_COUNT.format(column=column), {"topics": list(counts), "counts": list(counts.values())})


_COUNT = """
    UPDATE taxonomy_topic SET {column} = coalesce(counted.times, 0)
      FROM taxonomy_topic AS every LEFT JOIN unnest(%(topics)s::bigint[], %(counts)s::int[]) AS counted (id, times) ON counted.id = every.id
     WHERE every.id = taxonomy_topic.id AND taxonomy_topic.{column} <> coalesce(counted.times, 0)"""


def forget_unnamed() -> int:
    """Topics that somebody brought and that nobody names any more go, with the words of whoever typed them. Returns how many.

    One that an editor has looked at is the town's. Whoever names one in this very moment is waited for, and keeps it.
    """
    unnamed, forgotten = list(_unnamed().order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(unnamed), FORGOTTEN_AT_ONCE):
        with transaction.atomic():
            _alone()
            forgotten += _unnamed().filter(pk__in=unnamed[start:start + FORGOTTEN_AT_ONCE]).delete()[0]
    return forgotten


def _unnamed() -> QuerySet[Topic]:
    """Whatever table of whatever room points at topics is asked: the room of topics need not know them."""
    pointers = [relation for relation in Topic._meta.get_fields(include_hidden=True) if relation.one_to_many]
    return Topic.objects.to_look_at().filter(*(
        ~Exists(relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})) for relation in pointers))


@transaction.atomic
def load_lists() -> dict[str, int]:
    """Bring categories, skills and topics to what the data files say; return how many rows each list has. May be repeated:
    what people brought and what editors changed stays, and so does what the files no longer name, because pages and posts name it.
    """
    _load(Category, lists.categories())
    _load(Skill, lists.skills())
    _alone()
    there = Topic.objects.in_bulk([row["folded"] for row in lists.topics()], field_name="folded")
    for row in lists.topics():
        topic = there.get(row["folded"])
        if topic is None:
            Topic.objects.create(**row, origin=Topic.Origin.TOWN)
        elif topic.looked_at is None and topic.merged_into_id is None:
            _bring_to(topic, row | {"origin": Topic.Origin.TOWN})
    return {"categories": len(lists.categories()), "skills": len(lists.skills()), "topics": len(lists.topics())}


def _load(model, rows: list[dict]) -> None:
    columns = [name.removesuffix("_id") for name in rows[0] if name != "code"]
    model.objects.bulk_create([model(**row) for row in rows], update_conflicts=True, unique_fields=["code"], update_fields=columns)


def _bring_to(topic: Topic, row: dict) -> None:
    changed = [name for name, value in row.items() if name != "marks" and getattr(topic, name) != value]
    if changed:                                     # the file's spelling may differ from a person's: サッカー and ｻｯｶｰ are one
        for name, value in row.items():
            setattr(topic, name, value)
        topic.save()
        _mark(topic)


def _mark(topic: Topic) -> None:
    """A topic is found by its own names and by those of all that was merged into it."""
    ways = [(topic.name, topic.reading, topic.name_en), *topic.merged.order_by("pk").values_list("own_name", "reading", "name_en")]
    other = [word for words in topic.merged.order_by("pk").values_list("synonyms", flat=True) for word in words]
    topic.marks = marks_of([name for names in ways for name in names], [*topic.synonyms, *other])
    topic.save(update_fields=["marks"])


def _respell(topic: Topic, name: str, by) -> None:
    """The spelling changes hands: the old one becomes another way to the topic. `topic` is saved by the caller."""
    old, spelled = topic.folded, folded(name)
    taken = Topic.objects.filter(folded=spelled).first()
    if taken and not Topic.objects.for_everybody().filter(pk=taken.pk).exists():
        merge_topics(topic=taken, into=topic, by=by)
        taken.refresh_from_db()
    if taken and taken.merged_into_id != topic.pk:
        raise DomainError(_("topic.name_taken"))
    way = taken or Topic(origin=topic.origin, brought_at=topic.brought_at, looked_at=clock.now(), merged_into=topic)
    way.folded, way.own_name, way.name, way.merged_at = f"topic:{topic.pk}", topic.name, name, clock.now()
    way.save()
    topic.folded = spelled
    topic.save(update_fields=["folded"])
    way.folded = old
    way.save(update_fields=["folded"])


def _for_editor(topic: Topic, by) -> Topic:
    """The topic as it stands now, for an editor, who has all topics alone until the end of the transaction."""
    if not policies.can_edit_topics(by):
        raise NotAllowed(_("topic.edit_refused"))
    _alone()
    return _standing(topic)


def _standing(topic: Topic) -> Topic:
    """The topic itself, or the one it was merged into, perhaps a moment ago. Raises DomainError where it was forgotten a moment ago."""
    found = Topic.objects.select_related("merged_into").filter(pk=topic.pk).first()
    if found is None:
        raise DomainError(_("topic.gone"))
    return found.merged_into or found


def _with_merged(topic: Topic) -> list[int]:
    return [topic.pk, *topic.merged.order_by("pk").values_list("pk", flat=True)]


def _came_along(topic: Topic) -> list[int]:
    """What was merged into the topic when it was merged itself. With an older spelling, which nobody ever merged, came nothing."""
    merged = history_of(topic.reference).filter(name=facts.TOPIC_MERGED).last()
    return merged.data["topics"] if merged else []


def _distinct(words) -> list[str]:
    return list(dict.fromkeys(word for word in map(cleaned, words) if word))


def _alone() -> None:
    """Nobody else writes many topics, nor names one, until the end of the transaction. In this order everywhere."""
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s)", (COUNTS,))
    _hold_topics()


def _hold_topics(*, shared: bool = False) -> None:
    with connection.cursor() as db:
        db.execute(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s)", (TOPICS,))
