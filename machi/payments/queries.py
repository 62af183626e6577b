"""Questions about money: read only."""
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.activity.queries import history_of
from machi.ledger import queries as ledger
from machi.ledger.accounts import OWNERS as OWNERS
from machi.ledger.accounts import Kind
from machi.payments import facts
from machi.payments.fakebank import FakeBank, Line
from machi.payments.fees import Settlement
from machi.payments.lifecycle import PayoutState
from machi.payments.models import BankAccount, DeliveredUntil, Earning, Funding, MoneyStop, Payout, Refund, StatementLine
from machi.payments.paydays import pay_day
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.question import Question

_DAWN, _FOR_EVER = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (1, 9999))
DEPOSIT = "deposit:"                        # how the bank's key of money paid in begins; then follows what it is for: milestone:12


@dataclass(frozen=True, slots=True)
class Delivered:
    """Reward delivered (届いた報酬): what reached people's bank accounts, and how many people."""

    amount: Yen
    people_count: int


def reward_delivered(*, of=None, since: datetime.date | None = None) -> Delivered:
    """The town's number: the sum of all payouts that stand on the bank's statement. Nothing else counts.

    `of`: one worker, or everybody. `since`: from this value date on.
    Money that was promised, held, accepted or sent is not in it; what the bank sent back is not either.
    """
    if of is None and since is None:
        return delivered_in_all()
    since = since or datetime.date.min
    return _as_delivered(_delivered(since) if of is None else _delivered_to(of.pk, since))


def delivered_in_all(*, before: datetime.datetime = _FOR_EVER) -> Delivered:
    """Everything that was delivered: what is counted through the last day, and the payouts that ended after it, before this moment."""
    day, amount, people = next(iter(_counted()), (None, 0, 0))
    since = _as_delivered(_ended(clock.start_of(day + datetime.timedelta(days=1)) if day else _DAWN, before))
    return Delivered(Yen(int(amount)) + since.amount, people + since.people_count)


def _as_delivered(sums: list) -> Delivered:
    amount, people = sums[0] if sums else (0, 0)
    return Delivered(Yen(int(amount)), people)


def _summed(payouts: QuerySet[Payout]) -> QuerySet:
    """One row: the sum, and how many people. No row when there is no payout."""
    return (payouts.filter(state=PayoutState.PAID).order_by("state").values("state")
            .annotate(amount=Sum("amount_yen"), people=Count("worker", distinct=True)).values_list("amount", "people"))


_before = Payout.objects.filter(worker=OuterRef("worker"), state=PayoutState.PAID, pk__lt=OuterRef("pk"))    # theirs come one by one
_counted = Question(lambda: DeliveredUntil.objects.order_by("-day").values_list("day", "amount_yen", "people_count")[:1])
_ended = Question(lambda since, until: Payout.objects.filter(state=PayoutState.PAID, ended_at__gte=since, ended_at__lt=until)
                  .order_by("state").values("state")
                  .annotate(amount=Sum("amount_yen"), people=Count("pk", filter=~Exists(_before))).values_list("amount", "people"))
_delivered = Question(lambda since: _summed(Payout.objects.filter(paid_on__gte=since)))
_delivered_to = Question(lambda worker, since: _summed(Payout.objects.filter(worker=worker, paid_on__gte=since)))


def delivered_since() -> datetime.date | None:
    """The day on which the first reward was delivered: from then on the town counts."""
    return Payout.objects.filter(state=PayoutState.PAID).order_by("paid_on").values_list("paid_on", flat=True).first()


def due_workers(day: datetime.date) -> list[int]:
    """Workers with an account, to whom something is due on or before this day."""
    due = Earning.objects.filter(payout=None, pay_on__lte=day, worker__bank_account__isnull=False)
    return list(due.order_by("worker").values_list("worker", flat=True).distinct())


def is_payday_now() -> bool:
    """Does something wait that leaves as soon as somebody asks for it? What the bank has not answered yet holds back the next."""
    open_payouts = Payout.objects.filter(worker=OuterRef("worker"), state__in=("requested", "sending"))
    return Earning.objects.filter(~Exists(open_payouts), payout=None, pay_on__lte=clock.today(), amount_yen__gt=0,
                                  worker__bank_account__isnull=False).exists()


def withheld_for(party) -> Yen:
    """Withheld tax that waits for the client, who remits it to the tax office."""
    return ledger.balance(Kind.WITHHELD.of(party.pk))


def earnings_of(worker) -> QuerySet[Earning]:
    """What a worker has earned, newest first, with the payout that carried it."""
    return Earning.objects.filter(worker=worker).select_related("payout", "party", "party__person").order_by("-pk")


def unread_deposits() -> list[Line]:
    """What the bank shows as paid in, and our books do not know yet."""
    paid_in = {line.key: line for line in FakeBank().statement() if line.key.startswith(DEPOSIT)}
    if paid_in:
        for key in StatementLine.objects.filter(key__startswith=DEPOSIT).order_by("pk").values_list("key", flat=True):
            paid_in.pop(key, None)
    return list(paid_in.values())


def is_paid_in(milestone: int, amount: Yen) -> bool:
    """Does the bank show the money for a piece of work, whether or not we have read it?"""
    return any(line.key == f"{DEPOSIT}milestone:{milestone}" and line.amount_yen == amount for line in FakeBank().statement())


def settlement_of(earning: Earning) -> Settlement:
    """Both sides' money of an earning, part by part, as it was settled."""
    return Settlement(*(Yen(getattr(earning, f"{part}_yen")) for part in ("price", "tax", "fee", "fee_tax", "withheld")))


def earning_of(milestone: int) -> Earning | None:
    """What a milestone earned its worker, once it is accepted, with the payout that carried it."""
    return next(iter(_earning(f"milestone:{milestone}")), None)


