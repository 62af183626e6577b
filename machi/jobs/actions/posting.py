"""Writing, publishing and closing a post; its seats."""
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from machi.accounts import actions as accounts
from machi.accounts.deeds import deed
from machi.accounts.models import Membership, Party
from machi.accounts.powers import READS_WORK, Power
from machi.accounts.queries import chosen_role, has_power
from machi.activity import actions as activity
from machi.jobs import changes, facts, hourly, index, listing, plans, policies, templates, wordings
from machi.jobs.actions import looking
from machi.jobs.actions.contests import PARTS, leave_contest, write_contest
from machi.jobs.actions.looking import note_stop
from machi.jobs.errors import WordsStopped
from machi.jobs.lifecycle import JOB_LIFECYCLE, JobState
from machi.jobs.looks import JobLook
from machi.jobs.models import Job, JobChange
from machi.jobs.queries import free_seats, missing_items
from machi.jobs.templates import Template
from machi.notifications import actions as notifications
from machi.organisations import actions as organisations
from machi.payments.actions import refuse_owing
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each
from machi.taxonomy import actions as taxonomy
from machi.taxonomy import following
from machi.taxonomy.actions import topic_named

WRITABLE = {"form", "title", "body", "outcome", "category", "topic", "place", "reward_yen", "listed_yen", "rate_yen", "weekly_hours",
            "weeks_count", "minutes_estimate", "plan", "closes_on", "due_on", "acceptance_days", "revisions_count", "seats_count",
            "newcomer_seats_count", "sync", "sync_note", "ai", "rights", "channels", "block_minutes", "slack_days"}


@deed
def draft_job(*, client: Party, by, **values) -> Job:
    """Begin a post. It is nobody else's to see until it is published. Whoever begins it for an organisation looks after it."""
    if not has_power(by, client.pk, Power.MEMBER):
        raise NotAllowed(_("job.not_yours"))
    job = Job(client=client, contact=by if client.is_organisation else None, drafted_at=clock.now(), changed_at=clock.now())
    _write(job, values)
    activity.record(actor=by, fact=facts.JOB_DRAFTED, about=job.reference)
    if chosen_role(by).party != client.pk:          # whoever begins a post for somebody goes on acting for them
        accounts.act_for(party=client.pk, by=by)
    return job


@deed
def begin_job(*, client: Party, by, **values) -> Job:
    """The first screen of a post. Pressed twice, or in two windows at once, it begins one draft: one that has no words yet."""
    as_begun = {"title": "", "body": "", **values}
    begun = Job.objects.given_by(by).filter(client=client, published_at=None, **as_begun).order_by("-pk").first()
    return begun or draft_job(client=client, by=by, **values)


@deed
def edit_job(*, job: Job, by, version: int | None = None, **values) -> Job:
    """Change a draft, or a post that is out. Raises DomainError when it changed meanwhile.

    Of a post that is out every change is kept (JobChange); whoever applied hears of it (proposals.tell_of_changes).
    """
    job = Job.objects.locked().get(pk=job.pk)
    if not policies.can_edit_job(by, job):
        raise NotAllowed(_("job.edit_refused"))
    if job.published_at and values.get("form", job.form) != job.form:
        raise NotAllowed(_("job.form_stays"))
    if version is not None and version != job.version:
        raise DomainError(_("job.changed_meanwhile"))
    before, words, is_out = changes.standing(job), wordings.words_of(job), job.published_at is not None
    job.version += 1
    job.acted_at, job.asked_at = clock.now(), None
    _write(job, values)
    looking.lapse_look(job, by)
    if is_out:
        looking.check_change(job, words)
        note_change(job, before, by)
    return job


def note_change(job: Job, before: dict, by) -> None:
    """What changed on a post that is out since it said `before`, if anything; refuses what would be worse for whoever applied."""
    if change := changes.between(before, changes.standing(job)):
        changes.check(job, change)
        JobChange.objects.create(job=job, version=job.version, changed_by=by, changed_at=job.changed_at, **change._asdict())
        activity.record(actor=by, fact=facts.JOB_CHANGED, about=job.reference, version=job.version)


@deed
def use_template(*, job: Job, by, template: Template, version: int | None = None, **typed) -> Job:
    """Fill a draft from an example (見本). Words that were typed stay; a post that is out is the client's own already."""
    if not policies.can_use_template(by, job):
        raise NotAllowed(_("job.edit_refused"))
    return edit_job(job=job, by=by, version=version, **templates.filling(template, typed))


