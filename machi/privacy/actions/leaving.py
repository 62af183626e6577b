"""Leaving (退会): the record waits for a return, or everything about the person goes. Coming back."""
import datetime
import logging
from collections.abc import Callable
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from machi.accounts.models import Membership, Party, User
from machi.activity import actions as activity
from machi.contracts import actions as contracts
from machi.contracts.models import StandIn
from machi.contracts.models.standins import OPEN as OPEN_STAND_INS
from machi.jobs import actions as jobs
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.privacy import erased_list, facts
from machi.privacy.actions.erasing import erase_person
from machi.privacy.actions.exporting import drop_exports_of
from machi.privacy.models import LastWord
from machi.privacy.queries import Hold, holds
from machi.proposals import actions as proposals
from machi.proposals.entries import Entry
from machi.proposals.lifecycle import EntryState, ProposalState
from machi.proposals.models import Proposal, Reason
from machi.shared import clock
from machi.shared.errors import DomainError

log = logging.getLogger(__name__)
OF_THE_NAME = ["display_name", "name_reading", "kept_name", "kept_reading", "closed_at"]
TRIES = 4                                           # two people who deal with each other may stand in each other's way


class StillOpen(DomainError):
    """Something has to end first: `holds` says what."""

    def __init__(self, found: list[Hold]):
        super().__init__(_("leave.still_open"))
        self.holds = found


def close_account(*, by: User, word: str = "") -> None:
    """Leave, and keep the record for a return: nothing is public, no mail is sent, and a sign-in opens it as it was."""
    _clear_the_table(by, is_for_good=False)
    _without_deadlock(lambda: _close(by, word))


def erase_account(*, by: User, word: str = "") -> None:
    """Leave for good: everything about the person goes, the books keep a number (trust.md T40). Raises StillOpen."""
    _clear_the_table(by, is_for_good=True)
    _without_deadlock(lambda: _erase(by, word))


@transaction.atomic
def come_back(*, person: User) -> bool:
    """Somebody who had closed their account signs in: it is as it was. Returns whether there was anything to open."""
    user = User.objects.select_for_update().get(pk=person.pk)
    if user.closed_at is None:
        return False
    user.display_name, user.name_reading, user.closed_at = user.kept_name, user.kept_reading, None
    user.kept_name = user.kept_reading = ""
    user.save(update_fields=OF_THE_NAME)
    activity.record(actor=user, fact=facts.CAME_BACK, about=f"user:{user.pk}")
    for column in OF_THE_NAME:                          # the object of whoever asked, too
        setattr(person, column, getattr(user, column))
    return True


class Replayed(NamedTuple):
    """What a replay has done: how many were erased once more, and the numbers of those who were not."""

    done: int
    waiting: list[int]                              # money is still under way in the restored books
    failed: list[int]                               # something broke; why stands in the log


def replay_erasures() -> Replayed:
    """After a restore of an older backup: whoever was erased meanwhile is erased again. Twice is as once.

    Somebody whose erasing breaks holds up nobody who stands behind them on the list: done again, it tries them again.
    """
    done, waiting, failed = 0, [], []
    for number, joined_at in erased_list.people():
        person = User.objects.filter(pk=number, joined_at=joined_at, erased_at=None).first()
        if person is None:                              # erased already, or the number is a newcomer's
            continue
        try:
            drop_running_export(person)
            erase_account(by=person)
            done += 1
        except StillOpen:
            waiting.append(number)
        except Exception:
            log.exception("person %s could not be erased once more", number)
            failed.append(number)
    return Replayed(done, waiting, failed)


def note_erasures() -> int:
    """Everybody whom the database calls erased stands on the list outside it, whatever broke off in between."""
    return erased_list.write_down(User.objects.filter(erased_at__isnull=False).order_by("erased_at").values_list("pk", "joined_at"))


@transaction.atomic
def drop_running_export(person: User) -> None:
    """An export of a restored backup is nobody's any more."""
    drop_exports_of(person)


