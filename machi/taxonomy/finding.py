"""Finding topics and skills by what was typed of them: the whole name first, then what begins like that, then what holds it,
then other words for it; within each what people and posts name most. One look into the index of marks for each of these.
"""
from typing import TypeVar

from machi.taxonomy.marks import beginning, forms_of, inside
from machi.taxonomy.models import Skill, Topic

Found = TypeVar("Found", Skill, Topic)

_FEW = 4                                            # rows whose whole name it is: few, and shown among the first in any case
_COLUMNS = {model: [field.column for field in model._meta.concrete_fields if field.name != "marks"] for model in (Skill, Topic)}
_ORDER = {Skill: "people_count + posts_count DESC, position", Topic: "people_count + posts_count DESC, length(name), name"}
_OPEN = {Skill: "true", Topic: "merged_into_id IS NULL"}
_TIER = "(SELECT {columns} FROM {table} WHERE {open} AND {mark} ORDER BY {order} LIMIT {limit})"
_WHOLE, _BEGINS, _OTHER = "marks && %(whole)s::varchar[]", "marks && %(begins)s::varchar[]", "marks && %(other)s::varchar[]"


def found(model: type[Found], words: str, at_most: int) -> list[Found]:
    """At most so many, the best first. Nothing for words without a letter."""
    forms = forms_of(words)
    if not forms:
        return []
    values = {"whole": [f"={form}" for form in forms], "begins": [beginning("^", form) for form in forms],
              "other": [beginning("~", form) for form in forms], "known": []}
    rows = _asked(model, [_tier(model, _WHOLE, _FEW), _tier(model, _BEGINS, at_most + _FEW)], values)
    if len(rows) < at_most:
        values |= {"known": [row.pk for row in rows]} | {f"inside{at}": inside(form) for at, form in enumerate(forms)}
        tiers = [_tier(model, holds, at_most) for holds in (_holds(forms), _OTHER) if holds]
        rows += _asked(model, tiers, values)
    return list({row.pk: row for row in rows}.values())[:at_most]


def _holds(forms: list[str]) -> str:
    """Any of the forms stands inside. A single kana or letter stands inside too many to be asked for."""
    return " OR ".join(f"marks @> %(inside{at})s::varchar[]" for at, form in enumerate(forms) if inside(form))


def _tier(model, mark: str, limit: int) -> str:
    pk = model._meta.pk.column
    return _TIER.format(columns=", ".join(_COLUMNS[model]), table=model._meta.db_table, open=_OPEN[model], order=_ORDER[model],
                        mark=f"({mark}) AND {pk} <> ALL (%(known)s)", limit=limit)


def _asked(model: type[Found], tiers: list[str], values: dict) -> list[Found]:
    return list(model.objects.raw(" UNION ALL ".join(tiers), values))
