"""What lies between the two of a contract beside its terms and its steps, read in one question: wishes and what both signed (条件の相談),
their differences, what the town asks on the way (途中の様子), a notice that was given (予告), what one side asked to talk about
(価格の協議、配慮の相談), what was given beside the price (おひねり), and who stands by (交代の人).
"""
import datetime
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, JSONObject

from machi.accounts.models import User
from machi.contracts.lifecycle import BonusState, DisputeState, OfferState, StandInState, WishState
from machi.contracts.models import (
    Bonus,
    ChangeOrder,
    CheckIn,
    Contract,
    Dispute,
    DisputeFile,
    DisputeProposal,
    EndNotice,
    Offer,
    Ruling,
    StandIn,
    Talk,
)
from machi.contracts.queries import GivenFile
from machi.payments.fees import PARTS
from machi.payments.models import Earning
from machi.payments.queries import bonus_place
from machi.shared.question import Question, as_read


class Between(NamedTuple):
    """What is open, what was agreed and what was told, the oldest first."""

    asked: ChangeOrder | None                           # a wish that waits for an answer
    signed: list[ChangeOrder]
    disputes: list[Dispute]                             # those that are open; of a project one, by the hour one about each week
    told: list[Dispute]                                 # every difference, also those that are over
    check_ins: list[CheckIn]
    notice: EndNotice | None
    talks: list[Talk]                                   # about the price, and about what would help
    bonuses: list[Bonus]                                # given beside the price, or still waited for; each with its `earning`
    stand_in: StandIn | None                            # or took over. In a contract that was taken over: whose note waits there
    called_until: datetime.datetime | None              # until when they have to answer, if they were called


_ORDER = ("id", "kind", "side", "words", "steps", "parts", "months_count", "state", "answer_by", "version", "addition", "addition_hash")
_DISPUTE = ("id", "milestone_id", "side", "round", "reason", "state", "opened_at", "answer_by", "answer", "mediator_id",
            "mediator__display_name", "mediator__closed_at", "decide_by")
_PROPOSAL = ("price_yen", "words", "worker_agreed_at", "client_agreed_at", "refused_side", "refused_words")
_RULING = ("price_yen", "words", "answered_at")
_FILES = ArraySubquery(DisputeFile.objects.filter(dispute=OuterRef("pk")).order_by("pk").values_list(
    JSONObject(side="side", pk="pk", name="file__name", size="file__size")))
_CHECK_IN = ("id", "milestone_id", "percent", "answer", "answered_at")
_NOTICE = ("id", "last_on", "given_at", "reason_asked_at", "reason", "reason_told_at", "carried_out_at")
_TALK = ("id", "about", "side", "asked_at", "words", "helps", "wished_yen", "answer", "answered_at", "answer_words")
_STAND_IN = ("id", "contract_id", "person_id", "person__display_name", "kept_percent", "state", "person_agreed_at", "client_agreed_at",
             "note")
_STAND_INS = StandIn.objects.filter(Q(contract=OuterRef("pk")) | Q(contract__taken_over_by=OuterRef("pk")), state__in=(
    StandInState.ASKED, StandInState.READY, StandInState.TOOK_OVER)).order_by("-pk")
_BONUS = ("id", "given_by_id", "words", "state", "until_at", "pay_on", *(f"{part}_yen" for part in PARTS))
_EARNING = Subquery(Earning.objects.filter(reference=Concat(Value(bonus_place("")), Cast(OuterRef("pk"), CharField()))).values("pk")[:1])
_CALL = Subquery(Offer.objects.filter(stand_in=OuterRef("pk"), state=OfferState.OPEN).values("answer_by")[:1])


_PROPOSALS = ArraySubquery(DisputeProposal.objects.filter(dispute=OuterRef("pk")).values_list(
    JSONObject(**{name: name for name in _PROPOSAL})))
_RULINGS = ArraySubquery(Ruling.objects.filter(dispute=OuterRef("pk"), is_signed=True).values_list(
    JSONObject(**{name: name for name in _RULING})))


