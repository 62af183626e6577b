"""Questions about contracts."""
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.contracts.lifecycle import ContractState, DisputeState, MilestoneState, WishState
from machi.contracts.models import (
    ChangeOrder,
    Contract,
    DateRequest,
    Delivery,
    DeliveryFile,
    Dispute,
    EndNotice,
    Milestone,
    Offer,
    RevisionRequest,
)
from machi.contracts.models.agreed import LATE
from machi.contracts.policies import LATEST
from machi.jobs.models import Job
from machi.shared import clock
from machi.shared.question import Question, any_of, as_read

NEWEST_ROUNDS = 3                           # of many deliveries those that are read first
NEWCOMER_UNTIL = 3                          # finished contracts: a seat for newcomers is for whoever has fewer


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What somebody has done here (実績): counted from contracts, never claimed."""

    completed_count: int = 0
    on_time_count: int = 0
    clients_count: int = 0
    repeat_clients_count: int = 0
    categories: tuple[tuple[str, int], ...] = ()         # code, count; the largest first

    @property
    def is_newcomer(self) -> bool:
        """May they take a seat for newcomers (はじめての方の席)?"""
        return self.completed_count < NEWCOMER_UNTIL


def track_records(workers) -> dict[int, TrackRecord]:
    """The track records of several workers: one question however many people."""
    ids = [worker.pk for worker in workers]
    return {pk: TrackRecord(**facets) for pk, facets in facets_of(ids, _done(ids)).items()}


def facets_of(workers: list[int], rows: Iterable[tuple]) -> dict[int, dict]:
    """The parts of a track record by worker, from rows of `finished_by`: whose, for whom, of which kind, how many, how many on time."""
    told: dict[int, dict] = {pk: {"on_time": 0, "completed": 0, "clients": {}, "categories": {}} for pk in workers}
    for worker, client, category, count, on_time, *_more in rows:
        row = told[worker]
        row["completed"] += count
        row["on_time"] += on_time
        row["clients"][client] = row["clients"].get(client, 0) + count
        row["categories"][category] = row["categories"].get(category, 0) + count
    return {pk: {
        "completed_count": row["completed"], "on_time_count": row["on_time"], "clients_count": len(row["clients"]),
        "repeat_clients_count": sum(count > 1 for count in row["clients"].values()),
        "categories": tuple(sorted(row["categories"].items(), key=lambda pair: (-pair[1], pair[0])))} for pk, row in told.items()}


FACETS = ("contract__worker", "contract__client", "contract__category", "count", "on_time")


def finished_by(workers) -> QuerySet[Milestone]:
    """Finished contracts of several workers, counted by client and kind (FACETS). On time is a contract none of whose steps came after
    the newest agreed due date and the room that the client gave after it.
    """
    contracts = Count("contract", distinct=True)
    return (Milestone.objects.filter(any_of("contract__worker", workers), contract__state=ContractState.COMPLETED)
            .order_by(*FACETS[:3]).values(*FACETS[:3])
            .annotate(count=contracts, on_time=contracts - Count("contract", distinct=True, filter=LATE)))


_done = Question(lambda workers: finished_by(workers).values_list(*FACETS))


def track_record(worker) -> TrackRecord:
    """One worker's track record."""
    return track_records([worker])[worker.pk]


def is_newcomer(worker) -> bool:
    """Somebody who has finished fewer contracts here than NEWCOMER_UNTIL (はじめての方)."""
    return Contract.objects.filter(worker=worker, state=ContractState.COMPLETED).count() < NEWCOMER_UNTIL


def contracts_of(user) -> QuerySet[Contract]:
    """A person's contracts on either side, the newest first."""
    return (Contract.objects.visible_to(user).select_related("client", "client__person", "worker", "offer", "taken_over_by")
            .prefetch_related("milestones").order_by("-pk"))


_TOLD = ("id", "side", "wished_on", "words", "state", "version", "addition", "addition_hash")
_DATES = DateRequest.objects.filter(milestone=OuterRef("pk"), state__in=(WishState.ASKED, WishState.AGREED)).order_by("pk")
_steps = Question(lambda contract: Milestone.objects.filter(contract=contract).annotate(told_dates=ArraySubquery(
    _DATES.values_list(JSONObject(**{name: name for name in _TOLD})))).order_by("number"))


def about_steps(contract: int) -> list:
    """What `steps_of` asks, for `asked_together`."""
    return [_steps.about(contract)]


