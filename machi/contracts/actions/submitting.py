"""A week is over (作業の記録を出す): the worker hands its record over, or the clock does on Monday at noon; the client confirms, asks once,
or stays silent until the clock confirms (handing_over.py). Locks: contract, step, timesheet.
"""
import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.closing import after_steps, give_back_week
from machi.contracts.actions.locking import locked
from machi.contracts.actions.recording import end_clock, give_time
from machi.contracts.actions.wishes import lapse_change
from machi.contracts.lifecycle import MILESTONE_LIFECYCLE, MilestoneState
from machi.contracts.models import Contract, Delivery, Milestone, RevisionRequest, TimeEntry, Timesheet
from machi.contracts.titles import titled
from machi.contracts.weeks import WEEK
from machi.notifications import actions as notifications
from machi.payments.paydays import pay_day_after, received
from machi.payments.queries import taken_back
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each

THURSDAY = datetime.timedelta(days=4)               # before the Monday on which a week begins


@deed
def submit_week(*, timesheet: Timesheet, by, words: str = "", round: int | None = None) -> Delivery:
    """The worker hands the record of a week over; after a question with the answer to it (`words`). From now on nothing is written in
    it, and the acceptance clock runs. `round` is the form's: an old window never hands over again.
    """
    contract, milestone, sheet = locked_week(timesheet)
    if round is not None and round != milestone.revisions_used + 1:
        raise DomainError(_("contract.other_round"))
    if not policies.can_submit_week(by, milestone):
        raise NotAllowed(_("week.submit_refused"))
    if TimeEntry.objects.standing().filter(timesheet=sheet, ended_at=None).exists():
        raise DomainError(_("week.stop_first"))
    if not sheet.minutes:
        raise DomainError(_("week.empty"))
    if milestone.revisions_used and not words.strip():
        raise DomainError(_("week.answer_needed"))
    return _hand_over(contract, milestone, sheet, words.strip(), by)


@deed
def ask_about_week(*, milestone: Milestone, by, words: str, round: int | None = None) -> RevisionRequest:
    """The client asks one question about a week; the worker answers, mends what is to be mended, and hands it over again."""
    contract, milestone, sheet = locked_week(milestone.timesheet)
    if round is not None and round != milestone.revisions_used + 1:
        raise DomainError(_("contract.other_round"))
    if not policies.can_ask_about_week(by, milestone):
        raise NotAllowed(_("week.ask_refused"))
    lapse_change(contract, [milestone])
    milestone.state, milestone.accept_by = MILESTONE_LIFECYCLE.next(milestone.state, "ask_changes"), None
    milestone.revisions_used += 1
    milestone.save(update_fields=["state", "revisions_used", "accept_by"])
    give_time(milestone)
    sheet.refresh_from_db(fields=["submit_by"])
    request = RevisionRequest.objects.create(milestone=milestone, round=milestone.revisions_used, points=words, asked_at=clock.now())
    activity.record(actor=by, fact=facts.WEEK_ASKED, about=contract.reference, milestone=milestone.pk)
    notifications.queue(to=contract.worker, kind="week.asked", about=contract.reference, job=titled(milestone), until_at=sheet.submit_by,
                        **contract.client.words())
    return request


def submit_weeks() -> int:
    """Monday noon, or three days after a question: what is written is handed over; of a week in which nobody worked the money goes
    back. What still runs is not counted. Return how many weeks.
    """
    due = Timesheet.objects.filter(billed_minutes=None, submit_by__lte=clock.now(), milestone__state=MilestoneState.FUNDED)
    return each(due.order_by("pk")[:500], _submit_by_clock)


def remind_of_weeks() -> int:
    """On the Thursday before a week begins whose money is not there, whoever pays for the client hears of it, once. Not of a week after
    the last day of a contract that ends.
    """
    soon = clock.today() + THURSDAY
    waiting = Timesheet.objects.filter(reminded_at=None, starts_on__gt=clock.today(), starts_on__lte=soon,
                                       milestone__state=MilestoneState.AGREED, contract__ended_at=None).exclude(
        contract__end_notice__last_on__lt=F("starts_on"))
    return each(waiting.order_by("pk")[:500], _remind)


