"""Writing down the hours of a week: by pressing start and stop, or by hand. Locks: contract, step, timesheet.

No more is recorded than from when until when, and a word if the worker likes. Times are whole minutes, so that sums are exact.
"""
import datetime
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.contracts import policies, weeks
from machi.contracts.actions.locking import locked
from machi.contracts.models import Contract, Milestone, TimeEntry, Timesheet
from machi.contracts.models.timesheets import LONGEST
from machi.notifications import actions as notifications
from machi.notifications.words import hours as hours_words
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
MORNING = datetime.timedelta(hours=8)               # of a Monday: time enough to say until noon when the work of Sunday ended
TIME_TO_MEND = datetime.timedelta(days=3)           # after a question or a difference; then the clock hands the record over as it stands


@deed
def start_clock(*, timesheet: Timesheet, by) -> TimeEntry:
    """The worker begins (始める). Pressed twice, it runs once; one person works at one thing at a time."""
    sheet = _locked_sheet(timesheet, by)
    now = _whole_minute(clock.now())
    running = TimeEntry.objects.standing().filter(worker=by, ended_at=None).first()
    if running is not None and running.timesheet_id == sheet.pk:
        return running
    if running is not None:
        raise DomainError(_("week.runs_elsewhere"))
    _check_in_week(sheet, now, now)
    if sheet.left_minutes <= 0:
        raise DomainError(_over_cap(sheet))
    with _no_overlap():
        return TimeEntry.objects.create(timesheet=sheet, worker=by, started_at=now, is_by_hand=False)


@deed
def stop_clock(*, timesheet: Timesheet, by, ended_at: datetime.datetime | None = None, reason: str = "") -> TimeEntry | None:
    """The worker stops, as often as they like. What was forgotten to be stopped asks when the work ended, and why the time is another
    (`ended_at`, `reason`); the client can read that. At the end of the week and at the cap it is cut; where nothing is left to count it
    returns None.
    """
    sheet = _locked_sheet(timesheet, by)
    entry = TimeEntry.objects.locked().standing().filter(timesheet=sheet, ended_at=None).first()
    if entry is None:
        raise DomainError(_("week.not_running"))
    if ended_at is None and entry.is_forgotten:
        raise DomainError(_("week.forgotten"))
    if ended_at is not None and not reason.strip():
        raise DomainError(_("week.reason_needed"))
    end = _whole_minute(ended_at) if ended_at else _until(sheet)
    if ended_at is None and end <= entry.started_at:
        entry.delete()
        return None
    if sheet.left_minutes <= 0:                     # the cap was filled by hand meanwhile: nothing of it could be counted
        entry.delete()
        return None
    _check_times(sheet, entry.started_at, end)
    entry.ended_at = min(end, entry.started_at + MINUTE * sheet.left_minutes)
    entry.mended_reason = reason.strip()
    with _no_overlap():
        entry.save(update_fields=["ended_at", "mended_reason"])
    _count(sheet, entry.minutes)
    return entry


@deed
def drop_clock(*, timesheet: Timesheet, by) -> None:
    """What was started by mistake is not counted."""
    sheet = _locked_sheet(timesheet, by)
    TimeEntry.objects.locked().standing().filter(timesheet=sheet, ended_at=None).delete()


@deed
def add_entry(*, timesheet: Timesheet, by, started_at: datetime.datetime, ended_at: datetime.datetime, note: str = "") -> TimeEntry:
    """Hours written down by hand."""
    sheet = _locked_sheet(timesheet, by)
    entry = TimeEntry(timesheet=sheet, worker=by, started_at=_whole_minute(started_at), ended_at=_whole_minute(ended_at),
                      note=note.strip(), is_by_hand=True)
    _check_times(sheet, entry.started_at, entry.ended_at)
    _check_cap(sheet, entry.minutes)
    with _no_overlap():
        entry.save()
    _count(sheet, entry.minutes)
    return entry


