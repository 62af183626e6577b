"""What the town asks on the way, and a notice that was given, read in one question (途中の様子、予告)."""
import datetime
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from machi.contracts.models import CheckIn, Contract, EndNotice
from machi.shared.question import Question, as_read


class Care(NamedTuple):
    """What was asked about each step (the newest last), and the notice of the client, if there is one."""

    check_ins: list[CheckIn]
    notice: EndNotice | None


_CHECK_IN = ("id", "milestone_id", "percent", "answer", "answered_at")
_NOTICE = ("id", "last_on", "given_at", "reason_asked_at", "reason", "reason_told_at", "carried_out_at")
_care = Question(lambda contract: Contract.objects.filter(pk=contract).order_by("pk").values_list(
    ArraySubquery(CheckIn.objects.filter(milestone__contract=OuterRef("pk")).order_by("pk").values_list(
        JSONObject(**{name: name for name in _CHECK_IN}))),
    ArraySubquery(EndNotice.objects.filter(contract=OuterRef("pk")).order_by("pk").values_list(
        JSONObject(**{name: name for name in _NOTICE})))))


def about_care(contract: int) -> list:
    """What `care` asks, for `asked_together`."""
    return [_care.about(contract)]


def care(contract: Contract) -> Care:
    """One question."""
    (check_ins, notices), = _care(contract.pk)
    found = [as_read(EndNotice, (_with_times(told) | {"contract_id": contract.pk}).items()) for told in notices]
    for notice in found:
        notice.contract = contract
    return Care([as_read(CheckIn, _with_times(told).items()) for told in check_ins], next(iter(found), None))


def _with_times(told: dict) -> dict:
    """JSON writes a moment and a day as text."""
    return told | {name: datetime.datetime.fromisoformat(value) if name.endswith("_at") else datetime.date.fromisoformat(value)
                   for name, value in told.items() if value and name.endswith(("_at", "_on"))}