def publish_job(*, job: Job, by, has_pot: bool = False, opens: bool = True) -> Job:
    """Open a post to everybody (公開), or refuse with what must be changed first. Where a person of the town reads it first, it stays
    a draft until they have (pass_look). A contest opens only with its pot (proposals.open_contest); `by` is None when the town goes on
    with what broke off. `opens=False`: everything is asked, and it stays a draft.
    """
    try:
        return _publish(job=job, by=by, has_pot=has_pot, opens=opens)
    except WordsStopped:
        note_stop(job=job, by=by)
        raise


@deed
def pass_look(*, look: JobLook, by) -> Job:
    """Somebody with the duty has read it: it opens. A contest may be opened by its client now, who pays in the pot."""
    job, look = looking.locked(look)
    if not policies.can_look(by, look):
        raise NotAllowed(_("look.refused"))
    looking.answer(look, JobLook.Answer.PASSED, by)
    if not job.is_contest:
        _check_whole(job)
        _open(job, by)
    looking.tell(job, "job.look_passed")
    return job


@deed
def _publish(*, job: Job, by, has_pot: bool, opens: bool) -> Job:
    job = Job.objects.locked().select_related("client").get(pk=job.pk)
    if by is not None and not policies.can_publish_job(by, job) or job.is_contest != has_pot:
        raise NotAllowed(_("job.publish_refused"))
    _check_whole(job)
    if by is not None:
        refuse_owing(job.client_id)
        looking.check_words(job)
        if looking.ask_for_look(job, by):
            return job
    return _open(job, by) if opens else job


def _open(job: Job, by) -> Job:
    """The client's name, address, contact, and whether they withhold tax, are written down as they stand today."""
    job.client_name, job.client_address, job.client_contact = job.client.name, job.client.address, job.client.contact
    job.is_client_withholding_agent = job.client.is_withholding_agent
    job.state = JOB_LIFECYCLE.next(job.state, "publish")
    job.published_at = job.acted_at = clock.now()
    job.pairs = index.found_by(job)
    job.save()
    activity.record(actor=by, fact=facts.JOB_PUBLISHED, about=job.reference)
    return job


@deed
def close_job(*, job: Job, by) -> Job:
    """Take no more proposals; choosing goes on. `by` is None when the deadline did it."""
    job = Job.objects.locked().get(pk=job.pk)
    if by is not None and not policies.can_close_job(by, job):
        raise NotAllowed(_("job.close_refused"))
    return move(job, "close", by, facts.JOB_CLOSED, closed_at=clock.now())


def close_overdue() -> int:
    """Close every post whose deadline has passed, a paused one too; return how many."""
    return each(Job.objects.filter(state__in=(JobState.OPEN, JobState.PAUSED), closes_on__lt=clock.today()).order_by("pk")[:500],
                _close_overdue)


def _close_overdue(job: Job) -> bool:
    job = Job.objects.locked().get(pk=job.pk)
    is_over = JOB_LIFECYCLE.allows(job.state, "close") and job.closes_on < clock.today()       # the client may have moved the day
    if is_over:
        move(job, "close", None, facts.JOB_CLOSED, closed_at=clock.now())
    return is_over


def take_seat(*, job: Job, for_newcomer: bool) -> bool:
    """An offer takes a seat, under the lock of the post: a newcomer's seat first for a newcomer. Refuses when none is left.

    Returns whether it was a newcomer's seat, so that the right one can be given back. `job` must be locked by the caller.
    The database refuses too (CHECK job_no_seat_twice).
    """
    state = JOB_LIFECYCLE.next(job.state, "take_seat")
    free_for_all, free_for_newcomers = free_seats(job)
    takes_newcomer_seat = for_newcomer and free_for_newcomers > 0
    if not takes_newcomer_seat and free_for_all <= 0:
        raise DomainError(_("job.only_newcomer_seats") if free_for_newcomers else _("job.no_seats"))
    job.state = state
    job.seats_taken += 1
    job.newcomer_seats_taken += takes_newcomer_seat
    job.acted_at, job.asked_at = clock.now(), None              # whoever chooses is there
    job.save(update_fields=["state", "seats_taken", "newcomer_seats_taken", "acted_at", "asked_at"])
    return takes_newcomer_seat


def free_seat(*, job: Job, was_newcomer_seat: bool) -> None:
    """An offer was declined or ran out: its seat is free again. `job` must be locked by the caller."""
    job.state = JOB_LIFECYCLE.next(job.state, "free_seat")
    job.seats_taken -= 1
    job.newcomer_seats_taken -= was_newcomer_seat
    job.save(update_fields=["state", "seats_taken", "newcomer_seats_taken"])


def fill_seat(*, job: Job, by) -> Job:
    """An offer was accepted. With the last seat the post is awarded. `job` must be locked by the caller."""
    job.seats_accepted += 1
    if job.seats_accepted < job.seats_count or not JOB_LIFECYCLE.allows(job.state, "award"):
        job.save(update_fields=["seats_accepted"])
        return job
    return move(job, "award", by, facts.JOB_AWARDED, seats_accepted=job.seats_accepted, closed_at=job.closed_at or clock.now())


