"""The verbs of money: the only caller of the ledger. Every verb is one entry, safe to repeat."""
import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from machi.accounts.models import Party, User
from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer, post
from machi.ledger.seal import seal_yesterday
from machi.notifications import actions as notifications
from machi.notifications.models import Notice
from machi.payments import facts
from machi.payments.banks import bank_name
from machi.payments.fakebank import FakeBank
from machi.payments.fees import Settlement
from machi.payments.lifecycle import PAYOUT_LIFECYCLE, PayoutState
from machi.payments.models import BankAccount, DeliveredUntil, Earning, Funding, Payout, StatementLine
from machi.payments.queries import DEPOSIT, delivered_in_all, due_workers, unread_deposits
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen

COUNTED_AFTER = datetime.timedelta(days=2)          # by then whatever is written with a moment of that day is committed
CLOCK, NO_ACCOUNT = "system:clock", "payout.waiting_for_account"


def hold_escrow(*, party: Party, milestone: int, contract: int, amount: Yen, by) -> Funding:
    """The client's money has arrived at the bank and is held until the work is accepted (仮払い).

    In the money mode `demo` the deposit is made here, at the fake bank, under the key of the milestone: again after a crash,
    it is one deposit. Was its line read from the statement meanwhile, the money waits in suspense and is taken from there.
    Joins the transaction of the contract that asked for it.
    """
    reference = f"milestone:{milestone}"
    line = FakeBank().deposit(key=f"{DEPOSIT}{reference}", amount_yen=int(amount), payer=str(party))
    if line.amount_yen != amount:
        raise DomainError(_("fund.other_sum"))
    is_new = _keep(line)
    source = Kind.BANK if is_new else Kind.SUSPENSE
    post(Entry(f"fund:{milestone}", _actor(by), f"contract:{contract}", [Transfer(source.of(), Kind.ESCROW.of(contract), amount)]))
    if is_new:
        activity.record(actor=by, fact=facts.FUNDING_CONFIRMED, about=reference, amount_yen=int(amount))
    return Funding.objects.create(party=party, reference=reference, amount_yen=int(amount), bank_key=line.key, confirmed_at=clock.now())


def give_back(*, milestone: int, contract: int) -> Yen:
    """A deposit that came when its contract had ended goes back to whoever paid it in (返金); returns how much.

    Joins the transaction of the contract, which will never be funded any more. Again after a crash, it goes back once.
    """
    line = FakeBank().give_back(key=f"{DEPOSIT}milestone:{milestone}")
    amount = Yen(-line.amount_yen)
    _keep(line)
    post(Entry(line.key, CLOCK, f"contract:{contract}", [Transfer(Kind.SUSPENSE.of(), Kind.BANK.of(), amount)]))
    activity.record(actor=None, fact=facts.FUNDING_RETURNED, about=f"milestone:{milestone}", amount_yen=int(amount))
    return amount


def release_escrow(*, milestone: int, contract: int, title: str, worker, party: Party, terms: Settlement, pay_on, by) -> Earning:
    """The work is accepted (検収): the held money becomes the worker's, the town keeps its fee, the withheld tax returns
    to the client, who remits it. Shares the key `settle:<milestone>` with every other ending: a milestone ends once.
    """
    escrow = Kind.ESCROW.of(contract)
    parts = ((Kind.WORKER.of(worker.pk), terms.worker_receives), (Kind.FEE.of(), terms.fee),
             (Kind.CONSUMPTION_TAX.of(), terms.fee_tax), (Kind.WITHHELD.of(party.pk), terms.withheld))
    post(Entry(f"settle:{milestone}", _actor(by), f"contract:{contract}",
               [Transfer(escrow, account, amount) for account, amount in parts if amount]))
    earning = Earning.objects.create(
        worker=worker, party=party, reference=f"milestone:{milestone}", about=f"contract:{contract}", title=title,
        price_yen=int(terms.price), tax_yen=int(terms.tax), fee_yen=int(terms.fee), fee_tax_yen=int(terms.fee_tax),
        withheld_yen=int(terms.withheld), amount_yen=int(terms.worker_receives), pay_on=pay_on, earned_at=clock.now())
    activity.record(actor=by, fact=facts.ESCROW_RELEASED, about=earning.reference, amount_yen=earning.amount_yen)
    return earning


