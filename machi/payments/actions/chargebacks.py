"""A client's bank took a payment by card back (チャージバック): the money leaves at once, and who bears it.

What is still held of that very deposit bears it first: it is nobody's reward yet. The rest is the client's debt. Whoever was paid for
accepted work is never touched. While it stands, what was held is not given out (taken.py). Lock order: the deposit that was counted, then
accounts.
"""
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.activity.queries import history_of
from machi.cards import actions as cards
from machi.cards.models import Chargeback
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.notifications import actions as notifications
from machi.payments import facts
from machi.payments.actions import taken
from machi.payments.actions.booking import CLOCK, post
from machi.payments.actions.debts import is_owed, owe, owe_no_fee, won_back
from machi.payments.models import ExpectedDeposit
from machi.payments.queries import fee_debt
from machi.shared.money import Yen


def hear_dispute(dispute_id: str) -> None:
    """The service says that something happened to one. Joins the transaction of the message."""
    chargeback, is_new, fee = cards.read_dispute(dispute_id)
    if chargeback is None:
        return
    if is_new:
        cards.note_borne(chargeback=chargeback, borne=taken.take_held(chargeback))
        if owed := Yen(chargeback.amount - chargeback.borne):
            owe(party=chargeback.intent.party, reference=f"chargeback:{chargeback.pk}", amount=owed)
        _leave(chargeback, owed)
        _tell(chargeback, facts.CHARGEBACK_RECEIVED, "card.taken_back")
    _book_fee(chargeback, fee)
    if chargeback.is_won and _is_news(chargeback, facts.CHARGEBACK_WON):
        _come_back(chargeback)
        taken.come_back(chargeback)
        _tell(chargeback, facts.CHARGEBACK_WON, "card.chargeback_won")
    elif chargeback.is_lost and _is_news(chargeback, facts.CHARGEBACK_LOST):
        asked = taken.lose(chargeback)
        _tell(chargeback, facts.CHARGEBACK_LOST, "card.pay_again" if asked else "card.chargeback_lost", asked)
    if chargeback.is_lost:
        _pass_on_fee(chargeback)


def _leave(chargeback: Chargeback, owed: Yen) -> None:
    parts = [*_held(chargeback), (Kind.CLIENT_DEBT.of(chargeback.intent.party_id), owed)]
    post(Entry(f"chargeback:{chargeback.pk}", CLOCK, _deposit(chargeback).about, [
        Transfer(account, Kind.GATEWAY.of(), amount) for account, amount in parts if amount]))


def _come_back(chargeback: Chargeback) -> None:
    parts = [*_held(chargeback), *won_back(chargeback)]
    post(Entry(f"chargeback_end:{chargeback.pk}", CLOCK, _deposit(chargeback).about, [
        Transfer(Kind.GATEWAY.of(), account, amount) for account, amount in parts if amount]))


def _book_fee(chargeback: Chargeback, fee: Yen) -> None:
    """What the service takes for it is the operator's expense, and what it gives back of that theirs again, or the client's who owes it.
    No worker's. The key counts the changes: the same fee may be told, given back, and told again.
    """
    more = Yen(fee - chargeback.fee_yen)
    if not more or fee < 0:
        return
    gateway, theirs = Kind.GATEWAY.of(), max(Yen(0), min(Yen(-more), Yen(chargeback.fee_theirs_yen)))
    if more > 0:
        transfers = [Transfer(Kind.EXPENSE.of(), gateway, more)]
    else:
        parts = owe_no_fee(chargeback, theirs) if theirs else []
        rest = Yen(-more - sum(amount for _account, amount in parts))
        transfers = [Transfer(gateway, account, amount) for account, amount in (*parts, (Kind.EXPENSE.of(), rest)) if amount]
    post(Entry(f"chargeback_fee:{chargeback.pk}.{chargeback.fee_count + 1}", CLOCK, f"chargeback:{chargeback.pk}", transfers))
    cards.note_fee(chargeback=chargeback, fee=fee, theirs=Yen(chargeback.fee_theirs_yen - theirs))


def _pass_on_fee(chargeback: Chargeback) -> None:
    """Lost, its fee is the client's where they had read so before they paid, and somebody was paid for the work. Once: what the service
    takes again after it gave it back is the town's.
    """
    fee, party, reference = Yen(chargeback.fee_yen), chargeback.intent.party, fee_debt(chargeback.pk)
    if not fee or not chargeback.intent.is_fee_theirs or is_owed(reference) or not taken.has_paid_somebody(chargeback):
        return
    owe(party=party, reference=reference, amount=fee, kind="debt.fee")
    post(Entry(f"chargeback_fee_debt:{chargeback.pk}", CLOCK, f"chargeback:{chargeback.pk}",
               [Transfer(Kind.CLIENT_DEBT.of(party.pk), Kind.EXPENSE.of(), fee)]))
    cards.note_fee(chargeback=chargeback, fee=fee, theirs=fee)


def _held(chargeback: Chargeback) -> list[tuple[int, Yen]]:
    return [(one.held_in, one.amount) for one in chargeback.taken.order_by("pk")]


def _deposit(chargeback: Chargeback) -> ExpectedDeposit:
    return ExpectedDeposit.objects.filter(place=chargeback.intent.place).order_by("pk").last()


def _is_news(chargeback: Chargeback, fact: str) -> bool:
    return not history_of(f"chargeback:{chargeback.pk}").filter(name=fact).exists()


def _tell(chargeback: Chargeback, fact: str, kind: str, asked: ExpectedDeposit | None = None) -> None:
    """Once each: the client's side here, the worker's by whoever knows the work."""
    places = list(chargeback.taken.order_by("pk").values_list("reference", flat=True))
    activity.record(actor=None, fact=fact, about=f"chargeback:{chargeback.pk}", places=places, amount_yen=chargeback.amount_yen)
    deposit = _deposit(chargeback)
    said = {"gross_yen": asked.amount_yen, "until_at": asked.until_at} if asked else {"gross_yen": chargeback.amount_yen}
    for person in chargeback.intent.party.people(Power.PAYER):
        notifications.queue(to=person, kind=kind, about=f"deposit:{asked.pk}" if asked else deposit.about, job=deposit.title, **said)
