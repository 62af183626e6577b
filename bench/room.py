"""A contract in a town of the bench in which very much has happened, made once: its story, its letters, its deliveries, its dates."""
import datetime

from django.db import connection

from machi.activity.models import Fact
from machi.contracts import facts
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import Contract, Delivery, RevisionRequest
from machi.messaging.models import Message, Thread

HOUR = datetime.timedelta(hours=1)
PLACE = 100                                         # among the delivered contracts: one that no other page is measured with
ROUNDS = 40


def room_of(rows: int) -> Contract:
    """A contract with so many rows in its story and as many letters."""
    delivered = Contract.objects.filter(milestones__state=MilestoneState.DELIVERED).select_related("worker").order_by("pk")
    contract = delivered[PLACE]
    if Fact.objects.filter(about=contract.reference).count() < rows:
        _live(contract, rows)
    return contract


def _live(contract: Contract, rows: int) -> None:
    milestone, client = contract.milestones.get(), contract.client.person
    thread, begun = Thread.objects.get(about=contract.reference), contract.formed_at
    rounds = [2 + number for number in range(ROUNDS)]
    Message.objects.bulk_create(
        Message(thread=thread, sender=client if number % 2 else contract.worker, key=f"long-{number}", body="原稿の三枚目を直しました。",
                sent_at=begun + number * HOUR / 4) for number in range(rows))
    Delivery.objects.bulk_create(
        Delivery(milestone=milestone, round=number, text="直したものです。\n\n" + "港の朝を書きました。" * 40, ai_note="使っていません",
                 delivered_at=begun + number * HOUR) for number in rounds)
    RevisionRequest.objects.bulk_create(
        RevisionRequest(milestone=milestone, round=number, points="題を短く\n写真を一枚", asked_at=begun + number * HOUR)
        for number in rounds[:-1])
    kinds = (facts.DELIVERED, facts.CHANGES_ASKED, facts.DATE_MOVED)
    Fact.objects.bulk_create(
        Fact(happened_at=begun + number * HOUR / 4, name=kinds[number % len(kinds)], actor=client if number % 2 else contract.worker,
             about=contract.reference, data={"milestone": milestone.pk, "round": number, "due_on": milestone.due_on.isoformat()})
        for number in range(rows))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE activity_fact, messaging_message, contracts_delivery, contracts_revisionrequest")
