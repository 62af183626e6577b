"""What a client gives beside the price: where its money is."""
from collections.abc import Iterable

from django.db.models import QuerySet

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.payments.bank import DEPOSIT, the_bank
from machi.payments.models import Earning, Funding
from machi.shared.money import Yen

PREFIX = "bonus:"


def bonus_place(bonus: int | str) -> str:
    """What the deposit for a bonus is for, and the reference of its earning."""
    return f"{PREFIX}{bonus}"


def is_bonus_paid_in(bonus: int, amount: Yen) -> bool:
    """Does the bank show the money, whether or not we have read it?"""
    return the_bank().shows(key=f"{DEPOSIT}{bonus_place(bonus)}", amount_yen=int(amount))


def bonuses_paid_by(user) -> QuerySet[Funding]:
    """What was paid in for bonuses, by the parties for which this person looks after money."""
    return Funding.objects.filter(party__in=Party.objects.acting_for(user, Power.PAYER), reference__startswith=PREFIX)


def earned_by_bonuses(references: Iterable[str]) -> dict[str, Earning]:
    """The earnings of these bonuses by their references, with worker and payout: one question, none for none."""
    wanted = list(references)
    found = Earning.objects.filter(reference__in=wanted).select_related("payout", "worker").order_by("pk") if wanted else ()
    return {earning.reference: earning for earning in found}
