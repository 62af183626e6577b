"""What two had with each other as one paper, as both sides have it while both are here: of a contract the terms, deliveries, letters
and the statement; of an entry that won the receipt of rights, the work and the statement.
"""
from machi.accounts.models import Party
from machi.contracts.models import Bonus, ChangeOrder, Contract, DateRequest, Delivery, Dispute, RevisionRequest, Talk
from machi.messaging.models import Message
from machi.payments.fees import PARTS
from machi.payments.models import Earning
from machi.proposals.entries import Entry
from machi.shared import clock

_TABLES = {"contract": Contract, "entry": Entry}
Dealing = Contract | Entry              # a contract, or an entry that a prize was paid for


def dealing_about(about: str) -> Dealing:
    """The one that a paper is about (contract:7, entry:3)."""
    kind, _colon, number = about.partition(":")
    return _TABLES[kind].objects.get(pk=number)


def client_of(dealing: Dealing) -> Party:
    return dealing.job.client if isinstance(dealing, Entry) else dealing.client


def bundle(dealing: Dealing) -> dict:
    """Everything in plain texts and numbers; files by name, with the name under which they lie."""
    return _won(dealing) if isinstance(dealing, Entry) else _contract(dealing)


def _won(entry: Entry) -> dict:
    issued = entry.rights_paper
    return {
        "entry": entry.reference, "title": issued.paper["contest"], "receipt": issued.paper, "receipt_hash": issued.paper_hash,
        "deliveries": [{"title": entry.title, "text": entry.text, "ai_note": entry.ai_note, "files": _files(entry.files),
                        "delivered_at": entry.submitted_at.isoformat()}],
        "statements": _statements(entry, reference=entry.reference)}


def _contract(contract: Contract) -> dict:
    offer, milestones = contract.offer, list(contract.milestones.order_by("number"))
    return {
        "contract": contract.reference, "title": contract.title, "formed_at": contract.formed_at.isoformat(),
        "ended_at": contract.ended_at.isoformat() if contract.ended_at else None,
        "terms": offer.terms, "terms_hash": offer.terms_hash,
        "additions": [{"addition": one.addition, "hash": one.addition_hash} for one in DateRequest.objects.filter(
            milestone__in=milestones, addition__isnull=False).order_by("version")],
        "signed": [{"addition": one.addition, "hash": one.addition_hash, "words": one.words}
                   for one in ChangeOrder.objects.filter(contract=contract, addition__isnull=False).order_by("version")],
        "disputes": [{"side": one.side, "reason": one.reason, "answer": one.answer, "opened_at": one.opened_at.isoformat(),
                      "files": _files(one.files), **_decided(one)}
                     for one in Dispute.objects.filter(milestone__in=milestones).order_by("pk")],
        "talks": [{"side": one.side, "words": one.words, "asked_at": one.asked_at.isoformat(), "answer": one.answer,
                   "answer_words": one.answer_words}            # of what would help somebody nothing stays when they leave
                  for one in Talk.objects.filter(contract=contract, about=Talk.About.PRICE).order_by("pk")],
        "bonuses": [{"reference": one.reference, "words": one.words, "given_at": one.asked_at.isoformat()}     # sums: its statement
                    for one in Bonus.objects.filter(contract=contract).order_by("pk")],
        "deliveries": [_delivery(delivery) for delivery in Delivery.objects.filter(milestone__in=milestones)
                       .select_related("milestone").order_by("pk")],
        "revisions": [{"step": asked.milestone.number, "round": asked.round, "points": asked.points, "reason": asked.reason,
                       "asked_at": asked.asked_at.isoformat()}
                      for asked in RevisionRequest.objects.filter(milestone__in=milestones).select_related("milestone").order_by("pk")],
        "letters": [{"from": letter.sender.name, "sent_at": letter.sent_at.isoformat(), "body": letter.body}
                    for letter in Message.objects.filter(thread__about=contract.reference).select_related("sender").order_by("pk")],
        "statements": _statements(contract, about=contract.reference),
    }


def _decided(dispute: Dispute) -> dict:
    """What the town proposed and ruled, where it had a part."""
    proposed = getattr(dispute, "proposal", None)
    told = {"proposed": {"price_yen": proposed.price_yen, "words": proposed.words}} if proposed else {}
    for one in dispute.rulings.filter(is_signed=True):
        told["ruled"] = {"price_yen": one.price_yen, "words": one.words, "signed_at": one.answered_at.isoformat()}
    return told


def _delivery(delivery: Delivery) -> dict:
    return {"step": delivery.milestone.number, "round": delivery.round, "text": delivery.text, "ai_note": delivery.ai_note,
            "delivered_at": delivery.delivered_at.isoformat(), "files": _files(delivery.files)}


def with_files(whole: dict) -> list[dict]:
    """The parts of a paper that have files: what was handed over, and the words about a difference."""
    return whole.get("deliveries", []) + [one for one in whole.get("disputes", []) if "files" in one]


def _files(handed_over) -> list[dict]:
    return [{"id": one.file_id, "name": one.file.name, "stored_as": one.file.stored_as, "size": one.file.size, "sha256": one.file.sha256}
            for one in handed_over.select_related("file").order_by("pk")]


def _statements(dealing: Dealing, **of) -> list[dict]:
    return [_statement(earning, dealing) for earning in Earning.objects.filter(**of).select_related("payout").order_by("pk")]


def _statement(earning: Earning, dealing: Dealing) -> dict:
    amounts = {f"{name}_yen": getattr(earning, f"{name}_yen") for name in (*PARTS, "amount")}
    paid_on = earning.payout.paid_on.isoformat() if earning.payout and earning.payout.paid_on else None
    return amounts | {
        "reference": earning.reference, "title": earning.title, "client": str(client_of(dealing)), "worker": dealing.worker.name,
        "registered_number": earning.registered_number,
        "earned_on": clock.day_of(earning.earned_at).isoformat(), "pay_on": earning.pay_on.isoformat(), "paid_on": paid_on}
