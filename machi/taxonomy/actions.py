"""Topics are brought by people; the first spelling stays, and editors merge what is one. The rest comes from the operator's lists."""
from django.db import connection, transaction

from machi.shared import clock
from machi.shared.japanese import cleaned, folded
from machi.taxonomy import lists
from machi.taxonomy.marks import marks_of
from machi.taxonomy.models import Category, Skill, Topic

# Whoever names a topic and keeps what they were given shares this lock until they are done; whoever merges topics has it alone.
# So nobody keeps a topic that was merged a moment ago without the rooms above hearing of it afterwards.
TOPICS = 0x746f706963


@transaction.atomic
def topic_named(name: str) -> Topic | None:
    """The topic of this name, made when nobody named it before. Nothing for an empty name.

    A merged one leads on to the topic it was merged into. Within a transaction the answer stays true until its end.
    """
    name = cleaned(name)
    if not name:
        return None
    _hold_topics(shared=True)
    topic, _is_new = Topic.objects.select_related("merged_into").get_or_create(folded=folded(name), defaults={
        "name": name, "origin": Topic.Origin.PERSON, "brought_at": clock.now(), "marks": marks_of([name], [])})
    return topic.merged_into or topic


def count_uses(*, people: dict[int, int] | None = None, posts: dict[int, int] | None = None) -> None:
    """A room above says on how many pages, or in how many posts, each topic stands now: what is named often is offered first."""
    for column, counts in (("people_count", people), ("posts_count", posts)):
        if counts is not None:
            with connection.cursor() as db:
                db.execute(_COUNT.format(column=column), {"topics": list(counts), "counts": list(counts.values())})


_COUNT = """
    UPDATE taxonomy_topic SET {column} = coalesce(counted.times, 0)
      FROM taxonomy_topic AS every LEFT JOIN unnest(%(topics)s::bigint[], %(counts)s::int[]) AS counted (id, times) ON counted.id = every.id
     WHERE every.id = taxonomy_topic.id AND taxonomy_topic.{column} <> coalesce(counted.times, 0)"""


@transaction.atomic
def load_lists() -> dict[str, int]:
    """Bring categories, skills and topics to what the data files say; return how many rows each list has. May be repeated:
    what people brought and what editors changed stays, and so does what the files no longer name, because pages and posts name it.
    """
    _load(Category, lists.categories())
    _load(Skill, lists.skills())
    _hold_topics()
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
    if changed:
        for name, value in row.items():
            setattr(topic, name, value)
        topic.save()
        _mark(topic)


def _mark(topic: Topic) -> None:
    """A topic is found by its own names and by those of all that was merged into it."""
    names = [topic.name, topic.reading, topic.name_en]
    synonyms = list(topic.synonyms)
    for other in topic.merged.order_by("pk"):
        names += [other.own_name, other.reading, other.name_en]
        synonyms += other.synonyms
    topic.marks = marks_of(names, synonyms)
    topic.save(update_fields=["marks"])


def _hold_topics(*, shared: bool = False) -> None:
    with connection.cursor() as db:
        db.execute(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s)", (TOPICS,))
