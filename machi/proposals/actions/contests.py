"""A client's side of a contest: the pot, the award, and what the town does when nobody chooses. Locks: the post, then the entries.

One entry of the ledger empties a pot, under one key: to whoever is chosen, or split among all, or back to the client.
"""
import datetime
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import READS_WORK, Power
from machi.accounts.queries import has_power
from machi.activity import actions as activity
from machi.activity.actions import read_on
from machi.activity.models import Fact
from machi.jobs import actions as jobs
from machi.jobs.contests import JUDGED_WITHIN, Contest, judged_by, pot_of
from machi.jobs.errors import WordsStopped
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.notifications import actions as notifications
from machi.payments import actions as payments
from machi.payments.facts import FUNDING_CONFIRMED
from machi.payments.fees import Settlement
from machi.payments.paydays import pay_day
from machi.payments.queries import has_own_account, is_pot_held, pay_in_until, pot_place, taken_back, withheld_kind
from machi.proposals import facts
from machi.proposals.contest_policies import can_award, can_call_off, can_open_contest
from machi.proposals.entries import Entry, EntryMark
from machi.proposals.judging import equal_share, settlements
from machi.proposals.lifecycle import ENTRY_LIFECYCLE, EntryState
from machi.proposals.papers import rights_paper
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from machi.shared.rows import each

log = logging.getLogger(__name__)
LAST_DAY = datetime.timedelta(days=1)


def open_contest(*, job: Job, by, pot: Yen) -> Job:
    """The prizes go into the pot, and the contest opens: deposit, ledger and post move together, once. `pot` stood on the button.

    Where somebody of the town reads the post first, no money moves: it stays a draft, and its client opens it afterwards.
    """
    try:
        return _pay_in(job=job, by=by, pot=pot)
    except WordsStopped:
        jobs.note_stop(job=job, by=by)
        raise


@deed
def _pay_in(*, job: Job, by, pot: Yen) -> Job:
    job = Job.objects.locked().select_related("client", "category").get(pk=job.pk)
    if not can_open_contest(by, job):
        raise NotAllowed(_("contest.open_refused"))
    if pot != pot_of(Contest.objects.get(job=job)):
        raise DomainError(_("post.changed_meanwhile"))
    if has_own_account():
        return _ask_for_pot(job, by, pot)
    return _open(job, by)


def take_up_pots() -> int:
    """Deposits that payments found on the bank's statement open their contests; where that is not possible any more they go back."""
    return read_on(reader="proposals.pots", act=_take_up)


@deed
def mark_entry(*, entry: Entry, by, is_favourite: bool | None = None, note: str | None = None) -> EntryMark:
    """What a client notes for themselves beside an entry (お気に入り・メモ)."""
    if not Entry.objects.for_client(by).filter(pk=entry.pk).exists():
        raise NotAllowed(_("entry.mark_refused"))
    said = {name: value for name, value in (("is_favourite", is_favourite), ("note", note)) if value is not None}
    return EntryMark.objects.update_or_create(entry=entry, defaults=said | {"marked_at": clock.now()})[0]


@deed
def award(*, job: Job, by, winners: Mapping[int, int]) -> Job:
    """The client chooses (選ぶ): prize -> number of the entry. At least one prize; what is not awarded goes back to the client."""
    job = Job.objects.locked().select_related("client", "category").get(pk=job.pk)
    if not can_award(by, job):
        raise NotAllowed(_("contest.award_refused"))
    contest = Contest.objects.get(job=job)
    entries = list(Entry.objects.valid().filter(job=job).select_related("worker").locked())
    chosen = _chosen(contest, entries, winners)
    if any(entry.worker_id == by.pk or has_power(entry.worker, job.client_id) for entry in chosen.values()):
        raise NotAllowed(_("contest.award_own"))
    prices = {entry: contest.prizes[prize - 1] for prize, entry in chosen.items()}
    money, pay_on = _empty_pot(job, contest, prices, by)
    for prize, entry in chosen.items():
        _end(entry, "award", prize=prize, reward_yen=int(prices[entry]))
        rights_paper(job, entry, money[entry], pay_on).save()
    job = jobs.end_contest(job=job, move="award", by=by)
    activity.record(actor=by, fact=facts.CONTEST_AWARDED, about=job.reference, prizes=len(chosen))
    _tell_winners(job, money, pay_on)
    _pass_the_others(job, contest)
    return job


@deed
def call_off(*, job: Job, by) -> Job:
    """Nobody has handed anything in, and the client needs it no longer: the whole pot goes back."""
    job = Job.objects.locked().select_related("client").get(pk=job.pk)
    if not can_call_off(by, job):
        raise NotAllowed(_("contest.call_off_refused"))
    return _end_without_entries(job, by)


