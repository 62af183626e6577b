"""Why somebody fits a piece of work, in words both sides can read. The rule is simple and stands on the page.

Three aspects, each 0 to 3: knowledge of the topic (a hobby counts, whatever one was paid for), experience in this kind of
work, and what was finished here. Knowledge counts double where a post names its topic. Nobody is left out by it: it
sorts, and the client decides.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.contracts.queries import TrackRecord
from machi.jobs.models import Job
from machi.profiles.queries import Page

WEIGHTS = {"knowledge": 2, "experience": 1, "record": 1}
MOST = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One aspect: how well it fits (0 to MOST), the fact in one line, and the sentence."""

    aspect: str
    pips: int
    fact: str
    sentence: str


def pips(amount: int, steps: Sequence[int] = (1, 3, 8)) -> int:
    """0 to 3: how many of the steps are reached. Years: from 1, from 3, from 8."""
    return sum(amount >= step for step in steps)


class Subject(NamedTuple):
    """What a post is about: all that reasons ask of it."""

    topic_id: int | None                    # of the topic it stands for, should it have been merged
    category_id: str | None

    @classmethod
    def of(cls, job: Job) -> "Subject":
        return cls(job.topic and job.topic.standing_pk, job.category_id)


def reasons(page: Page, record: TrackRecord, job: Subject) -> list[Reason]:
    """Every aspect for one person and one post, the strongest first; an aspect without anything is not said."""
    found = [_knowledge(page, job), _experience(page, job), _record(record, job)]
    return sorted((reason for reason in found if reason and reason.pips), key=lambda r: -r.pips * WEIGHTS[r.aspect])


def fit(found: Sequence[Reason]) -> int:
    """The sum by which "合う順" sorts: 0 to 12."""
    return sum(reason.pips * WEIGHTS[reason.aspect] for reason in found)


def _knowledge(page: Page, job: Subject) -> Reason | None:
    """A hobby whose topic is the very row the post names."""
    hobby = next((hobby for hobby in page.hobbies if job.topic_id and hobby.topic.standing_pk == job.topic_id), None)
    if hobby is None:
        return None
    return Reason("knowledge", pips(hobby.years), _("fit.knowledge.fact") % {"topic": hobby.topic.name, "years": hobby.years},
                  _("fit.knowledge.text") % {"topic": hobby.topic.name, "depth": hobby.get_depth_display()})


def _experience(page: Page, job: Subject) -> Reason | None:
    """Years of the same kind of work, as the person says (自己申告)."""
    same = [career for career in page.careers if career.category_id == job.category_id]
    years = sum(career.years for career in same)
    if not years:
        return None
    return Reason("experience", pips(years), _("fit.experience.fact") % {"role": same[0].role, "years": years}, _("fit.experience.text"))


def _record(record: TrackRecord, job: Subject) -> Reason | None:
    """Contracts finished here: of this kind first, of any kind else."""
    same = dict(record.categories).get(job.category_id, 0)
    if not record.completed_count:
        return None
    sentence = _("fit.record.text") if same else _("fit.record.text_other")
    return Reason("record", pips(same, (1, 2, 5)) or 1, _("fit.record.fact") % {"n": record.completed_count},
                  sentence % {"same": same, "on_time": record.on_time_count, "n": record.completed_count})
