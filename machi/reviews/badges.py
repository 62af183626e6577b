"""Badges (しるし): what somebody did again and again, read from facts each time a page opens.

Nobody gives one, asks for one or keeps one: when the facts change, it goes and comes back. There are no steps, and none stands above
another. The numbers here are the rules that `/guide/badges/` prints. That a due date moved is no fact for a badge (docs/adr/0009).
"""
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from machi.accounts.models import Party, User
from machi.activity.models import Fact
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import Milestone
from machi.contracts.models.agreed import LATE
from machi.proposals.facts import PROPOSAL_CLOSED, PROPOSAL_DECLINED
from machi.proposals.lifecycle import ProposalState
from machi.proposals.models import Proposal
from machi.reviews.models import Thanks
from machi.shared.question import Question, any_of

NEWEST_WORKS, WORKS_AT_LEAST = 10, 3                # on time, and accepted in time: all of the newest ten, and at least three
NEWEST_ANSWERS, ANSWERS_AT_LEAST = 20, 5            # answered everybody: all of the newest twenty, and at least five
PEOPLE_AT_LEAST = 2                                 # came back: to or from so many people
THANKS_AT_LEAST = 3
OF_WORKERS = ("on_time", "asked_again", "thanked")
OF_CLIENTS = ("answers_everybody", "accepts_in_time", "comes_back", "says_thanks")
_ANSWERED = (ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.NOT_CHOSEN, ProposalState.CLOSED)


class Badge(NamedTuple):
    """What was done, and how often: the evidence is the count, never a level."""

    code: str
    count: int


def _accepted(**whose) -> QuerySet[Milestone]:
    return Milestone.objects.filter(state=MilestoneState.ACCEPTED, **whose)


def _several(whose: str, whom: str, who: str = "pk") -> ArraySubquery:
    """The people with whom somebody finished more than one contract."""
    again = _accepted(**{whose: OuterRef(who)}).order_by().values(whom).annotate(n=Count("pk")).filter(n__gt=1)
    return ArraySubquery(again.values(whom))


def _thanked(whose: str, who: str = "pk") -> ArraySubquery:
    return ArraySubquery(Thanks.objects.filter(**{whose: OuterRef(who)}).order_by().values(whose).annotate(n=Count("pk")).values("n"))


_as_worker = (
    ArraySubquery(_accepted(contract__worker=OuterRef("pk")).order_by("-accepted_at", "-pk").annotate(
        late=Exists(Milestone.objects.filter(LATE, pk=OuterRef("pk"))))
        .values("late")[:NEWEST_WORKS]),
    _several("contract__worker", "contract__client"), _thanked("worker"))

_by_town = Exists(Fact.objects.filter(about=Concat(Value("proposal:"), Cast(OuterRef("pk"), CharField())), actor=None,
                                      name__in=(PROPOSAL_DECLINED, PROPOSAL_CLOSED)))


def _as_client(party: str) -> tuple:
    answers = Proposal.objects.filter(job__client=OuterRef(party), state__in=_ANSWERED).order_by("-answered_at", "-pk")
    checks = _accepted(contract__client=OuterRef(party)).order_by("-accepted_at", "-pk")
    return (ArraySubquery(answers.annotate(by_town=_by_town).values("by_town")[:NEWEST_ANSWERS]),
            ArraySubquery(checks.values("was_accepted_by_town")[:NEWEST_WORKS]),
            _several("contract__client", "contract__worker", party), _thanked("contract__client", party))


_clients = Question(lambda parties: Party.objects.filter(any_of("pk", parties)).order_by("pk").values_list("pk", *_as_client("pk")))
_person = Question(lambda person: User.objects.filter(pk=person).order_by("pk").values_list(*_as_worker, *_as_client("party__pk")))


class Earned(NamedTuple):
    """The badges of one person, on both sides of the work."""

    as_worker: list[Badge]
    as_client: list[Badge]


def badges_of_clients(parties: Iterable) -> dict[int, list[Badge]]:
    """What the facts say of several clients, by the number of the party: one question."""
    return {party.pk: [] for party in parties} | {pk: _of_client(*told) for pk, *told in _clients([party.pk for party in parties])}


def about_clients(parties: list[int]) -> list:
    """What `badges_of_clients` asks, for `asked_together`."""
    return [_clients.about(parties)]


def about_person(pk: int) -> list:
    """What `badges_of_person` asks, for `asked_together`."""
    return [_person.about(pk)]


def badges_of_person(person) -> Earned:
    """What the facts say of somebody as a worker and as a client, for a page of theirs: one question."""
    (told,) = _person(person.pk)
    return Earned(_of_worker(*told[:len(_as_worker)]), _of_client(*told[len(_as_worker):]))


def _of_worker(late: list[bool], again: list, thanked: list[int]) -> list[Badge]:
    return _kept((("on_time", _all_good(late, WORKS_AT_LEAST)), ("asked_again", _enough(len(again), PEOPLE_AT_LEAST)),
                  ("thanked", _enough(sum(thanked), THANKS_AT_LEAST))))


def _of_client(by_town: list[bool], accepted_by_town: list[bool], again: list, thanked: list[int]) -> list[Badge]:
    return _kept((("answers_everybody", _all_good(by_town, ANSWERS_AT_LEAST)),
                  ("accepts_in_time", _all_good(accepted_by_town, WORKS_AT_LEAST)),
                  ("comes_back", _enough(len(again), PEOPLE_AT_LEAST)), ("says_thanks", _enough(sum(thanked), THANKS_AT_LEAST))))


def _kept(found: Iterable[tuple[str, int]]) -> list[Badge]:
    return [Badge(code, count) for code, count in found if count]


def _all_good(slips: list[bool], at_least: int) -> int:
    """How many, when none of them slipped and there are enough; otherwise none."""
    return len(slips) if len(slips) >= at_least and not any(slips) else 0


def _enough(count: int, at_least: int) -> int:
    return count if count >= at_least else 0
