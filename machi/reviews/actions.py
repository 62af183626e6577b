"""Writing a review, opening both together, saying thanks."""
import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.models import User
from machi.accounts.powers import READS_WORK
from machi.activity import actions as activity
from machi.contracts.models import Contract
from machi.contracts.policies import side_of
from machi.notifications import actions as notifications
from machi.reviews import facts, policies
from machi.reviews.models import IssuedRecord, Review, Thanks
from machi.reviews.portable import credential, signed
from machi.reviews.queries import has_record, issued_to
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each

RECORDS_AT_MOST = 50                                # in use at a time, of one person
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
    return each(waiting.values_list("contract", flat=True).distinct()[:500],
                lambda pk: _open(Contract.objects.locked().select_related("client").get(pk=pk)))


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


@transaction.atomic
def issue_record(*, by, called: str) -> IssuedRecord:
    """Somebody takes their record along, signed by the town, under the name they wish for. It says what is so at this moment."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)      # two windows count together
    if not has_record(by):
        raise NotAllowed(_("portable.refused"))
    if issued_to(by).count() >= RECORDS_AT_MOST:
        raise DomainError(_("portable.enough") % {"n": RECORDS_AT_MOST})
    issued = IssuedRecord.objects.create(user=by, called=called, issued_at=clock.now())
    issued.jwt = signed(credential(issued))
    issued.save(update_fields=["jwt"])
    activity.record(actor=by, fact=facts.RECORD_ISSUED, about=f"user:{by.pk}")
    return issued


def revoke_record(*, record: IssuedRecord, by) -> None:
    """Its person takes a record back; from then on whoever checks it reads so. Taking back twice is taking back once."""
    if record.user_id != by.pk:
        raise NotAllowed(_("error.404"))
    _revoke(IssuedRecord.objects.filter(pk=record.pk), by, by)


def revoke_records_of(*, person, by) -> int:
    """All of somebody's records, when they leave the town for good. Returns how many; the names on them are forgotten."""
    return _revoke(IssuedRecord.objects.filter(user=person), person, by)


@transaction.atomic
def _revoke(records, person, by) -> int:
    revoked = records.filter(revoked_at=None).update(revoked_at=clock.now(), called="", jwt="")
    if revoked:
        activity.record(actor=by, fact=facts.RECORD_REVOKED, about=f"user:{person.pk}", count=revoked)
    return revoked


def _open(contract: Contract) -> bool:
    opened = Review.objects.filter(contract=contract, opened_at=None).update(opened_at=clock.now())
    if opened:
        activity.record(actor=None, fact=facts.REVIEWS_OPENED, about=contract.reference)
        for person in [contract.worker, *contract.client.people(*READS_WORK)]:
            notifications.queue(to=person, kind="review.opened", about=contract.reference, job=contract.title)
    return bool(opened)
