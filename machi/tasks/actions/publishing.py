"""Money comes in for a batch, and it goes out; it is topped up, its price is raised, it rests, it stops. Locks: the batch, then its items.

A client pays in first, always for so many answers. Where a transfer carries the money the batch waits for it, and the clock takes it up.
"""
import logging

from django.db import connection, transaction
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.activity.actions import read_on
from machi.notifications import actions as notifications
from machi.notifications.words import yen
from machi.payments import actions as payments
from machi.payments.facts import FUNDING_CONFIRMED
from machi.payments.fees import rates
from machi.payments.queries import has_own_account, pay_in_until, slots_place
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from machi.tasks import facts, policies, prices
from machi.tasks.actions.drafting import check_words
from machi.tasks.actions.laying import lay
from machi.tasks.actions.taking import STOPPING
from machi.tasks.lifecycle import BATCH_LIFECYCLE, BatchState
from machi.tasks.models import Batch, Slots
from machi.tasks.models.batches import MOST_EACH
from machi.tasks.queries import back_if_stopped, form_of, may_be_free, unpublishable

log = logging.getLogger(__name__)
MORE_EACH = 2                                       # people who are asked about one item, beside those who always are


@deed
def publish_batch(*, batch: Batch, by, amount: Yen, version: int | None = None) -> Batch:
    """The money is held and everybody may take a bundle; or the client is told where to transfer it. `amount` stood on the button,
    below the words of this `version`.
    """
    batch = _locked(batch)
    if not policies.can_pay_for_batch(by, batch) or not BATCH_LIFECYCLE.allows(batch.state, "publish"):
        raise NotAllowed(_("tasks.batch.publish_refused"))
    if version is not None and version != batch.version:
        raise DomainError(_("post.changed_meanwhile"))
    if missing := unpublishable(batch):
        raise DomainError(missing[0].words)
    check_words(batch, form_of(batch))
    payments.refuse_owing(batch.client_id)
    return _pay_in(batch, by, Slots.Why.PUBLISH, sum(_wanted(batch)), batch.price_yen, amount)


@deed
def top_up(*, batch: Batch, by, count: int, amount: Yen, pot: Yen | None = None) -> Batch:
    """So many more answers are paid for, for what answers disagree about. `pot`: what had been paid in when the page was drawn: a form
    that is sent twice pays once.
    """
    batch = _locked(batch)
    if not policies.can_pay_for_batch(by, batch) or not batch.is_out:
        raise NotAllowed(_("tasks.batch.money_refused"))
    if not 1 <= count <= batch.items_count * MOST_EACH or batch.answers_each >= MOST_EACH:
        raise DomainError(_("tasks.batch.top_up.count"))
    if pot is not None and pot != batch.pot_yen:
        raise DomainError(_("post.changed_meanwhile"))
    payments.refuse_owing(batch.client_id)
    return _pay_in(batch, by, Slots.Why.TOP_UP, count, batch.price_yen, amount)


@deed
def raise_price(*, batch: Batch, by, price: Yen, amount: Yen) -> Batch:
    """From now on an answer costs more; what may still be taken at the new price is paid for anew, by the difference: also what somebody
    holds at the old one, as they may give it back. What is left of that goes back at the end. A price never falls. People answer
    meanwhile, so that less may be needed than stood on the button (`amount`), and less is paid then.
    """
    batch = _locked(batch)
    if not policies.can_pay_for_batch(by, batch) or not batch.is_out:
        raise NotAllowed(_("tasks.batch.money_refused"))
    if price <= batch.price:
        raise DomainError(_("tasks.batch.price.only_up"))
    payments.refuse_owing(batch.client_id)
    return _pay_in(batch, by, Slots.Why.RAISE, 0, int(price), amount)


def asked_for(batch: Batch, why: str, count: int, price_yen: int) -> Yen:
    """What a client pays in for so many more answers at this price; of a price that rises, the difference for all that may still be
    taken by somebody at that price.
    """
    if why == Slots.Why.RAISE:
        free = may_be_free(batch)
        return Yen(prices.pays_for(batch, free, price=Yen(price_yen)) - prices.pays_for(batch, free))
    return prices.pays_for(batch, count, price=Yen(price_yen))