@transaction.atomic
def name_bank_account(*, by, bank_code: str, branch_code: str, kind: str, number: str, holder_kana: str) -> BankAccount:
    """A worker says where their money goes (口座の登録). The same once more, by a second press, is no change, and nobody is told of one."""
    said = {"bank_code": bank_code, "branch_code": branch_code, "kind": kind, "number": number, "holder_kana": holder_kana}
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)      # one after the other, so that the second finds the first
    if known := BankAccount.objects.filter(worker=by, **said).first():
        return known
    account, _is_new = BankAccount.objects.update_or_create(worker=by, defaults=said | {"changed_at": clock.now()})
    activity.record(actor=by, fact=facts.BANK_ACCOUNT_CHANGED, about=f"user:{by.pk}")
    notifications.queue(to=by, kind="account.bank_changed", about=f"user:{by.pk}", bank=bank_name(bank_code), when_at=account.changed_at)
    return account


def pay_due() -> int:
    """Payday (支払日): set aside what is due for every worker with a bank account; return how many payouts were made.

    Each worker is a transaction of their own. Nothing is too small: on its pay date everything due leaves.
    """
    return sum(_set_aside(worker) is not None for worker in due_workers(clock.today()))


@transaction.atomic
def _set_aside(worker: int) -> Payout | None:
    """Make one payout of everything a worker is owed today. Two processes at once make one."""
    account = BankAccount.objects.select_for_update(of=("self",)).select_related("worker").filter(worker=worker).first()
    due = Earning.objects.select_for_update(of=("self",)).filter(worker=worker, payout=None, pay_on__lte=clock.today()).order_by("pk")
    if account is None or not due or Payout.objects.filter(worker=worker, state__in=("requested", "sending")).exists():
        return None
    amount = Yen(sum(earning.amount_yen for earning in due))
    payout = Payout.objects.create(
        worker_id=worker, amount_yen=int(amount), requested_at=clock.now(), holder_kana=account.holder_kana,
        bank_name=bank_name(account.bank_code),
        bank_account=account.told_as)
    Earning.objects.filter(pk__in=[earning.pk for earning in due]).update(payout=payout)
    post(Entry(payout.bank_key, CLOCK, payout.bank_key, [Transfer(Kind.WORKER.of(worker), Kind.TRANSIT.of(worker), amount)]))
    activity.record(actor=None, fact=facts.PAYOUT_REQUESTED, about=payout.bank_key, amount_yen=int(amount))
    notifications.queue(to=account.worker, kind="payout.sending", about=payout.bank_key, net_yen=int(amount), bank=payout.bank_name,
                        date_on=clock.today())
    return payout


def remind_of_account(*, at_most: int = 500) -> int:
    """Somebody has money waiting and no bank account: tell them, once for each sum."""
    known = Notice.objects.filter(user=OuterRef("worker"), kind=NO_ACCOUNT, about=OuterRef("reference"))
    untold = Earning.objects.filter(~Exists(known), payout=None, worker__bank_account=None, worker__erased_at=None)
    told = 0
    for earning in untold.select_related("worker").order_by("pk")[:at_most]:
        with transaction.atomic():
            Earning.objects.select_for_update().get(pk=earning.pk)
            if not earning.worker.notices.filter(kind=NO_ACCOUNT, about=earning.reference).exists():
                notifications.queue(to=earning.worker, kind=NO_ACCOUNT, about=earning.reference,
                                    net_yen=earning.amount_yen, date_on=earning.pay_on)
                told += 1
    return told


def seal_books() -> bool:
    """The books of the day that is over are sealed (日次封印), once; True when that happened now."""
    return seal_yesterday() is not None


def send_payouts(*, at_most: int = 500) -> int:
    """Tell the bank, then read its statement; return how many ended.

    `sending` is written down before the bank is asked. After a crash in between nobody guesses: the bank is asked again
    under the same key, and answers with what it did.
    """
    for pk in Payout.objects.filter(state=PayoutState.REQUESTED).order_by("pk").values_list("pk", flat=True)[:at_most]:
        _move(pk, "send")
    ended = 0
    for payout in Payout.objects.filter(state=PayoutState.SENDING).order_by("pk")[:at_most]:
        FakeBank().transfer(key=payout.bank_key, amount_yen=payout.amount_yen, account=payout.bank_account, holder=payout.holder_kana)
        ended += 1
    return read_statement() if ended else 0