def _rows(rows, columns: tuple[str, ...], **more) -> ArraySubquery:
    return ArraySubquery(rows.values_list(JSONObject(**{name: name for name in columns}, **more)))


_between = Question(lambda contract: Contract.objects.filter(pk=contract).order_by("pk").values_list(
    _rows(ChangeOrder.objects.filter(contract=OuterRef("pk"), state__in=(WishState.ASKED, WishState.AGREED)).order_by("pk"), _ORDER),
    _rows(Dispute.objects.filter(milestone__contract=OuterRef("pk")).order_by("pk"), _DISPUTE, told_files=_FILES,
          proposals=_PROPOSALS, rulings=_RULINGS),
    _rows(CheckIn.objects.filter(milestone__contract=OuterRef("pk")).order_by("pk"), _CHECK_IN),
    _rows(EndNotice.objects.filter(contract=OuterRef("pk")).order_by("pk"), _NOTICE),
    _rows(Talk.objects.filter(contract=OuterRef("pk")).order_by("pk"), _TALK),
    _rows(_STAND_INS, _STAND_IN, until=_CALL),
    _rows(Bonus.objects.filter(contract=OuterRef("pk")).exclude(state=BonusState.LAPSED).order_by("pk"), _BONUS, earning=_EARNING)))


def about_between(contract: int) -> list:
    """What `between` asks, for `asked_together`."""
    return [_between.about(contract)]


def between(contract: Contract) -> Between:
    """One question, however much the two have asked for."""
    (orders, disputes, check_ins, notices, talks, stand_ins, bonuses), = _between(contract.pk)
    wishes, told = _read(ChangeOrder, orders), [_dispute(one) for one in disputes]
    given = _read(EndNotice, notices, contract_id=contract.pk)
    talked = _read(Talk, talks, contract_id=contract.pk)
    for one in (*wishes, *given, *talked):
        one.contract_id, one.contract = contract.pk, contract
    return Between(next((one for one in wishes if one.state == WishState.ASKED), None),
                   [one for one in wishes if one.state == WishState.AGREED],
                   [one for one in told if one.state != DisputeState.CLOSED], told,
                   _read(CheckIn, check_ins), next(iter(given), None), talked, _read(Bonus, bonuses, contract_id=contract.pk),
                   *(_stand_in(contract, stand_ins[0]) if stand_ins else (None, None)))


def files_beside(dispute: Dispute, side: str) -> list[GivenFile]:
    """What one side put beside its words about a difference that `between` found."""
    return [GivenFile(one["pk"], one["name"], one["size"]) for one in dispute.told_files if one["side"] == side]


def _dispute(told: dict) -> Dispute:
    """With the moderator's name, what they proposed, and the ruling that was signed."""
    proposals, rulings = told.pop("proposals"), told.pop("rulings")
    named = {"id": told["mediator_id"], "display_name": told.pop("mediator__display_name"), "closed_at": told.pop("mediator__closed_at")}
    one, = _read(Dispute, [told])
    if one.mediator_id:
        one.mediator = as_read(User, named.items())
    for proposal in _read(DisputeProposal, proposals):
        one.proposal = proposal
    one.ruling = next(iter(_read(Ruling, rulings)), None)
    return one


def _stand_in(contract: Contract, told: dict) -> tuple[StandIn, datetime.datetime | None]:
    until, name = told.pop("until"), told.pop("person__display_name")
    one, = _read(StandIn, [told])
    one.person = as_read(User, {"id": one.person_id, "display_name": name}.items())
    if one.contract_id == contract.pk:
        one.contract = contract
    return one, datetime.datetime.fromisoformat(until) if until else None


def _read(model, rows: list[dict], **more) -> list:
    return [as_read(model, (_with_times(row) | more).items()) for row in rows]


def _with_times(told: dict) -> dict:
    """JSON writes a moment and a day as text."""
    return told | {name: datetime.date.fromisoformat(value) if name.endswith("_on") else datetime.datetime.fromisoformat(value)
                   for name, value in told.items() if value and name.endswith(("_at", "_on", "_by"))}