@deed
def change_entry(*, entry: TimeEntry, by, started_at: datetime.datetime, ended_at: datetime.datetime, note: str = "",
                 reason: str = "") -> TimeEntry:
    """Mend an entry. Other times than those that were pressed need a reason, which the client can read; so do all after a question."""
    sheet = _locked_sheet(entry.timesheet, by)
    entry = _standing_entry(sheet, entry)
    start, end = _whole_minute(started_at), _whole_minute(ended_at)
    if (start, end) != (entry.started_at, entry.ended_at):
        if not reason.strip() and (not entry.is_by_hand or sheet.milestone.revisions_used):
            raise DomainError(_("week.reason_needed"))
        entry.mended_reason = reason.strip() or entry.mended_reason
    before = entry.minutes
    entry.started_at, entry.ended_at, entry.note = start, end, note.strip()
    _check_times(sheet, start, end)
    _check_cap(sheet, entry.minutes - before)
    with _no_overlap():
        entry.save()
    _count(sheet, entry.minutes - before)
    return entry


@deed
def remove_entry(*, entry: TimeEntry, by) -> TimeEntry:
    """Take an entry away; as long as the week is the worker's, it can be brought back."""
    sheet = _locked_sheet(entry.timesheet, by)
    entry = _standing_entry(sheet, entry)
    entry.removed_at = clock.now()
    entry.save(update_fields=["removed_at"])
    _count(sheet, -entry.minutes)
    return entry


@deed
def restore_entry(*, entry: TimeEntry, by) -> TimeEntry:
    """Bring back what was taken away."""
    sheet = _locked_sheet(entry.timesheet, by)
    found = TimeEntry.objects.locked().filter(pk=entry.pk).first()
    if found is None:
        raise DomainError(_("week.entry_gone"))
    if found.removed_at is None:
        return found
    entry = found
    _check_cap(sheet, entry.minutes)
    entry.removed_at = None
    with _no_overlap():
        entry.save(update_fields=["removed_at"])
    _count(sheet, entry.minutes)
    return entry


def remind_of_running_clocks() -> int:
    """Whoever forgot to stop hears of it once: after twelve hours, and in a week that is over on its Monday morning, since at noon the
    clock hands the record over. Return how many.
    """
    now, today = clock.now(), clock.today()
    over = Q(timesheet__ends_on__lt=today) if now >= clock.start_of(today) + MORNING else Q(timesheet__ends_on__lt=today - DAY)
    running = TimeEntry.objects.standing().filter(Q(started_at__lt=now - LONGEST) | over, ended_at=None, reminded_at=None).order_by("pk")
    return each(running.values_list("pk", flat=True)[:500], _remind_of_clock)


def _remind_of_clock(pk: int) -> bool:
    entry = TimeEntry.objects.locked().standing().select_related("worker", "timesheet__contract").filter(
        pk=pk, ended_at=None, reminded_at=None).first()
    if entry is None:
        return False
    entry.reminded_at = clock.now()
    entry.save(update_fields=["reminded_at"])
    contract = entry.timesheet.contract
    notifications.queue(to=entry.worker, kind="week.still_runs", about=contract.reference, job=contract.title)
    return True


def end_clock(milestone: Milestone) -> None:
    """A week is handed over or ends: what runs is stopped and counts until now; what was forgotten does not count. Under the locks of
    contract and step.
    """
    if forgotten := _stopped(milestone):
        forgotten.delete()


def rest_clock(milestone: Milestone) -> bool:
    """The money of a week rests: what runs is stopped and counts until now. What was forgotten is put aside, for its worker still has
    time to say when it ended (`wake_clock`); return whether there is such a one. Under the locks of contract and step.
    """
    if forgotten := _stopped(milestone):
        forgotten.removed_at = clock.now()
        forgotten.save(update_fields=["removed_at"])
    return forgotten is not None


def wake_clock(milestone: Milestone) -> None:
    """What was put aside is asked about again, unless its worker has written down other work since. Under the locks of contract and
    step.
    """
    resting = TimeEntry.objects.locked().filter(timesheet__milestone=milestone, ended_at=None, removed_at__isnull=False)
    for entry in resting.order_by("-pk")[:1]:
        entry.removed_at = None
        with suppress(DomainError), _no_overlap():
            entry.save(update_fields=["removed_at"])


