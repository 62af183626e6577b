"""Offering and agreeing. Locks in this order: post, proposal, offer, contract, milestone."""
import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import READS_WORK, Power
from machi.accounts.queries import has_power
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.funding import wait_for_week
from machi.contracts.actions.locking import steps_of
from machi.contracts.actions.passing_on import leave_call, take_over
from machi.contracts.actions.recording import write_weeks
from machi.contracts.lifecycle import OFFER_LIFECYCLE, OfferState
from machi.contracts.models import Contract, Milestone, Offer
from machi.contracts.queries import is_newcomer
from machi.contracts.terms import TIME_TO_ANSWER, draft_terms, fingerprint, plan_in, step_of, steps_in
from machi.contracts.weeks import MOST_HOURS, MOST_WEEKS, Hours
from machi.jobs import actions as jobs
from machi.jobs.models import Job
from machi.jobs.plans import is_monthly
from machi.messaging.actions import open_thread
from machi.notifications import actions as notifications
from machi.payments.actions import refuse_owing
from machi.payments.queries import pay_in_until
from machi.proposals import actions as proposals
from machi.proposals.models import Proposal
from machi.proposals.policies import can_choose
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from machi.shared.rows import each


@deed
def make_offer(*, proposal: Proposal, by, due_on: datetime.date | None = None) -> Offer:
    """The client asks this person (お願いする): the terms are frozen, a seat is kept, the worker has seven days to answer."""
    job = Job.objects.locked().select_related("client", "category").get(pk=proposal.job_id)
    proposal = Proposal.objects.locked().select_related("worker").get(pk=proposal.pk)
    if not can_choose(by, proposal):
        raise NotAllowed(_("offer.refused"))
    if has_power(proposal.worker, job.client_id):
        raise NotAllowed(_("offer.is_colleague"))
    refuse_owing(job.client_id)
    due_on = due_on or job.due_on
    if not job.is_hourly:
        _check_due_day(due_on)
    takes_newcomer_seat = jobs.take_seat(job=job, for_newcomer=is_newcomer(proposal.worker))
    proposals.mark_offered(proposal=proposal, by=by)
    offer = _write_offer(proposal, job, 1, takes_newcomer_seat, due_on, job.reward)
    activity.record(actor=by, fact=facts.OFFER_MADE, about=offer.reference, proposal=proposal.pk)
    tell_worker(offer)
    return offer


@deed
def change_offer(*, offer: Offer, by, due_on: datetime.date | None = None, reward: Yen | None = None, hours: Hours | None = None) -> Offer:
    """Other terms take the place of these before they are answered: another day and reward, or for work by the hour other hours.
    Whoever still has the old ones on screen is told so.
    """
    if offer.job_id is None:                        # a service has the terms of whoever prepared it
        raise NotAllowed(_("offer.change_refused"))
    job = Job.objects.locked().select_related("client", "category").get(pk=offer.job_id)
    offer = Offer.objects.locked().select_related("proposal", "worker").get(pk=offer.pk)
    if not policies.can_change_offer(by, offer):
        raise NotAllowed(_("offer.change_refused"))
    if job.is_hourly:
        _check_hours(hours, job)
    else:
        _check_due_day(due_on)
        _check_pay(reward, job)
    _end_offer(offer, "replace")
    after = _write_offer(offer.proposal, job, offer.version + 1, offer.takes_newcomer_seat, due_on, reward, hours)
    activity.record(actor=by, fact=facts.OFFER_REPLACED, about=after.reference, before=offer.pk)
    tell_worker(after)
    return after


@transaction.atomic
def accept_offer(*, offer: Offer, by, terms_hash: str) -> Contract:
    """The worker agrees to exactly the terms whose fingerprint they saw (契約). Raises DomainError when those are no longer so."""
    if offer.stand_in_id:
        return take_over(offer=offer, by=by, terms_hash=terms_hash)
    job, proposal = _post_of(offer.job_id, offer.proposal_id)
    offer = Offer.objects.locked().select_related("client", "worker").get(pk=offer.pk)
    if offer.is_replaced or terms_hash != offer.terms_hash:
        raise DomainError(_("offer.terms_changed"))
    if not policies.can_answer_offer(by, offer):
        raise NotAllowed(_("offer.answer_refused"))
    _end_offer(offer, "accept")
    if job:
        proposals.mark_ended(proposal=proposal, move="accept", by=by)
        jobs.fill_seat(job=job, by=by)
    contract = _form(offer)
    activity.record(actor=by, fact=facts.OFFER_ACCEPTED, about=contract.reference, offer=offer.pk, terms=offer.terms_hash)
    open_thread(about=contract.reference, members=[offer.worker], party=offer.client)
    notifications.queue(to=offer.worker, kind="contract.formed", about=contract.reference, job=contract.title)
    for person in offer.client.people(Power.PAYER):
        notifications.queue(to=person, kind="contract.to_fund", about=contract.reference, job=contract.title,
                            worker_person=offer.worker.name,
                            gross_yen=steps_in(offer.terms)[0]["client_pays_yen"], until_at=contract.fund_by)
    return contract


@transaction.atomic
def refuse_offer(*, offer: Offer, by) -> Offer:
    """The worker says no; it harms nobody's record, and the seat is free again."""
    if offer.stand_in_id:
        return leave_call(offer=offer, by=by)
    job, proposal = _post_of(offer.job_id, offer.proposal_id)
    offer = Offer.objects.locked().select_related("client", "worker").get(pk=offer.pk)
    if not policies.can_answer_offer(by, offer):
        raise NotAllowed(_("offer.answer_refused"))
    return _give_back(offer, job, proposal, "refuse", by, facts.OFFER_REFUSED, "contract.offer_declined")


