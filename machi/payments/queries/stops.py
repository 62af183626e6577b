"""Does money move at the moment?"""
import datetime

from django.db.models import Q

from machi.payments.models import MoneyStop
from machi.shared import clock
from machi.shared.question import Question


def is_money_stopped() -> bool:
    """Does no money move at the moment, in the whole town?"""
    return bool(_standing())


def was_stopped_lately() -> bool:
    """Is money stopped, or was it within the last day? Until then nobody loses anything because they could not pay in time."""
    return MoneyStop.objects.filter(Q(lifted_at=None) | Q(lifted_at__gt=clock.now() - datetime.timedelta(days=1))).exists()


_standing = Question(lambda: MoneyStop.objects.standing().order_by("pk").values_list("pk")[:1])