_earning = Question(lambda reference: Earning.objects.filter(reference=reference).select_related("payout").order_by("pk"))


def earnings_for(milestones) -> dict[int, Earning]:
    """The earnings of several milestones: one question however many."""
    found = Earning.objects.filter(reference__in=[f"milestone:{pk}" for pk in milestones]).select_related("payout").order_by("pk")
    return {int(earning.reference.removeprefix("milestone:")): earning for earning in found}


def payouts_of(worker) -> QuerySet[Payout]:
    """What left for a worker's bank, newest first."""
    return Payout.objects.visible_to(worker).order_by("-pk")


def bank_account_of(worker) -> BankAccount | None:
    """Where a worker's money goes, if they have said so."""
    return next(iter(_bank_account(worker.pk)), None)


_bank_account = Question(lambda worker: BankAccount.objects.filter(worker=worker).order_by("pk"))


def waiting_for(worker) -> Yen:
    """Everything that is earned and has not arrived yet."""
    waiting = Earning.objects.filter(worker=worker).exclude(payout__state=PayoutState.PAID).aggregate(sum=Sum("amount_yen"))["sum"]
    return Yen(int(waiting or 0))


@dataclass(frozen=True, slots=True)
class CameBack:
    """A payout that the bank sent back, and the bank's reason."""

    payout: Payout
    reason: str


def came_back(worker) -> CameBack | None:
    """The last payout, if the bank sent it back and nobody has named another account since."""
    payout = payouts_of(worker).first()
    if payout is None or payout.state != PayoutState.RETURNED or bank_account_of(worker):
        return None
    told = history_of(payout.bank_key).filter(name=facts.PAYOUT_RETURNED).last()
    return CameBack(payout, told.data.get("reason", "") if told else "")


def next_pay_day(today: datetime.date) -> datetime.date:
    """The next day on which money leaves for anybody: of what is earned, or else the next payout day of the calendar."""
    coming = Earning.objects.filter(payout=None, pay_on__gt=today).order_by("pay_on").values_list("pay_on", flat=True).first()
    return coming or pay_day(today, acceptance_days=0)


@dataclass(frozen=True, slots=True)
class NextPayment:
    """The next day on which money leaves for a worker, and how much; nothing leaves before they have said where to."""

    pay_on: datetime.date | None
    amount: Yen
    has_account: bool = True

    @property
    def needs_account(self) -> bool:
        return self.pay_on is not None and not self.has_account


def next_payment(worker) -> NextPayment:
    pay_on, has_account, amount = next(iter(_next_payment(worker.pk)), (None, True, 0))
    return NextPayment(pay_on, Yen(int(amount)), has_account)


_ON_ITS_WAY = Q(payout=None) | Q(payout__state__in=("requested", "sending"))
_next_payment = Question(lambda worker: Earning.objects.filter(_ON_ITS_WAY, worker=worker)
                         .order_by("pay_on").values("pay_on", known=Exists(BankAccount.objects.filter(worker=worker)))
                         .annotate(sum=Sum("amount_yen")).values_list("pay_on", "known", "sum")[:1])


def pot_place(job: int, version: int) -> str:
    """What the deposit for a contest is for: this post, in this version."""
    return f"job:{job}:{version}"


def is_pot_held(job: int, version: int) -> bool:
    """Did the deposit for this version open the contest?"""
    return Funding.objects.filter(bank_key=f"{DEPOSIT}{pot_place(job, version)}").exists()


def pots_of(user) -> QuerySet[Funding]:
    """What was paid into the pots of contests, by the parties for which this person looks after money."""
    return Funding.objects.filter(party__in=Party.objects.acting_for(user, Power.PAYER), reference__startswith="job:")


def given_out_of(pots: Sequence[str]) -> list[Earning]:
    """Everything that was given out of these pots (`job:12`), with the payout that carried it: one question."""
    found = Earning.objects.filter(about__in=pots, reference__startswith="entry:")
    return list(found.select_related("payout", "worker").order_by("pk")) if pots else []


def refunds_for(references: Sequence[str]) -> dict[str, Refund]:
    """What went back of these deposits."""
    return {refund.reference: refund for refund in Refund.objects.filter(reference__in=references).order_by("pk")} if references else {}


def is_paid_in_for(kind: str) -> Exists:
    """In a question about rows of this kind (`job`, `milestone`): did a deposit for the row reach the bank?"""
    reference = Concat(Value(f"{kind}:"), Cast(OuterRef("pk"), CharField()))
    return Exists(Funding.objects.filter(reference=reference))


ESCROW_NUMBERS = Kind.ESCROW.of()                   # the first account number of all escrows: contract 7 is this plus 7
POT_NUMBERS = Kind.POT.of()                         # and of all pots of contests, by the number of the post
WORKER_NUMBERS = Kind.WORKER.of()                   # of all workers, by the person
PARTY_NUMBERS = (Kind.CLIENT_CREDIT.of(), Kind.WITHHELD.of())       # of what belongs to a client, by the party


def paid_works_count(worker, *, at_most: int) -> int:
    """For how many pieces of work this person was paid here; counted no further than asked."""
    return len(Earning.objects.filter(worker=worker).order_by("pk").values_list("pk")[:at_most])


def is_money_stopped() -> bool:
    """Does no money move at the moment, in the whole town?"""
    return bool(_standing())


def was_stopped_lately() -> bool:
    """Is money stopped, or was it within the last day? Until then nobody loses anything because they could not pay in time."""
    return MoneyStop.objects.filter(Q(lifted_at=None) | Q(lifted_at__gt=clock.now() - datetime.timedelta(days=1))).exists()


_standing = Question(lambda: MoneyStop.objects.standing().order_by("pk").values_list("pk")[:1])
