"""What a client paid: for contracts, beside their price, for micro-tasks, and into the pots of contests; what of it went to whom, and which
tax they remit by which day.
"""
import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import CharField, F, Value
from django.views.decorators.http import require_GET

from machi.accounts.powers import Power
from machi.accounts.queries import chosen_role
from machi.contracts.models import Milestone
from machi.contracts.queries import funded_for
from machi.jobs.models import Job
from machi.payments.models import Earning, Refund
from machi.payments.queries import (
    bonuses_paid_by,
    earned_by_bonuses,
    earnings_for,
    given_out_of,
    months_of,
    pots_of,
    reaches_on,
    refunds_for,
    refunds_of,
    settlement_of,
    slots_paid_by,
)
from machi.proposals.contest_queries import entries_by_reference
from machi.proposals.entries import Entry
from machi.tasks.models import Slots
from machi.taxes.rates import remit_by
from machi.web.frame.jinja import page

SHOWN = 20
CONTRACT, POT, BONUS, SLOTS = "contract", "pot", "bonus", "slots"


class Way(NamedTuple):
    """When money reached a worker, or will. `waits`: its pay date cannot be kept, and nothing is set aside yet."""

    paid_on: datetime.date
    is_paid: bool
    waits: bool = False

    @property
    def remit_by(self) -> datetime.date:
        """The day by which the tax that was withheld from it is at the tax office."""
        return remit_by(self.paid_on)


class Paid(NamedTuple):
    """One piece of work a client paid for. `money`: as it was settled; as long as it is held, as it was agreed; nothing of it where all
    of it went back.
    """

    contract: int
    title: str
    worker: str
    money: object | None
    funded_at: datetime.datetime
    way: Way
    earning: Earning | None
    refund: Refund | None
    is_pot: bool = False
    is_bonus: bool = False
    is_slots: bool = False


class Given(NamedTuple):
    """What somebody got of a pot."""

    entry: Entry
    money: object
    way: Way
    earning: Earning


class Pot(NamedTuple):
    """The pot of one contest: what was paid in, who got what, and what went back. All of it adds up to what was paid in."""

    job: Job
    amount_yen: int
    funded_at: datetime.datetime
    given: list[Given]
    refund: Refund | None
    is_pot: bool = True
    is_slots: bool = False


class PaidIn(NamedTuple):
    """A deposit for micro-tasks. What of it was paid for which answers, and what came back, stands where the batch stands."""

    slots: Slots
    amount_yen: int
    funded_at: datetime.datetime
    is_pot: bool = False
    is_slots: bool = True


@require_GET
def paid(request):
    """The newest first, contracts, contests and micro-tasks in one list: as many questions for a full page as for a short one."""
    role = chosen_role(request.user)
    milestones = funded_for(request.user).filter(contract__client=role.party)
    pots = pots_of(request.user).filter(party=role.party)
    bonuses = bonuses_paid_by(request.user).filter(party=role.party)
    slots = slots_paid_by(request.user).filter(party=role.party)
    every = _numbered(milestones, CONTRACT, "funded_at").union(
        _numbered(pots, POT, "confirmed_at"), _numbered(bonuses, BONUS, "confirmed_at"), _numbered(slots, SLOTS, "confirmed_at"),
        all=True).order_by("-paid_at", "-row")
    pages = Paginator(every, SHOWN).get_page(request.GET.get("page"))
    lines = dict(_contracts(milestones.filter(pk__in=_of(pages, CONTRACT)))) | dict(_pots(pots.filter(pk__in=_of(pages, POT))))
    lines |= dict(_bonuses(bonuses.filter(pk__in=_of(pages, BONUS)))) | dict(_slots(slots.filter(pk__in=_of(pages, SLOTS))))
    return page(request, "payments/paid.html", {
        "lines": [lines[kind, number] for kind, number, _at in pages], "pages": pages, "role": role,
        "months": months_of(role.party) if role.has(Power.PAYER) else [],
        "backs": Paginator(refunds_of(request.user, role.party), SHOWN).get_page(request.GET.get("back"))})


def _numbered(rows, kind: str, at: str):
    return rows.order_by().annotate(sort=Value(kind, CharField()), row=F("pk"), paid_at=F(at)).values_list("sort", "row", "paid_at")


def _of(pages: Iterable, wanted: str) -> list[int]:
    return [number for kind, number, _at in pages if kind == wanted]


def _contracts(milestones) -> Iterable[tuple]:
    found = list(milestones)
    earnings = earnings_for([milestone.pk for milestone in found])
    refunds = refunds_for([milestone.reference for milestone in found])
    for milestone in found:
        yield (CONTRACT, milestone.pk), _paid(milestone, earnings.get(milestone.pk), refunds.get(milestone.reference))


def _paid(milestone: Milestone, earning: Earning | None, refund: Refund | None) -> Paid:
    contract = milestone.contract
    money = settlement_of(earning) if earning else None if refund else milestone.money
    return Paid(contract.pk, contract.title, contract.worker.name, money, milestone.funded_at,
                _way(earning) if earning else Way(milestone.pay_on, is_paid=False), earning, refund)


def _bonuses(deposits) -> Iterable[tuple]:
    """What was given beside the price: it was paid on in the moment in which it came."""
    found = list(deposits)
    earnings = earned_by_bonuses(deposit.reference for deposit in found)
    for deposit in found:
        earning = earnings[deposit.reference]
        yield (BONUS, deposit.pk), Paid(int(earning.about.removeprefix("contract:")), earning.title, earning.worker.name,
                                        settlement_of(earning), deposit.confirmed_at, _way(earning), earning, None, is_bonus=True)


def _slots(deposits) -> Iterable[tuple]:
    """What was paid in for micro-tasks."""
    found = {int(deposit.reference.removeprefix("slots:")): deposit for deposit in deposits}
    for one in Slots.objects.filter(pk__in=found).select_related("batch").order_by("pk"):
        deposit = found[one.pk]
        yield (SLOTS, deposit.pk), PaidIn(one, deposit.amount_yen, deposit.confirmed_at)


def _pots(pots) -> Iterable[tuple]:
    found = list(pots)
    references = [pot.reference for pot in found]
    earnings, refunds = given_out_of(references), refunds_for(references)
    jobs = {job.reference: job for job in Job.objects.filter(pk__in=[int(text.removeprefix("job:")) for text in references]).order_by("pk")}
    entries = entries_by_reference([earning.reference for earning in earnings])
    for pot in found:
        given = [_given(entries[one.reference], one) for one in earnings if one.about == pot.reference]
        yield (POT, pot.pk), Pot(jobs[pot.reference], pot.amount_yen, pot.confirmed_at,
                                 sorted(given, key=lambda one: (one.entry.prize or 0, one.entry.number)), refunds.get(pot.reference))


def _given(entry: Entry, earning: Earning) -> Given:
    return Given(entry, settlement_of(earning), _way(earning), earning)


def _way(earning: Earning) -> Way:
    payout = earning.payout
    if payout and payout.is_paid:
        return Way(payout.paid_on, is_paid=True)
    on = reaches_on(earning)
    return Way(on, is_paid=False, waits=payout is None and on > earning.pay_on)