def settle_contests() -> int:
    """By the clock: a contest without an entry gives its pot back; one that nobody judged is split. Returns how many ended. A pot that the
    client's bank has taken back waits: there is nothing to give.
    """
    waiting = Job.objects.filter(~taken_back("job"), form=Job.Form.CONTEST, state=JobState.CLOSED).order_by("pk")
    has_entries = Exists(Entry.objects.valid().filter(job=OuterRef("pk")))
    late = waiting.filter(closes_on__lt=clock.today() - JUDGED_WITHIN) | waiting.filter(~has_entries)
    return each(late[:200], _settle)


def remind_of_judging() -> int:
    """The contest has closed, half the time is over, the last day has come: the client hears of it, once each. Returns how many."""
    closed = Job.objects.filter(form=Job.Form.CONTEST, state=JobState.CLOSED).select_related("client", "contest").order_by("pk")
    closed = [job for job in closed if clock.now() < judged_by(job.closes_on)]
    known = set(Fact.objects.filter(name=facts.CONTEST_REMINDED, about__in=[job.reference for job in closed])
                .order_by("pk").values_list("about", "data__stage"))
    return each([job for job in closed if (job.reference, _stage(job)) not in known], _remind)


def _ask_for_pot(job: Job, by, pot: Yen) -> Job:
    """Money comes by a transfer: the client is told where to, and the contest opens when the statement shows it. Words are read first."""
    job = jobs.publish_job(job=job, by=by, has_pot=True, opens=False)
    if not job.looks.waiting().exists():
        payments.expect_deposit(party=job.client, place=pot_place(job.pk, job.version), about=job.reference, title=job.title, amount=pot,
                                until_at=pay_in_until(), by=by)
    return job


def _open(job: Job, by) -> Job:
    version = job.version
    job = jobs.publish_job(job=job, by=by, has_pot=True)
    if job.published_at is None:                        # somebody of the town reads it first; nothing was paid in
        return job
    contest = jobs.open_pot(job=job)
    payments.hold_pot(party=job.client, job=job.pk, version=version, amount=Yen(contest.pot_yen), by=by)
    return job


def _take_up(fact) -> None:
    """A deposit that opened its contest changes nothing. One whose deed broke off opens it now, if it still says the same."""
    kind, _colon, rest = fact.about.partition(":")
    number, _colon, version = rest.partition(":")
    if fact.name != FUNDING_CONFIRMED or kind != "job" or not (number.isdecimal() and version.isdecimal()):
        return
    job = Job.objects.locked().select_related("client", "category").filter(pk=number).first()
    if job is None:
        log.warning("%s: money came in for no post that is known here, and waits in suspense", fact.about)
        return
    if is_pot_held(job.pk, int(version)):
        return
    try:
        with transaction.atomic():
            if not (job.is_contest and job.state == JobState.DRAFT and job.version == int(version)):
                raise NotAllowed(_("contest.open_refused"))
            if Yen(fact.data["amount_yen"]) != pot_of(Contest.objects.get(job=job)):
                raise DomainError(_("fund.other_sum"))
            _open(job, None)
    except DomainError:
        _give_back(job, int(version))


def _give_back(job: Job, version: int) -> None:
    amount = payments.give_back(place=pot_place(job.pk, version), about=job.reference)
    if job.version == version:
        jobs.refuse_pot(job=job)
    for person in () if has_own_account() else job.client.people(Power.PAYER):          # there payments itself tells them
        notifications.queue(to=person, kind="contract.refunded", about=job.reference, job=job.title, gross_yen=int(amount))


def _chosen(contest: Contest, entries: Sequence[Entry], winners: Mapping[int, int]) -> dict[int, Entry]:
    by_number = {entry.number: entry for entry in entries}
    if not winners:
        raise DomainError(_("contest.award_one"))
    if len(set(winners.values())) != len(winners):
        raise DomainError(_("contest.award_twice"))
    if not all(1 <= prize <= len(contest.prizes) for prize in winners) or not all(number in by_number for number in winners.values()):
        raise DomainError(_("contest.award_unknown"))
    return {prize: by_number[number] for prize, number in sorted(winners.items())}


def _settle(job: Job) -> bool:
    """Nothing handed in: the pot goes back. Time is over: it is split."""
    job = Job.objects.locked().select_related("client", "category").get(pk=job.pk)
    if job.state != JobState.CLOSED:
        return False
    if not Entry.objects.valid().filter(job=job).exists():
        _end_without_entries(job, None)
        return True
    if clock.now() <= judged_by(job.closes_on):
        return False
    contest = Contest.objects.get(job=job)
    entries = list(Entry.objects.valid().filter(job=job).select_related("worker").locked())
    prices = dict.fromkeys(entries, equal_share(contest, len(entries)))
    money, pay_on = _empty_pot(job, contest, prices, None)
    for entry in entries:
        _end(entry, "share", reward_yen=int(prices[entry]))
    job = jobs.end_contest(job=job, move="settle", by=None)
    activity.record(actor=None, fact=facts.CONTEST_SPLIT, about=job.reference, entries=len(entries))
    _tell_sharers(job, money, pay_on)
    _pass_the_others(job, contest)
    return True


