"""The verbs of cards: they ask the service, compare, and write down what is so. Who calls them books it, in the same transaction.

The row of a payment is held while the service is asked: two who ask wait for each other, and the second finds what the first wrote.
"""
import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.accounts.models import Party
from machi.activity import actions as activity
from machi.cards import facts, policies, stripe_door
from machi.cards.lifecycle import CARD_REFUND_LIFECYCLE, CHARGEBACK_LIFECYCLE, INTENT_LIFECYCLE, IntentState
from machi.cards.models import OPEN, CardRefund, Chargeback, Event, Intent, Quarantine
from machi.cards.stripe_door import CURRENCY, Back, Seen
from machi.cards.stripe_door import Forged as Forged
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen

Why = Quarantine.Why
SENT_AGAIN = datetime.timedelta(days=90)            # the service tries for some days to bring a message


def open_card(*, place: str, party: Party, amount: Yen, by, back_to: str, is_fee_theirs: bool = False) -> Intent:
    """Somebody wants to pay this by card: the payment whose page they are led to. Again, it is the same page while it is open.

    `is_fee_theirs`: have they read that the fee of a lost chargeback is theirs? Of two readings the one that costs them nothing counts.

    Not in a transaction of the caller: our row is written down before the service is asked. Raises DomainError while a payment is being
    taken up, and Silent when the service does not answer.
    """
    intent = _begun(place, party, amount, by, is_fee_theirs)
    if intent.page_id:
        intent = read_card(intent.pk)
        if intent.is_authorised:
            raise DomainError(_("card.being_taken"))
        if intent.is_open and intent.amount_yen == amount:
            return intent
        _give_up(intent.pk)
        intent = _begun(place, party, amount, by, is_fee_theirs)
    elif intent.amount_yen != amount:                   # its page was never shown to anybody
        _give_up(intent.pk)
        intent = _begun(place, party, amount, by, is_fee_theirs)
    return _with_page(intent.pk, back_to)


@transaction.atomic
def read_card(pk: int) -> Intent:
    """Ask the service how a payment stands, and write down what is so: authorised, cancelled, or its page closed. What is odd moves
    nothing. What was captured already is authorised first: whoever books it says `capture_card`.
    """
    intent = _locked(pk)
    if not intent.is_open:
        return intent
    if not intent.provider_id and not _has_begun(intent):
        return intent
    seen = stripe_door.look(intent.provider_id)
    if seen.is_cancelled:
        return _move(intent, "cancel")
    if (seen.is_authorised or seen.is_captured) and intent.state == IntentState.CREATED and _is_as_asked(intent, seen):
        intent.expires_at, intent.is_live = seen.expires_at, seen.is_live
        return _move(intent, "authorise")
    is_unpaid = intent.state == IntentState.CREATED and not (seen.is_authorised or seen.is_captured)
    if is_unpaid and intent.page_id and stripe_door.page_of(intent.page_id).is_over:
        return _move(intent, "fail")                    # a card was declined there, and nobody can type another one
    return intent


@transaction.atomic
def capture_card(pk: int) -> Intent:
    """Take what is set aside. Captured, and cancelled where it was too late; authorised still when the service did neither."""
    return _end(_locked(pk), stripe_door.capture)


@transaction.atomic
def cancel_card(pk: int) -> Intent:
    """Let go what is set aside. Cancelled; captured where somebody had taken it at the service."""
    return _end(_locked(pk), stripe_door.cancel)


@transaction.atomic
def let_go_card(pk: int) -> Intent:
    """Let go what would run out. What somebody had taken at the service stays as it is: who calls this books nothing."""
    intent = _locked(pk)
    if intent.is_authorised and stripe_door.cancel(intent.provider_id, token=intent.token).is_cancelled:
        return _move(intent, "cancel")
    return intent


@transaction.atomic
def read_fee(pk: int) -> Intent:
    """What the service keeps of a captured payment, once it says so."""
    intent = _locked(pk)
    if intent.is_captured and intent.fee_yen is None:
        intent.fee_yen = stripe_door.look(intent.provider_id).fee
        intent.save(update_fields=["fee_yen"])
    return intent


@transaction.atomic
def begin_refund(*, intent: Intent, reference: str, amount: Yen) -> CardRefund:
    """Write down that so much goes back to the card, before the service is asked. Once for each reference."""
    intent = _locked(intent.pk)
    return CardRefund.objects.get_or_create(reference=reference, defaults={
        "intent": intent, "amount_yen": int(amount), "asked_at": clock.now()})[0]


@transaction.atomic
def send_refund(pk: int) -> CardRefund:
    """Tell the service, or ask what became of it; write down what is so."""
    refund = CardRefund.objects.select_for_update(of=("self",)).select_related("intent").get(pk=pk)
    if refund.ended_at:
        return refund
    told = refund.intent
    back = stripe_door.refund_of(refund.provider_id) if refund.provider_id else stripe_door.refund(
        told.provider_id, token=refund.token, amount_yen=refund.amount_yen)
    if back is None or back.has_failed:
        return _move_refund(refund, "fail", back)
    if (back.amount, back.currency) != (refund.amount_yen, CURRENCY):
        _odd(back.id, Why.AMOUNT if back.currency == CURRENCY else Why.CURRENCY, back.amount, back.currency)
        return refund
    return _move_refund(refund, "succeed" if back.has_succeeded else "", back)


