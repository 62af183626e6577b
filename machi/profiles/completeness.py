"""How much of a page is written (書けた割合): a list of things, none of them required, in the order in which they are offered.

Each step stands here twice, side by side: as it is asked of one page, and as SQL asks it of everybody at once. A test
compares the two over many people, so whoever adds a step gives both.
"""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be written; `sql` is true or false, never null, over the tables of TABLES."""

    name: str
    is_done: Callable[[Any], bool]                  # of a profiles.queries.Page
    sql: str


ALL = (
    Step("display_name", lambda page: bool(page.user.display_name), "person.display_name <> ''"),
    Step("headline", lambda page: bool(page.profile and page.profile.headline), "coalesce(profile.headline, '') <> ''"),
    Step("strength", lambda page: bool(page.strengths), "strength.user_id IS NOT NULL"),
    Step("evidence", lambda page: any(one.has_evidence for one in page.strengths), "coalesce(strength.has_evidence, false)"),
    Step("hand_me", lambda page: any(one.hand_me for one in page.strengths), "coalesce(strength.has_hand_me, false)"),
    Step("hobby", lambda page: bool(page.hobbies), "hobby.user_id IS NOT NULL"),
    Step("career", lambda page: bool(page.careers), "career.user_id IS NOT NULL"),
    Step("skill", lambda page: bool(page.skills), "skill.user_id IS NOT NULL"),
    Step("conditions", lambda page: bool(page.profile and page.profile.conditions or page.conditions and page.conditions.is_said),
         "coalesce(profile.conditions, '') <> '' OR coalesce(working.is_said, false)"),
    Step("availability", lambda page: bool(page.availability), "availability.user_id IS NOT NULL"),
)
STEPS = tuple(step.name for step in ALL)
TABLES = """accounts_user person
    LEFT JOIN profiles_profile profile ON profile.user_id = person.id
    LEFT JOIN (SELECT user_id, bool_or(evidence <> '' OR evidence_link <> '' OR evidence_piece_id IS NOT NULL) AS has_evidence,
                      bool_or(hand_me <> '') AS has_hand_me
                 FROM profiles_strength GROUP BY user_id) strength ON strength.user_id = person.id
    LEFT JOIN (SELECT DISTINCT user_id FROM profiles_hobby) hobby ON hobby.user_id = person.id
    LEFT JOIN (SELECT DISTINCT user_id FROM profiles_career) career ON career.user_id = person.id
    LEFT JOIN (SELECT DISTINCT user_id FROM profiles_knownskill) skill ON skill.user_id = person.id
    LEFT JOIN (SELECT user_id, hours IS NOT NULL OR bands <> '{}' OR blocks <> '{}' OR channels <> '{}' AS is_said
                 FROM profiles_workingconditions) working ON working.user_id = person.id
    LEFT JOIN profiles_availability availability ON availability.user_id = person.id"""


@dataclass(frozen=True, slots=True)
class Completeness:
    """Which of STEPS are done, and the next one."""

    done: tuple[str, ...]
    next_step: str | None

    @property
    def count(self) -> int:
        return len(self.done)

    @property
    def of(self) -> int:
        return len(STEPS)

    @property
    def percent(self) -> int:
        return 100 * len(self.done) // len(STEPS)


def completeness(page) -> Completeness:
    """Of one page. What is missing first is the next step."""
    done = tuple(step.name for step in ALL if step.is_done(page))
    return Completeness(done, next((name for name in STEPS if name not in done), None))


def percents_sql() -> str:
    """Of everybody at once: a SELECT of user_id and percent, one row for each person. One pass over each table."""
    count = " + ".join(f"({step.sql})::int" for step in ALL)
    return f"SELECT person.id AS user_id, 100 * ({count}) / {len(ALL)} AS percent FROM {TABLES}"
