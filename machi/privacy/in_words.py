"""Sealed papers as people read them: the terms with what was agreed later, the receipt of rights, and the statement of a
reward."""
import datetime

from django.utils.translation import gettext as _

from machi.contracts.models import ChangeOrder, DateRequest
from machi.contracts.papers import Addition, Term, addition_rows, change_rows, terms_rows
from machi.notifications.words import day, yen
from machi.proposals.papers import receipt_rows


def items_of(opened: dict) -> list[Term]:
    """Every item of one paper, in its order."""
    if "papers" in opened:
        return [_paper(one["payload"]) for one in opened["papers"]]
    if "terms" in opened:
        return terms_rows(opened["terms"])
    return [Term(label, text) for label, text in (receipt_rows(opened["receipt"]) if "receipt" in opened else _statement(opened))]


def additions_in(opened: dict) -> list[Addition]:
    """What both sides agreed after the terms."""
    return [addition_rows(DateRequest(version=one["addition"]["version"], addition=one["addition"], addition_hash=one["hash"]),
                          opened["terms"]) for one in opened.get("additions", ())]


def signed_in(opened: dict) -> list[Addition]:
    """What both signed about the contract after the terms."""
    return [change_rows(ChangeOrder(version=one["addition"]["version"], addition=one["addition"], addition_hash=one["hash"],
                                    words=one["words"]), opened["terms"]) for one in opened.get("signed", ())]


def _paper(payload: dict) -> Term:
    """One paper of trade: all of it, as it stood."""
    lines = [payload["date"], *filter(None, payload["by"]), "→ " + "、".join(filter(None, payload["to"])), "：".join(payload["sum"]),
             *(f"{label}：{text}" for label, text in payload["rows"]), *(" ".join(line) for line in payload["table"]), *payload["notes"]]
    return Term(f"{payload['title']} {payload['number']}", "\n".join(lines))


def _statement(paper: dict) -> list[tuple[str, str]]:
    days = [(_("statement.accepted"), "earned_on"), (_("agreed.pay_on"), "pay_on"), (_("statement.arrived"), "paid_on")]
    amounts = [(_("money.price"), "price_yen"), (_("money.tax"), "tax_yen"), (_("money.fee"), "fee_yen"),
               (_("money.fee_tax"), "fee_tax_yen"), (_("money.withheld"), "withheld_yen"), (_("money.net"), "amount_yen"),
               *([(_("money.client_fee"), "client_fee_yen"), (_("money.client_fee_tax"), "client_fee_tax_yen")]
                 if paper.get("client_fee_yen") else [])]
    return [
        (_("agreed.client"), paper["client"]), (_("agreed.worker"), paper["worker"]), (_("agreed.work"), paper["title"]),
        *((label, day(datetime.date.fromisoformat(paper[name])) if paper[name] else _("statement.not_yet")) for label, name in days),
        *((label, yen(paper[name])) for label, name in amounts),
        (_("statement.number"), paper["reference"].partition(":")[2])]
