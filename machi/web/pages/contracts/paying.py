"""When what a step has earned really reaches its worker: the printed day while that holds, an earlier or a later one, or why it waits."""
import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.contracts.models import Milestone, Side
from machi.payments.models import Earning
from machi.payments.queries import holding_of, reaches_on
from machi.web.pages.contracts.standing import Seen


class Pays(NamedTuple):
    """The day, and what keeps the money here on it: the worker reads why, the client that it waits."""

    on: datetime.date
    waits: str = ""


def pays(seen: Seen, step: Milestone, earning: Earning | None) -> Pays:
    if earning is None:
        return Pays(step.pay_on)
    on = reaches_on(earning)
    if earning.payout:
        return Pays(earning.payout.paid_on or on)
    holding = holding_of(seen.contract.worker)
    if not (why := holding.why(on)):
        return Pays(on)
    if seen.side != Side.WORKER:
        return Pays(on, _("room.pays_worker.waits"))
    return Pays(on, why if holding.account else _("room.pays.no_account"))
