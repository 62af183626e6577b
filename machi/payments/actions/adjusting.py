"""Corrections of money (訂正): asked by one person of the finance desk with a reason, signed by another. A mistake is mended by a new
entry; what is written stays. Whoever is concerned reads why.
"""
from django.db import connection, transaction
from django.utils.translation import gettext as _

from machi.accounts.models import Party, User
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.ledger.accounts import Kind, has_floor
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts, policies
from machi.payments.actions.booking import actor, post
from machi.payments.actions.debts import give_up
from machi.payments.actions.refunding import owe_back
from machi.payments.actions.stopping import guard
from machi.payments.actions.taken import cover
from machi.payments.lifecycle import ADJUSTMENT_LIFECYCLE
from machi.payments.models import Adjustment, Earning, Funding, Taken
from machi.payments.paydays import pay_day
from machi.payments.queries import room_of_the_town
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen

TITLE = "街からの訂正"                              # of an earning or a refund of which no work is the cause
_SIGNING = 7_360_115_021                            # one signature at a time: each counts what the one before it left


@transaction.atomic
def ask_adjustment(*, by, what: str, amount: Yen, reason: str, words: str, worker: User | None = None,
                   party: Party | None = None, taken: Taken | None = None) -> Adjustment:
    """One person of the finance desk says what is wrong and how it is put right. No yen moves yet.

    Raises NotAllowed for somebody's own money, DomainError where whom it concerns is missing.
    """
    if not words.strip():
        raise DomainError(_("adjust.words.missing"))
    asked = Adjustment(what=what, amount_yen=int(amount), reason=reason, words=words.strip(), worker=worker, party=party, taken=taken,
                       asked_by=by, asked_at=clock.now())
    if not policies.can_ask_adjustment(by, asked):
        raise NotAllowed(_("adjust.not_yours"))
    if asked.pair.credit == Kind.CLIENT_CREDIT and not Funding.objects.filter(party=party).exists():
        raise DomainError(_("adjust.never_paid"))
    asked.save()
    activity.record(actor=by, fact=facts.ADJUSTMENT_ASKED, about=asked.reference, amount_yen=asked.amount_yen, what=str(what))
    return asked


def ask_to_stand_in(*, taken: Taken, by, words: str) -> Adjustment:
    """One person of the finance desk says that the town pays in for a client what their bank took back of held money, so that whoever
    worked can be paid: of the operator's own money. The client owes it to the town.
    """
    return ask_adjustment(by=by, what=Adjustment.What.STOOD_IN, amount=taken.amount, reason=Adjustment.Reason.LOST, words=words,
                          party=taken.chargeback.intent.party, taken=taken)


@transaction.atomic
def sign_adjustment(*, adjustment: Adjustment, by) -> Adjustment:
    """Another person of the desk signs: its entry is written, once. Raises NotAllowed for whoever asked, or whose money it is; DomainError
    where more would be owed to people than lies at the bank, or more debt lost than there is.
    """
    guard()
    adjustment = _answered(adjustment, "sign", by, "")
    _check_room(adjustment)
    if adjustment.taken:
        cover(adjustment.taken)
    elif adjustment.what == Adjustment.What.DEBT_LOST:
        give_up(adjustment.party, adjustment.amount)
    debit, credit = adjustment.accounts
    post(Entry(adjustment.reference, actor(by), adjustment.reference, [Transfer(debit, credit, adjustment.amount)]))
    activity.record(actor=by, fact=facts.MONEY_ADJUSTED, about=adjustment.reference, amount_yen=adjustment.amount_yen)
    _carry_out(adjustment, by)
    return adjustment


@transaction.atomic
def refuse_adjustment(*, adjustment: Adjustment, by, words: str) -> Adjustment:
    """Another person says no and why, or whoever asked takes it back."""
    if not words.strip():
        raise DomainError(_("adjust.words.missing"))
    adjustment = _answered(adjustment, "refuse", by, words.strip())
    activity.record(actor=by, fact=facts.ADJUSTMENT_REFUSED, about=adjustment.reference)
    return adjustment


def _answered(adjustment: Adjustment, move: str, by, words: str) -> Adjustment:
    adjustment = Adjustment.objects.select_for_update(of=("self",)).select_related(
        "worker", "party", "party__person", "taken").get(pk=adjustment.pk)
    state = ADJUSTMENT_LIFECYCLE.next(adjustment.state, move)
    if not policies.can_answer_adjustment(by, adjustment, move):
        raise NotAllowed(_("adjust.two_people") if by.pk == adjustment.asked_by_id else _("adjust.not_yours"))
    adjustment.state, adjustment.answered_by, adjustment.answered_at, adjustment.answer_words = state, by, clock.now(), words
    adjustment.save()
    return adjustment


def _check_room(adjustment: Adjustment) -> None:
    """What people are owed must lie at the bank: the operator's own money pays for the town's mistakes, and nobody else's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_SIGNING,))
    _debit, credit = adjustment.accounts
    if has_floor(credit) and adjustment.amount_yen > room_of_the_town():
        raise DomainError(_("adjust.too_little"))


def _carry_out(adjustment: Adjustment, by) -> None:
    """What the entry means for whoever is concerned; they read why."""
    if adjustment.worker is not None:
        earning = Earning.objects.create(
            worker=adjustment.worker, party=None, reference=adjustment.reference, about=adjustment.reference, title=TITLE,
            price_yen=adjustment.amount_yen, tax_yen=0, fee_yen=0, fee_tax_yen=0, withheld_yen=0, amount_yen=adjustment.amount_yen,
            pay_on=pay_day(clock.today(), acceptance_days=0), earned_at=clock.now())
        notifications.queue(to=adjustment.worker, kind="money.corrected", about=adjustment.reference, net_yen=adjustment.amount_yen,
                            date_on=earning.pay_on, words=adjustment.words)
    elif adjustment.pair.credit == Kind.CLIENT_CREDIT:
        owe_back(party=adjustment.party, reference=adjustment.reference, about=adjustment.party.reference, title=TITLE,
                 amount=adjustment.amount, by=by)
        _tell(adjustment, "money.corrected_back")
    elif adjustment.party is not None:
        _tell(adjustment, "money.stood_in" if adjustment.taken else "money.debt_lost")


def _tell(adjustment: Adjustment, kind: str) -> None:
    for person in adjustment.party.people(Power.PAYER):
        notifications.queue(to=person, kind=kind, about=adjustment.reference, gross_yen=adjustment.amount_yen, words=adjustment.words)