@transaction.atomic
def _close(by: User, word: str) -> None:
    list(Party.objects.locked().filter(memberships__in=Membership.objects.here().filter(user=by)))     # its members go one by one
    user = User.objects.select_for_update().get(pk=by.pk)
    if user.has_left:
        return
    if found := holds(user, is_for_good=False):
        raise StillOpen(found)
    user.closed_at, user.kept_name, user.kept_reading = clock.now(), user.display_name, user.name_reading
    user.display_name = user.name_reading = ""
    user.save(update_fields=OF_THE_NAME)
    end_sessions(user)
    _keep_word(word, is_for_good=False)
    activity.record(actor=user, fact=facts.CLOSED, about=f"user:{user.pk}")


@transaction.atomic
def _erase(by: User, word: str) -> None:
    _lock_what_is_theirs(by)
    user = User.objects.select_for_update().get(pk=by.pk)     # last: from here on no row that names them can be written
    if user.erased_at is not None:
        return
    if found := holds(user, is_for_good=True):
        raise StillOpen(found)
    drop_exports_of(user)
    end_sessions(user)
    erase_person(user)
    _keep_word(word, is_for_good=True)
    activity.record(actor=None, fact=facts.ERASED, about=f"user:{user.pk}")
    transaction.on_commit(lambda: erased_list.write_down([(user.pk, user.joined_at)]))


def _clear_the_table(by: User, *, is_for_good: bool) -> None:
    """What is open only on their own side is put away first, through the same deeds as always: everybody who waits gets an answer."""
    if found := holds(by, is_for_good=is_for_good):
        raise StillOpen(found)
    for proposal in Proposal.objects.filter(worker=by, state__in=(ProposalState.DRAFT, ProposalState.SUBMITTED)).order_by("job", "pk"):
        proposals.withdraw(proposal=proposal, by=by)
    for entry in Entry.objects.filter(worker=by, state__in=(EntryState.DRAFT, EntryState.SUBMITTED)).order_by("job", "pk"):
        proposals.take_back_entry(entry=entry, by=by)
    for stand_in in StandIn.objects.filter(person=by, state__in=OPEN_STAND_INS).order_by("pk"):
        end = contracts.withdraw_stand_in if stand_in.person_agreed_at else contracts.decline_stand_in
        end(stand_in=stand_in, by=by)
    if is_for_good:
        for membership in Membership.objects.filter(user=by, left_at=None, party__kind=Party.Kind.ORGANISATION).order_by("party"):
            jobs.end_membership(membership=membership, by=by)
    theirs = Job.objects.filter(client__person=by).exclude(form=Job.Form.CONTEST).order_by("pk")
    for job in theirs.filter(state__in=(JobState.OPEN, JobState.PAUSED, JobState.CLOSED)):
        proposals.end_choosing(job=job, by=by, reason=Reason.PLAN)
    for job in theirs.filter(state=JobState.AWARDED, proposals__state=ProposalState.SUBMITTED).distinct():
        proposals.end_choosing(job=job, by=by, reason=Reason.SEATS)


def _lock_what_is_theirs(by: User) -> None:
    """In the order of the house: post, application, then (in erase_person) the rest; the person comes last."""
    list(Job.objects.locked().filter(client__person=by))
    list(Proposal.objects.locked().filter(worker=by))
    list(Entry.objects.locked().filter(worker=by))


def end_sessions(user: User) -> None:
    """Signed out everywhere."""
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(sessions.order_by("pk").values_list("session_key", flat=True))).delete()
    sessions.delete()


def _keep_word(word: str, *, is_for_good: bool) -> None:
    if word.strip():
        today = clock.today()
        LastWord.objects.create(month_on=datetime.date(today.year, today.month, 1), is_for_good=is_for_good, text=word.strip())


def _without_deadlock(deed: Callable[[], None]) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            return deed()
        except OperationalError as trouble:
            if getattr(trouble.__cause__, "sqlstate", "") not in ("40P01", "40001") or attempt == TRIES:
                raise
