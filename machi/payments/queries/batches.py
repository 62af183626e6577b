"""Payouts that leave with a file of the bank: on which day, how much, and what the file says."""
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from machi.banking.days import bank_day_until, bank_days_after, hand_in_until
from machi.banking.profiles import Transfers, transfers_of
from machi.banking.queries import last_row
from machi.banking.zengin import Payer, Transfer
from machi.payments.account import TownAccount, town_account
from machi.payments.figures import bank_days_ahead, figure, has_own_account, payout_figure
from machi.payments.lifecycle import BatchState, LineState, PayoutState
from machi.payments.models import BankAccount, BankLine, Earning, Payout, PayoutBatch, PayoutPause
from machi.shared import clock
from machi.shared.errors import DomainError


@dataclass(frozen=True, slots=True)
class Waiting:
    """What may leave together: on which day it arrives, until when its file must be at the bank, and the payouts."""

    value_on: datetime.date
    hand_in_until: datetime.datetime
    payouts: Sequence[Payout]
    limit_yen: int                                  # what one person may still send for that day

    @property
    def needs_two(self) -> bool:
        return self.total_yen > self.limit_yen

    @property
    def count(self) -> int:
        return len(self.payouts)

    @property
    def total_yen(self) -> int:
        return sum(payout.amount_yen for payout in self.payouts)


@dataclass(frozen=True, slots=True)
class Told:
    """Whose account money leaves from, and how its bank takes a file."""

    payer: Payer
    rules: Transfers


def pays_out_on() -> datetime.date:
    """The day on which money that is set aside now reaches people: today where the bank answers at once."""
    return bank_days_after(clock.today(), bank_days_ahead()) if has_own_account() else clock.today()


def told(on: datetime.date | None = None) -> Told:
    """As the bank of the town's own account was told on a day (today). Raises DomainError in a town that has named none."""
    account = town_account(on)
    if account is None:
        raise DomainError(_("batch.no_account"))
    return Told(_payer(account), transfers_of(account.profile, on))


def hand_in(value_on: datetime.date, rules: Transfers) -> datetime.datetime:
    """The last moment for the file of a day."""
    return hand_in_until(value_on, lead_days=rules.lead_days, cut_off=rules.cut_off)


def hand_in_of(batch: PayoutBatch) -> datetime.datetime | None:
    """The same for a batch; nothing in a town that has no account now."""
    try:
        return hand_in(batch.value_on, told().rules)
    except DomainError:
        return None


def ended_of(batch: PayoutBatch) -> list[tuple[PayoutState, int]]:
    """What became of the payouts of a batch that left: state and how many, in the order of the states."""
    counts = dict(batch.payouts.exclude(state=PayoutState.REQUESTED).order_by().values_list("state").annotate(n=Count("pk")))
    return [(state, counts[state]) for state in PayoutState if state in counts]


def first_day_to_reach(rules: Transfers) -> datetime.date:
    """The first day on which the money of a file that is made now can still arrive."""
    day = bank_day_until(clock.today())
    while hand_in(day, rules) <= clock.now():
        day = bank_days_after(day, 1)
    return day


def waiting_payouts() -> QuerySet[Payout]:
    """What is set aside and in no batch yet, the oldest first; nothing of somebody whose payouts rest, or who has given up its account."""
    rests = Exists(PayoutPause.objects.holding().filter(worker=OuterRef("worker")))
    waiting = Payout.objects.filter(~rests, to_their_account(), batch=None)
    return waiting.filter(state=PayoutState.REQUESTED).select_related("worker").order_by("value_on", "pk")


def to_their_account() -> Exists:
    """In a question about payouts: is it still the account that their worker names, to the letter?"""
    told_as = Concat("bank_code", Value("-"), "branch_code", Value("-"), "kind", Value("-"), "number")
    return Exists(BankAccount.objects.alias(told_as=told_as).filter(
        worker=OuterRef("worker"), told_as=OuterRef("bank_account"), holder_kana=OuterRef("holder_kana")))