def read_statement() -> int:
    """Take up every new line of the bank's statement (着金確認); return how many payouts ended by it."""
    for line in unread_deposits():
        _take_in(line)
    open_keys = {payout.bank_key: payout for payout in Payout.objects.filter(state=PayoutState.SENDING).order_by("pk")}
    if not open_keys:
        return 0
    lines = FakeBank().statement()
    returned = {line.key.removeprefix("return:"): line for line in lines if line.key.startswith("return:")}
    ended = 0
    for line in (line for line in lines if line.key in open_keys):
        payout = open_keys[line.key]
        with transaction.atomic():
            _keep(line)
            if back := returned.get(line.key):
                _keep(back)
                ended += _come_back(payout, back.reason)
            else:
                ended += _arrive(payout, line.value_on)
    return ended


@transaction.atomic
def _take_in(line) -> None:
    """Somebody paid in, and no deed has booked it, perhaps because it died in between: the money waits in suspense (不明入金),
    and the room that knows the piece of work reads the fact. A deed that is under way holds its line: then one waits for the other.
    """
    if _keep(line):
        post(Entry(line.key, CLOCK, line.key, [Transfer(Kind.BANK.of(), Kind.SUSPENSE.of(), Yen(line.amount_yen))]))
        activity.record(actor=None, fact=facts.FUNDING_CONFIRMED, about=line.key.removeprefix(DEPOSIT), amount_yen=line.amount_yen)


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


def _arrive(payout: Payout, value_on) -> bool:
    is_first = not Payout.objects.filter(worker=payout.worker_id, state=PayoutState.PAID).exists()
    if not _move(payout.pk, "confirm", paid_on=value_on, ended_at=clock.now()):
        return False
    post(Entry(f"payout_end:{payout.pk}", CLOCK, payout.bank_key,
               [Transfer(Kind.TRANSIT.of(payout.worker_id), Kind.BANK.of(), payout.amount)]))
    activity.record(actor=None, fact=facts.PAYOUT_PAID, about=payout.bank_key, amount_yen=payout.amount_yen)
    earning = payout.earnings.select_related("party").order_by("pk").first()
    words = earning.party.words() if is_first else {"bank": payout.bank_name}
    notifications.queue(to=payout.worker, kind="payout.first" if is_first else "payout.arrived", about=payout.bank_key,
                        net_yen=payout.amount_yen, **words)
    return True


def _come_back(payout: Payout, reason: str) -> bool:
    """The bank refused (組戻し): the money is the worker's again, and leaves once the account is mended."""
    if not _move(payout.pk, "return", ended_at=clock.now()):
        return False
    post(Entry(f"payout_end:{payout.pk}", CLOCK, payout.bank_key,
               [Transfer(Kind.TRANSIT.of(payout.worker_id), Kind.WORKER.of(payout.worker_id), payout.amount)]))
    payout.earnings.update(payout=None)
    for account in BankAccount.objects.select_for_update().filter(worker=payout.worker_id):
        if account.told_as == payout.bank_account:  # it would come back again and again; one named meanwhile stays
            account.delete()
    activity.record(actor=None, fact=facts.PAYOUT_RETURNED, about=payout.bank_key, amount_yen=payout.amount_yen, reason=reason)
    notifications.queue(to=payout.worker, kind="payout.returned", about=payout.bank_key, net_yen=payout.amount_yen,
                        bank=payout.bank_name, reason=reason)
    return True


@transaction.atomic
def _move(pk: int, move: str, **columns) -> bool:
    """One move of a payout under its lock; False when another process was faster."""
    payout = Payout.objects.select_for_update().get(pk=pk)
    if not PAYOUT_LIFECYCLE.allows(payout.state, move):
        return False
    payout.state = PAYOUT_LIFECYCLE.next(payout.state, move)
    for name, value in columns.items():
        setattr(payout, name, value)
    payout.save(update_fields=["state", *columns])
    return True


def _keep(line) -> bool:
    """Our copy of a line; False when it was read before."""
    return StatementLine.objects.get_or_create(key=line.key, defaults={
        "value_on": line.value_on, "amount_yen": line.amount_yen, "read_at": clock.now()})[1]


def _actor(by) -> str:
    return CLOCK if by is None else f"user:{by.pk}"
