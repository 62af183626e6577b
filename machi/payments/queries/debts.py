"""What clients owe the town."""
from django.db.models import F, QuerySet, Sum

from machi.payments.lifecycle import DepositState
from machi.payments.models import Debt, ExpectedDeposit, Funding, Repayment
from machi.payments.queries.waiting import DEBT, REPAY
from machi.shared.money import Yen


def repay_place(repayment: int) -> str:
    """What a deposit is for with which a client repays something of what they owe."""
    return f"{REPAY}{repayment}"


def debt_of(place: str) -> int | None:
    """The debt that a deposit repays."""
    kind, _colon, number = place.partition(":")
    if f"{kind}:" == DEBT:
        return int(number)
    return Repayment.objects.filter(pk=number).values_list("debt", flat=True).first()


def repaid_with(debt: Debt) -> list[Funding]:
    """What came of it, the newest first."""
    places = [f"{DEBT}{debt.pk}", *map(repay_place, debt.repayments.order_by("pk").values_list("pk", flat=True))]
    return list(Funding.objects.filter(reference__in=places).order_by("-pk"))


def repaying_now(debt: Debt) -> ExpectedDeposit | None:
    """What their client was asked for last to repay it, while it is waited for."""
    return ExpectedDeposit.objects.filter(about=f"debt:{debt.pk}", state=DepositState.WAITING).order_by("-pk").first()


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
