"""The terms of an offer or a contract as people read them: every item the law wants in writing (フリーランス法3条), in words."""
import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.contracts import weeks
from machi.contracts.counting import listed_in, withholding_in
from machi.contracts.models import ChangeOrder, DateRequest
from machi.jobs.conditions import block_said, channels_said, slack_said
from machi.jobs.models import Job
from machi.notifications.words import day, hours, moment, yen
from machi.taxes.rates import withheld_name


class Term(NamedTuple):
    """One item. `before` is what stood there in the terms that these replaced, when it was something else."""

    label: str
    text: str
    before: str = ""


def terms_rows(terms: dict, before: dict | None = None) -> list[Term]:
    """All items, in the order of the paper. With `before`, what changed carries its old words."""
    rows, old = _items(terms), dict(_items(before)) if before else {}
    return [Term(label, text, old[label] if label in old and old[label] != text else "") for label, text in rows]


class Addition(NamedTuple):
    """What was agreed after the terms, as a paper of its own. `step`: of which step, where there are several."""

    version: int
    rows: list[Term]
    fingerprint: str
    after: str
    step: str = ""


def addition_rows(agreed: DateRequest, terms: dict, step: str = "") -> Addition:
    """Another due date, in the words of the terms."""
    paper = agreed.addition
    when = moment(datetime.datetime.fromisoformat(paper["agreed_at"]))
    return Addition(agreed.version, [
        Term(_("agreed.due_on"), _day(paper["due_on"]), _day(paper["due_on_before"])),
        Term(_("agreed.accept_by"), _day(paper["accept_by"])),
        Term(_("agreed.pay_on"), _day(paper["pay_on"]), _day(paper["pay_on_before"]) if paper["pay_on"] != paper["pay_on_before"] else ""),
        Term(_("dates.agreed.who"), _("dates.agreed.who.text") % {
            "asked": terms[f"{paper['asked_by']}_name"], "agreed": terms[f"{paper['agreed_by']}_name"], "when": when}),
    ], agreed.addition_hash, paper["after"], step)


def change_rows(signed: ChangeOrder, terms: dict) -> Addition:
    """What both signed about the contract: other steps, a part of the money, the end."""
    paper = signed.addition
    when = moment(datetime.datetime.fromisoformat(paper["agreed_at"]))
    text = _("change.week.text") if "hourly" in terms else _("change.step.text")
    steps = [Term(step["title"] or terms["title"], text % {"price": yen(step["price_yen"]), "day": _day(step["due_on"])})
             for step in paper["steps"]]
    parts = [Term(_("change.part.row"), _("change.part.row.text") % {"number": part["number"], "price": yen(part["price_yen"])})
             for part in paper["parts"]]
    return Addition(signed.version, [
        Term(_("change.kind"), str(ChangeOrder.Kind(paper["kind"]).label)), *steps, *parts,
        *([Term(_("change.words"), signed.words)] if signed.words else []),
        Term(_("dates.agreed.who"), _("dates.agreed.who.text") % {
            "asked": terms[f"{paper['asked_by']}_name"], "agreed": terms[f"{paper['agreed_by']}_name"], "when": when}),
    ], signed.addition_hash, paper["after"])


