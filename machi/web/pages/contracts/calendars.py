"""The days of a contract as a calendar (RFC 5545): when to hand over, when the town accepts, when money leaves. By the hour: until when
the record of a week may be written, and until when it is confirmed.
"""
import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from icalendar import Calendar, Event

from machi.contracts.models import Milestone
from machi.shared import clock
from machi.web.pages.contracts.showing import contract_for, seen_by


@require_GET
def calendar(request, pk: int):
    """One file with the days of every step that is not over; taken in again it replaces what it said before."""
    contract = contract_for(request, pk)
    address = request.build_absolute_uri(reverse("contracts:room", args=[pk]))
    made = Calendar()
    made.add("prodid", "-//Machi//contract//")
    made.add("version", "2.0")
    made.add("x-wr-calname", contract.title)
    for step in seen_by(request.user, contract).steps:
        for name, title, day in _days(step):
            made.add_component(_event(step, name, title, day, address))
    return HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="machi-contract-{pk}.ics"', "X-Content-Type-Options": "nosniff"})


def _days(step: Milestone) -> list[tuple[str, str, datetime.date]]:
    """What falls on which day: only what is still to come about."""
    called, is_week = step.title or step.contract.title, step.contract.is_hourly
    due, accept = (_("calendar.record"), _("calendar.confirm")) if is_week else (_("calendar.due"), _("calendar.accept"))
    days = [("pay", _("calendar.pay") % {"job": called}, step.pay_on)]
    if step.delivered_at is None and (step.is_unfunded or step.is_running):         # else somebody goes on with it, or nobody does
        days.insert(0, ("due", due % {"job": called}, step.due_on))
    if step.accept_by:
        days.insert(0, ("accept", accept % {"job": called}, clock.day_of(step.accept_by)))
    return [] if step.is_closed and not step.accepted_at else days


def _event(step: Milestone, name: str, title: str, day: datetime.date, address: str) -> Event:
    event = Event()
    event.add("uid", f"{step.reference}:{name}@machi")
    event.add("dtstamp", clock.now())
    event.add("summary", title)
    event.add("dtstart", day)
    event.add("dtend", day + datetime.timedelta(days=1))
    event.add("url", address)
    return event
