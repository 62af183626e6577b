"""What people have earned, and with what."""
from collections.abc import Sequence

from django.db.models import QuerySet, Sum

from machi.ledger import queries as ledger
from machi.ledger.accounts import Kind
from machi.payments.fees import PARTS, Settlement
from machi.payments.lifecycle import PayoutState
from machi.payments.models import Earning
from machi.shared.money import Yen
from machi.shared.question import Question


def withheld_for(party) -> Yen:
    """Withheld tax that waits for the client, who remits it to the tax office."""
    return ledger.balance(Kind.WITHHELD.of(party.pk))


def earnings_of(worker) -> QuerySet[Earning]:
    """What a worker has earned, newest first, with the payout that carried it."""
    return Earning.objects.filter(worker=worker).select_related("payout", "party", "party__person").order_by("-pk")


def settlement_of(earning: Earning) -> Settlement:
    """Both sides' money of an earning, part by part, as it was settled."""
    return Settlement(*(Yen(getattr(earning, f"{part}_yen")) for part in PARTS))


def earning_of(milestone: int) -> Earning | None:
    """What a milestone earned its worker, once it is accepted, with the payout that carried it."""
    return next(iter(_earning(f"milestone:{milestone}")), None)


_earning = Question(lambda reference: Earning.objects.filter(reference=reference).select_related("payout").order_by("pk"))


def earnings_for(milestones) -> dict[int, Earning]:
    """The earnings of several milestones: one question however many."""
    found = Earning.objects.filter(reference__in=[f"milestone:{pk}" for pk in milestones]).select_related("payout").order_by("pk")
    return {int(earning.reference.removeprefix("milestone:")): earning for earning in found}


def waiting_for(worker) -> Yen:
    """Everything that is earned and has not arrived yet."""
    waiting = Earning.objects.filter(worker=worker).exclude(payout__state=PayoutState.PAID).aggregate(sum=Sum("amount_yen"))["sum"]
    return Yen(int(waiting or 0))


def given_out_of(pots: Sequence[str]) -> list[Earning]:
    """Everything that was given out of these pots (`job:12`), with the payout that carried it: one question."""
    found = Earning.objects.filter(about__in=pots, reference__startswith="entry:")
    return list(found.select_related("payout", "worker").order_by("pk")) if pots else []


def paid_works_count(worker, *, at_most: int) -> int:
    """For how many pieces of work this person was paid here, whatever was given beside it; counted no further than asked."""
    return len(Earning.objects.filter(worker=worker).exclude(reference__startswith="bonus:").order_by("pk").values_list("pk")[:at_most])
