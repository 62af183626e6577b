"""A contract as one paper: terms, deliveries, letters and the statement, as both sides have it while both are here."""
from machi.contracts.models import ChangeOrder, Contract, DateRequest, Delivery, Dispute, RevisionRequest
from machi.messaging.models import Message
from machi.payments.models import Earning
from machi.shared import clock


def bundle(contract: Contract) -> dict:
    """Everything in plain texts and numbers; files by name, with the name under which they lie."""
    offer, milestones = contract.offer, list(contract.milestones.order_by("number"))
    earnings = Earning.objects.filter(about=contract.reference).select_related("payout").order_by("pk")
    return {
        "contract": contract.reference, "title": contract.title, "formed_at": contract.formed_at.isoformat(),
        "ended_at": contract.ended_at.isoformat() if contract.ended_at else None,
        "terms": offer.terms, "terms_hash": offer.terms_hash,
        "additions": [{"addition": one.addition, "hash": one.addition_hash} for one in DateRequest.objects.filter(
            milestone__in=milestones, addition__isnull=False).order_by("version")],
        "signed": [{"addition": one.addition, "hash": one.addition_hash, "words": one.words}
                   for one in ChangeOrder.objects.filter(contract=contract, addition__isnull=False).order_by("version")],
        "disputes": [{"side": one.side, "reason": one.reason, "answer": one.answer, "opened_at": one.opened_at.isoformat()}
                     for one in Dispute.objects.filter(milestone__in=milestones).order_by("pk")],
        "deliveries": [_delivery(delivery) for delivery in Delivery.objects.filter(milestone__in=milestones)
                       .select_related("milestone").order_by("pk")],
        "revisions": [{"step": asked.milestone.number, "round": asked.round, "points": asked.points, "asked_at": asked.asked_at.isoformat()}
                      for asked in RevisionRequest.objects.filter(milestone__in=milestones).select_related("milestone").order_by("pk")],
        "letters": [{"from": letter.sender.name, "sent_at": letter.sent_at.isoformat(), "body": letter.body}
                    for letter in Message.objects.filter(thread__about=contract.reference).select_related("sender").order_by("pk")],
        "statements": [_statement(earning, contract) for earning in earnings],
    }


def _delivery(delivery: Delivery) -> dict:
    files = [{"id": one.pk, "name": one.file.name, "stored_as": one.file.stored_as, "size": one.file.size, "sha256": one.file.sha256}
             for one in delivery.files.select_related("file").order_by("pk")]
    return {"step": delivery.milestone.number, "round": delivery.round, "text": delivery.text, "ai_note": delivery.ai_note,
            "delivered_at": delivery.delivered_at.isoformat(), "files": files}


def _statement(earning: Earning, contract: Contract) -> dict:
    amounts = {name: getattr(earning, name) for name in ("price_yen", "tax_yen", "fee_yen", "fee_tax_yen", "withheld_yen", "amount_yen")}
    paid_on = earning.payout.paid_on.isoformat() if earning.payout and earning.payout.paid_on else None
    return amounts | {
        "reference": earning.reference, "title": earning.title, "client": str(contract.client), "worker": contract.worker.name,
        "earned_on": clock.day_of(earning.earned_at).isoformat(), "pay_on": earning.pay_on.isoformat(), "paid_on": paid_on}
