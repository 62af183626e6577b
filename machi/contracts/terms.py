"""The terms (条件): the nine items the law wants in writing, frozen, numbered and fingerprinted (フリーランス法3条).

An offer holds them as they were shown. Accepting names the fingerprint that the worker saw, so nobody agrees to other words
than those on their screen.
"""
import datetime
import hashlib
import json

from machi.contracts.models import Offer
from machi.jobs.models import Job
from machi.payments.fees import Settlement, settlement
from machi.payments.paydays import pay_day
from machi.shared import clock
from machi.shared.money import Yen

# What the law wants in writing, by the names the terms use; both names are one of the nine (フリーランス法施行規則1条).
NINE_ITEMS = ("client_name", "worker_name", "agreed_on", "work", "due_on", "place", "accept_by", "price_yen", "pay_on", "paid_by")


def is_withheld(job: Job) -> bool:
    """Is income tax withheld? The client must be a withholding agent and the work on the law's list (所得税法204条)."""
    return bool(job.client.is_withholding_agent and job.category and job.category.is_withheld)


def money_of(job: Job, *, on: datetime.date | None = None) -> Settlement:
    """Both sides' money for one seat of this post, by the rates of a day (today)."""
    return settlement(job.reward, on=on or clock.today(), is_withheld=is_withheld(job))


def draft_terms(*, job: Job, worker, due_on: datetime.date, reward: Yen) -> dict:
    """The terms for one worker, as plain text and numbers. Amounts in yen, days in ISO form."""
    today = clock.today()
    money = settlement(reward, on=today, is_withheld=is_withheld(job))
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


def fingerprint(terms: dict) -> str:
    """SHA-256 over the terms in one fixed spelling: the same words give the same fingerprint, everywhere."""
    return hashlib.sha256(json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def money_in(terms: dict) -> Settlement:
    """The settlement that was frozen in the terms: what is paid is what was agreed, whatever the rates are now."""
    return Settlement(*(Yen(terms[f"{part}_yen"]) for part in ("price", "tax", "fee", "fee_tax", "withheld")))


def terms_of(offer: Offer) -> Settlement:
    """The money of an offer."""
    return money_in(offer.terms)