def steps_of(contract: Contract) -> list[Milestone]:
    """The steps of a contract in their order. Each brings what `dates_of` tells."""
    steps = _steps(contract.pk)
    for step in steps:
        step.contract = contract
    return steps


def current(steps: Sequence[Milestone]) -> Milestone:
    """The step that counts now: the first whose money is held, else the next to be funded, else the last that was done."""
    return (next((step for step in steps if step.is_running), None) or next((step for step in steps if not step.is_closed), None)
            or next((step for step in reversed(steps) if step.funded_at), steps[-1]))


class GivenFile(NamedTuple):
    """A file of a delivery as a list shows it."""

    pk: int
    name: str
    size: int


class Dates(NamedTuple):
    """The wish for another due date that waits for an answer, and what was agreed before, oldest first."""

    asked: DateRequest | None
    agreed: list[DateRequest]


def dates_of(milestone: Milestone) -> Dates:
    """What was asked and agreed about the due date of a step that `steps_of` found."""
    found = [as_read(DateRequest, (told | {"wished_on": datetime.date.fromisoformat(told["wished_on"])}).items())
             for told in milestone.told_dates]
    return Dates(next((one for one in found if one.state == WishState.ASKED), None),
                 [one for one in found if one.state == WishState.AGREED])


def dates_asked_in(contracts) -> dict[int, DateRequest]:
    """Of these contracts, those in which somebody waits for an answer about the due date: contract -> the wish."""
    waiting = DateRequest.objects.filter(milestone__contract__in=[contract.pk for contract in contracts], state=WishState.ASKED)
    return {request.contract_pk: request for request in waiting.annotate(contract_pk=F("milestone__contract")).order_by("pk")}


def differences_in(contracts) -> dict[int, Dispute]:
    """Of these contracts, those in which a difference waits for the words of the other side, or for an answer to what the town proposes:
    contract -> the one that waits longest.
    """
    waiting = Dispute.objects.filter(milestone__contract__in=[contract.pk for contract in contracts],
                                     state__in=(DisputeState.OPEN, DisputeState.PROPOSED)).select_related("proposal")
    return {one.contract_pk: one for one in waiting.annotate(contract_pk=F("milestone__contract")).order_by("-pk")}


def additions_to(contract: Contract) -> QuerySet[DateRequest]:
    """The due dates that were agreed after the terms, oldest first."""
    return DateRequest.objects.filter(milestone__contract=contract, state=WishState.AGREED).order_by("version")


def last_change(contract: Contract) -> ChangeOrder | None:
    """The newest change that both signed after the terms."""
    return ChangeOrder.objects.filter(contract=contract, state=WishState.AGREED).order_by("-version").first()


def last_day(contract: Contract) -> datetime.date | None:
    """The day on which a contract ends by a notice."""
    return EndNotice.objects.filter(contract=contract).values_list("last_on", flat=True).first()


def moved_alike(contract: Contract, steps: Iterable[Milestone], milestone: Milestone,
                wished_on: datetime.date) -> list[tuple[Milestone, datetime.date]]:
    """The later steps that are not funded, and when each is due once this one is due on the day that is wished for: all move alike, at
    most to a year from today. None that would be done moves beyond the last day of a contract that ends.
    """
    later = [step for step in steps if step.number > milestone.number and step.is_unfunded and not contract.is_hourly]
    last_on, latest = last_day(contract) if later else None, clock.today() + LATEST
    moved = [(step, min(step.due_on + (wished_on - milestone.due_on), last_on if last_on and step.due_on <= last_on else latest))
             for step in later]
    return [(step, due_on) for step, due_on in moved if due_on > step.due_on]


def last_addition(milestone: Milestone) -> DateRequest | None:
    """The newest due date that was agreed after the terms."""
    return DateRequest.objects.filter(milestone=milestone, state=WishState.AGREED).order_by("-version").first()


class Round(NamedTuple):
    """A delivery, its files, and the changes that were asked for after it. `step`: the title of its step, where there are several."""

    delivery: Delivery
    files: list[GivenFile]
    asked: RevisionRequest | None
    step: str = ""


_FILES = DeliveryFile.objects.filter(delivery=OuterRef("pk")).order_by("pk").values_list(
    JSONObject(pk="pk", name="file__name", size="file__size"))
