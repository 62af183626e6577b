"""A closing (締め): what was approved is paid, once a day and at the end, many people in one statement; what nobody will need goes back.

Locks: the batch, then the answers. What rounding leaves stays the client's, never the town's.
"""
import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum

from machi.accounts.models import User
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.notifications import actions as notifications
from machi.payments import actions as payments
from machi.payments.actions import Back, Share
from machi.payments.paydays import last_day_for, pay_day
from machi.payments.queries import SLOTS_AWAY, held_for_batch
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.rows import each
from machi.tasks import facts, prices
from machi.tasks.lifecycle import BATCH_LIFECYCLE, IS_OPEN, IS_PAID, BatchState
from machi.tasks.models import Answer, Batch, Closing, Item, Outcome, Slots
from machi.taxes.queries import companies_among

ALIVE = (BatchState.OPEN, BatchState.PAUSED, BatchState.STOPPED)


class Due(NamedTuple):
    """What one worker has coming from a batch."""

    worker: int
    price: Yen                          # of all their answers, without tax
    count: int
    received_on: datetime.date          # the first of them


def close_batches() -> int:
    """By the clock, after midnight: whatever was approved until then is paid; a batch that is over ends. Returns how many moved.

    A batch whose deposit its client's bank has taken back waits: there is nothing to give.
    """
    alive = Batch.objects.filter(~SLOTS_AWAY, state__in=ALIVE).order_by("pk")
    has_due = Exists(Answer.objects.filter(batch=OuterRef("pk"), state__in=IS_PAID, closing=None,
                                           decided_at__lt=clock.start_of(clock.today())))
    is_busy = Exists(Answer.objects.filter(batch=OuterRef("pk"), state__in=IS_OPEN))
    has_free = Exists(Item.objects.filter(batch=OuterRef("pk"), places_free__gt=0, truth__isnull=True))
    is_waiting = Exists(Item.objects.filter(batch=OuterRef("pk"), outcome=Outcome.WAITING, truth__isnull=True))
    is_over = ~is_busy & (Q(state=BatchState.STOPPED) | ~has_free & ~is_waiting)
    return each(alive.filter(has_due | is_over).values_list("pk", flat=True)[:200], _close)


def close_now(batch: Batch) -> Closing | None:
    """Whatever is decided at this moment. Joins the transaction of whoever ends it; the batch is locked."""
    first = _with_all_due(batch)                        # what is approved from now on waits for the next one
    rows = _due(first) if first else []
    companies = companies_among([row.worker for row in rows]) if prices.is_withheld(batch) else set()
    settled = {row: prices.settlement_of(batch, row.price, is_withheld=prices.is_withheld(batch) and row.worker not in companies)
               for row in rows if row.price}
    paid = sum((terms.client_pays for terms in settled.values()), Yen(0))
    backs = _backs(batch, Yen(held_for_batch(batch.pk) - paid - _may_be_needed(batch)))
    if not first and not backs:
        return None
    first = first or _new(batch)
    _write(first, backs[0] if backs else None, answers_count=sum(row.count for row in rows), workers_count=len(rows),
           price_yen=sum(row.price for row in rows), gross_yen=int(paid))
    more = [_write(_new(batch), back) for back in backs[1:]]
    people = {user.pk: user for user in User.objects.filter(pk__in=[row.worker for row in rows]).order_by("pk")}
    shares = [Share(first.reference, people[row.worker], terms, _pay_on(batch, row)) for row, terms in settled.items()]
    if shares or backs:
        payments.settle_answers(
            closing=first.pk, batch=batch.pk, title=batch.title, party=batch.client, shares=shares, by=None,
            back=[Back(closing.reference, closing.slots_id, Yen(closing.back_yen)) for closing in (first, *more) if closing.back_yen])
    _tell(batch, first, shares)
    return first


def _close(pk: int) -> bool:
    batch = Batch.objects.locked().select_related("client", "client__person").get(pk=pk)
    if batch.state not in ALIVE:
        return False
    is_over = _is_over(batch)
    if is_over:
        batch.state, batch.ended_at = BATCH_LIFECYCLE.next(batch.state, "finish"), clock.now()
    closing = close_now(batch)
    if is_over:
        batch.slots_back_count += batch.extra_left + _free_of_golds(batch)
        batch.extra_left = 0
        batch.save(update_fields=["state", "ended_at", "slots_back_count", "extra_left"])
        activity.record(actor=None, fact=facts.BATCH_ENDED, about=batch.reference)
        for person in batch.client.people(Power.MEMBER, Power.APPROVER):
            notifications.queue(to=person, kind="batch.ended", about=batch.reference, job=batch.title)
    return bool(closing or is_over)


def _is_over(batch: Batch) -> bool:
    if Answer.objects.filter(batch=batch, state__in=IS_OPEN).exists():
        return False
    asked = Item.objects.filter(batch=batch, truth__isnull=True)
    return batch.state == BatchState.STOPPED or not asked.filter(Q(places_free__gt=0) | Q(outcome=Outcome.WAITING)).exists()


