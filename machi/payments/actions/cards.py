"""What clients pay by card (カードでの仮払い): taken up when the service says that it is set aside, and given back to the card.

The service's word is written down (cards) and booked in one transaction. Lock order: a deposit that is waited for, then the payment.
"""
import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.cards import actions as cards
from machi.cards.lifecycle import CardRefundState, IntentState
from machi.cards.models import CardRefund, Event, Intent
from machi.cards.queries import open_cards, takeable_cards, without_fee
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts, policies
from machi.payments.actions.booking import CLOCK, post
from machi.payments.actions.chargebacks import hear_dispute
from machi.payments.actions.lines import owe_line_back
from machi.payments.actions.refunding import move_refund, owe_back, refund_arrives
from machi.payments.actions.stopping import guard
from machi.payments.actions.taken import use_at_once
from machi.payments.figures import is_fee_theirs
from machi.payments.lifecycle import DEPOSIT_LIFECYCLE, DepositState, RefundState
from machi.payments.models import ExpectedDeposit, Refund
from machi.payments.queries import card_for, is_money_stopped, is_paid_by_card
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from machi.shared.rows import each

LAST_DAY = datetime.timedelta(days=1)               # before the card's bank lets go what it set aside
ASKED_OFTEN = datetime.timedelta(minutes=5)         # a refund that is not through by then is asked about once a minute


def start_card(*, deposit: ExpectedDeposit, by, back_to: str) -> Intent:
    """A client wants to pay by card what they were asked for: the payment whose page they are led to. Again, it is the same page.

    Raises DomainError when it is waited for no longer, and OSError when the service does not answer: nothing has happened then.
    """
    guard()
    if not policies.can_pay_by_card(by, deposit):
        raise NotAllowed(_("card.not_now"))
    return cards.open_card(place=deposit.place, party=deposit.party, amount=deposit.amount, by=by, back_to=back_to,
                           is_fee_theirs=is_fee_theirs())


def take_up_card(*, deposit: ExpectedDeposit) -> None:
    """Somebody came back from the page of the service: how does it stand? Raises OSError when the service does not answer."""
    guard()
    for pk in list(open_cards().filter(place=deposit.place).values_list("pk", flat=True)):
        with transaction.atomic():
            _read_and_take(pk)


def hear_cards() -> int:
    """Messages of the service: each says that something happened, and the service is asked what. Returns how many."""
    if not is_paid_by_card():
        return 0
    guard()
    return each(Event.objects.filter(handled_at=None).order_by("pk")[:200], _hear, unless=(OSError,))


def take_up_cards() -> int:
    """By the clock: what is set aside on a card is taken if it is still waited for, and else let go; return of how many. While money is
    stopped only that is let go which would run out: a client can pay it anew.
    """
    if not is_paid_by_card():
        return 0
    if is_money_stopped():
        late = open_cards().filter(state=IntentState.AUTHORISED, expires_at__lt=clock.now() + LAST_DAY)
        return each(late.values_list("pk", flat=True), cards.let_go_card, unless=(OSError,))
    return each(takeable_cards().values_list("pk", flat=True)[:200], _take_up, unless=(OSError,))


def ask_about_cards() -> int:
    """By the clock, once a minute, should a message of the service be lost: how stand the open pages, the refunds under way, and what
    does the service keep? Returns about how many it was asked. What is odd and would run out is let go.
    """
    if not is_paid_by_card():
        return 0
    guard()
    late = open_cards().filter(state=IntentState.AUTHORISED, expires_at__lt=clock.now() + LAST_DAY).values_list("pk", flat=True)
    return (each(open_cards().values_list("pk", flat=True)[:200], _read_and_take, unless=(OSError,))
            + each(late, cards.let_go_card, unless=(OSError,))
            + each(_asked_refunds().values_list("pk", flat=True)[:200], _send, unless=(OSError,))
            + each(without_fee().values_list("pk", flat=True)[:200], _book_fee, unless=(OSError,)))


def send_card_refunds(*, at_most: int = 500) -> int:
    """What goes back to clients goes to the card it came from; return how many arrived. What has no card waits for a transfer by hand."""
    guard()
    each(Refund.objects.filter(state=RefundState.OWED).order_by("pk")[:at_most], _begin)
    lately = _asked_refunds().filter(asked_at__gt=clock.now() - ASKED_OFTEN)
    return each(lately.values_list("pk", flat=True)[:at_most], _send, unless=(OSError,))


def owe_deposit_back(*, place: str) -> Yen:
    """The deposit came when its work had ended: it is the client's again. Joins the transaction of the room."""
    deposit = ExpectedDeposit.objects.select_for_update(of=("self",)).select_related("party", "card").filter(
        place=place, state=DepositState.MATCHED).order_by("pk").first()
    if deposit is None:
        raise DomainError(_("fund.not_here"))
    if deposit.line_id:
        return owe_line_back(deposit)
    card = deposit.card
    deposit.state, deposit.card = DEPOSIT_LIFECYCLE.next(deposit.state, "give_back"), None
    deposit.save(update_fields=["state", "card"])
    return _owe_card_back(card, about=deposit.about, title=deposit.title)