_ASKED = RevisionRequest.objects.filter(milestone=OuterRef("milestone"), round=OuterRef("round")).order_by("pk")
_OF_ROUNDS = ("pk", "milestone", "round", "text", "ai_note", "delivered_at", ArraySubquery(_FILES), ArraySubquery(
    _ASKED.values_list(JSONObject(id="pk", round="round", reason="reason", points="points", asked_at="asked_at"))), "milestone__title")
_rounds = Question(lambda contract: Delivery.objects.filter(milestone__contract=contract).order_by("-pk").values_list(*_OF_ROUNDS))
_newest_rounds = Question(lambda contract: Delivery.objects.filter(milestone__contract=contract).order_by("-pk").values_list(
    *_OF_ROUNDS)[:NEWEST_ROUNDS + 1])


def about_rounds(contract: int) -> list:
    """What `newest_rounds` asks, for `asked_together`."""
    return [_newest_rounds.about(contract)]


def newest_rounds(contract: Contract) -> list[Round]:
    """What was handed over last, the newest first, at most one more than NEWEST_ROUNDS. One question."""
    return _read_rounds(_newest_rounds(contract.pk))


def rounds(contract: Contract) -> list[Round]:
    """Everything that was handed over, the newest first: one question."""
    return _read_rounds(_rounds(contract.pk))


def _read_rounds(rows: list[tuple]) -> list[Round]:
    found = []
    for *columns, files, asked, step in rows:
        delivery = as_read(Delivery, zip(("id", "milestone_id", "round", "text", "ai_note", "delivered_at"), columns, strict=True))
        for request in asked:                       # JSON writes a moment as text
            request["asked_at"] = datetime.datetime.fromisoformat(request["asked_at"])
        found.append(Round(delivery, [GivenFile(**file) for file in files],
                           as_read(RevisionRequest, asked[0].items()) if asked else None, step))
    return found


def open_offers_to(worker) -> QuerySet[Offer]:
    """Offers that wait for this worker's answer."""
    return Offer.objects.filter(worker=worker, state="open").select_related("client", "client__person").order_by("answer_by")


def open_offers_of(user) -> QuerySet[Offer]:
    """Offers that wait for an answer, on either side; the soonest deadline first."""
    return (Offer.objects.visible_to(user).filter(state="open").select_related("client", "client__person", "worker")
            .order_by("answer_by", "pk"))


def newest_version(offer: Offer) -> Offer:
    """The offer that took this one's place, and the one after that: the terms as they stand now."""
    if offer.proposal_id is None:
        return offer
    return Offer.objects.filter(proposal=offer.proposal_id).select_related("client", "client__person", "worker").order_by("-version")[0]


def version_before(offer: Offer) -> Offer | None:
    """The terms that these replaced."""
    return Offer.objects.filter(proposal=offer.proposal_id, version__lt=offer.version).order_by("-version").first()


def funded_for(user) -> QuerySet[Milestone]:
    """Everything for which a client's money came in, the newest first."""
    return (Milestone.objects.filter(contract__client__in=Party.objects.acting_for(user, Power.PAYER), funded_at__isnull=False)
            .select_related("contract", "contract__worker", "contract__offer").order_by("-funded_at", "-pk"))


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """What a client has done here, as it stands on their posts."""

    jobs_count: int
    contracts_count: int
    accepted_count: int
    accepted_by_town_count: int


def about_client_record(party: int) -> list:
    """What `client_record` asks, for `asked_together`."""
    return [_posts_of.about(party), _contracts_of.about(party)]


def client_record(party) -> ClientRecord:
    """How a client behaved: counted from posts and contracts."""
    posts, contracts = _posts_of(party.pk), _contracts_of(party.pk)
    return ClientRecord(*(posts[0] if posts else (0,)), *(contracts[0] if contracts else (0, 0, 0)))


_posts_of = Question(lambda party: Job.objects.filter(client=party).exclude(state="draft").order_by("client").values("client")
                     .annotate(posts=Count("pk")).values_list("posts"))
_contracts_of = Question(lambda party: Milestone.objects.filter(contract__client=party)
                         .order_by("contract__client").values("contract__client")
                         .annotate(contracts=Count("contract", distinct=True, filter=~Q(contract__state=ContractState.VOID)),
                                   accepted=Count("pk", filter=Q(state=MilestoneState.ACCEPTED) | Q(timesheet__billed_minutes__gt=0)),
                                   by_town=Count("pk", filter=Q(was_accepted_by_town=True)))
                         .values_list("contracts", "accepted", "by_town"))
