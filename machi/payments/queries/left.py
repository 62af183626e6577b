"""People who have left for good, and to whom something came back."""
from django.db.models import DateTimeField, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from machi.accounts.models import User
from machi.payments.lifecycle import PayoutState
from machi.payments.models import BankAccount, Earning, LateAccount, Payout


def left_with_money() -> QuerySet[User]:
    """Each with how much is owed to them (`owed_yen`), since when it lies here (`since_at`); who waits longest comes first."""
    owed = Q(earnings__payout=None)
    left = User.objects.filter(erased_at__isnull=False, earnings__payout=None)
    came_back = Payout.objects.filter(worker=OuterRef("pk"), state=PayoutState.RETURNED).order_by().values("worker")
    found = left.annotate(
        owed_yen=Sum("earnings__amount_yen", filter=owed),
        since_at=Coalesce(came_back.annotate(at=Max("ended_at")).values("at"), Min("earnings__earned_at"), output_field=DateTimeField()))
    return found.filter(owed_yen__gt=0).order_by("since_at", "pk")


def late_account_of(worker: User) -> LateAccount | None:
    """What was typed in from their letter, and waits for somebody else to read it."""
    return worker.late_accounts.select_related("worker", "asked_by").filter(state="asked").first()


def accounts_to_forget() -> QuerySet[BankAccount]:
    """Accounts of people who have left, to whom nothing is owed and nothing is on its way."""
    waits = Earning.objects.filter(worker=OuterRef("worker"), payout=None, amount_yen__gt=0)
    on_its_way = Payout.objects.filter(worker=OuterRef("worker"), state__in=("requested", "sending"))
    return BankAccount.objects.filter(~Exists(waits), ~Exists(on_its_way), worker__erased_at__isnull=False).order_by("pk")