def receive(body: bytes, signature: str) -> bool:
    """Keep a message of the service; True when it is new. The same one again changes nothing. Raises Forged."""
    told = stripe_door.read_message(body, signature)
    return Event.objects.get_or_create(event_id=told.id, defaults={
        "kind": told.kind[:80], "thing": told.thing, "received_at": clock.now()})[1]


@transaction.atomic
def read_dispute(dispute_id: str) -> tuple[Chargeback | None, bool, Yen]:
    """Ask the service how a payment stands that a client's bank takes back, and write it down; is it new, and what does the service take
    for it? Nothing while the bank only asks a question: no money has moved. A message that is older than what is known changes nothing.
    """
    try:
        told = stripe_door.dispute_of(dispute_id)
    except LookupError:
        told = None
    intent = Intent.objects.select_for_update(of=("self",)).filter(provider_id=told.provider_id).first() if told else None
    if intent is None or not intent.is_captured or told.currency != CURRENCY or not 0 < told.amount <= intent.amount_yen:
        _odd(dispute_id, Why.UNKNOWN if intent is None else Why.AMOUNT, told.amount if told else None, told.currency if told else "")
        return None, False, Yen(0)
    known = Chargeback.objects.select_for_update(of=("self",)).filter(provider_id=told.id).first()
    if known is None and not told.move:
        return None, False, Yen(0)
    found = known or Chargeback.objects.create(intent=intent, provider_id=told.id, amount_yen=told.amount, reason=told.reason[:60],
                                               due_at=told.due_at, received_at=clock.now())
    found.due_at = told.due_at or found.due_at
    if told.move and CHARGEBACK_LIFECYCLE.allows(found.state, told.move):
        found.state = CHARGEBACK_LIFECYCLE.next(found.state, told.move)
        found.ended_at = clock.now() if found.is_won or found.is_lost else None
    found.save()
    return found, known is None, Yen(told.fee)


@transaction.atomic
def note_borne(*, chargeback: Chargeback, borne: Yen) -> None:
    """So much of it is taken from what was still held; whoever books it says so."""
    chargeback.borne_yen = int(borne)
    chargeback.save(update_fields=["borne_yen"])


def what_it_is_about(event: Event) -> Intent | CardRefund | None:
    """Whose payment or refund a message names; what began somewhere else is put aside for somebody to look at."""
    thing = event.thing
    if event.kind.startswith("checkout.session."):
        return _intent_of(page_id=thing) or _by_token(thing, "page_id", lambda: stripe_door.page_of(thing).token)
    if event.kind.startswith("payment_intent."):
        return _intent_of(provider_id=thing) or _by_token(thing, "provider_id", lambda: stripe_door.look(thing).token)
    if thing.startswith("re_"):
        known = CardRefund.objects.filter(provider_id=thing).first()
        return known or _refund_by_token(thing)
    return None


@transaction.atomic
def note_fee(*, chargeback: Chargeback, fee: Yen, theirs: Yen) -> None:
    """So much the service takes for it in all, and so much of that is the client's to pay; whoever books it says so."""
    if fee != chargeback.fee_yen:
        chargeback.fee_count += 1
    chargeback.fee_yen, chargeback.fee_theirs_yen = int(fee), int(theirs)
    chargeback.save(update_fields=["fee_yen", "fee_theirs_yen", "fee_count"])


def done_with(event: Event) -> None:
    event.handled_at = clock.now()
    event.save(update_fields=["handled_at"])


@transaction.atomic
def close_quarantine(*, odd: Quarantine, by, words: str) -> Quarantine:
    """Somebody of the finance desk has looked, and says what they did about it."""
    if not policies.can_close_quarantine(by):
        raise NotAllowed(_("card.odd.not_yours"))
    if not words.strip():
        raise DomainError(_("card.odd.words_missing"))
    odd = Quarantine.objects.select_for_update(of=("self",)).get(pk=odd.pk)
    if odd.closed_at is None:
        odd.closed_at, odd.closed_by, odd.words = clock.now(), by, words.strip()
        odd.save(update_fields=["closed_at", "closed_by", "words"])
        activity.record(actor=by, fact=facts.QUARANTINE_CLOSED, about=f"quarantine:{odd.pk}")
    return odd


def forget_events() -> int:
    """Messages that were dealt with long ago: the service sends none again after so many days. What they led to stays."""
    return Event.objects.filter(received_at__lt=clock.now() - SENT_AGAIN, handled_at__isnull=False).delete()[0]