def _end_without_entries(job: Job, by) -> Job:
    contest = Contest.objects.get(job=job)
    _empty_pot(job, contest, {}, by)
    job = jobs.end_contest(job=job, move="settle" if by is None else "call_off", by=by)
    activity.record(actor=by, fact=facts.CONTEST_EMPTY, about=job.reference)
    for person in job.client.people(*READS_WORK):
        notifications.queue(to=person, kind="contest.empty", about=job.reference, job=job.title, gross_yen=contest.pot_yen)
    _pass_the_others(job, contest)
    return job


def _empty_pot(job: Job, contest: Contest, prices: Mapping[Entry, Yen], by) -> tuple[dict[Entry, Settlement], datetime.date]:
    """One entry of the ledger: prizes or shares, fees, taxes; the rest goes back to the client. What each got, and when it is paid."""
    money = settlements(job, contest, prices)
    pay_on = pay_day(clock.today(), acceptance_days=0)
    shares = [payments.Share(entry.reference, entry.worker, terms, pay_on) for entry, terms in money.items()]
    refund = Yen(contest.pot_yen) - sum((terms.client_pays for terms in money.values()), Yen(0))
    payments.settle_pot(job=job.pk, title=job.title, party=job.client, shares=shares, refund=refund, by=by)
    if withheld := sum(int(terms.withheld) for terms in money.values()):
        for person in job.client.people(Power.PAYER):
            notifications.queue(to=person, kind=withheld_kind(job.client), about=job.reference, job=job.title, tax_yen=withheld,
                                date_on=pay_on)
    return money, pay_on


def _end(entry: Entry, move: str, **columns) -> None:
    entry.state = ENTRY_LIFECYCLE.next(entry.state, move)
    entry.ended_at = clock.now()
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.save(update_fields=["state", "ended_at", *columns])


def _tell_winners(job: Job, money: Mapping[Entry, Settlement], pay_on: datetime.date) -> None:
    for entry, terms in money.items():
        notifications.queue(to=entry.worker, kind="entry.won", about=entry.reference, job=job.title, net_yen=int(terms.worker_receives),
                            date_on=pay_on, **job.client.words())


def _tell_sharers(job: Job, money: Mapping[Entry, Settlement], pay_on: datetime.date) -> None:
    """Each maker hears once, with the sum of all their shares."""
    nets, first = Counter(), {}
    for entry, terms in money.items():
        nets[entry.worker] += int(terms.worker_receives)
        first.setdefault(entry.worker, entry)
    for worker, net in nets.items():
        notifications.queue(to=worker, kind="entry.shared", about=first[worker].reference, job=job.title, n=len(money), net_yen=net,
                            date_on=pay_on)
    for person in job.client.people(*READS_WORK):
        notifications.queue(to=person, kind="contest.split", about=job.reference, job=job.title, n=len(money))


def _pass_the_others(job: Job, contest: Contest) -> None:
    """Everybody else hears how many there were, and that what they made is theirs. Each maker once."""
    rest = list(Entry.objects.filter(job=job, state=EntryState.SUBMITTED).select_related("worker").locked())
    Entry.objects.filter(pk__in=[entry.pk for entry in rest]).update(
        state=ENTRY_LIFECYCLE.next(EntryState.SUBMITTED, "pass"), ended_at=clock.now())
    got_something = Entry.objects.filter(job=job, state__in=(EntryState.AWARDED, EntryState.SHARED))
    told = set(got_something.order_by().values_list("worker", flat=True))
    was_chosen = job.state == JobState.AWARDED
    for entry in _one_of_each(rest, told):
        notifications.queue(to=entry.worker, kind="entry.not_chosen" if was_chosen else "entry.nobody_chosen", about=entry.reference,
                            job=job.title, name_person=entry.worker.name, **({"n": contest.entries_count} if was_chosen else {}))


def _one_of_each(entries: Iterable[Entry], told: set[int]) -> Iterable[Entry]:
    for entry in entries:
        if entry.worker_id not in told:
            told.add(entry.worker_id)
            yield entry


def _stage(job: Job) -> str:
    left = judged_by(job.closes_on) - clock.now()
    return "last" if left <= LAST_DAY else "half" if left <= JUDGED_WITHIN / 2 else "closed"


def _remind(job: Job) -> bool:
    activity.record(actor=None, fact=facts.CONTEST_REMINDED, about=job.reference, stage=_stage(job))
    for person in job.client.people(Power.APPROVER):
        notifications.queue(to=person, kind="contest.judge", about=job.reference, job=job.title, n=job.contest.entries_count,
                            until_at=judged_by(job.closes_on))
    return True
