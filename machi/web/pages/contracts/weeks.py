"""The pages of work by the hour: the record of one week, its money, and what either side does about it.

Nothing is watched here: no picture of a screen, no count of keys. A page knows what somebody wrote on it.
"""
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.contracts import actions, policies
from machi.contracts.models import Contract, TimeEntry, Timesheet
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.web.frame.jinja import lead, page
from machi.web.frame.sent import sent
from machi.web.frame.words import hours as hours_words
from machi.web.pages.contracts.deeds import deed, moves_money
from machi.web.pages.contracts.forms import RoundForm, StepForm
from machi.web.pages.contracts.showing import contract_for, head_of, is_asked_for, seen_by, to_room, to_transfer
from machi.web.pages.contracts.week_forms import AddForm, AskForm, EntryForm, PressForm, StopForm, SubmitForm, time_words
from machi.web.pages.contracts.week_lines import money_of, next_to_fund
from machi.web.pages.contracts.week_shown import week_context
from machi.web.pages.contracts.week_words import week_called
from machi.web.pages.payments.exports import lines


def sheet_for(request, pk: int, number: int) -> tuple[Contract, Timesheet]:
    """One week of a contract, for its two sides."""
    contract = contract_for(request, pk)
    sheet = get_object_or_404(Timesheet.objects.select_related("milestone"), contract=contract, milestone__number=number)
    sheet.milestone.contract = contract
    return contract, sheet


@require_GET
def week(request, pk: int, number: int):
    """The record of one week: the worker writes in it, the client reads it."""
    return _show(request, *sheet_for(request, pk, number))


@deed
def press(request, pk: int, number: int):
    """Start, stop, take away, bring back: one press each."""
    contract, sheet = sheet_for(request, pk, number)
    if request.method == "GET":
        return _to_week(request, contract, number)
    form = PressForm(request.POST)
    if not form.is_valid():
        return _show(request, contract, sheet, refusal=_("week.press.unclear"), status=422)
    try:
        pressed = _pressed(request.user, sheet, **form.cleaned_data)
    except DomainError as refusal:
        return _show(request, *sheet_for(request, pk, number), refusal=str(refusal), status=409)
    if form.cleaned_data["do"] == "stop":
        _say_what_counts(request, sheet, pressed)
    return _to_week(request, contract, number)


def _say_what_counts(request, sheet: Timesheet, entry: TimeEntry | None) -> None:
    """A clock was stopped, and less of it counts than ran: nothing, or only what lies in its week."""
    if entry is None:
        sheet.refresh_from_db()
        full = _("week.note.full") % {"cap": hours_words(sheet.cap_minutes)}
        messages.info(request, _("week.note.too_short") if sheet.left_minutes else full)
    elif entry.ended_at == sheet.is_over_at:
        messages.info(request, _("week.note.cut"))


def _pressed(user, sheet: Timesheet, do: str, entry: int | None):
    if do in ("remove", "restore"):
        found = get_object_or_404(TimeEntry, pk=entry, timesheet=sheet)
        return {"remove": actions.remove_entry, "restore": actions.restore_entry}[do](entry=found, by=user)
    return {"start": actions.start_clock, "stop": actions.stop_clock, "drop": actions.drop_clock}[do](timesheet=sheet, by=user)


@deed
def add(request, pk: int, number: int):
    """Hours written down by hand."""
    return _write(request, pk, number, AddForm, "add",
                  lambda sheet, form: actions.add_entry(timesheet=sheet, by=request.user, **form.times()))


@deed
def mend(request, pk: int, number: int):
    """A clock that was left running: when did the work end."""
    return _write(request, pk, number, StopForm, "mend",
                  lambda sheet, form: actions.stop_clock(timesheet=sheet, by=request.user, **form.times()))


def _write(request, pk: int, number: int, kind, name: str, act) -> HttpResponse:
    contract, sheet = sheet_for(request, pk, number)
    if request.method == "GET":
        return _to_week(request, contract, number)
    form = kind(request.POST, sheet=sheet)
    if not form.is_valid():
        return _show(request, contract, sheet, status=422, **{name: form})
    try:
        written = act(sheet, form)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, *sheet_for(request, pk, number), status=409, **{name: form})
    if written is None:
        _say_what_counts(request, sheet, written)
    return _to_week(request, contract, number)


@deed
def entry(request, pk: int, number: int, entry_pk: int):
    """One entry, mended."""
    contract, sheet = sheet_for(request, pk, number)
    found = get_object_or_404(TimeEntry.objects.standing(), pk=entry_pk, timesheet=sheet, ended_at__isnull=False)
    if request.method == "GET" and not policies.can_record(request.user, sheet.milestone):
        return _to_week(request, contract, number)
    form = EntryForm(sent(request), sheet=sheet, initial=EntryForm.written(found))
    if not form.is_valid():
        return _form_page(request, contract, sheet, form, "contracts/week_entry.html", entry=found)
    try:
        actions.change_entry(entry=found, by=request.user, **form.times())
    except DomainError as refusal:
        return _form_page(request, contract, sheet, form, "contracts/week_entry.html", refusal, entry=found)
    return _to_week(request, contract, number)


