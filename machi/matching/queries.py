"""Finding work, and looking at the people who applied."""
import itertools
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Case, F, Func, IntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce

from machi.contracts.queries import track_record
from machi.jobs import index
from machi.jobs.index import REWARD_STEPS, needed_for
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.matching import marked
from machi.matching.marked import Kind
from machi.matching.reasons import Reason, Subject, fit, reasons
from machi.payments.fees import Listed
from machi.payments.queries import is_paid_in_for
from machi.profiles.queries import Page, page_of, pages_of
from machi.proposals.models import Proposal
from machi.proposals.queries import applicants_of, open_for
from machi.reviews.queries import Record, good_counts, records_of
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.question import Question, any_of
from machi.taxes.withholding import class_of

PAGE = 20
COUNTED_AT_MOST = 1_000                     # beyond this a list says 「1,000件以上」: counting a million rows helps nobody


@dataclass(frozen=True, slots=True)
class JobRow:
    """What a list shows of a post: values only, so that a drawn card can be kept and never holds a person."""

    pk: int
    title: str
    category: str
    topic: str | None
    client_name: str
    reward_yen: int
    closes_on: date
    due_on: date
    seats_count: int
    newcomer_seats_count: int
    proposals_count: int
    sync: str
    ai: str
    state: str
    newcomer_seats_taken: int
    rate_yen: int | None                    # by the hour: what an hour pays, and at most how many in a week
    weekly_hours: int | None
    listed_yen: int | None                  # of the reward, where tax is withheld from no more than this
    prizes_yen: list[int]                   # of a contest, the largest first; nothing for other forms of work
    entries_count: int
    is_pot_held: bool                       # its prizes were paid in, and wait for whoever is chosen
    is_client_agent: bool

    COLUMNS = ("pk", "title", "category", "topic__name", "client_name", "reward_yen", "closes_on", "due_on", "seats_count",
               "newcomer_seats_count", "proposals_count", "sync", "ai", "state", "newcomer_seats_taken", "rate_yen", "weekly_hours",
               "listed_yen")

    @property
    def reward(self) -> Yen:
        return Yen(self.reward_yen)

    @property
    def listed(self) -> Listed | None:
        """The part of the reward from which tax is withheld, where it is not all of it."""
        return Listed(self.listed_yen, self.reward_yen) if self.listed_yen and not class_of(self.category)[1] else None

    @property
    def is_withheld(self) -> bool:
        """Is tax withheld from what a person gets for it?"""
        return self.is_client_agent and (class_of(self.category)[1] or self.listed is not None)


