"""A week of work by the hour as its page and the contract's page show it."""
import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.contracts import policies
from machi.contracts.between import between
from machi.contracts.models import Contract, RevisionRequest, TimeEntry, Timesheet
from machi.contracts.weeks import hours_in
from machi.payments.fees import Settlement
from machi.shared import clock
from machi.web.frame.words import day, hours, until, yen
from machi.web.pages.contracts.between_two import dispute_context, wish_context
from machi.web.pages.contracts.showing import head_of, seen_by
from machi.web.pages.contracts.week_forms import time_words
from machi.web.pages.contracts.week_lines import money_of
from machi.web.pages.contracts.week_words import state_words


class EntryLine(NamedTuple):
    entry: TimeEntry
    day: str
    times: str
    hours: str


class Press(NamedTuple):
    """The one thing that is this person's to do about a week now: a page, or a press of its clock (`do`)."""

    words: str
    way: str
    icon: str
    do: str = ""


def entries_of(sheet: Timesheet) -> list[EntryLine]:
    """What is written down and finished, by time."""
    lines = []
    for entry in sheet.entries.standing().filter(ended_at__isnull=False).order_by("started_at"):
        times = _("week.times") % {"began": time_words(entry.started_at), "ended": time_words(entry.ended_at)}
        lines.append(EntryLine(entry, day(entry.started_at), times, hours(entry.minutes)))
    return lines


def week_context(request, contract: Contract, sheet: Timesheet, **more) -> dict:
    """Everything on the page of one week."""
    user, milestone, between_two = request.user, sheet.milestone, between(contract)
    seen = seen_by(user, contract, milestone.number)
    can_record, running = policies.can_record(user, milestone), sheet.entries.standing().filter(ended_at=None).first()
    money, now = money_of(milestone, sheet.minutes), clock.now()
    shown = head_of(seen) | wish_context(user, seen, between_two) | dispute_context(user, seen, between_two) | {
        "sheet": sheet, "milestone": milestone, "state": (milestone.state, state_words(milestone)),
        "lines": entries_of(sheet), "running": running, "began": time_words(running.started_at) if running else "",
        "money": money, "sum": sum_words(money, seen.side), "can_record": can_record,
        "is_week": sheet.begins_at <= now < sheet.is_over_at, "has_begun": sheet.begins_at <= now, "is_past": sheet.submit_by <= now,
        "waits_for_money": policies.waits_for_money(milestone),
        "can_answer": can_record and milestone.revisions_used > 0 and sheet.minutes > 0 and running is None,
        "can_submit": can_record and sheet.minutes > 0 and running is None,
        "can_confirm": policies.can_accept_delivery(user, milestone), "can_ask": policies.can_ask_about_week(user, milestone),
        "asked": RevisionRequest.objects.filter(milestone=milestone).order_by("-round").first(),
        "answer": milestone.deliveries.exclude(text="").order_by("-round").first(), "can_read": policies.can_read_work(user, contract),
        "removed": removed(sheet, can_record), "rate_yen": hours_in(contract.terms).rate_yen, "by": by_when(sheet)}
    return shown | {"press": press_now(shown)} | more


def by_when(sheet: Timesheet) -> tuple[str, datetime.datetime, str] | None:
    """The moment that counts now, and how far away it is: until when the worker hands over, or the client confirms. When it is over, that
    is said: the town has not come round yet.
    """
    if not sheet.milestone.accept_by and not policies.can_record(sheet.contract.worker, sheet.milestone):
        return None
    name, when = (_("week.by.confirm"), sheet.milestone.accept_by) if sheet.milestone.accept_by else (_("week.by.submit"), sheet.submit_by)
    return name, when, until(when) if clock.now() < when else _("week.past")


def press_now(shown: dict) -> Press | None:
    """A question is answered first; what runs is stopped; while the week lasts there is time to work; then its record is handed over."""
    at, running, sheet = (shown["contract"].pk, shown["milestone"].number), shown["running"], shown["sheet"]
    clock_at, submit_at = reverse("contracts:week_press", args=at), reverse("contracts:week_submit", args=at)
    if shown["can_confirm"]:
        return Press(_("week.confirm.go"), reverse("contracts:week_confirm", args=at), "circle-check-big")
    if shown["can_answer"]:
        return Press(_("week.answer.go"), submit_at, "arrow-right")
    if shown["can_record"] and running:
        return None if running.is_forgotten else Press(_("week.stop.deed"), clock_at, "circle-stop", "stop")
    if shown["can_record"] and shown["is_week"] and sheet.left_minutes:
        return Press(_("week.start.deed"), clock_at, "play", "start")
    return Press(_("week.submit.go"), submit_at, "send") if shown["can_submit"] and shown["has_begun"] else None


def removed(sheet: Timesheet, can_record: bool) -> TimeEntry | None:
    """What was taken away last, for as long as it can be brought back at a press."""
    since = clock.now() - datetime.timedelta(minutes=30)
    return sheet.entries.filter(removed_at__gte=since, ended_at__isnull=False).order_by("-removed_at").first() if can_record else None


def sum_words(money: Settlement | None, side: str) -> str:
    if money is None:
        return yen(0)
    return yen(money.worker_receives if side == "worker" else money.client_pays)