def _free_of_golds(batch: Batch) -> int:
    golds = Item.objects.filter(batch=batch, places_free__gt=0)
    free = sum(golds.values_list("places_free", flat=True))
    golds.update(places_count=F("places_count") - F("places_free"), places_free=0)
    return free


def _with_all_due(batch: Batch) -> Closing | None:
    """A closing to which everything belongs that was approved until now, in one statement: what it pays is counted from these alone."""
    due = Answer.objects.filter(batch=batch, state__in=IS_PAID, closing=None)
    if not due.exists():
        return None
    closing = _new(batch, answers_count=1)              # at the least
    closing.save()
    due.update(closing=closing)
    return closing


def _due(closing: Closing) -> list[Due]:
    """By worker. Each answer at the price of its bundle; a refused one its part, rounded down."""
    each_yen = F("bundle__price_yen") * F("paid_percent") / 100
    found = Answer.objects.filter(closing=closing).values("worker").annotate(
        yen=Sum(each_yen), count=Count("pk"), first=Min("given_at")).order_by("worker")
    return [Due(row["worker"], Yen(row["yen"]), row["count"], clock.day_of(row["first"])) for row in found]


def _may_be_needed(batch: Batch) -> Yen:
    """What must stay held: for answers that are not decided, or were this moment, each at the price of its bundle, and for places nobody
    has taken. All of it is asked at once: what moves from one to the other meanwhile is not missed.
    """
    if batch.state == BatchState.ENDED:
        return Yen(0)
    with connection.cursor() as db:
        db.execute("""
            SELECT (SELECT coalesce(sum(u.price_yen), 0) FROM tasks_answer a JOIN tasks_bundle u ON u.id = a.bundle_id
                     WHERE a.batch_id = %(batch)s AND (a.state = ANY (%(open)s) OR a.state = ANY (%(paid)s) AND a.closing_id IS NULL))
                 + (SELECT coalesce(sum(places_free), 0) FROM tasks_item WHERE batch_id = %(batch)s AND places_free > 0) * %(price)s""",
                   {"batch": batch.pk, "open": list(IS_OPEN), "paid": list(IS_PAID), "price": batch.price_yen})
        still = db.fetchone()[0]
    return prices.settlement_of(batch, Yen(int(still) + batch.extra_left * batch.price_yen)).client_pays


def _backs(batch: Batch, amount: Yen) -> list[tuple[Slots, Yen]]:
    """Only of a batch that stops or has ended, and of its deposits the newest first: so much of each as has not gone back yet."""
    if batch.state in (BatchState.OPEN, BatchState.PAUSED) or amount <= 0:
        return []
    gone: dict[int, int] = defaultdict(int)
    for slots, back in Closing.objects.filter(batch=batch, back_yen__gt=0).order_by("pk").values_list("slots", "back_yen"):
        gone[slots] += back
    found, left = [], amount
    for slots in Slots.objects.filter(batch=batch).exclude(held_at=None).order_by("-pk"):
        if part := Yen(min(left, slots.amount_yen - gone[slots.pk])):
            found.append((slots, part))
            left = Yen(left - part)
    return found


def _new(batch: Batch, answers_count: int = 0) -> Closing:
    """Not written down yet."""
    number = Closing.objects.filter(batch=batch).count() + 1
    return Closing(batch=batch, number=number, answers_count=answers_count, workers_count=0, price_yen=0, gross_yen=0, back_yen=0,
                   made_at=clock.now())


def _write(closing: Closing, back: tuple[Slots, Yen] | None, **columns) -> Closing:
    for name, value in {"slots": back and back[0], "back_yen": int(back[1]) if back else 0, **columns}.items():
        setattr(closing, name, value)
    closing.save()
    return closing


def _pay_on(batch: Batch, row: Due) -> datetime.date:
    """The printed day after the first of the answers was given; what was decided later than that leaves soon, never after day 60."""
    printed = pay_day(row.received_on, acceptance_days=batch.acceptance_days)
    if printed >= clock.today():
        return printed
    soon, latest = pay_day(clock.today(), acceptance_days=0), last_day_for(row.received_on)
    return latest if clock.today() <= latest < soon else soon


def _tell(batch: Batch, closing: Closing, shares: Sequence[Share]) -> None:
    activity.record(actor=None, fact=facts.BATCH_CLOSED_DAY, about=batch.reference, closing=closing.pk, answers=closing.answers_count)
    notifications.queue_many(kind="answers.paid", told=_words(batch, shares))


def _words(batch: Batch, shares: Sequence[Share]) -> Iterable[tuple[int, str, dict]]:
    for share in shares:
        yield share.worker.pk, batch.reference, {"job": batch.title, "net_yen": int(share.terms.worker_receives), "date_on": share.pay_on}