@transaction.atomic
def _begun(place: str, party: Party, amount: Yen, by, is_fee_theirs: bool) -> Intent:
    """The open payment of this piece of work, or a new one. Two at the same moment get the same."""
    Party.objects.locked().get(pk=party.pk)
    if known := Intent.objects.filter(place=place, state__in=OPEN).first():
        if known.is_fee_theirs and not is_fee_theirs:
            known.is_fee_theirs = False
            known.save(update_fields=["is_fee_theirs"])
        return known
    intent = Intent.objects.create(place=place, party=party, amount_yen=int(amount), is_fee_theirs=is_fee_theirs, opened_by=by,
                                   opened_at=clock.now())
    activity.record(actor=by, fact=facts.CARD_OPENED, about=place, amount_yen=int(amount), card=intent.pk)
    return intent


@transaction.atomic
def _with_page(pk: int, back_to: str) -> Intent:
    intent = _locked(pk)
    if not intent.page_id and intent.is_open:
        page = stripe_door.open_page(token=intent.token, place=intent.place, amount_yen=intent.amount_yen, title=_("card.page.title"),
                                     back_to=back_to, language=get_language() or "ja")
        intent.page_id, intent.page_url = page.id, page.url
        intent.save(update_fields=["page_id", "page_url"])
    return intent


@transaction.atomic
def _give_up(pk: int) -> None:
    """Another sum is asked for now, or the page is over: this one is paid no more. One that was paid meanwhile is left as it is."""
    intent = _locked(pk)
    if intent.state != IntentState.CREATED:
        return
    if intent.page_id:
        stripe_door.close_page(intent.page_id)
        if not stripe_door.page_of(intent.page_id).is_over:
            raise DomainError(_("card.being_taken"))
    _move(intent, "fail")


def _has_begun(intent: Intent) -> bool:
    """Has the service a payment for its page? A page that is over without one ends it. The row is held."""
    if not intent.page_id:
        return False
    page = stripe_door.page_of(intent.page_id)
    if page.provider_id:
        intent.provider_id = page.provider_id
        intent.save(update_fields=["provider_id"])
    elif page.is_over:
        _move(intent, "fail")
    return bool(page.provider_id)


def _is_as_asked(intent: Intent, seen: Seen) -> bool:
    """The sum, the currency, what it is for, real or a test: all as we asked, or it is put aside."""
    wrong = [why for why, is_right in (
        (Why.CURRENCY, seen.currency == CURRENCY), (Why.AMOUNT, seen.amount == intent.amount_yen),
        (Why.PLACE, seen.place == intent.place and seen.token == str(intent.token)),
        (Why.LIVE, seen.is_live == stripe_door.is_live()),
        (Why.AMOUNT, not seen.is_captured or seen.received == intent.amount_yen)) if not is_right]
    for why in wrong:
        _odd(seen.id, why, seen.amount, seen.currency)
    return not wrong


def _end(intent: Intent, ask: Callable[..., Seen]) -> Intent:
    if not intent.is_authorised:
        return intent
    seen = ask(intent.provider_id, token=intent.token)
    if seen.is_cancelled:
        return _move(intent, "cancel")
    if seen.is_captured and _is_as_asked(intent, seen):
        intent.fee_yen = seen.fee
        return _move(intent, "capture")
    return intent


def _move(intent: Intent, move: str) -> Intent:
    intent.state = INTENT_LIFECYCLE.next(intent.state, move)
    intent.ended_at = None if intent.is_open else clock.now()
    intent.save()
    return intent


def _move_refund(refund: CardRefund, move: str, back: Back | None) -> CardRefund:
    if back:
        refund.provider_id = back.id
    if move:
        refund.state, refund.ended_at = CARD_REFUND_LIFECYCLE.next(refund.state, move), clock.now()
    refund.save()
    return refund


def _locked(pk: int) -> Intent:
    return Intent.objects.select_for_update(of=("self",)).select_related("party").get(pk=pk)


def _intent_of(**where) -> Intent | None:
    return Intent.objects.filter(**where).first()


def _by_token(thing: str, column: str, token_of: Callable[[], str]) -> Intent | None:
    """A message may arrive before the answer that names the thing: our own token leads to the row, which learns the name."""
    try:
        token = token_of()
    except LookupError:
        token = ""
    found = Intent.objects.select_for_update(of=("self",)).filter(token=token).first() if _is_token(token) else None
    if found is None or getattr(found, column):         # it is known under another name: this one is a second
        _odd(thing, Why.UNKNOWN, None, "")
        return None
    setattr(found, column, thing)
    found.save(update_fields=[column])
    return found


def _refund_by_token(thing: str) -> CardRefund | None:
    try:
        token = stripe_door.refund_of(thing).token
    except LookupError:
        token = ""
    found = CardRefund.objects.filter(token=token).first() if _is_token(token) else None
    if found is None:
        _odd(thing, Why.UNKNOWN, None, "")
    return found


def _is_token(said: str) -> bool:
    return len(said) == 36 and said.count("-") == 4 and all(letter in "0123456789abcdef-" for letter in said)


def _odd(thing: str, why: str, amount: int | None, currency: str) -> None:
    _row, is_new = Quarantine.objects.get_or_create(thing=thing, why=why, defaults={
        "amount_yen": amount, "currency": currency, "found_at": clock.now()})
    if is_new:
        activity.record(actor=None, fact=facts.CARD_QUARANTINED, about=f"quarantine:{_row.pk}", why=str(why))
