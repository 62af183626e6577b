"""Payouts that stand on the bank's statement (着金): one, or as many as a file carries, with as many statements."""
import datetime
from collections.abc import Sequence

from django.db import transaction

from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts
from machi.payments.actions.booking import post_many
from machi.payments.actions.payouts import move
from machi.payments.actions.stopping import guard
from machi.payments.lifecycle import PAYOUT_LIFECYCLE, PayoutState
from machi.payments.models import Earning, Payout
from machi.payments.queries import sums_in_suspense, untold_arrivals
from machi.shared import clock
from machi.shared.rows import each, save_all

AT_ONCE = 1_000


def left(payout: Payout, *, value_on) -> bool:
    """Where the statement is read by hand: somebody found it there. What it took is in suspense already. What waits in a batch whose file
    nobody has made cannot have left.
    """
    if Payout.objects.select_for_update(of=("self",)).get(pk=payout.pk).batch_id is None:
        move(payout.pk, "send")
    return arrive(payout, value_on, out_of=Kind.SUSPENSE)


def arrive(payout: Payout, value_on: datetime.date, *, out_of: Kind = Kind.BANK) -> bool:
    """It stands on the bank's statement: this, and nothing before it, is reward delivered (届いた報酬)."""
    return bool(arrive_together([(payout, value_on)], out_of=out_of))


@transaction.atomic
def arrive_together(found: Sequence[tuple[Payout, datetime.date]], *, out_of: Kind) -> set[int]:
    """Each of these payouts, and the day on which it stands there: the same as one after the other. Returns which ended so, by their
    numbers; of another something else was faster.
    """
    guard()
    numbers = [payout.pk for payout, _day in found]
    held = {one.pk: one for one in Payout.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")}
    ended = [(held[payout.pk], day) for payout, day in found if PAYOUT_LIFECYCLE.allows(held[payout.pk].state, "confirm")]
    if not ended:
        return set()
    first = _first_of_all([payout for payout, _day in ended])
    may_be_back = sums_in_suspense({payout.amount_yen for payout, _day in ended}) if out_of == Kind.SUSPENSE else set()
    for payout, value_on in ended:
        payout.state, payout.paid_on, payout.ended_at = PAYOUT_LIFECYCLE.next(payout.state, "confirm"), value_on, clock.now()
        payout.is_untold = payout.amount_yen in may_be_back
    payouts = [payout for payout, _day in ended]
    save_all(payouts, fields=("state", "paid_on", "ended_at", "is_untold"))
    post_many([Entry(f"payout_end:{payout.pk}", "", payout.bank_key, [Transfer(
        Kind.TRANSIT.of(payout.worker_id), out_of.of(), payout.amount)]) for payout in payouts], by=None)
    activity.record_many(actor=None, fact=facts.PAYOUT_PAID, things=(
        (payout.bank_key, {"amount_yen": payout.amount_yen}) for payout in payouts))
    _tell([payout for payout in payouts if not payout.is_untold], first)
    return {payout.pk for payout in payouts}


def tell_what_arrived() -> int:
    """Money in of the same sum waited to be placed when a payout stood there: the bank may have sent it back on the same statement. By the
    clock, once that is known: who has their money hears so now. Who has not was told that it came back, and nothing before.
    """
    return each(untold_arrivals().values_list("pk", flat=True)[:500], _tell_late)


@transaction.atomic
def _tell_late(pk: int) -> bool:
    payout = untold_arrivals().select_for_update(of=("self",)).filter(pk=pk).first()
    if payout is None:
        return False
    payout.is_untold = False
    payout.save(update_fields=["is_untold"])
    _tell([payout], _first_of_all([payout]))
    return True


def _tell(payouts: Sequence[Payout], first: dict[int, dict[str, str]]) -> None:
    for kind, whose in (("payout.first", [one for one in payouts if one.pk in first]),
                        ("payout.arrived", [one for one in payouts if one.pk not in first])):
        notifications.queue_many(kind=kind, told=((payout.worker_id, payout.bank_key, {
            "net_yen": payout.amount_yen, **(first.get(payout.pk) or {"bank": payout.bank_name})}) for payout in whose))


def _first_of_all(payouts: Sequence[Payout]) -> dict[int, dict[str, str]]:
    """Which of them, in this order, is the first money that ever reached its worker, and from which client it came, in words."""
    of_workers = Payout.objects.filter(worker__in={payout.worker_id for payout in payouts}, state=PayoutState.PAID).exclude(
        pk__in=[payout.pk for payout in payouts])
    had = set(of_workers.order_by().values_list("worker", flat=True).distinct())
    may_be: list[int] = []
    for payout in payouts:
        if payout.worker_id not in had:
            had.add(payout.worker_id)
            may_be.append(payout.pk)
    paid_by = Earning.objects.filter(payout__in=may_be, party__isnull=False).select_related("party", "party__person")
    return {earning.payout_id: earning.party.words() for earning in paid_by.order_by("payout", "pk").distinct("payout")}