def expire_offers() -> int:
    """Offers that were not answered in time end; return how many."""
    late = Offer.objects.filter(state=OfferState.OPEN, answer_by__lt=clock.now(), stand_in=None).order_by("pk")
    return each(late[:500], _expire)


def _expire(offer: Offer) -> bool:
    job, proposal = _post_of(offer.job_id, offer.proposal_id)
    offer = Offer.objects.locked().select_related("client", "worker").get(pk=offer.pk)
    if not OFFER_LIFECYCLE.allows(offer.state, "expire"):
        return False
    _give_back(offer, job, proposal, "expire", None, facts.OFFER_EXPIRED, "contract.offer_expired")
    return True


def answer_by(due_on: datetime.date) -> datetime.datetime:
    """A worker has a week to answer, but no contract begins after the due day of its first step."""
    return min(clock.now() + TIME_TO_ANSWER, clock.end_of(due_on))


def _check_due_day(due_on: datetime.date) -> None:
    if not policies.is_due_day(due_on):
        raise DomainError(_("offer.due_on.range"))


def _write_offer(proposal: Proposal, job: Job, version: int, takes_newcomer_seat: bool, due_on: datetime.date, reward: Yen,
                 hours: Hours | None = None) -> Offer:
    terms = draft_terms(job=job, worker=proposal.worker, due_on=due_on, reward=reward, hours=hours)
    first, *_later = steps = steps_in(terms)
    _check_steps(steps)
    return Offer.objects.create(
        proposal=proposal, job=job, client=job.client, worker=proposal.worker, version=version, terms=terms, terms_hash=fingerprint(terms),
        takes_newcomer_seat=takes_newcomer_seat, offered_at=clock.now(), answer_by=answer_by(datetime.date.fromisoformat(first["due_on"])))


def _check_pay(pay: Yen, job: Job) -> None:
    if pay < policies.least_offer(job):
        raise DomainError(policies.too_low(job))


def _check_hours(hours: Hours | None, job: Job) -> None:
    """The post keeps to the same limits."""
    if hours is None or not (1 <= hours.weekly_hours <= MOST_HOURS and 1 <= hours.weeks_count <= MOST_WEEKS):
        raise DomainError(_("offer.hours.range") % {"hours": MOST_HOURS, "weeks": MOST_WEEKS})
    _check_pay(Yen(hours.rate_yen), job)


def _check_steps(steps: list[dict]) -> None:
    """Another last day moves every step: none may lie in the past."""
    if datetime.date.fromisoformat(steps[0]["due_on"]) <= clock.today():
        raise DomainError(_("offer.step_past"))


def _post_of(job: int | None, proposal: int | None) -> tuple[Job | None, Proposal | None]:
    """The post and the application behind an offer, locked; neither, where a service was asked for."""
    if job is None:
        return None, None
    return Job.objects.locked().get(pk=job), Proposal.objects.locked().get(pk=proposal)


def tell_worker(offer: Offer) -> None:
    """The worker hears of it: what, for how much, on which day, and until when to answer."""
    kind = "contract.offer_by_hour" if "hourly" in offer.terms else "contract.offer"
    notifications.queue(to=offer.worker, kind=kind, about=offer.reference, job=offer.terms["title"],
                        net_yen=offer.terms["net_yen"], date_on=datetime.date.fromisoformat(offer.terms["pay_on"]),
                        until_at=offer.answer_by, **offer.client.words())


def _end_offer(offer: Offer, move: str) -> None:
    offer.state = OFFER_LIFECYCLE.next(offer.state, move)
    offer.answered_at = clock.now()
    offer.save(update_fields=["state", "answered_at"])


def _give_back(offer: Offer, job: Job | None, proposal: Proposal | None, move: str, by, fact: str, kind: str) -> Offer:
    _end_offer(offer, move)
    if job:
        proposals.mark_ended(proposal=proposal, move=move, by=by)
        jobs.free_seat(job=job, was_newcomer_seat=offer.takes_newcomer_seat)
    activity.record(actor=by, fact=fact, about=offer.reference)
    if job is None:                                 # a service was asked for: there is no seat, and nobody else has applied
        kind = kind.replace(".offer_", ".order_")
    for person in offer.client.people(*READS_WORK):
        notifications.queue(to=person, kind=kind, about=(job or offer).reference, job=offer.terms["title"],
                            worker_person=offer.worker.name)
    return offer


def _form(offer: Offer) -> Contract:
    terms = offer.terms
    begun_by = offer.job or offer.package
    form = offer.job.form if offer.job else Job.Form.PROJECT
    contract = Contract.objects.create(offer=offer, job_id=offer.job_id, package_id=offer.package_id, category_id=begun_by.category_id,
                                       client=offer.client, worker=offer.worker, form=form, title=terms["title"],
                                       is_monthly=form == Job.Form.PROJECT and is_monthly(plan_in(terms)),
                                       formed_at=clock.now(), fund_by=pay_in_until())
    Milestone.objects.bulk_create(step_of(contract, step) for step in steps_in(terms))
    if contract.is_hourly:
        write_weeks(contract)
        wait_for_week(contract, steps_of(contract))
    return contract