@deed
def submit(request, pk: int, number: int):
    """The worker hands the record of the week over; after a question with the answer."""
    contract, sheet = sheet_for(request, pk, number)
    milestone = sheet.milestone
    if request.method == "GET" and not policies.can_submit_week(request.user, milestone):
        return _to_week(request, contract, number)
    form = SubmitForm(sent(request), is_answer=milestone.revisions_used > 0, initial={"round": milestone.revisions_used + 1})
    if not form.is_valid():
        return _form_page(request, contract, sheet, form, "contracts/week_submit.html")
    try:
        actions.submit_week(timesheet=sheet, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _form_page(request, contract, sheet, form, "contracts/week_submit.html", refusal)
    return to_room(request, contract)


@deed
def ask(request, pk: int, number: int):
    """The client's one question about a week."""
    contract, sheet = sheet_for(request, pk, number)
    if request.method == "GET" and not policies.can_ask_about_week(request.user, sheet.milestone):
        return _to_week(request, contract, number)
    form = AskForm(sent(request), initial={"round": sheet.milestone.revisions_used + 1})
    if not form.is_valid():
        return _form_page(request, contract, sheet, form, "contracts/week_ask.html")
    try:
        actions.ask_about_week(milestone=sheet.milestone, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _form_page(request, contract, sheet, form, "contracts/week_ask.html", refusal)
    return to_room(request, contract)


@deed
@moves_money
def confirm(request, pk: int, number: int):
    """The client confirms the record: its minutes are paid, the rest of the money goes back."""
    contract, sheet = sheet_for(request, pk, number)
    if request.method == "GET" and not policies.can_accept_delivery(request.user, sheet.milestone):
        return _to_week(request, contract, number)
    form = RoundForm(sent(request), initial={"round": sheet.milestone.revisions_used + 1})
    if not form.is_valid():
        return _form_page(request, contract, sheet, form, "contracts/week_confirm.html")
    try:
        actions.accept_delivery(milestone=sheet.milestone, by=request.user, round=form.cleaned_data["round"])
    except DomainError as refusal:
        return _show(request, *sheet_for(request, pk, number), refusal=str(refusal), status=409)
    return to_room(request, contract)


@deed
@moves_money
def fund(request, pk: int):
    """The money of the next week, also while the week before it waits for its confirmation."""
    contract = contract_for(request, pk)
    seen = seen_by(request.user, contract)
    waiting = next_to_fund(seen.steps) if contract.is_hourly else None
    if waiting is None or request.method == "GET" and not policies.can_fund(request.user, waiting):
        return to_room(request, contract)
    if request.method == "GET" and is_asked_for(waiting):
        return to_transfer(request, contract, waiting)
    form = StepForm(sent(request), initial={"number": waiting.number})
    context = head_of(seen) | {"form": form, "waiting": waiting, "week": week_called(waiting), "full": waiting.money}
    if not form.is_valid():
        return page(request, "contracts/week_fund.html", context, status=422 if form.is_bound else 200)
    try:
        actions.fund(contract=contract, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        form.look_again(number=waiting.number)
        return page(request, "contracts/week_fund.html", context, status=409)
    return to_transfer(request, contract, waiting)


@require_GET
def sheet_file(request, pk: int):
    """All that is written down in a contract, as a table for a spreadsheet; for both sides."""
    contract = contract_for(request, pk)
    if not contract.is_hourly or not policies.can_read_work(request.user, contract):
        raise Http404
    heads = [_("week.csv.week"), _("week.day"), _("week.began"), _("week.ended"), _("week.csv.minutes"), _("week.note"), _("week.reason")]
    written = TimeEntry.objects.standing().filter(timesheet__contract=contract, ended_at__isnull=False).order_by("started_at")
    rows = ([one.timesheet.starts_on.isoformat(), clock.day_of(one.started_at).isoformat(), time_words(one.started_at),
             time_words(one.ended_at), one.minutes, one.note, one.mended_reason] for one in written.select_related("timesheet"))
    return StreamingHttpResponse(lines(heads, rows), content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="machi-hours-{contract.pk}.csv"', "X-Content-Type-Options": "nosniff"})


def _show(request, contract: Contract, sheet: Timesheet, *, add=None, mend=None, refusal: str = "", status: int = 200) -> HttpResponse:
    forms = {"add": add or AddForm(sheet=sheet, initial={"day": clock.today().isoformat()}), "mend": mend or StopForm(sheet=sheet)}
    return page(request, "contracts/week.html", week_context(request, contract, sheet, refusal=refusal, **forms), status=status)


def _form_page(request, contract: Contract, sheet: Timesheet, form, template: str, refusal: DomainError | None = None,
               **more) -> HttpResponse:
    if refusal is not None:
        form.add_error(None, str(refusal))
    status = 409 if refusal is not None else 422 if form.is_bound else 200
    return page(request, template, week_context(request, contract, sheet, form=form, full=sheet.milestone.money,
                                                paid=money_of(sheet.milestone, sheet.minutes), **more), part="form", status=status)


def _to_week(request, contract: Contract, number: int) -> HttpResponse:
    address = reverse("contracts:week", args=[contract.pk, number])
    return lead(request, address)
