"""Questions about money: read only."""
import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from machi.ledger import queries as ledger
from machi.ledger.accounts import Kind
from machi.payments.lifecycle import PayoutState
from machi.payments.models import Earning, Funding, Payout
from machi.shared.money import Yen


@dataclass(frozen=True, slots=True)
class Delivered:
    """Reward delivered (届けた報酬): what reached people's bank accounts, and how many people."""

    amount: Yen
    people_count: int


def reward_delivered(*, of=None, since: datetime.date | None = None) -> Delivered:
    """The town's number: the sum of all payouts that stand on the bank's statement. Nothing else counts.

    `of`: one worker, or everybody. `since`: from this value date on.
    Money that was promised, held, accepted or sent is not in it; what the bank sent back is not either.
    """
    paid = Payout.objects.filter(state=PayoutState.PAID)
    if of is not None:
        paid = paid.filter(worker=of)
    if since is not None:
        paid = paid.filter(paid_on__gte=since)
    sums = paid.aggregate(amount=Sum("amount_yen"), people=Count("worker", distinct=True))
    return Delivered(Yen(int(sums["amount"] or 0)), sums["people"])


def due_workers(day: datetime.date) -> list[int]:
    """Workers with an account, to whom something is due on or before this day."""
    due = Earning.objects.filter(payout=None, pay_on__lte=day, worker__bank_account__isnull=False)
    return list(due.order_by("worker").values_list("worker", flat=True).distinct())


def balance_of(worker) -> Yen:
    """What the town owes a worker and has not sent yet."""
    return ledger.balance(Kind.WORKER.of(worker.pk))


def held_for(contract: int) -> Yen:
    """What lies in escrow for a contract."""
    return ledger.balance(Kind.ESCROW.of(contract))


def withheld_for(party) -> Yen:
    """Withheld tax that waits for the client, who remits it to the tax office."""
    return ledger.balance(Kind.WITHHELD.of(party.pk))


def earnings_of(worker) -> QuerySet[Earning]:
    """What a worker has earned, newest first, with the payout that carried it."""
    return Earning.objects.filter(worker=worker).select_related("payout", "party", "party__person").order_by("-pk")


def funding_of(milestone: int) -> Funding | None:
    """The deposit for a milestone, once it is confirmed."""
    return Funding.objects.filter(reference=f"milestone:{milestone}").first()


def next_payment(worker) -> dict:
    """The next day on which money leaves for a worker, and how much."""
    waiting = Earning.objects.filter(worker=worker).filter(Q(payout=None) | Q(payout__state__in=("requested", "sending")))
    first = waiting.order_by("pay_on").values_list("pay_on", flat=True).first()
    amount = waiting.filter(pay_on=first).aggregate(sum=Sum("amount_yen"))["sum"] if first else 0
    return {"pay_on": first, "amount": Yen(int(amount or 0))}


ESCROW_NUMBERS = Kind.ESCROW.of()                   # the first account number of all escrows: contract 7 is this plus 7
