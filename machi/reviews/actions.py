"""Writing a review, opening both together, saying thanks."""
import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import READS_WORK
from machi.activity import actions as activity
from machi.contracts.models import Contract
from machi.contracts.policies import side_of
from machi.notifications import actions as notifications
from machi.reviews import facts, policies
from machi.reviews.models import Review, Thanks
from machi.shared import clock
from machi.shared.errors import NotAllowed

CLOSED_FOR = datetime.timedelta(days=14)            # alone, a review opens after this


@deed
def write_review(*, contract: Contract, by, again: str, text: str = "") -> Review:
    """One side writes what it saw (評価). When both are written, both open, at the same moment."""
    contract = Contract.objects.locked().select_related("client").get(pk=contract.pk)
    if not policies.can_review(by, contract):
        raise NotAllowed(_("review.refused"))
    review = Review.objects.create(contract=contract, side=side_of(by, contract), writer=by, worker_id=contract.worker_id,
                                   client=contract.client, again=again, text=text, written_at=clock.now())
    activity.record(actor=by, fact=facts.REVIEW_WRITTEN, about=contract.reference, side=review.side)
    if Review.objects.filter(contract=contract).count() == 2:
        _open(contract)
    return review


def open_waiting() -> int:
    """Reviews whose other half never came open when their time is over; return how many contracts."""
    waiting = Review.objects.filter(opened_at=None, written_at__lt=clock.now() - CLOSED_FOR).order_by("contract")
    opened = 0
    for pk in list(waiting.values_list("contract", flat=True).distinct()[:500]):
        with transaction.atomic():
            contract = Contract.objects.locked().select_related("client").get(pk=pk)
            opened += _open(contract)
    return opened


@deed
def say_thanks(*, contract: Contract, by, text: str) -> Thanks:
    """The client thanks the worker for this work (ありがとう). Once; it stays on the worker's page."""
    contract = Contract.objects.locked().select_related("client", "worker").get(pk=contract.pk)
    if not policies.can_thank(by, contract):
        raise NotAllowed(_("thanks.refused"))
    thanks = Thanks.objects.create(contract=contract, worker=contract.worker, text=text, sent_at=clock.now())
    activity.record(actor=by, fact=facts.THANKS_SENT, about=contract.reference)
    notifications.queue(to=contract.worker, kind="thanks.arrived", about=contract.reference, text=text, work=contract.title,
                        **contract.client.words())
    return thanks


def _open(contract: Contract) -> bool:
    opened = Review.objects.filter(contract=contract, opened_at=None).update(opened_at=clock.now())
    if opened:
        activity.record(actor=None, fact=facts.REVIEWS_OPENED, about=contract.reference)
        for person in [contract.worker, *contract.client.people(*READS_WORK)]:
            notifications.queue(to=person, kind="review.opened", about=contract.reference, job=contract.title)
    return bool(opened)