def end_choosing(*, job: Job, by) -> Job:
    """Nobody else will be chosen. `job` must be locked by the caller; `by` is None when the town ends it."""
    if by is not None and not policies.can_end_choosing(by, job):
        raise NotAllowed(_("job.end_refused"))
    return move(job, "end", by, facts.JOB_ENDED, closed_at=job.closed_at or clock.now())


def count_proposal(*, job: Job, by: int, is_newcomer: bool) -> None:
    """One applicant more or less, as the public page shows it, and among them whoever has no record yet. `job` must be locked by
    the caller; the database refuses one more than the client's limit (CHECK job_proposals_within_limit).
    """
    job.proposals_count += by
    job.newcomers_count += by * is_newcomer
    job.save(update_fields=["proposals_count", "newcomers_count"])


@transaction.atomic
def end_membership(*, membership: Membership, by, to=None) -> Membership:
    """Somebody leaves an organisation, or is taken out; the posts they looked after go to another member, with everything that
    goes on there.
    """
    membership = organisations.end_membership(membership=membership, by=by)
    party, left = membership.party, membership.user
    looked_after = list(Job.objects.locked().filter(client=party, contact=left).values_list("pk", flat=True))
    if not looked_after:
        return membership
    if to not in party.people(*READS_WORK):
        raise NotAllowed(_("organisation.hand_over_first"))
    Job.objects.filter(pk__in=looked_after).update(contact=to)
    for pk in looked_after:
        activity.record(actor=by, fact=facts.JOB_HANDED_OVER, about=f"job:{pk}", to=to.pk, before=left.pk)
    if to != by:
        notifications.queue(to=to, kind="organisation.handed", about=party.reference, who_person=left.name, client=party.name,
                            n=len(looked_after))
    return membership


def follow_topics() -> int:
    """Topics were merged or parted: posts name the topic that theirs stands for now, and are found by its name."""
    return following.follow(reader="jobs.topics", lead=lead_posts)


def count_topics() -> None:
    """Tell the list of topics in how many posts each stands: what is asked for often is offered first."""
    published = Job.objects.exclude(state=JobState.DRAFT).exclude(topic=None)
    taxonomy.count_uses(posts=dict(published.order_by("topic").values_list("topic").annotate(Count("pk"))))


def lead_posts(chosen: int, standing: int) -> None:
    """Posts for which one topic was chosen name what it stands for, and those that are open are found by its name."""
    named = following.naming(Job.objects.all(), chosen)
    named.exclude(topic=standing).update(**following.anew(chosen, standing))
    for job in named.filter(state=JobState.OPEN).locked().select_related("topic", "topic_before"):
        job.pairs = index.found_by(job)
        job.save(update_fields=["pairs"])


def _write(job: Job, values: dict) -> None:
    if unknown := values.keys() - WRITABLE - PARTS:
        raise TypeError(f"a post has no {', '.join(sorted(unknown))}")
    if "topic" in values:
        values |= {"topic": topic_named(values["topic"]), "topic_before": None}
    follows = "plan" not in values and not plans.faults(plans.read(job.plan), job.reward_yen, job.due_on, job.closes_on)
    was_contest = job.is_contest
    for name, value in values.items():
        if name not in PARTS:
            setattr(job, name, value)
    if was_contest and not job.is_contest:
        leave_contest(job, values)
    if follows:
        job.plan = plans.followed(job.plan, reward_yen=job.reward_yen, due_on=job.due_on, closes_on=job.closes_on)
    hourly.settle(job)
    listing.settle(job)
    if job.published_at:
        _check_whole(job)                           # in words, before the database would refuse it without any
    job.changed_at = clock.now()
    if job.is_contest:
        job.save()
        write_contest(job, values)
    job.pairs = index.found_by(job)
    job.save()


def _check_whole(job: Job) -> None:
    if missing := missing_items(job):
        raise DomainError(_("job.missing") % {"items": "、".join(str(item) for item in missing)})


def move(job: Job, move: str, by, fact: str, **columns) -> Job:
    """Only a paused post is paused, and only of an open one it is asked whether it is open: the database demands both."""
    job.state = JOB_LIFECYCLE.next(job.state, move)
    columns |= {"asked_at": None, "paused_at": clock.now() if job.state == JobState.PAUSED else None}
    if by is not None:
        columns["acted_at"] = clock.now()
    for name, value in columns.items():
        setattr(job, name, value)
    job.save(update_fields=["state", *columns])
    activity.record(actor=by, fact=fact, about=job.reference)
    return job
