"""Topics are brought by people; the first spelling stays. Categories and skills come from the operator's lists."""
from django.db import transaction

from machi.shared import clock
from machi.shared.japanese import cleaned, folded
from machi.taxonomy import lists
from machi.taxonomy.marks import marks_of
from machi.taxonomy.models import Category, Skill, Topic


def topic_named(name: str) -> Topic | None:
    """The topic of this name, made when nobody named it before. Nothing for an empty name."""
    name = cleaned(name)
    if not name:
        return None
    topic, _is_new = Topic.objects.get_or_create(folded=folded(name), defaults={
        "name": name, "origin": Topic.Origin.PERSON, "brought_at": clock.now(), "marks": marks_of([name], [])})
    return topic


@transaction.atomic
def load_lists() -> dict[str, int]:
    """Bring categories and skills to what the data files say; return how many rows each list has. May be repeated:
    what people brought stays, and what the files no longer name stays too, because pages and posts name it.
    """
    _load(Category, lists.categories())
    _load(Skill, lists.skills())
    return {"categories": len(lists.categories()), "skills": len(lists.skills())}


def _load(model, rows: list[dict]) -> None:
    columns = [name.removesuffix("_id") for name in rows[0] if name != "code"]
    model.objects.bulk_create([model(**row) for row in rows], update_conflicts=True, unique_fields=["code"], update_fields=columns)
