"""What was decided about money and is over, for the desks that keep it to be found: the newest first, each sort by its own number."""
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from machi.accounts.queries import parties_called, people_called
from machi.payments.lifecycle import BatchState, LineState, RefundState
from machi.payments.models import Adjustment, BankLine, Debt, ExpectedDeposit, Payout, PayoutBatch, Refund
from machi.payments.queries.batches import batches

MOST_PEOPLE, MOST_KEYS = 50, 1_000                  # who are looked for together, and what is theirs
UNDER_WAY = (BatchState.PROPOSED, BatchState.APPROVED, BatchState.WRITTEN)


def placed_lines() -> QuerySet[BankLine]:
    """The lines of the town's account of which somebody, or their number, said what they are."""
    placed = BankLine.objects.exclude(state__in=(LineState.OPEN, LineState.RETURNING))
    return placed.select_related("row", "row__words", "decided_by").order_by("-pk")


def lines_of(asked: str) -> Q:
    """Of lines those that were a deposit, a payout or a refund of whoever is called so."""
    people = list(people_called(asked).values_list("pk", flat=True)[:MOST_PEOPLE])
    parties = list(parties_called(asked).values_list("pk", flat=True)[:MOST_PEOPLE])
    deposits = ExpectedDeposit.objects.filter(party__in=parties, line__isnull=False).order_by("-pk").values_list("line", flat=True)
    payouts = Payout.objects.filter(worker__in=people).order_by("-pk")[:MOST_KEYS]
    refunds = Refund.objects.filter(party__in=parties).order_by("-pk")[:MOST_KEYS]
    keys = [*(payout.bank_key for payout in payouts), *(refund.bank_key for refund in refunds)]
    given_back = [refund.reference for refund in refunds if refund.reference.startswith("row:")]
    answered = BankLine.objects.filter(use__in=("payout", "refund", "return"), reference__in=keys).values("pk")
    back = BankLine.objects.filter(row__in=[int(key.removeprefix("row:")) for key in given_back]).values("pk")
    return Q(pk__in=list(deposits[:MOST_KEYS])) | Q(pk__in=answered) | Q(pk__in=back)


def past_batches() -> QuerySet[PayoutBatch]:
    """Files that were given to the bank, and batches that were taken back before."""
    return batches().exclude(state__in=UNDER_WAY)


def batches_of(asked: str) -> Q:
    """Of batches those that paid whoever is called so."""
    people = list(people_called(asked).values_list("pk", flat=True)[:MOST_PEOPLE])
    return Q(Exists(Payout.objects.filter(worker__in=people, batch=OuterRef("pk"))))


def past_refunds() -> QuerySet[Refund]:
    """What has gone back to clients, by a transfer or to their card."""
    return Refund.objects.filter(state=RefundState.PAID).select_related("party", "party__person").order_by("-pk")


def past_debts() -> QuerySet[Debt]:
    """Of which nothing is owed any more."""
    over = Debt.objects.filter(amount_yen__lte=F("repaid_yen") + F("lost_yen") + F("back_yen"))
    return over.select_related("party", "party__person").order_by("-pk")


def past_adjustments() -> QuerySet[Adjustment]:
    """What was signed or refused."""
    return Adjustment.objects.exclude(state="asked").select_related(
        "worker", "party", "party__person", "asked_by", "answered_by").order_by("-pk")


def clients_called(asked: str) -> Q:
    """Of refunds and debts those of whoever is called so."""
    return Q(party__in=list(parties_called(asked).values_list("pk", flat=True)[:MOST_PEOPLE]))


def concerned_called(asked: str) -> Q:
    """Of corrections those of a worker or of a client who is called so."""
    return Q(worker__in=list(people_called(asked).values_list("pk", flat=True)[:MOST_PEOPLE])) | clients_called(asked)