def set_aside_in_vain() -> QuerySet[Payout]:
    """What waits in no batch for an account that its worker has given up since."""
    return Payout.objects.filter(~to_their_account(), state=PayoutState.REQUESTED, batch=None).order_by("pk")


def set_aside_with_more() -> QuerySet[Payout]:
    """What waits in no batch, while something else is due to the same person by its day."""
    more = Earning.objects.filter(worker=OuterRef("worker"), payout=None, pay_on__lte=OuterRef("value_on"), amount_yen__gt=0)
    waiting = Payout.objects.filter(Exists(more), to_their_account(), state=PayoutState.REQUESTED, batch=None)
    return waiting.filter(value_on__gte=pays_out_on()).order_by("pk") if has_own_account() else waiting.none()


def waiting_batches(payouts: Iterable[Payout], rules: Transfers) -> list[Waiting]:
    """Day by day what may leave together. Whose day can be reached no more goes on the first that can and on which nothing else is paid to
    its person: one payout of a person a day.
    """
    first, days = first_day_to_reach(rules), {}
    under_way = Payout.objects.filter(state__in=(PayoutState.REQUESTED, PayoutState.SENDING), value_on__gte=first)
    taken = set(under_way.order_by("pk").values_list("worker", "value_on"))
    for payout in payouts:
        day = max(payout.value_on, first)
        while day != payout.value_on and (payout.worker_id, day) in taken:
            day = bank_days_after(day, 1)
        if len(days.get(day, ())) >= rules.most_items:
            continue                                    # the next one
        taken.add((payout.worker_id, day))
        days.setdefault(day, []).append(payout)
    sent = dict(PayoutBatch.objects.exclude(state=BatchState.WITHDRAWN).filter(value_on__in=days).order_by().values("value_on").annotate(
        yen=Sum("total_yen")).values_list("value_on", "yen"))
    limit = payout_figure("two_people_above_yen")
    return [Waiting(day, hand_in(day, rules), days[day], max(0, limit - int(sent.get(day, 0)))) for day in sorted(days)]


def batches() -> QuerySet[PayoutBatch]:
    """The newest first, with the people of the desk."""
    return PayoutBatch.objects.select_related("proposed_by", "approved_by", "given_by").order_by("-pk")


def transfers_of_batch(payouts: Iterable[Payout]) -> list[Transfer]:
    """As the bank is told. The number of a payout comes back in its answer."""
    return [Transfer(payout.pk, *payout.bank_account.split("-"), payout.holder_kana, payout.amount_yen) for payout in payouts]


def surely_not_sent(payouts: Iterable[Payout]) -> list[Payout]:
    """Those of which the statement of the account that their file named reaches past the day, and the days in which a line may still come,
    while no line that left could hold them, with the bank's fee or with others of the file in one sum: none that nobody has placed, and of
    those days none that somebody called the bank's or the operator's own.
    """
    told_to = [one for one in payouts if one.state == PayoutState.SENDING and one.batch] if has_own_account() else []
    days = {one.pk: clock.day_of(one.batch.approved_at) for one in told_to}
    accounts = {day: account.told_as for day in set(days.values()) if (account := town_account(day))}
    last = {account: row.booked_on for account in set(accounts.values()) if (row := last_row(account))}
    could = Q(state=LineState.OPEN) | Q(state=LineState.BOOKED)
    left = BankLine.objects.filter(could, amount_yen__lt=0, row__booked_on__gte=min(days.values())) if days else ()
    lines = list(left and left.order_by("pk").values_list("amount_yen", "row__booked_on", "state"))

    def is_it(one: Payout) -> bool:
        read_until, last_on = last.get(accounts.get(days[one.pk], "")), bank_days_after(one.value_on, figure("bank_days_to_read"))
        return read_until is not None and read_until > last_on and not any(
            amount <= -one.amount_yen and on >= days[one.pk] and (state == LineState.OPEN or on <= last_on) for amount, on, state in lines)
    return list(filter(is_it, told_to))


def _payer(account: TownAccount) -> Payer:
    return Payer(account.payer_code, account.holder_kana, account.bank_code, account.branch_code, account.kind, account.number)
