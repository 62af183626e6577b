"""Money that goes back to a client (返金): owed when a piece of work is settled for less than was held, and sent by the bank at once."""
from django.db import transaction

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts
from machi.payments.actions.booking import CLOCK, post
from machi.payments.actions.stopping import guard
from machi.payments.lifecycle import REFUND_LIFECYCLE
from machi.payments.models import Refund
from machi.shared import clock
from machi.shared.money import Yen


def owe_back(*, party: Party, reference: str, about: str, title: str, amount: Yen, by) -> Refund:
    """What was held and not paid is the client's again; it lies in their credit until the bank has sent it.

    Joins the transaction of the settlement, whose entry puts the money there.
    """
    refund = Refund.objects.create(party=party, reference=reference, about=about, title=title, amount_yen=int(amount),
                                   requested_at=clock.now())
    activity.record(actor=by, fact=facts.REFUND_REQUESTED, about=reference, amount_yen=int(amount))
    return refund


@transaction.atomic
def move_refund(pk: int, move: str, **columns) -> bool:
    """One move of a refund under its lock; False when another process was faster."""
    guard()
    refund = Refund.objects.select_for_update().get(pk=pk)
    if not REFUND_LIFECYCLE.allows(refund.state, move):
        return False
    refund.state = REFUND_LIFECYCLE.next(refund.state, move)
    for name, value in columns.items():
        setattr(refund, name, value)
    refund.save(update_fields=["state", *columns])
    return True


def refund_arrives(refund: Refund, value_on) -> bool:
    """It stands on the bank's statement; those who pay for the client hear of it. Joins the transaction of the line."""
    if not move_refund(refund.pk, "confirm", paid_on=value_on, ended_at=clock.now()):
        return False
    post(Entry(refund.bank_key, CLOCK, refund.about, [Transfer(Kind.CLIENT_CREDIT.of(refund.party_id), Kind.BANK.of(), refund.amount)]))
    activity.record(actor=None, fact=facts.REFUND_PAID, about=refund.reference, amount_yen=refund.amount_yen)
    for person in refund.party.people(Power.PAYER):
        notifications.queue(to=person, kind="refund.arrived", about=refund.about, job=refund.title, gross_yen=refund.amount_yen,
                            date_on=value_on)
    return True
