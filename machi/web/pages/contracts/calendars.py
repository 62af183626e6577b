"""The days of a contract as a calendar (RFC 5545): until when money comes in, when to hand over, when the town accepts, when money leaves,
and until when somebody answers what was asked. By the hour: until when the record of a week may be written, and until when it is confirmed.
"""
import datetime
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from icalendar import Calendar, Event

from machi.contracts import policies
from machi.contracts.between import between
from machi.contracts.models import Milestone
from machi.contracts.queries import dates_of
from machi.contracts.titles import titled
from machi.contracts.weeks import first_day
from machi.shared import clock
from machi.web.pages.contracts.paying import Pays, pays
from machi.web.pages.contracts.showing import contract_for, earned_in, seen_by
from machi.web.pages.contracts.standing import Seen
from machi.web.pages.contracts.week_lines import next_to_fund, sheets_of


class Day(NamedTuple):
    """What falls on a day. `name` and what it is about never change: taken in again, it is the same entry."""

    about: str
    name: str
    title: str
    day: datetime.date


@require_GET
def calendar(request, pk: int):
    """One file with the days of every step that is not over; taken in again it replaces what it said before."""
    contract = contract_for(request, pk)
    seen, address = seen_by(request.user, contract), request.build_absolute_uri(reverse("contracts:room", args=[pk]))
    made = Calendar()
    made.add("prodid", "-//Machi//contract//")
    made.add("version", "2.0")
    made.add("x-wr-calname", contract.title)
    earned = earned_in(seen)
    days = [_days(step, pays(seen, step, earned.get(step.pk))) for step in seen.steps]
    for one in chain(_funding(seen), *days, _answers(request.user, seen), _bonuses(seen)):
        made.add_component(_event(one, address))
    return HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="machi-contract-{pk}.ics"', "X-Content-Type-Options": "nosniff"})


def _days(step: Milestone, when: Pays) -> list[Day]:
    """What falls on which day: only what is still to come about."""
    called, is_week = _called(step), step.contract.is_hourly
    due, accept = (_("calendar.record"), _("calendar.confirm")) if is_week else (_("calendar.due"), _("calendar.accept"))
    days = [Day(step.reference, "pay", (_("calendar.pay.waits") if when.waits else _("calendar.pay")) % called, when.on)]
    if step.delivered_at is None and (step.is_unfunded or step.is_running):         # else somebody goes on with it, or nobody does
        days.insert(0, Day(step.reference, "due", due % called, step.due_on))
    if step.accept_by:
        days.insert(0, Day(step.reference, "accept", accept % called, clock.day_of(step.accept_by)))
    return [] if step.is_closed and not step.accepted_at else days


def _funding(seen: Seen) -> Iterator[Day]:
    """Until when the money of the next step comes in: of a week before it begins, for without money it has no work; at last by its end."""
    step = next_to_fund(seen.steps)
    if step is not None and seen.contract.fund_by is not None:
        begins_on, until = first_day(step.due_on), clock.day_of(seen.contract.fund_by)
        until = begins_on if seen.contract.is_hourly and clock.today() <= begins_on else until
        yield Day(step.reference, "fund", _("calendar.fund") % _called(step), until)


def _answers(user, seen: Seen) -> Iterator[Day]:
    """Until when what one side asked wants an answer of the other. What it is about stays in the room: others look at a calendar too."""
    now, words = between(seen.contract), _("calendar.answer")
    if now.asked is not None and policies.can_read_work(user, seen.contract):
        yield Day(seen.contract.reference, "wish", words % {"job": seen.contract.title}, clock.day_of(now.asked.answer_by))
    open_about = {one.milestone_id: one for one in now.disputes if one.wants_answer}
    sheets = sheets_of(seen.contract) if seen.contract.is_hourly else {}
    for step in seen.steps:
        if asked := dates_of(step).asked:
            yield Day(step.reference, "date", words % _called(step), asked.wished_on)
        if step.pk in open_about:
            yield Day(step.reference, "dispute", words % _called(step), clock.day_of(open_about[step.pk].answer_by))
        if step.revisions_used and step.pk in sheets and policies.can_record(seen.contract.worker, step):
            yield Day(step.reference, "question", words % _called(step), clock.day_of(sheets[step.pk].submit_by))


def _bonuses(seen: Seen) -> Iterator[Day]:
    """When what was given beside the price reaches its worker."""
    for one in between(seen.contract).bonuses:
        if one.pay_on is not None:
            yield Day(one.reference, "pay", _("calendar.pay") % {"job": _("bonus.titled") % {"job": seen.contract.title}}, one.pay_on)


def _called(step: Milestone) -> dict[str, str]:
    return {"job": titled(step)}


def _event(one: Day, address: str) -> Event:
    event = Event()
    event.add("uid", f"{one.about}:{one.name}@machi")
    event.add("dtstamp", clock.now())
    event.add("summary", one.title)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + datetime.timedelta(days=1))
    event.add("url", address)
    return event