def _remind(sheet: Timesheet) -> bool:
    contract, milestone, sheet = locked_week(sheet)
    if milestone.state != MilestoneState.AGREED or sheet.reminded_at is not None:
        return False
    sheet.reminded_at = clock.now()
    sheet.save(update_fields=["reminded_at"])
    for person in contract.client.people(Power.PAYER):
        notifications.queue(to=person, kind="week.to_fund", about=contract.reference, job=titled(milestone),
                            gross_yen=milestone.held_yen, date_on=sheet.starts_on)
    return True


def tell_of_weeks_without_money() -> int:
    """A week has begun and its money is not there: its worker hears, once, that work on it is not covered. Return of how many weeks."""
    waiting = Timesheet.objects.filter(worker_told_at=None, starts_on__lte=clock.today(), starts_on__gt=clock.today() - WEEK,
                                       milestone__state=MilestoneState.AGREED, contract__ended_at=None).exclude(
        contract__end_notice__last_on__lt=F("starts_on"))
    return each(waiting.order_by("pk")[:500], _tell_worker)


def _tell_worker(sheet: Timesheet) -> bool:
    contract, milestone, sheet = locked_week(sheet)
    if milestone.state != MilestoneState.AGREED or sheet.worker_told_at is not None:
        return False
    sheet.worker_told_at = clock.now()
    sheet.save(update_fields=["worker_told_at"])
    notifications.queue(to=contract.worker, kind="week.not_covered", about=contract.reference, job=titled(milestone))
    return True


def locked_week(timesheet: Timesheet) -> tuple[Contract, Milestone, Timesheet]:
    contract, milestone = locked(Milestone.objects.get(pk=timesheet.milestone_id))
    sheet = Timesheet.objects.locked().get(pk=timesheet.pk)
    sheet.milestone, sheet.contract = milestone, contract
    return contract, milestone, sheet


def _submit_by_clock(sheet: Timesheet) -> bool:
    contract, milestone, sheet = locked_week(sheet)
    if milestone.state != MilestoneState.FUNDED or sheet.submit_by > clock.now():
        return False
    end_clock(milestone)
    sheet.refresh_from_db(fields=["minutes"])
    if sheet.minutes:
        _hand_over(contract, milestone, sheet, "", None)
    elif Milestone.objects.filter(taken_back("milestone"), pk=milestone.pk).exists():
        return False                                    # the client's bank has it already, and whether for good is not known
    else:
        give_back_week(contract, milestone)
        after_steps(contract)
    return True


def _hand_over(contract: Contract, milestone: Milestone, sheet: Timesheet, words: str, by) -> Delivery:
    now = clock.now()
    if by is not None:                              # the clock hands over what was written: nobody did anything that a wish did not know
        lapse_change(contract, [milestone])
    TimeEntry.objects.filter(timesheet=sheet, removed_at__isnull=False).delete()
    delivery = Delivery.objects.create(milestone=milestone, round=milestone.revisions_used + 1, text=words, delivered_at=now,
                                       minutes_spent=sheet.minutes)
    milestone.state = MILESTONE_LIFECYCLE.next(milestone.state, "deliver")
    milestone.delivered_at, milestone.first_delivered_at = now, milestone.first_delivered_at or now
    milestone.accept_by = now + datetime.timedelta(days=milestone.acceptance_days)
    milestone.pay_on = pay_day_after(milestone.pay_on, received(now), due_on=milestone.due_on, was_sent_back=milestone.revisions_used > 0,
                                     acceptance_days=milestone.acceptance_days)
    milestone.save()
    activity.record(actor=by, fact=facts.WEEK_SUBMITTED, about=contract.reference, milestone=milestone.pk, round=delivery.round)
    for person in contract.client.people(Power.APPROVER):
        notifications.queue(to=person, kind="week.submitted", about=contract.reference, job=titled(milestone),
                            worker_person=contract.worker.name, date_at=milestone.accept_by)
    notifications.queue(to=contract.worker, kind="week.submitted_done", about=contract.reference, job=titled(milestone),
                        date_at=milestone.accept_by, **contract.client.words())
    return delivery
