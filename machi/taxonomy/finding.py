"""Finding topics by what was typed of them: the whole name first, then the whole of another word for it, then what begins like that,
then what holds it, then other words that begin so; within each what people and posts name most. One look into the index of marks for each.
Only what is for everybody (TopicQuerySet.for_everybody), in the words of the database.
"""
from collections.abc import Iterable
from typing import TypeVar

from machi.taxonomy.marks import beginning, forms_of, inside
from machi.taxonomy.models import Topic

Row = TypeVar("Row")

_FEW = 4                                            # rows that are called just so: few, and shown among the first in any case
_COLUMNS = ", ".join(field.column for field in Topic._meta.concrete_fields if field.name != "marks")
_OFFERED = "merged_into_id IS NULL AND (origin <> 'person' OR looked_at IS NOT NULL OR people_count > 0 OR posts_count > 0)"
_TIER = f"""(SELECT {_COLUMNS} FROM taxonomy_topic WHERE {_OFFERED} AND ({{mark}}) AND id <> ALL (%(known)s)
              ORDER BY people_count + posts_count DESC, length(name), name LIMIT {{limit}})"""
_WHOLE, _CALLED, _BEGINS, _OTHER = (f"marks && %({tier})s::varchar[]" for tier in ("whole", "called", "begins", "other"))


def found(words: str, at_most: int) -> list[Topic]:
    """At most so many, the best first. Nothing for words without a letter."""
    forms = forms_of(words)
    if not forms:
        return []
    values = {"whole": [f"={form}" for form in forms], "called": [f"~={form}" for form in forms],
              "begins": [beginning("^", form) for form in forms], "other": [beginning("~", form) for form in forms], "known": []}
    rows = _asked([_tier(_WHOLE, _FEW), _tier(_CALLED, _FEW), _tier(_BEGINS, at_most + _FEW)], values)
    if len(rows) < at_most:
        values |= {"known": [row.pk for row in rows]} | {f"inside{at}": _held(form) for at, form in enumerate(forms)}
        rows += _asked([_tier(holds, at_most) for holds in (_holds(forms), _OTHER) if holds], values)
    return list({row.pk: row for row in rows}.values())[:at_most]


def _holds(forms: list[str]) -> str:
    """Any of the forms stands inside."""
    return " OR ".join(f"marks @> %(inside{at})s::varchar[]" for at, form in enumerate(forms) if _held(form))


def _held(form: str) -> list[str]:
    """A single kana stands inside too many to be asked for, also in two Latin letters: ai is in kaigo and raitingu."""
    return [] if form.isascii() and len(form) < 3 else inside(form)


def _tier(mark: str, limit: int) -> str:
    return _TIER.format(mark=mark, limit=limit)


def _asked(tiers: list[str], values: dict) -> list[Topic]:
    return list(Topic.objects.raw(" UNION ALL ".join(tiers), values))


def found_among(rows: Iterable[tuple[Row, frozenset[str]]], words: str, at_most: int) -> list[Row]:
    """The same in a short list that lies in memory, each row with its marks: what fits alike stands in the order of the list."""
    forms = forms_of(words)
    tiers = ([{f"={form}"} for form in forms], [{f"~={form}"} for form in forms], [{beginning("^", form)} for form in forms],
             [set(_held(form)) for form in forms if _held(form)], [{beginning("~", form)} for form in forms])
    best = [row for tier in tiers for row, marks in rows if any(needed <= marks for needed in tier)]
    return list(dict.fromkeys(best))[:at_most]


_LETTERS = "ascii(mark) > ascii('~')"                # marks of kana and kanji inside a word: the others begin with = ^ ~ or a Latin letter
_TELLING = "(length(mark) = 3 OR mark ~ '^[一-龥][一-龥]$')"       # those that not everything has
_NEAR = """
    SELECT asked.id AS near_to, near.* FROM taxonomy_topic AS asked
     CROSS JOIN LATERAL (SELECT coalesce(array_agg(mark) FILTER (WHERE {letters}), '{{}}')::varchar[] AS parts,
                                coalesce(array_agg(mark) FILTER (WHERE {letters} AND {telling}), '{{}}')::varchar[] AS telling,
                                array_agg('~' || mark) FILTER (WHERE left(mark, 1) = '=')::varchar[] AS names
                           FROM unnest(asked.marks) AS mark) AS own
     CROSS JOIN LATERAL (
        SELECT {columns}, (marks && own.names) AS is_other_word, shared FROM taxonomy_topic
         CROSS JOIN LATERAL (SELECT 2.0 * count(*) FILTER (WHERE {letters} AND mark = ANY (own.parts))
                                    / greatest(1, cardinality(own.parts) + count(*) FILTER (WHERE {letters})) AS shared
                               FROM unnest(marks) AS mark) AS compared
         WHERE marks && (own.telling || own.names) AND id <> asked.id AND {offered} AND (shared > 0.25 OR marks && own.names)
         ORDER BY is_other_word DESC, shared DESC, people_count + posts_count DESC, id LIMIT %(most)s) AS near
     WHERE asked.id = ANY (%(topics)s) ORDER BY asked.id, is_other_word DESC, shared DESC, near.id"""


def near(topics: list[Topic], at_most: int) -> dict[int, list[Topic]]:
    """Beside each topic others that may be the same: one has the other as another word for it, or they share much of their letters.

    One question for all of them. Latin letters alone make nothing alike: "ka" stands in everything.
    """
    asked = Topic.objects.raw(_NEAR.format(columns=_COLUMNS, offered=_OFFERED, letters=_LETTERS, telling=_TELLING), {
        "topics": [topic.pk for topic in topics], "most": at_most})
    beside: dict[int, list[Topic]] = {topic.pk: [] for topic in topics}
    for topic in asked:
        beside[topic.near_to].append(topic)
    return beside
