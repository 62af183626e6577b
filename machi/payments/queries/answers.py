"""What was paid in for micro-tasks: what it is called, and how much of it is here."""
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.ledger import queries as ledger
from machi.ledger.accounts import Kind
from machi.payments.models import Earning, Funding, Taken
from machi.payments.queries.cards import AWAY
from machi.shared.money import Yen

PREFIX = "slots:"
# In a question about batches: has a client's bank taken some of the money back that was held for it?
SLOTS_AWAY = Exists(Taken.objects.filter(held_in=OuterRef("pk") + Kind.BATCH.of(), state__in=AWAY))


def slots_place(slots: int | str) -> str:
    """What a deposit for so many answers is for, and its reference."""
    return f"{PREFIX}{slots}"


def slots_paid_by(user) -> QuerySet[Funding]:
    """What was paid in for micro-tasks, by the parties for which this person looks after money."""
    return Funding.objects.filter(party__in=Party.objects.acting_for(user, Power.PAYER), reference__startswith=PREFIX)


def held_for_batch(batch: int) -> Yen:
    """What is held for the answers of a batch now."""
    return ledger.balance(Kind.BATCH.of(batch))


def earned_in_batches(batches: Iterable[int]) -> QuerySet[Earning]:
    """What people earned with the answers of these batches."""
    return Earning.objects.filter(about__in=[f"batch:{pk}" for pk in batches], reference__startswith="closing:")
