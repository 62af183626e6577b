"""What clients owe the town."""
from django.db.models import F, QuerySet, Sum

from machi.payments.models import Debt
from machi.payments.queries.waiting import DEBT
from machi.shared.money import Yen


def debt_place(debt: int) -> str:
    """What a deposit is for with which a client repays what they owe."""
    return f"{DEBT}{debt}"


def fee_debt(chargeback: int) -> str:
    """What a client's debt is of that pays the service's fee for a chargeback."""
    return f"chargeback_fee:{chargeback}"


def owed_by(party: int) -> Yen:
    """What this client owes the town now."""
    left = F("amount_yen") - F("repaid_yen") - F("lost_yen") - F("back_yen")
    return Yen(Debt.objects.open().filter(party=party).aggregate(sum=Sum(left))["sum"] or 0)


def open_debts() -> QuerySet[Debt]:
    """The oldest first."""
    return Debt.objects.open().select_related("party__person").order_by("since_at", "pk")
