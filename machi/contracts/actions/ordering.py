"""Asking for a service that its worker has prepared. From here on it is an offer like any other: answered, funded, delivered, paid."""
from django.utils.translation import gettext as _

from machi.accounts import actions as accounts
from machi.accounts.deeds import deed
from machi.accounts.models import Party
from machi.accounts.queries import has_power
from machi.activity import actions as activity
from machi.contracts import facts
from machi.contracts.actions.agreeing import answer_by, tell_worker
from machi.contracts.lifecycle import OfferState
from machi.contracts.models import Offer
from machi.contracts.terms import due_day_of, fingerprint, service_terms
from machi.packages.models import Package
from machi.packages.policies import can_order_package
from machi.payments.actions import refuse_owing
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed

WAITING_AT_MOST = 5                                 # orders of one client that one worker has not answered


@deed
def order_package(*, package: Package, client: Party, by, version: int, words: str, key: str, described: dict | None = None) -> Offer:
    """A client asks for a service as it stands (お願い): the terms are frozen, the worker has seven days to answer.

    `version` is the one that stood on the screen. `key` is the form's own: the same form sent twice is one order, another form
    another one. `described`: who gives the work, where the client had not said so before.
    """
    if described:
        client = accounts.describe_client(party=client, by=by, **described)
    client = Party.objects.locked().get(pk=client.pk)
    package = Package.objects.locked().select_related("worker", "category").get(pk=package.pk)
    if there := Offer.objects.filter(client=client, order_key=key).first():
        return there
    if not can_order_package(by, package, client.pk):
        raise NotAllowed(_("package.order.refused"))
    if has_power(package.worker, client.pk):
        raise NotAllowed(_("offer.is_colleague"))
    refuse_owing(client.pk)
    if not (client.name and client.address and client.contact):
        raise DomainError(_("package.order.who"))
    if version != package.version:
        raise DomainError(_("package.changed_meanwhile"))
    if Offer.objects.filter(client=client, worker=package.worker, job=None, state=OfferState.OPEN).count() >= WAITING_AT_MOST:
        raise DomainError(_("package.order.enough") % {"n": WAITING_AT_MOST})
    terms = service_terms(package=package, client=client, words=words)
    offer = Offer.objects.create(
        package=package, order_key=key, client=client, worker=package.worker, terms=terms, terms_hash=fingerprint(terms),
        takes_newcomer_seat=False, offered_at=clock.now(), answer_by=answer_by(due_day_of(package)))
    activity.record(actor=by, fact=facts.PACKAGE_ORDERED, about=offer.reference, package=package.pk)
    tell_worker(offer)
    return offer