def take_up_slots() -> int:
    """Deposits that payments found on the statement open their batches, or top them up; where that cannot be any more they go back."""
    return read_on(reader="tasks.slots", act=_take_up)


@deed
def move_batch(*, batch: Batch, by, move: str, back: Yen | None = None) -> Batch:
    """pause: nobody takes a new bundle. resume. stop: for good; what was taken is done and paid, what was not goes back to the client.
    `back` stood on the button: less than that does not come back without another look.
    """
    batch = _locked(batch)
    if not policies.can_move_batch(by, batch, move):
        raise NotAllowed(_("tasks.batch.move_refused"))
    batch.state, batch.changed_at = BATCH_LIFECYCLE.next(batch.state, move), clock.now()
    if move == "stop":
        batch.stopped_at = clock.now()
        give_back_free(batch)
        if back is not None and (now := back_if_stopped(batch)) < back:         # from here on nobody takes a bundle
            raise DomainError(_("tasks.stop.less") % {"back": yen(now)})
    batch.save()
    activity.record(actor=by, fact={"pause": facts.BATCH_PAUSED, "resume": facts.BATCH_RESUMED, "stop": facts.BATCH_STOPPED}[move],
                    about=batch.reference)
    return batch


def give_back_free(batch: Batch) -> None:
    """Nobody will answer any more what nobody has taken. Whoever takes a bundle at this very moment waits at its items, and finds none."""
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s, %s)", (STOPPING, batch.pk))
        db.execute("""
            WITH free AS (SELECT id, places_free FROM tasks_item WHERE batch_id = %s AND places_free > 0 ORDER BY id FOR NO KEY UPDATE),
                 back AS (UPDATE tasks_item i SET places_count = places_count - f.places_free, places_free = 0
                            FROM free f WHERE f.id = i.id)
            SELECT coalesce(sum(places_free), 0) FROM free""", [batch.pk])
        free = db.fetchone()[0]
    batch.slots_back_count += free + batch.extra_left
    batch.extra_left = 0


def _pay_in(batch: Batch, by, why: str, count: int, price_yen: int, amount: Yen) -> Batch:
    wanted = asked_for(batch, why, count, price_yen)
    if not wanted and why == Slots.Why.RAISE:
        raise DomainError(_("tasks.run.more.nothing"))
    if not wanted or wanted > amount or wanted < amount and why != Slots.Why.RAISE:
        raise DomainError(_("post.changed_meanwhile"))
    amount = wanted
    if why == Slots.Why.RAISE and (before := _raise_waiting(batch, price_yen, wanted)):
        amount = before.amount                          # perhaps its transfer is on the way: people who answer meanwhile do not undo it
    slots = _asked(batch, by, version=batch.version, why=why, count=count, price_yen=price_yen, amount_yen=int(amount))
    if has_own_account():
        payments.expect_deposit(party=batch.client, place=slots_place(slots.pk), about=batch.reference, title=batch.title, amount=amount,
                                until_at=pay_in_until(), by=by)
        return batch
    return _use(batch, slots, by)


def _raise_waiting(batch: Batch, price_yen: int, wanted: Yen) -> Slots | None:
    """A deposit for this price that was asked for before, and is enough."""
    return Slots.objects.filter(batch=batch, held_at=None, refused_at=None, why=Slots.Why.RAISE, price_yen=price_yen,
                                version=batch.version, amount_yen__gte=int(wanted)).first()


def _asked(batch: Batch, by, **said) -> Slots:
    """Pressed again it is the same deposit, under the same number; of two wishes the newest one holds."""
    waiting = Slots.objects.filter(batch=batch, held_at=None, refused_at=None)
    if before := waiting.filter(**said).first():
        return before
    waiting.update(refused_at=clock.now())
    return Slots.objects.create(batch=batch, **said, asked_at=clock.now(), asked_by=by)


