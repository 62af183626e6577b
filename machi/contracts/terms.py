"""The terms (条件): the nine items the law wants in writing, frozen, numbered and fingerprinted (フリーランス法3条).

An offer holds them as they were shown. Accepting names the fingerprint that the worker saw, so nobody agrees to other words
than those on their screen.
"""
import datetime
import hashlib
import json

from machi.contracts.models import Contract, DateRequest, Milestone, Offer
from machi.jobs.models import Job
from machi.payments.fees import Settlement, settlement
from machi.payments.paydays import pay_day
from machi.shared import clock
from machi.shared.money import Yen

# What the law wants in writing, by the names the terms use; both names are one of the nine (フリーランス法施行規則1条).
NINE_ITEMS = ("client_name", "worker_name", "agreed_on", "work", "due_on", "place", "accept_by", "price_yen", "pay_on", "paid_by")


def draft_terms(*, job: Job, worker, due_on: datetime.date, reward: Yen) -> dict:
    """The terms for one worker, as plain text and numbers. Amounts in yen, days in ISO form."""
    today = clock.today()
    money = settlement(reward, on=today, is_withheld=job.is_withheld)
    return {
        "client_name": job.client_name, "client_address": job.client_address, "client_contact": job.client_contact,
        "worker_name": worker.name, "agreed_on": today.isoformat(),
        "title": job.title, "work": job.body, "outcome": job.outcome,
        "due_on": due_on.isoformat(), "place": job.place,
        "accept_by": (due_on + datetime.timedelta(days=job.acceptance_days)).isoformat(), "acceptance_days": job.acceptance_days,
        "pay_on": pay_day(due_on, acceptance_days=job.acceptance_days).isoformat(), "paid_by": "bank_transfer",
        "revisions_count": job.revisions_count, "sync": job.sync, "sync_note": job.sync_note, "ai": job.ai, "rights": job.rights,
        "price_yen": int(money.price), "tax_yen": int(money.tax), "fee_yen": int(money.fee), "fee_tax_yen": int(money.fee_tax),
        "withheld_yen": int(money.withheld), "client_pays_yen": int(money.client_pays), "net_yen": int(money.worker_receives),
    }


def addition_to(contract: Contract, milestone: Milestone, request: DateRequest, *, pay_on: datetime.date, now: datetime.datetime,
                after: str) -> dict:
    """What both sides agreed later: another due date, and the day of payment that follows from it.

    The two are named by their side: their names stand in the terms, and are nowhere twice.
    `after` is the fingerprint of what it adds to (the terms, or the addition before), so that the papers of a contract are a chain.
    """
    sides = DateRequest.Side
    return {"contract": contract.pk, "version": request.version, "after": after,
            "due_on": request.wished_on.isoformat(), "due_on_before": milestone.due_on.isoformat(),
            "accept_by": (request.wished_on + datetime.timedelta(days=milestone.acceptance_days)).isoformat(),
            "pay_on": pay_on.isoformat(), "pay_on_before": milestone.pay_on.isoformat(),
            "asked_by": request.side, "asked_at": request.asked_at.isoformat(),
            "agreed_by": sides.CLIENT if request.side == sides.WORKER else sides.WORKER, "agreed_at": now.isoformat()}


def fingerprint(terms: dict) -> str:
    """SHA-256 over the terms in one fixed spelling: the same words give the same fingerprint, everywhere."""
    return hashlib.sha256(json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def money_in(terms: dict) -> Settlement:
    """The settlement that was frozen in the terms: what is paid is what was agreed, whatever the rates are now."""
    return Settlement(*(Yen(terms[f"{part}_yen"]) for part in ("price", "tax", "fee", "fee_tax", "withheld")))


def terms_of(offer: Offer) -> Settlement:
    """The money of an offer."""
    return money_in(offer.terms)
