"""The terms of an offer or a contract as people read them: every item the law wants in writing (フリーランス法3条), in words."""
import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.jobs.models import Job
from machi.notifications.words import day, yen


class Term(NamedTuple):
    """One item. `before` is what stood there in the terms that these replaced, when it was something else."""

    label: str
    text: str
    before: str = ""


def terms_rows(terms: dict, before: dict | None = None) -> list[Term]:
    """All items, in the order of the paper. With `before`, what changed carries its old words."""
    rows, old = _items(terms), dict(_items(before)) if before else {}
    return [Term(label, text, old[label] if label in old and old[label] != text else "") for label, text in rows]


def _items(terms: dict) -> list[tuple[str, str]]:
    return [(label, text) for label, text in (
        (_("terms.client"), _lines(terms["client_name"], terms["client_address"])),
        (_("terms.worker"), terms["worker_name"]),
        (_("terms.agreed_on"), _day(terms["agreed_on"])),
        (_("terms.work"), _lines(terms["title"], terms["work"])),
        (_("terms.outcome"), terms["outcome"]),
        (_("terms.due_on"), _day(terms["due_on"])),
        (_("terms.place"), terms["place"]),
        (_("terms.accept_by"), _("terms.accept_by.text") % {"day": _day(terms["accept_by"]), "n": terms["acceptance_days"]}),
        (_("terms.reward"), _("terms.reward.text") % {"price": yen(terms["price_yen"]), "total": yen(terms["client_pays_yen"])}),
        (_("terms.net"), yen(terms["net_yen"])),
        (_("terms.pay_on"), _day(terms["pay_on"])),
        (_("terms.paid_by"), _("terms.paid_by.bank_transfer")),
        (_("terms.revisions"), _revisions(terms["revisions_count"])),
        (_("terms.ai"), str(Job.AI(terms["ai"]).label)),
        (_("terms.rights"), str(Job.Rights(terms["rights"]).label)),
        (_("terms.contact"), _lines(Job.Sync(terms["sync"]).label, terms["sync_note"], terms["client_contact"])),
    ) if text]


def _revisions(count: int) -> str:
    return _("terms.revisions.text") % {"n": count} if count else _("terms.revisions.none")


def _day(text: str) -> str:
    return day(datetime.date.fromisoformat(text))


def _lines(*texts) -> str:
    return "\n".join(str(text) for text in texts if text)
