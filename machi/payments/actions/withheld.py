"""Withheld tax goes back to the client, who brings it to the tax office (源泉徴収の預り金): once a month, for all that was paid in it."""
import datetime
from functools import partial
from itertools import groupby

from django.db import transaction

from machi.accounts.models import Party
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.payments.actions.booking import CLOCK, post
from machi.payments.actions.refunding import owe_back
from machi.payments.actions.stopping import guard
from machi.payments.models import Earning
from machi.payments.queries import withheld_and_paid
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.rows import each


def give_back_withheld() -> int:
    """What was withheld from payments of months that are over goes to whoever remits it by the 10th; return to how many clients."""
    guard()
    until = clock.today().replace(day=1)
    parties = withheld_and_paid(until).order_by("party").values_list("party", flat=True).distinct()
    return each(list(parties), partial(_give_back, until=until))


@transaction.atomic
def _give_back(party: int, *, until: datetime.date) -> bool:
    """Each month by itself. Under the lock of the client, so that it goes back once."""
    owner = Party.objects.locked().get(pk=party)
    earnings = list(withheld_and_paid(until).filter(party=owner).select_related("payout").order_by("payout__paid_on", "pk"))
    for month, paid in groupby(earnings, key=lambda one: one.payout.paid_on.replace(day=1)):
        _give_back_of(owner, month, list(paid))
    return bool(earnings)


def _give_back_of(party: Party, month: datetime.date, earnings: list[Earning]) -> None:
    amount, reference = Yen(sum(one.withheld_yen for one in earnings)), f"withheld:{earnings[0].pk}"
    post(Entry(reference, CLOCK, party.reference, [Transfer(Kind.WITHHELD.of(party.pk), Kind.CLIENT_CREDIT.of(party.pk), amount)]))
    refund = owe_back(party=party, reference=reference, about=party.reference, title=f"源泉徴収 {month:%Y-%m}", amount=amount, by=None)
    Earning.objects.filter(pk__in=[one.pk for one in earnings]).update(given_back=refund)