def _items(terms: dict) -> list[tuple[str, str]]:
    return [(label, text) for label, text in (
        (_("agreed.client"), _lines(terms["client_name"], terms["client_address"])),
        (_("agreed.worker"), terms["worker_name"]),
        (_("agreed.agreed_on"), _day(terms["agreed_on"])),
        (_("agreed.work"), _lines(terms["title"], terms["work"])),
        (_("agreed.needs"), terms.get("needs", "")),
        (_("agreed.order"), terms.get("order", "")),
        (_("agreed.outcome"), terms["outcome"]),
        (_("agreed.took_over"), _took_over(terms)),
        *_by_the_hour(terms),
        *((_("agreed.step") % {"n": step["number"]}, _("agreed.step.text") % {
            "title": step["title"], "price": yen(step["price_yen"] + step["tax_yen"]), "net": yen(step["net_yen"]),
            "due": _day(step["due_on"]), "pay": _day(step["pay_on"])}) for step in terms.get("steps", ()) if "hourly" not in terms),
        (_("agreed.last_record") if "hourly" in terms else _("agreed.due_on"), _day(terms["due_on"])),
        (_("agreed.place"), terms["place"]),
        _acceptance(terms),
        (_("agreed.reward"), _("agreed.reward.text") % {
            "price": yen(terms["price_yen"]), "total": yen(terms["price_yen"] + terms["tax_yen"])}),
        (_("money.client_fee"), _client_fee(terms)),
        (withheld_name(datetime.date.fromisoformat(terms["pay_on"])), _withheld(terms)),
        (_("agreed.net"), yen(terms["net_yen"])),
        (_("agreed.pay_on"), _day(terms["pay_on"])),
        (_("agreed.paid_by"), _("agreed.paid_by.bank_transfer")),
        (_("agreed.revisions"), "" if "hourly" in terms else _revisions(terms["revisions_count"])),
        (_("agreed.ai"), str(Job.AI(terms["ai"]).label)),
        (_("agreed.rights"), str(Job.Rights(terms["rights"]).label)),
        (_("job.channels.label"), channels_said(terms.get("channels", []))),
        (_("job.block.label"), block_said(terms.get("block_minutes"))),
        (_("job.slack.label"), "" if "hourly" in terms else slack_said(terms.get("slack_days", 0))),
        (_("agreed.contact"), _lines(Job.Sync(terms["sync"]).label, terms["sync_note"], terms["client_contact"])),
    ) if text]


def _withheld(terms: dict) -> str:
    """What is withheld, and why; or why nothing is."""
    if "withholding" not in terms:
        return ""
    part = listed_in(terms)
    of = _("agreed.withheld.of") % {"part": yen(part.yen), "whole": yen(part.of)} if part else ""
    return _lines(yen(terms["withheld_yen"]), withholding_in(terms), of)


def _client_fee(terms: dict) -> str:
    """What the client pays the town beside the price, where there is such a fee."""
    if not (fee := terms.get("client_fee_yen")):
        return ""
    return _("agreed.client_fee.text") % {
        "fee": yen(fee), "tax": yen(terms["client_fee_tax_yen"]), "total": yen(terms["client_pays_yen"])}


def _took_over(terms: dict) -> str:
    """Which step of which contract goes on here, and what of it the worker before keeps."""
    if not (told := terms.get("took_over")):
        return ""
    return _("agreed.took_over.text") % {"number": told["contract"], "step": told["step"], "price": yen(told["price_yen"]),
                                         "mine": told["kept_percent"]}


def _by_the_hour(terms: dict) -> list[tuple[str, str]]:
    """What an hour is worth, how many there are in a week, and how a week is confirmed and paid."""
    if "hourly" not in terms:
        return []
    rate, weekly, count = weeks.hours_in(terms)
    full = terms["steps"][0]
    return [
        (_("agreed.rate"), _("agreed.rate.text") % {"rate": yen(rate)}),
        (_("agreed.weekly_hours"), hours(weekly * 60)),
        (_("agreed.weeks"), _("agreed.weeks.text") % {
            "n": count, "first": _day(weeks.first_day(datetime.date.fromisoformat(full["due_on"])).isoformat())}),
        (_("agreed.full_week"), _("agreed.full_week.text") % {"gross": yen(full["client_pays_yen"]), "net": yen(full["net_yen"])}),
        (_("agreed.week_confirmed"), _("agreed.week_confirmed.text") % {"n": terms["acceptance_days"]}),
    ]


def _acceptance(terms: dict) -> tuple[str, str]:
    """Until when the client answers; of several weeks the last."""
    gaps = {"day": _day(terms["accept_by"]), "n": terms["acceptance_days"]}
    if "hourly" in terms:
        return _("week.by.confirm"), _("agreed.last_confirmed.text") % gaps
    return _("agreed.accept_by"), _("agreed.accept_by.text") % gaps


def _revisions(count: int) -> str:
    return _("agreed.revisions.text") % {"n": count} if count else _("agreed.revisions.none")


def _day(text: str) -> str:
    return day(datetime.date.fromisoformat(text))


def _lines(*texts) -> str:
    return "\n".join(str(text) for text in texts if text)
