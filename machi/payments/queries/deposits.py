"""What came in from clients, and what of it went back."""
from collections.abc import Sequence

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.payments.bank import DEPOSIT as DEPOSIT
from machi.payments.bank import the_bank
from machi.payments.fakebank import Line
from machi.payments.models import Funding, Refund, StatementLine
from machi.shared.money import Yen


def unread_deposits() -> list[Line]:
    """What the bank shows as paid in, and our books do not know yet."""
    paid_in = {line.key: line for line in the_bank().statement() if line.key.startswith(DEPOSIT)}
    if paid_in:
        for key in StatementLine.objects.filter(key__startswith=DEPOSIT).order_by("pk").values_list("key", flat=True):
            paid_in.pop(key, None)
    return list(paid_in.values())


def is_paid_in(milestone: int, amount: Yen) -> bool:
    """Does the bank show the money for a piece of work, whether or not we have read it?"""
    return the_bank().shows(key=f"{DEPOSIT}milestone:{milestone}", amount_yen=int(amount))


def pot_place(job: int, version: int) -> str:
    """What the deposit for a contest is for: this post, in this version."""
    return f"job:{job}:{version}"


def is_pot_held(job: int, version: int) -> bool:
    """Did the deposit for this version open the contest?"""
    return Funding.objects.filter(bank_key__in=the_bank().keys_of(f"{DEPOSIT}{pot_place(job, version)}")).exists()


def pots_of(user) -> QuerySet[Funding]:
    """What was paid into the pots of contests, by the parties for which this person looks after money."""
    return Funding.objects.filter(party__in=Party.objects.acting_for(user, Power.PAYER), reference__startswith="job:")


def refunds_for(references: Sequence[str]) -> dict[str, Refund]:
    """What went back of these deposits."""
    return {refund.reference: refund for refund in Refund.objects.filter(reference__in=references).order_by("pk")} if references else {}


def is_paid_in_for(kind: str) -> Exists:
    """In a question about rows of this kind (`job`, `milestone`): did a deposit for the row reach the bank?"""
    reference = Concat(Value(f"{kind}:"), Cast(OuterRef("pk"), CharField()))
    return Exists(Funding.objects.filter(reference=reference))