def _use(batch: Batch, slots: Slots, by) -> Batch:
    """The money is here, or comes this very moment."""
    funding = payments.hold_slots(party=batch.client, slots=slots.pk, batch=batch.pk, amount=slots.amount, by=by)
    if funding.amount_yen != slots.amount_yen:
        raise DomainError(_("fund.other_sum"))
    slots.held_at = clock.now()
    slots.save(update_fields=["held_at"])
    batch.pot_yen += slots.amount_yen
    batch.slots_count += slots.count
    if slots.why == Slots.Why.PUBLISH:
        _open(batch, slots.count)
    elif slots.why == Slots.Why.TOP_UP:
        batch.extra_left += slots.count
        batch.most_each = min(MOST_EACH, batch.most_each + MORE_EACH)       # where all were asked who might be, nobody could be once more
        batch.put_together_at = None                    # items that wait for a person are looked at again
    batch.price_yen = slots.price_yen
    batch.changed_at = clock.now()
    batch.save()
    fact = {Slots.Why.PUBLISH: facts.BATCH_PUBLISHED, Slots.Why.TOP_UP: facts.BATCH_TOPPED_UP, Slots.Why.RAISE: facts.BATCH_PRICE_RAISED}
    activity.record(actor=by, fact=fact[slots.why], about=batch.reference, slots=slots.pk)
    return batch


def _open(batch: Batch, count: int) -> None:
    """The client's name, address and contact are written down as they stand today, and every item gets its places. `count`: answers that
    were paid for; a transfer took days, and whoever tried the form meanwhile has changed how many golds would be wanted now.
    """
    client = batch.client
    batch.state, batch.published_at = BATCH_LIFECYCLE.next(batch.state, "publish"), clock.now()
    batch.client_name, batch.client_address, batch.client_contact = str(client), client.address, client.contact
    batch.is_client_withholding_agent = client.is_withholding_agent
    batch.rates = rates(clock.today(), "task").on_paper()
    asked, batch.extra_left, _of_golds = _wanted(batch)
    lay(batch, count - asked - batch.extra_left)


def _wanted(batch: Batch) -> tuple[int, int, int]:
    return prices.slots_wanted(batch, items=batch.items_count, golds=batch.golds_count)


def _take_up(fact) -> None:
    """A deposit that did its work changes nothing. One whose deed broke off, or that was waited for, does it now."""
    kind, _colon, number = fact.about.partition(":")
    if fact.name != FUNDING_CONFIRMED or kind != "slots" or not number.isdecimal():
        return
    slots = Slots.objects.filter(pk=number).first()
    if slots is None:
        log.warning("%s: money came in for no batch that is known here, and waits in suspense", fact.about)
        return
    batch = Batch.objects.locked().select_related("client").get(pk=slots.batch_id)
    slots.refresh_from_db()
    if slots.held_at:
        return
    try:
        with transaction.atomic():
            if not _is_still_wanted(batch, slots, fact):
                raise NotAllowed(_("tasks.batch.publish_refused"))
            _use(batch, slots, slots.asked_by)
    except DomainError:
        _give_back(batch, slots)


def _is_still_wanted(batch: Batch, slots: Slots, fact) -> bool:
    """To the yen, of the batch as it stood on the button; a price is raised for what is still free."""
    if slots.refused_at or fact.data["amount_yen"] != slots.amount_yen:
        return False
    if slots.why == Slots.Why.PUBLISH:
        return batch.state == BatchState.DRAFT and batch.version == slots.version
    if batch.state not in (BatchState.OPEN, BatchState.PAUSED):
        return False
    return slots.why == Slots.Why.TOP_UP or slots.price_yen > batch.price_yen and slots.amount >= asked_for(
        batch, Slots.Why.RAISE, 0, slots.price_yen)


def _give_back(batch: Batch, slots: Slots) -> None:
    amount = payments.give_back(place=slots_place(slots.pk), about=batch.reference)
    Slots.objects.filter(pk=slots.pk, refused_at=None).update(refused_at=clock.now())
    for person in () if has_own_account() else batch.client.people(Power.PAYER):        # there payments itself tells them
        notifications.queue(to=person, kind="contract.refunded", about=batch.reference, job=batch.title, gross_yen=int(amount))


def _locked(batch: Batch) -> Batch:
    return Batch.objects.locked().select_related("client", "client__person", "category").get(pk=batch.pk)
