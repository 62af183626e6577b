"""A stand-in takes over (交代): they go on in a contract of their own, with the money that is held; the worker before them keeps a part of
the step that was under way, which ends as the stand-in's work on it does. Locks: contract, its steps, the stand-in, the offer.
"""
from django.utils.translation import gettext as _

from machi.accounts.queries import has_power
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.funding import void_steps
from machi.contracts.actions.locking import locked_stand_in, steps_of
from machi.contracts.actions.telling import both_sides, people_of, tell
from machi.contracts.actions.wishes import end_call, lapse_change, lapse_date
from machi.contracts.lifecycle import CONTRACT_LIFECYCLE, MILESTONE_LIFECYCLE, STAND_IN_LIFECYCLE, ContractState, OfferState
from machi.contracts.models import Contract, Milestone, Offer, Side, StandIn
from machi.contracts.terms import fingerprint, parted, passing_addition, step_of, steps_in
from machi.messaging.actions import open_thread
from machi.notifications import actions as notifications
from machi.payments import actions as payments
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each


def take_over(*, offer: Offer, by, terms_hash: str) -> Contract:
    """Who was called accepts exactly the terms they saw: from here on the work, and the money held for it, is theirs."""
    contract, stand_in, offer = _locked_call(offer)
    if offer.is_replaced or terms_hash != offer.terms_hash:
        raise DomainError(_("offer.terms_changed"))
    if not policies.can_answer_offer(by, offer):
        raise NotAllowed(_("offer.answer_refused"))
    if has_power(by, contract.client_id):                       # they may have joined the client since they agreed to stand by
        raise NotAllowed(_("offer.is_colleague"))
    steps = steps_of(contract)
    step = next(one for one in steps if one.is_running)         # whatever else moved it ended the call
    end_call(offer, "accept")
    after = Contract.objects.create(
        offer=offer, job_id=contract.job_id, package_id=contract.package_id, category_id=contract.category_id, client=contract.client,
        worker=stand_in.person, form=contract.form, title=contract.title, takes_over=contract, formed_at=clock.now(),
        state=CONTRACT_LIFECYCLE.next(ContractState.PENDING_FUNDING, "fund"))
    first, *later = (step_of(after, paper) for paper in steps_in(offer.terms))
    first.state, first.funded_at = MILESTONE_LIFECYCLE.next(first.state, "fund"), clock.now()
    Milestone.objects.bulk_create([first, *later])
    _keep_part(contract, step, stand_in)
    void_steps(steps)
    contract.state, contract.fund_by = CONTRACT_LIFECYCLE.next(contract.state, "pass_on"), None
    contract.save(update_fields=["state", "fund_by"])
    payments.pass_escrow_on(milestone=step.pk, contract=contract.pk, to_milestone=first.pk, to_contract=after.pk, amount=first.held, by=by)
    lapse_change(contract)
    open_thread(about=after.reference, members=[after.worker], party=after.client)
    activity.record(actor=by, fact=facts.OFFER_ACCEPTED, about=after.reference, offer=offer.pk, terms=offer.terms_hash)
    activity.record(actor=by, fact=facts.TAKEN_OVER, about=after.reference, milestone=first.pk)
    activity.record(actor=by, fact=facts.PASSED_ON, about=contract.reference, milestone=step.pk)
    notifications.queue(to=after.worker, kind="contract.escrowed", about=after.reference, job=after.title, gross_yen=first.held_yen,
                        due_on=first.due_on)
    notifications.queue(to=contract.worker, kind="contract.passed_on", about=contract.reference, job=contract.title,
                        net_yen=int(step.money.worker_receives))
    tell(contract, people_of(contract, Side.CLIENT), "contract.taken_over", about=after.reference, date_on=first.due_on)
    return after


def leave_call(*, offer: Offer, by) -> Offer:
    """Who was called cannot now. They stand by as before; the work is still the worker's."""
    contract, _stand_in, offer = _locked_call(offer)
    if not policies.can_answer_offer(by, offer):
        raise NotAllowed(_("offer.answer_refused"))
    return _end(contract, offer, "refuse", by)


def expire_calls() -> int:
    """Who was called has not answered in time; return how many."""
    late = Offer.objects.filter(state=OfferState.OPEN, answer_by__lt=clock.now(), stand_in__isnull=False).order_by("pk")
    return each(late[:500], _expire)


def _expire(offer: Offer) -> bool:
    contract, _stand_in, offer = _locked_call(offer)
    is_late = offer.state == OfferState.OPEN and offer.answer_by < clock.now()
    if is_late:
        _end(contract, offer, "expire", None)
    return is_late


def _keep_part(contract: Contract, step: Milestone, stand_in: StandIn) -> None:
    money, _rest = parted(step, stand_in.kept_percent)
    step.price_yen, step.held_yen, step.withheld_yen = int(money.price), int(money.client_pays), int(money.withheld)
    step.fee_yen, step.fee_tax_yen = int(money.fee), int(money.fee_tax)
    step.client_fee_yen, step.client_fee_tax_yen = int(money.client_fee), int(money.client_fee_tax)
    step.state = MILESTONE_LIFECYCLE.next(step.state, "pass_on")
    step.save()
    lapse_date(step)
    stand_in.state, stand_in.ended_at = STAND_IN_LIFECYCLE.next(stand_in.state, "take_over"), clock.now()
    stand_in.addition = passing_addition(stand_in, contract, step, now=clock.now())
    stand_in.addition_hash = fingerprint(stand_in.addition)
    stand_in.save()


def _end(contract: Contract, offer: Offer, move: str, by) -> Offer:
    end_call(offer, move)
    activity.record(actor=by, fact=facts.OFFER_REFUSED if move == "refuse" else facts.OFFER_EXPIRED, about=offer.reference)
    activity.record(actor=by, fact=facts.STAND_IN_CANNOT, about=contract.reference)
    tell(contract, both_sides(contract), "contract.stand_in_cannot")
    return offer


def _locked_call(offer: Offer) -> tuple[Contract, StandIn, Offer]:
    contract, stand_in = locked_stand_in(offer.stand_in)
    offer = Offer.objects.locked().select_related("client", "worker").get(pk=offer.pk)
    return contract, stand_in, offer