def _hear(event: Event) -> bool:
    if event.kind.startswith("charge.dispute."):
        hear_dispute(event.thing)
        cards.done_with(event)
        return True
    thing = cards.what_it_is_about(event)
    if isinstance(thing, Intent):
        _read_and_take(thing.pk)
    elif isinstance(thing, CardRefund):
        _send(thing.pk)
    cards.done_with(event)
    return True


def _read_and_take(pk: int) -> bool:
    intent = cards.read_card(pk)
    return intent.is_authorised and _take_up(pk)


def _take_up(pk: int) -> bool:
    """Captured and booked if it is waited for, to the yen; let go if not. Joins the transaction of the caller."""
    guard()
    place = Intent.objects.values_list("place", flat=True).get(pk=pk)
    deposit = ExpectedDeposit.objects.select_for_update(of=("self",)).filter(place=place, state=DepositState.WAITING).first()
    intent = Intent.objects.select_related("party").get(pk=pk)
    is_wanted = deposit is not None and (deposit.amount_yen, deposit.party_id) == (intent.amount_yen, intent.party_id)
    intent = cards.capture_card(pk) if is_wanted else cards.cancel_card(pk)
    if not intent.is_captured:
        return False
    post(Entry(intent.key, CLOCK, intent.key, [Transfer(Kind.GATEWAY.of(), Kind.SUSPENSE.of(), intent.amount)]))
    activity.record(actor=None, fact=facts.CARD_CAPTURED, about=intent.key, amount_yen=intent.amount_yen)
    _post_fee(intent)
    if is_wanted:
        _match(deposit, intent)
    else:                                               # somebody had taken it at the service itself
        last = ExpectedDeposit.objects.filter(place=place).order_by("-pk").first()
        _owe_card_back(intent, about=last.about, title=last.title)
    return True


def _match(deposit: ExpectedDeposit, intent: Intent) -> None:
    deposit.state = DEPOSIT_LIFECYCLE.next(deposit.state, "match")
    deposit.ended_at, deposit.card = clock.now(), intent
    deposit.save(update_fields=["state", "ended_at", "card"])
    activity.record(actor=None, fact=facts.FUNDING_CONFIRMED, about=deposit.place, amount_yen=intent.amount_yen)
    use_at_once(deposit)


def _owe_card_back(intent: Intent, *, about: str, title: str) -> Yen:
    party = intent.party
    post(Entry(f"return:{intent.key}", CLOCK, about, [Transfer(Kind.SUSPENSE.of(), Kind.CLIENT_CREDIT.of(party.pk), intent.amount)]))
    owe_back(party=party, reference=intent.key, about=about, title=title, amount=intent.amount, by=None)
    activity.record(actor=None, fact=facts.FUNDING_RETURNED, about=intent.key, amount_yen=intent.amount_yen)
    for person in party.people(Power.PAYER):
        notifications.queue(to=person, kind="card.goes_back", about=about, job=title, gross_yen=intent.amount_yen)
    return intent.amount


def _book_fee(pk: int) -> bool:
    return _post_fee(cards.read_fee(pk))


def _post_fee(intent: Intent) -> bool:
    """What the service keeps is the operator's expense, never a client's money."""
    if not intent.fee_yen:
        return False
    post(Entry(f"card_fee:{intent.pk}", CLOCK, intent.key, [Transfer(Kind.EXPENSE.of(), Kind.GATEWAY.of(), Yen(intent.fee_yen))]))
    return True


def _asked_refunds():
    return CardRefund.objects.filter(state=CardRefundState.ASKED).order_by("pk")


def _begin(refund: Refund) -> bool:
    """Written down on both sides before the service is asked."""
    intent = card_for(refund)
    if intent is None or not move_refund(refund.pk, "send"):
        return False
    cards.begin_refund(intent=intent, reference=refund.bank_key, amount=refund.amount)
    return True


def _send(pk: int) -> bool:
    """Asked again after a crash, it goes back once. What the card cannot take stays owed."""
    guard()
    before = CardRefund.objects.select_for_update(of=("self",)).get(pk=pk)
    done = cards.send_refund(pk)
    if before.ended_at or not done.ended_at:
        return False
    if not done.has_succeeded:
        _tell_of_no_card(done)
        return False
    refund = Refund.objects.select_related("party").get(reference=done.reference.removeprefix("refund:"))
    return refund_arrives(refund, clock.today(), out_of=Kind.GATEWAY)


def _tell_of_no_card(failed: CardRefund) -> None:
    """The card cannot take it: it is owed as before, and leaves by a transfer to the account that the client names."""
    refund = Refund.objects.select_related("party").get(reference=failed.reference.removeprefix("refund:"))
    for person in refund.party.people(Power.PAYER):
        notifications.queue(to=person, kind="refund.no_card", about=refund.about, job=refund.title, gross_yen=refund.amount_yen)