@dataclass(frozen=True, slots=True)
class Facets:
    """What narrows a search (four facets). Empty means all."""

    category: str = ""
    newcomer: bool = False                  # with a seat for newcomers
    text_only: bool = False                 # no call, no fixed hour
    least_yen: int = 0                      # reward from


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search, and how many there are of what."""

    rows: list[JobRow]
    count: int
    is_more: bool                           # more than could be counted
    number: int
    pages_count: int
    categories: dict[str, int] = field(default_factory=dict)
    newcomer_count: int = 0
    text_only_count: int = 0
    rewards: dict[int, int] = field(default_factory=dict)       # each of REWARD_STEPS: how many pay at least this


def search_jobs(words: str = "", facets: Facets = Facets(), *, page: int = 1) -> Found:  # noqa: B008  a frozen value
    """Open posts that hold all the words, the newest first: two questions to the database, however many posts there are.

    A post is found by three neighbouring characters of a word at a time (jobs.index): one that holds さっか and っかー, but apart
    from one another, is found for サッカー as well.
    """
    found, kinds = marked.search(needed_for(words), _marks(facets), most=COUNTED_AT_MOST + 1, newcomer=facets.newcomer,
                                 text_only=facets.text_only, least_yen=facets.least_yen)
    count = min(len(found), COUNTED_AT_MOST)
    pages_count = max(1, -(-count // PAGE))
    number = min(max(1, page), pages_count)
    shown = found[(number - 1) * PAGE:min(number * PAGE, count)]
    rows = _job_rows(_by_number(shown)) if shown else []
    return Found(rows, count, len(found) > COUNTED_AT_MOST, number, pages_count, **_counts(kinds, facets))


def _marks(facets: Facets) -> set[str]:
    """The marks that the posts of these facets carry. A free seat and the exact reward are asked of the post itself."""
    marks = {index.kind(facets.category)} if facets.category else set()
    if facets.newcomer:
        marks.add(index.FOR_NEWCOMERS)
    if facets.text_only:
        marks.add(index.TEXT_ONLY)
    return marks | {index.reward(step) for step in REWARD_STEPS if step <= facets.least_yen}


def _counts(kinds: list[Kind], facets: Facets) -> dict:
    """How many posts each facet would leave beside the others that are on, counted over the newest posts with these words."""
    shown = [kind for kind in kinds if facets.category in ("", kind.category)]
    return {"categories": {kind.category: kind.count for kind in kinds}, "newcomer_count": sum(kind.newcomer for kind in shown),
            "text_only_count": sum(kind.text_only for kind in shown),
            "rewards": {step: sum(kind.rewards[place] for kind in shown) for place, step in enumerate(REWARD_STEPS)}}


def _job_rows(answers: list[tuple]) -> list[JobRow]:
    return [JobRow(*values[:-4], values[-4] or [], values[-3] or 0, values[-2], is_client_agent=values[-1]) for values in answers]


_IS_POT_HELD = Case(When(form=Job.Form.CONTEST, contest__settled_at=None, then=is_paid_in_for("job")), default=False)
_COLUMNS = (*JobRow.COLUMNS, "contest__prizes_yen", "contest__entries_count", _IS_POT_HELD, "is_client_withholding_agent")
_by_number = Question(lambda numbers: Job.objects.filter(any_of("pk", numbers)).order_by("-published_at", "-pk").values_list(*_COLUMNS))


def alternatives(worker, *, at_most: int = 3) -> list[JobRow]:
    """Other open posts for somebody who was not chosen: their topics and kinds of work first, then what closes soonest.

    As many as the letter said (proposals.queries.alternatives_count counts the same posts).
    """
    page = page_of(worker)
    topics = [hobby.topic.standing_pk for hobby in page.hobbies]
    kinds = [career.category_id for career in page.careers if career.category_id]
    wanted = open_for(worker).filter(Q(topic__in=topics) | Q(category__in=kinds))
    near = list(wanted.order_by("closes_on", "pk").values_list("pk", flat=True)[:at_most])
    rest = open_for(worker).exclude(pk__in=near).order_by("closes_on", "pk").values_list("pk", flat=True)[:at_most - len(near)]
    ids = [*near, *rest]
    return sorted(_job_rows(_by_number(ids)), key=lambda row: ids.index(row.pk))


NEWEST = 6
_newest = Question(lambda today: Job.objects.filter(state=JobState.OPEN, closes_on__gte=today)
                   .order_by("-published_at", "-pk").values_list(*_COLUMNS)[:NEWEST])


def newest(*, at_most: int = NEWEST) -> list[JobRow]:
    """The newest open posts, for the front door."""
    return _job_rows(_newest(clock.today())[:at_most])


MOST_FOR_ONE = 6
_FOR_ONE = (*_COLUMNS, Coalesce("topic__merged_into_id", "topic_id"))


@dataclass(frozen=True, slots=True)
class Leaning:
    """What stands first in a person's own list of posts. It says what, never why; it hides nothing, and nobody else's list knows it."""

    topics: bool = False                    # their topics
    kinds: bool = False                     # their kinds of work
    other_kinds: bool = False               # kinds of work they have not done
    in_writing: bool = False                # no call, no fixed hour
    own_hours: bool = False                 # no fixed hour
    slack_days: int = 0                     # at least so many days from the end of the applications to the due date

    def agrees(self, row: JobRow, topic: int | None, topics: list[int], kinds: list[str]) -> int:
        """How much of it one post has."""
        return sum((self.topics and topic in topics, self.kinds and row.category in kinds, self.other_kinds and row.category not in kinds,
                    self.in_writing and row.sync == Job.Sync.NONE, self.own_hours and row.sync != Job.Sync.HOURS,
                    self.slack_days and (row.due_on - row.closes_on).days >= self.slack_days))


ROOMY_AMONG = 500                           # the newest posts among which those that leave time are looked for: never all of a million
_days_there_are = Func(F("due_on"), F("closes_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def _roomy(is_open: QuerySet, slack_days) -> QuerySet:
    """Of the newest posts those that leave at least so many days from the end of the applications to the due date."""
    newest = is_open.order_by("-published_at", "-pk").values("pk")[:ROOMY_AMONG]
    return Job.objects.filter(Func(_days_there_are, slack_days, template="(%(expressions)s)", arg_joiner=" >= ",
                                   output_field=BooleanField()), pk__in=newest)


def _for_one(in_writing: bool, other_kinds: bool, with_slack: bool) -> Question:
    """The newest posts near to somebody, and the newest of all: of each sort a few, which an index gives, in one question."""
    def ask(worker, today, topics, kinds, slack_days) -> QuerySet:
        is_open, near = open_for(worker, today), any_of("topic", topics) | any_of("category", kinds)
        sorts = [is_open.filter(near), is_open]
        if in_writing:
            sorts.append(is_open.filter(sync=Job.Sync.NONE))
        if other_kinds:
            sorts.append(is_open.exclude(any_of("category", kinds)))
        if with_slack:
            sorts.append(_roomy(is_open, slack_days))
        newest = [ArraySubquery(sort.order_by("-published_at", "-pk").values("pk")[:MOST_FOR_ONE]) for sort in sorts]
        numbers = Func(*newest, template="(%(expressions)s)", arg_joiner=" || ", output_field=ArrayField(BigIntegerField()))
        return (Job.objects.filter(any_of("pk", numbers)).annotate(is_near=Case(When(near, then=True), default=False))
                .order_by("-is_near", "-published_at", "-pk").values_list(*_FOR_ONE))
    return Question(ask)


_FOR_ONE_BY = {choice: _for_one(*choice) for choice in itertools.product((False, True), repeat=3)}


def for_worker(worker, *, at_most: int = MOST_FOR_ONE, page: Page | None = None,
               leaning: Leaning = Leaning()) -> list[tuple[JobRow, str]]:  # noqa: B008  a frozen value
    """Posts for a person's home, each with the one line that says why: a hobby first, then a kind of work, then newest."""
    page = page or page_of(worker)
    topics = [hobby.topic.standing_pk for hobby in page.hobbies]
    kinds = [career.category_id for career in page.careers if career.category_id]
    ask = _FOR_ONE_BY[leaning.in_writing, leaning.other_kinds, leaning.slack_days > 0]
    answers = ask(worker.pk, clock.today(), topics, kinds, leaning.slack_days)
    rows = zip(_job_rows([values[:-1] for values in answers]), (values[-1] for values in answers), strict=True)
    wanted = sorted(((leaning.agrees(row, topic, topics, kinds), row, topic) for row, topic in rows), key=lambda one: -one[0])[:at_most]
    record = track_record(worker)
    found = [(agrees, row, reasons(page, record, Subject(topic, row.category))) for agrees, row, topic in wanted]
    found.sort(key=lambda one: (-one[0], -fit(one[2])))
    return [(row, why[0].fact if why else "") for _agrees, row, why in found]


