"""Applicants side by side: the same facts about everybody, in the same order, whatever the sorting."""
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from machi.contracts.lifecycle import OfferState
from machi.contracts.models import Contract, Offer
from machi.jobs.models import Job
from machi.jobs.queries import free_seats
from machi.matching.queries import Applicant, applicants
from machi.portfolio.models import Piece
from machi.profiles.models import Hobby
from machi.proposals.lifecycle import ProposalState
from machi.proposals.models import Proposal
from machi.proposals.policies import can_choose, can_decline
from machi.web.pages.portfolio.seeing import works_named_by

ASPECTS = ("knowledge", "experience", "record")
COLUMNS = 4                                 # so many stand beside each other in one table; the next ones in the next


@dataclass(frozen=True, slots=True)
class Person:
    """One column: an applicant, and what the client can do about them now."""

    applicant: Applicant
    can_choose: bool
    can_decline: bool
    seat: str                               # newcomer | any | none: which free seat this person could take
    hobbies: list[tuple[Hobby, bool]]       # each with: is it the topic of this post?
    works: list[Piece]                      # those that show a strength or a hobby, as far as this client may open them
    answer_by: datetime.datetime | None     # asked: until when they may answer
    contract: int | None                    # agreed: where it goes on

    @property
    def proposal(self) -> Proposal:
        return self.applicant.proposal

    @property
    def knows_topic(self) -> bool:
        return any(is_topic for _hobby, is_topic in self.hobbies)

    @property
    def pips(self) -> list[tuple[str, int]]:
        return [(aspect, self.applicant.pips(aspect)) for aspect in ASPECTS]


def people(job: Job, user, sort: str) -> list[Person]:
    """Everybody who applied. The policies are asked once for each state there is: the number of questions stays the same."""
    may_choose, may_decline = _asked(can_choose, user), _asked(can_decline, user)
    for_all, for_newcomers = free_seats(job)
    asked = dict(Offer.objects.filter(job=job, state=OfferState.OPEN).order_by("pk").values_list("proposal", "answer_by"))
    agreed = dict(Contract.objects.visible_to(user).filter(job=job).order_by("pk").values_list("offer__proposal", "pk"))
    applied = applicants(job, user, sort=sort)
    works = works_named_by([one.page for one in applied], user)
    return [Person(one, may_choose(one.proposal), may_decline(one.proposal), _seat(one, for_all, for_newcomers), _hobbies(one, job),
                   works[one.page.user.pk], asked.get(one.proposal.pk), agreed.get(one.proposal.pk)) for one in applied]


def tables(columns: list[Person]) -> list[list[Person]]:
    """The same people in tables that fit a screen."""
    return [columns[start:start + COLUMNS] for start in range(0, len(columns), COLUMNS)]


def counts(columns: list[Person]) -> dict[str, int | None]:
    """How many there are, how many still wait for an answer, and the first of them (its number, in the order that is shown)."""
    waiting = [person.proposal.pk for person in columns if person.proposal.state == ProposalState.SUBMITTED]
    return {"applied": len(columns), "waiting": len(waiting), "first": next(iter(waiting), None)}


def _asked(policy: Callable, user) -> Callable[[Proposal], bool]:
    answers: dict[str, bool] = {}

    def answer(proposal: Proposal) -> bool:
        if proposal.state not in answers:
            answers[proposal.state] = policy(user, proposal)
        return answers[proposal.state]
    return answer


def _seat(one: Applicant, for_all: int, for_newcomers: int) -> str:
    if one.record.is_newcomer and for_newcomers:
        return "newcomer"
    return "any" if for_all else "none"


def _hobbies(one: Applicant, job: Job) -> list[tuple[Hobby, bool]]:
    topic = job.topic and job.topic.standing_pk
    marked = [(hobby, bool(topic) and hobby.topic.standing_pk == topic) for hobby in one.page.hobbies]
    return sorted(marked, key=lambda pair: not pair[1])


