"""Contests and their entries: how to bring one into each state, and every deed that moves it."""
from django.db.models import TextChoices

from machi.jobs import actions as jobs
from machi.jobs.contests import CONTEST_LIFECYCLE, pot_of
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.proposals import actions as proposals
from machi.proposals.entries import Entry
from machi.proposals.lifecycle import ENTRY_LIFECYCLE, EntryState
from machi.shared import clock
from tests.people import a_contest, a_person, an_entry, client_of, closed_contest
from tests.states.things import CLIENT, DAY, TOWN, WORKER, Deed, Thing, on_a_later_day

# ---- contests --------------------------------------------------------------------------------------------------------

def _contest(state: str, deed: str) -> Job:
    """With one entry once it is over; open without any, so that it can be called off."""
    job = a_contest(opened=state != "draft")
    if state in ("closed", "awarded", "ended"):
        entry = an_entry(job)
        with closed_contest(job):
            if state == "awarded":
                proposals.award(job=job, by=client_of(job), winners={1: entry.number})
        if state == "ended":
            on_a_later_day(40, proposals.settle_contests)(None, None)
    return job


def _award_first(job: Job, by):
    with clock.moved(to=clock.start_of(job.closes_on + DAY)):
        proposals.award(job=job, by=by, winners={1: 1})


# People may be making something for it: a contest is never paused.
NeverPaused = TextChoices("NeverPaused", {state.name: (state.value, state.label) for state in JobState if state != JobState.PAUSED})
CONTEST = Thing("contest", Job, NeverPaused, CONTEST_LIFECYCLE, _contest, lambda job: {WORKER: a_person(), CLIENT: client_of(job)}, [
    Deed("open with its pot", CLIENT, (("publish",),), lambda job, by: proposals.open_contest(job=job, by=by, pot=pot_of(job.contest))),
    Deed("change the prizes", CLIENT, (("edit",),), lambda job, by: jobs.edit_job(job=job, by=by, prizes_yen=[5_000])),
    Deed("call off", CLIENT, (("call_off",),), lambda job, by: proposals.call_off(job=job, by=by)),
    Deed("close by the clock", TOWN, (("close",),), on_a_later_day(30, jobs.close_overdue), is_round=True),
    Deed("award", CLIENT, (("award",),), _award_first),
    Deed("split by the clock", TOWN, (("settle",),), on_a_later_day(40, proposals.settle_contests), is_round=True),
    # what exists for other forms of work does nothing to a contest
    Deed("close early", CLIENT, (), lambda job, by: jobs.close_job(job=job, by=by)),
    Deed("end the choosing", CLIENT, (), lambda job, by: proposals.end_choosing(job=job, by=by, reason="topic")),
    Deed("publish without a pot", CLIENT, (), lambda job, by: jobs.publish_job(job=job, by=by)),
    Deed("answer for the client by the clock", TOWN, (), on_a_later_day(60, proposals.answer_for_silent_clients), is_round=True),
], columns={"published_at": {"open", "closed", "awarded", "ended"}, "closed_at": {"closed", "awarded", "ended"}})


AWARD_ANOTHER = "award another"

# ---- entries ---------------------------------------------------------------------------------------------------------

def _entry(state: str, deed: str) -> Entry:
    if state == "draft":
        return proposals.save_entry(entry=proposals.begin_entry(job=a_contest(), by=a_person()), by=Entry.objects.get().worker,
                                    title="途中", text="途中")
    entry = an_entry()
    if deed == AWARD_ANOTHER and state == "submitted":
        an_entry(entry.job)
    if state == "withdrawn":
        proposals.take_back_entry(entry=entry, by=entry.worker)
    elif state in ("awarded", "not_chosen"):
        other = an_entry(entry.job)
        with closed_contest(entry.job):
            proposals.award(job=entry.job, by=client_of(entry.job), winners={1: (entry if state == "awarded" else other).number})
    elif state == "shared":
        with closed_contest(entry.job):
            on_a_later_day(30, proposals.settle_contests)(None, None)
    return entry


def _hand_in(entry: Entry, by):
    return proposals.hand_in(entry=entry, by=by, title="題", text="港に立つ灯台を、二筆で描きました。", ai_note="なし")


def _award_this(entry: Entry, by):
    with closed_contest(entry.job):
        proposals.award(job=entry.job, by=by, winners={2: entry.number})


def _award_another(entry: Entry, by):
    others = Entry.objects.filter(job=entry.job, state="submitted").exclude(pk=entry.pk).order_by("pk")
    with closed_contest(entry.job):
        proposals.award(job=entry.job, by=by, winners={1: others[0].number if others else 99})


def _split(entry: Entry, _by):
    with closed_contest(entry.job):
        on_a_later_day(40, proposals.settle_contests)(None, None)


ENTRY = Thing("entry", Entry, EntryState, ENTRY_LIFECYCLE, _entry, lambda e: {WORKER: e.worker, CLIENT: client_of(e.job)}, [
    Deed("save", WORKER, (("save",),), lambda e, by: proposals.save_entry(entry=e, by=by, title="題", text="新しい文")),
    Deed("hand in or change", WORKER, (("hand_in",), ("change",)), _hand_in),
    Deed("take back", WORKER, (("withdraw",), ("discard",)), lambda e, by: proposals.take_back_entry(entry=e, by=by)),
    Deed("award", CLIENT, (("award",),), _award_this, leaves_traces=True),
    Deed(AWARD_ANOTHER, CLIENT, (("pass",),), _award_another, leaves_traces=True, is_round=True),
    Deed("split by the clock", TOWN, (("share",),), _split, is_round=True, leaves_traces=True),
], columns={"ended_at": {"awarded", "shared", "not_chosen"}})
