"""Money that goes back to a client (返金): owed when a piece of work is settled for less than was held, and sent by the bank at once."""
from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.accounts.actions import note_look
from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.banking.banks import bank_name
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts, policies
from machi.payments.actions.booking import CLOCK, post
from machi.payments.actions.stopping import guard
from machi.payments.lifecycle import REFUND_LIFECYCLE
from machi.payments.models import Funding, Refund, RefundAccount
from machi.payments.queries import (
    NO_REFUND_ACCOUNT,
    is_at_the_card,
    refund_account_of,
    refunds_by_transfer,
    refunds_without_account,
    waits_for_its_card,
    why_not_sent,
)
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from machi.shared.rows import each
from machi.taxes.rates import remit_by


class Owed(NamedTuple):
    """So much is a client's again. `funding`: the deposit it came with, where the reference is not that of the deposit."""

    party: Party
    reference: str
    about: str
    title: str
    amount: Yen
    funding: Funding | None = None


def owe_back(*, party: Party, reference: str, about: str, title: str, amount: Yen, by, funding: Funding | None = None) -> Refund:
    """What was held and not paid is the client's again; it lies in their credit until the bank has sent it. `funding`: as in Owed.

    Joins the transaction of the settlement, whose entry puts the money there.
    """
    (refund,) = owe_all_back([Owed(party, reference, about, title, amount, funding)], by=by)
    return refund


def owe_all_back(owed: Sequence[Owed], *, by) -> list[Refund]:
    """The same for many at once."""
    refunds = Refund.objects.bulk_create(
        Refund(party=party, reference=reference, about=about, title=title, amount_yen=int(amount), funding=funding,
               requested_at=clock.now())
        for party, reference, about, title, amount, funding in owed)
    activity.record_many(actor=by, fact=facts.REFUND_REQUESTED, things=(
        (refund.reference, {"amount_yen": refund.amount_yen}) for refund in refunds))
    return refunds


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


def refund_left(refund: Refund, *, value_on) -> bool:
    """Where the statement is read by hand: somebody found it there. What it took is in suspense already. Whatever is at a card cannot have
    left: it would go back twice. Asked under the lock of the refund, which whoever asks a card takes too.
    """
    move_refund(refund.pk, "send")
    if is_at_the_card(refund):
        raise DomainError(_("line.refund_at_card"))
    return refund_arrives(refund, value_on, out_of=Kind.SUSPENSE)


def refund_arrives(refund: Refund, value_on, *, out_of: Kind = Kind.BANK) -> bool:
    """It stands on the bank's statement; those who pay for the client hear of it. Joins the transaction of the line."""
    if not move_refund(refund.pk, "confirm", paid_on=value_on, ended_at=clock.now()):
        return False
    post(Entry(refund.bank_key, CLOCK, refund.about, [Transfer(Kind.CLIENT_CREDIT.of(refund.party_id), out_of.of(), refund.amount)]))
    activity.record(actor=None, fact=facts.REFUND_PAID, about=refund.reference, amount_yen=refund.amount_yen)
    withheld = refund.withheld_from.select_related("payout").order_by("pk").first()
    paid_on = withheld.payout.paid_on if withheld and withheld.payout else None         # a payout may have come back since
    for person in refund.party.people(Power.PAYER):
        if withheld:
            notifications.queue(to=person, kind="withheld.arrived", about=refund.about, tax_yen=refund.amount_yen, date_on=value_on,
                                due_on=remit_by(paid_on or clock.today()))
        else:
            notifications.queue(to=person, kind="refund.arrived", about=refund.about, job=refund.title, gross_yen=refund.amount_yen,
                                date_on=value_on)
    return True


def refund_comes_back(refund: Refund, reason: str) -> bool:
    """It had left and stood on the statement, and days later its bank sent it back (組戻し). The line that brought it is in suspense
    already; it is owed again, and those who pay for the client read why. Joins the transaction of the line.
    """
    key, left_on = refund.bank_key.replace("refund:", "refund_back:", 1), refund.paid_on
    if not move_refund(refund.pk, "come_back", paid_on=None, ended_at=None, requested_at=clock.now(),
                       came_back_count=refund.came_back_count + 1):
        return False
    post(Entry(key, CLOCK, refund.about, [Transfer(Kind.SUSPENSE.of(), Kind.CLIENT_CREDIT.of(refund.party_id), refund.amount)]))
    # it would come back again and again; an account that was named meanwhile stays
    RefundAccount.objects.filter(party=refund.party_id, changed_at__lt=clock.start_of(left_on)).delete()
    activity.record(actor=None, fact=facts.REFUND_RETURNED, about=refund.reference, amount_yen=refund.amount_yen)
    for person in refund.party.people(Power.PAYER):
        notifications.queue(to=person, kind="refund.returned", about=refund.about, job=refund.title, gross_yen=refund.amount_yen,
                            reason=reason)
    return True


@transaction.atomic
def name_refund_account(*, party: Party, by, bank_code: str, branch_code: str, kind: str, number: str, holder_kana: str) -> RefundAccount:
    """A client says where money comes back to (返金先の口座). The same once more is no change; everybody who pays for them hears of one."""
    said = {"bank_code": bank_code, "branch_code": branch_code, "kind": kind, "number": number, "holder_kana": holder_kana}
    party = Party.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=party.pk)
    if not policies.can_name_refund_account(by, party):
        raise NotAllowed(_("refund_account.not_yours"))
    if known := RefundAccount.objects.filter(party=party, **said).first():
        return known
    account, _is_new = RefundAccount.objects.update_or_create(party=party, defaults=said | {"changed_at": clock.now()})
    activity.record(actor=by, fact=facts.REFUND_ACCOUNT_CHANGED, about=f"party:{party.pk}")
    for person in party.people(Power.PAYER):
        notifications.queue(to=person, kind="account.refund_changed", about=f"party:{party.pk}", bank=bank_name(bank_code),
                            when_at=account.changed_at)
    return account


@transaction.atomic
def look_at_refund_account(*, refund: Refund, by) -> RefundAccount | None:
    """Whoever transfers a refund by hand reads where to, and those who pay for the client can read who looked. Never of one's own money,
    nor of one's organisation's: somebody else of the desk sends that. Nothing where it must not
    leave now: it has left, its card takes it, or its account rests.
    """
    if not policies.can_send_refund(by):
        raise NotAllowed(_("line.not_yours"))
    if policies.is_own_money(by, party=refund.party_id):
        raise NotAllowed(_("line.own_money"))
    waiting = refunds_by_transfer().filter(pk=refund.pk).first()
    if waiting is None or why_not_sent(waiting) or waits_for_its_card(waiting):
        return None
    for person in waiting.party.people(Power.PAYER):
        note_look(by=by, person=person, what=gettext_noop("looked.refund_account"))
    return refund_account_of(waiting.party)


def remind_of_refund_account(*, at_most: int = 500) -> int:
    """Money goes back by a transfer, and nobody has said where to: those who pay for the client are asked, once for each sum."""
    return each(refunds_without_account()[:at_most], _remind)


def _remind(refund: Refund) -> bool:
    Refund.objects.select_for_update().get(pk=refund.pk)
    if waits_for_its_card(refund) or not refunds_without_account().filter(pk=refund.pk).exists():
        return False
    people = refund.party.people(Power.PAYER)
    for person in people:
        notifications.queue(to=person, kind=NO_REFUND_ACCOUNT, about=f"refund:{refund.pk}", job=refund.title, gross_yen=refund.amount_yen)
    return bool(people)