@dataclass(frozen=True, slots=True)
class Applicant:
    """Everything a client compares: the words, the page, the record, and why this person fits."""

    proposal: Proposal
    page: Page
    record: Record
    reasons: list[Reason]
    reviews_count: int
    again_count: int

    @property
    def fit(self) -> int:
        return fit(self.reasons)

    def pips(self, aspect: str) -> int:
        return next((reason.pips for reason in self.reasons if reason.aspect == aspect), 0)


SORTS = ("fit", "knowledge", "experience", "record", "arrived")


def applicants(job: Job, user, *, sort: str = "fit") -> list[Applicant]:
    """Everybody who applied, in the order the client asked for. Every order holds the same people. Nothing is known here of the
    page of somebody who has left the town: what they wrote to this client is the client's.
    """
    proposals = list(applicants_of(job, user))
    workers = [proposal.worker for proposal in proposals]
    pages = {worker.pk: Page(worker, None) for worker in workers} | pages_of([worker for worker in workers if not worker.has_left])
    records, reviews, subject = records_of(workers), good_counts(workers), Subject.of(job)
    people = [Applicant(proposal, pages[proposal.worker_id], records[proposal.worker_id],
                        [] if proposal.worker.has_left else reasons(pages[proposal.worker_id], records[proposal.worker_id], subject),
                        *reviews[proposal.worker_id])
              for proposal in proposals]
    if sort == "arrived":
        return people
    return sorted(people, key=lambda one: -(one.fit if sort == "fit" else one.pips(sort)))


def why_it_fits(job: Job, worker) -> list[Reason]:
    """The same reasons, for the worker who reads the post."""
    return reasons(page_of(worker), track_record(worker), Subject.of(job))
