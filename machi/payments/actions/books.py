"""The books of a day that is over: sealed, and counted."""
import datetime

from django.db import transaction

from machi.ledger.seal import seal_yesterday
from machi.payments.models import DeliveredUntil
from machi.payments.queries import delivered_in_all
from machi.shared import clock

COUNTED_AFTER = datetime.timedelta(days=2)          # by then whatever is written with a moment of that day is committed


def seal_books() -> bool:
    """The books of the day that is over are sealed (日次封印), once; True when that happened now."""
    return seal_yesterday() is not None


@transaction.atomic
def count_delivered() -> bool:
    """Each night: what was delivered until the day before yesterday is over. A payout that ended then is committed by now, and ends
    no second time. Returns whether there was something new.
    """
    counted, day = DeliveredUntil.objects.order_by("-day").first(), clock.today() - COUNTED_AFTER
    if counted and counted.day >= day:
        return False
    total = delivered_in_all(before=clock.start_of(day + datetime.timedelta(days=1)))
    if total.amount == (counted.amount_yen if counted else 0):
        return False
    return DeliveredUntil.objects.get_or_create(day=day, defaults={
        "amount_yen": int(total.amount), "people_count": total.people_count})[1]