def _stopped(milestone: Milestone) -> TimeEntry | None:
    """What runs is stopped and counts until now; what was forgotten still runs, and is returned."""
    sheet = Timesheet.objects.locked().get(milestone=milestone)
    entry = TimeEntry.objects.locked().standing().filter(timesheet=sheet, ended_at=None).first()
    if entry is None or entry.is_forgotten:
        return entry
    entry.ended_at = min(_until(sheet), entry.started_at + MINUTE * sheet.left_minutes)
    if entry.ended_at <= entry.started_at:
        entry.delete()
        return None
    entry.save(update_fields=["ended_at"])
    _count(sheet, entry.minutes)
    return None


def give_time(milestone: Milestone) -> None:
    """After a question, or a difference that was taken back, there are days to write down what is missing. Under the lock of the step."""
    sheet = Timesheet.objects.locked().get(milestone=milestone)
    sheet.submit_by = max(sheet.submit_by, clock.now() + TIME_TO_MEND)
    sheet.save(update_fields=["submit_by"])


def write_weeks(contract: Contract) -> None:
    """Each week that is not over has its timesheet, with the cap its price pays. Under the lock of the contract."""
    rate = weeks.hours_in(contract.terms).rate_yen
    for milestone in Milestone.objects.filter(contract=contract, state="agreed").order_by("number"):
        Timesheet.objects.update_or_create(milestone=milestone, defaults={
            "contract": contract, "starts_on": weeks.first_day(milestone.due_on), "ends_on": weeks.last_day(milestone.due_on),
            "rate_yen": rate, "cap_minutes": weeks.minutes_for(milestone.price_yen, rate), "submit_by": weeks.submit_by(milestone.due_on)})


def _locked_sheet(timesheet: Timesheet, by) -> Timesheet:
    """The week as it is now, for whoever may write in it."""
    contract, milestone = locked(Milestone.objects.get(pk=timesheet.milestone_id))
    sheet = Timesheet.objects.locked().get(pk=timesheet.pk)
    sheet.milestone, sheet.contract = milestone, contract
    if not policies.can_record(by, milestone):
        raise NotAllowed(_why_not(milestone, by))
    return sheet


def _why_not(milestone: Milestone, by) -> str:
    return _("week.not_funded") if policies.waits_for_money(milestone) and by.pk == milestone.contract.worker_id else _("week.closed")


def _standing_entry(sheet: Timesheet, entry: TimeEntry) -> TimeEntry:
    found = TimeEntry.objects.locked().standing().filter(pk=entry.pk, timesheet=sheet, ended_at__isnull=False).first()
    if found is None:
        raise DomainError(_("week.entry_gone"))
    return found


def _check_times(sheet: Timesheet, start: datetime.datetime, end: datetime.datetime) -> None:
    if end <= start:
        raise DomainError(_("week.times.order"))
    if end - start > LONGEST:
        raise DomainError(_("week.times.long") % {"n": LONGEST // datetime.timedelta(hours=1)})
    if end > clock.now():
        raise DomainError(_("week.times.future"))
    _check_in_week(sheet, start, end)


def _check_in_week(sheet: Timesheet, start: datetime.datetime, end: datetime.datetime) -> None:
    if not sheet.begins_at <= start < sheet.is_over_at or end > sheet.is_over_at:
        raise DomainError(_("week.times.other_week"))


def _check_cap(sheet: Timesheet, more: int) -> None:
    if more > sheet.left_minutes:
        raise DomainError(_over_cap(sheet))


def _over_cap(sheet: Timesheet) -> str:
    return _("week.over_cap") % {"cap": hours_words(sheet.cap_minutes), "left": hours_words(sheet.left_minutes)}


def _count(sheet: Timesheet, more: int) -> None:
    sheet.minutes += more
    sheet.save(update_fields=["minutes"])


def _until(sheet: Timesheet) -> datetime.datetime:
    """Now, and at most the end of the week: what comes after it is another week's."""
    return min(_whole_minute(clock.now()), sheet.is_over_at)


def _whole_minute(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(second=0, microsecond=0)


@contextmanager
def _no_overlap() -> Iterator[None]:
    """Two entries at the same time, in whichever contracts: the database refuses it, in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as trouble:
        if trouble.__cause__.diag.constraint_name not in ("entries_do_not_overlap", "one_running_entry"):
            raise
        raise DomainError(_("week.overlaps")) from None
