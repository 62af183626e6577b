"""Naming somebody who goes on if the worker suddenly cannot (交代の人), and calling them. Locks: contract, its steps, the stand-in, offers.

Whoever takes over goes on in a contract of their own (passing_on.py).
"""
import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.models import User
from machi.accounts.queries import has_power
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.agreeing import tell_worker
from machi.contracts.actions.locking import locked_contract, locked_stand_in, steps_of
from machi.contracts.actions.telling import people_of, tell
from machi.contracts.actions.wishes import end_stand_in, lapse_call
from machi.contracts.lifecycle import STAND_IN_LIFECYCLE
from machi.contracts.models import Contract, Offer, Side, StandIn
from machi.contracts.queries import current, last_day
from machi.contracts.terms import fingerprint, stand_in_terms
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed

TIME_TO_TAKE_OVER = datetime.timedelta(days=3)      # whoever is called answers within
LEAST_KEPT, MOST_KEPT = 10, 90                      # percent of the step that is under way


@deed
def name_stand_in(*, contract: Contract, by, person: User, kept_percent: int) -> StandIn:
    """The worker asks somebody to stand by: they would go on with this work. They and the client hear of it, and answer.

    `kept_percent`: of the step that is under way when they take over the worker keeps so much; later steps are theirs alone.
    Raises DomainError for somebody on either side of the contract, who has said no before, or while another one stands by.
    """
    contract = locked_contract(contract.pk)
    if not policies.can_name_stand_in(by, contract):
        raise NotAllowed(_("standin.refused"))
    if not LEAST_KEPT <= kept_percent <= MOST_KEPT:
        raise DomainError(_("standin.kept.range") % {"least": LEAST_KEPT, "most": MOST_KEPT})
    if person.pk == by.pk or has_power(person, contract.client_id) or not person.is_active or person.closed_at:
        raise DomainError(_("standin.person.refused"))
    before = list(StandIn.objects.locked().filter(contract=contract))
    if any(one.is_open for one in before):
        raise DomainError(_("standin.named_already"))
    if any(one.person_id == person.pk and one.state == "declined" for one in before):
        raise DomainError(_("standin.said_no"))
    since = clock.now() - datetime.timedelta(days=1)
    if StandIn.objects.filter(contract__worker=by, asked_at__gt=since).count() >= (most := settings.DAILY["name_stand_in"]):
        raise DomainError(_("standin.enough") % {"n": most})
    stand_in = StandIn.objects.create(contract=contract, person=person, kept_percent=kept_percent, asked_at=clock.now())
    activity.record(actor=by, fact=facts.STAND_IN_NAMED, about=contract.reference)
    tell(contract, [person], "contract.stand_in_asked", about=stand_in.reference)
    tell(contract, people_of(contract, Side.CLIENT), "contract.stand_in_wished")
    return stand_in


@deed
def agree_to_stand_in(*, stand_in: StandIn, by) -> StandIn:
    """The stand-in or the client agrees; when both have, the stand-in stands by."""
    contract, stand_in = locked_stand_in(stand_in)
    if not policies.can_answer_stand_in(by, stand_in):
        raise NotAllowed(_("standin.answer_refused"))
    is_person = by.pk == stand_in.person_id
    if is_person:
        stand_in.person_agreed_at = clock.now()
    else:
        stand_in.client_agreed_at, stand_in.client_agreed_by = clock.now(), by
    is_ready = bool(stand_in.person_agreed_at and stand_in.client_agreed_at)
    stand_in.state = STAND_IN_LIFECYCLE.next(stand_in.state, "ready" if is_ready else "agree")
    stand_in.save()
    activity.record(actor=by, fact=facts.STAND_IN_AGREED, about=contract.reference, how="" if is_person else Side.CLIENT)
    if is_ready:
        tell(contract, [contract.worker], "contract.stand_in_ready")
    return stand_in


@deed
def decline_stand_in(*, stand_in: StandIn, by) -> StandIn:
    """The stand-in or the client says no. It harms nobody, and nobody is asked why."""
    contract, stand_in = locked_stand_in(stand_in)
    if not policies.can_answer_stand_in(by, stand_in):
        raise NotAllowed(_("standin.answer_refused"))
    end_stand_in(contract, stand_in, "decline", by)
    tell(contract, [contract.worker], "contract.stand_in_declined")
    return stand_in


@deed
def withdraw_stand_in(*, stand_in: StandIn, by) -> StandIn:
    """The worker needs nobody any more, or the stand-in can no longer. A call that waits ends with it."""
    contract, stand_in = locked_stand_in(stand_in)
    if not policies.can_withdraw_stand_in(by, stand_in):
        raise NotAllowed(_("standin.answer_refused"))
    lapse_call(contract)
    end_stand_in(contract, stand_in, "withdraw", by)
    other = contract.worker if by.pk == stand_in.person_id else stand_in.person
    tell(contract, [other, *people_of(contract, Side.CLIENT)], "contract.stand_in_withdrawn",
          about=stand_in.reference if other == stand_in.person else "")
    return stand_in


@deed
def call_stand_in(*, stand_in: StandIn, by, kept_percent: int | None = None, note: str = "") -> Offer:
    """The stand-in is asked to take over now: they get the terms of what is left, and three days to answer. Until they do, the work is
    the worker's, and whatever the worker does with it ends the call.

    The worker may call at any time while the money of a step is held, and may leave more of it to the stand-in (a smaller
    `kept_percent`); the client when the due day has passed, as it was agreed.
    """
    contract, stand_in = locked_stand_in(stand_in)
    steps = steps_of(contract)
    step = current(steps)
    if not policies.can_call_stand_in(by, stand_in, step):
        raise NotAllowed(_("standin.call_refused"))
    if Offer.objects.locked().filter(stand_in=stand_in, state="open").exists():
        raise DomainError(_("standin.called_already"))
    if kept_percent is not None and by.pk == contract.worker_id:
        if not LEAST_KEPT <= kept_percent <= stand_in.kept_percent:
            raise DomainError(_("standin.kept.less") % {"least": LEAST_KEPT, "most": stand_in.kept_percent})
        stand_in.kept_percent = kept_percent
    if by.pk == contract.worker_id:
        stand_in.note = note.strip()
    stand_in.save()
    terms = stand_in_terms(contract, steps, stand_in, last_on=last_day(contract))
    offer = Offer.objects.create(
        job_id=contract.job_id, package_id=contract.package_id, stand_in=stand_in, client=contract.client, worker=stand_in.person,
        terms=terms, terms_hash=fingerprint(terms), takes_newcomer_seat=False, offered_at=clock.now(),
        answer_by=clock.now() + TIME_TO_TAKE_OVER)
    activity.record(actor=by, fact=facts.STAND_IN_CALLED, about=contract.reference, offer=offer.pk)
    tell_worker(offer)
    is_worker = by.pk == contract.worker_id
    tell(contract, people_of(contract, Side.CLIENT if is_worker else Side.WORKER), "contract.stand_in_called",
          until_at=offer.answer_by)
    return offer
