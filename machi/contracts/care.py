"""What the town asks on the way, a notice that was given, and who stands by, read in one question (途中の様子、予告、交代の人)."""
import datetime
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from machi.accounts.models import User
from machi.contracts.lifecycle import OfferState, StandInState
from machi.contracts.models import CheckIn, Contract, EndNotice, Offer, StandIn
from machi.shared.question import Question, as_read


class Care(NamedTuple):
    """What was asked about each step (the newest last); the notice of the client, if there is one; who stands by or took over, and
    until when they have to answer, if they were called. In a contract that was taken over: whose note waits there.
    """

    check_ins: list[CheckIn]
    notice: EndNotice | None
    stand_in: StandIn | None
    called_until: datetime.datetime | None


_CHECK_IN = ("id", "milestone_id", "percent", "answer", "answered_at")
_NOTICE = ("id", "last_on", "given_at", "reason_asked_at", "reason", "reason_told_at", "carried_out_at")
_STAND_IN = ("id", "contract_id", "person_id", "person__display_name", "kept_percent", "state", "person_agreed_at", "client_agreed_at",
             "note")
_STAND_INS = StandIn.objects.filter(Q(contract=OuterRef("pk")) | Q(contract__taken_over_by=OuterRef("pk")), state__in=(
    StandInState.ASKED, StandInState.READY, StandInState.TOOK_OVER)).order_by("-pk")
_CALL = Subquery(Offer.objects.filter(stand_in=OuterRef("pk"), state=OfferState.OPEN).values("answer_by")[:1])
_care = Question(lambda contract: Contract.objects.filter(pk=contract).order_by("pk").values_list(
    ArraySubquery(CheckIn.objects.filter(milestone__contract=OuterRef("pk")).order_by("pk").values_list(
        JSONObject(**{name: name for name in _CHECK_IN}))),
    ArraySubquery(_STAND_INS.values_list(JSONObject(**{name: name for name in _STAND_IN}, until=_CALL))),
    ArraySubquery(EndNotice.objects.filter(contract=OuterRef("pk")).order_by("pk").values_list(
        JSONObject(**{name: name for name in _NOTICE})))))


def about_care(contract: int) -> list:
    """What `care` asks, for `asked_together`."""
    return [_care.about(contract)]


def care(contract: Contract) -> Care:
    """One question."""
    (check_ins, stand_ins, notices), = _care(contract.pk)
    found = [as_read(EndNotice, (_with_times(told) | {"contract_id": contract.pk}).items()) for told in notices]
    for notice in found:
        notice.contract = contract
    stand_in, until = _stand_in(contract, stand_ins[0]) if stand_ins else (None, None)
    return Care([as_read(CheckIn, _with_times(told).items()) for told in check_ins], next(iter(found), None), stand_in, until)


def _stand_in(contract: Contract, told: dict) -> tuple[StandIn, datetime.datetime | None]:
    until, name = told.pop("until"), told.pop("person__display_name")
    one = as_read(StandIn, _with_times(told).items())
    one.person = as_read(User, {"id": one.person_id, "display_name": name}.items())
    if one.contract_id == contract.pk:
        one.contract = contract
    return one, datetime.datetime.fromisoformat(until) if until else None


def _with_times(told: dict) -> dict:
    """JSON writes a moment and a day as text."""
    return told | {name: datetime.datetime.fromisoformat(value) if name.endswith("_at") else datetime.date.fromisoformat(value)
                   for name, value in told.items() if value and name.endswith(("_at", "_on"))}
