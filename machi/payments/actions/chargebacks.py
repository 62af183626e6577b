"""A client's bank took a payment by card back (チャージバック): the money leaves at once, and who bears it.

What is still held of that very deposit bears it first: it is nobody's reward yet. The rest is the client's debt. Whoever was paid for
accepted work is never touched. While it stands, what was held is not given out. Lock order: the deposit that was counted, then accounts.
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
from machi.payments.actions.booking import CLOCK, post
from machi.payments.models import Earning, ExpectedDeposit, Funding, Refund
from machi.shared.money import Yen

NOTHING = Yen(0)


def hear_dispute(dispute_id: str) -> None:
    """The service says that something happened to one. Joins the transaction of the message."""
    chargeback, is_new = cards.read_dispute(dispute_id)
    if chargeback is None:
        return
    if is_new:
        _leave(chargeback)
    if chargeback.is_won and _tell(chargeback, facts.CHARGEBACK_WON, "card.chargeback_won"):
        _post(chargeback, f"chargeback_end:{chargeback.pk}", comes_back=True)
    elif chargeback.is_lost:
        _tell(chargeback, facts.CHARGEBACK_LOST, "card.chargeback_lost")


def _leave(chargeback: Chargeback) -> None:
    cards.note_borne(chargeback=chargeback, borne=min(_still_held(chargeback), chargeback.amount))
    _post(chargeback, f"chargeback:{chargeback.pk}")
    _tell(chargeback, facts.CHARGEBACK_RECEIVED, "card.taken_back")


def _still_held(chargeback: Chargeback) -> Yen:
    """Of that deposit, neither given out nor passed on to somebody else."""
    funding = Funding.objects.select_for_update(of=("self",)).filter(bank_key=chargeback.intent.key).first()
    if funding is None:
        return NOTHING
    is_over = (Refund.objects.filter(reference=funding.reference).exists()
               or Earning.objects.filter(reference=funding.reference).exists()
               or funding.reference.startswith("job:") and Earning.objects.filter(about=funding.reference).exists())
    return NOTHING if is_over else Yen(funding.amount_yen - sum(part.amount_yen for part in funding.parts.all()))


def _post(chargeback: Chargeback, key: str, *, comes_back: bool = False) -> None:
    about = _about(chargeback)
    kind, _colon, number = about.partition(":")
    held = (Kind.POT if kind == "job" else Kind.ESCROW).of(int(number))
    parts = [(held, chargeback.borne), (Kind.CLIENT_DEBT.of(chargeback.intent.party_id), Yen(chargeback.amount - chargeback.borne))]
    gateway = Kind.GATEWAY.of()
    post(Entry(key, CLOCK, about, [Transfer(gateway, account, amount) if comes_back else Transfer(account, gateway, amount)
                                   for account, amount in parts if amount]))


def _about(chargeback: Chargeback) -> str:
    return ExpectedDeposit.objects.filter(place=chargeback.intent.place).order_by("pk").last().about


def _tell(chargeback: Chargeback, fact: str, kind: str) -> bool:
    """Once each: the client's side here, the worker's by whoever knows the work. Was it news?"""
    about = f"chargeback:{chargeback.pk}"
    if history_of(about).filter(name=fact).exists():
        return False
    activity.record(actor=None, fact=fact, about=about, place=chargeback.intent.place, amount_yen=chargeback.amount_yen)
    deposit = ExpectedDeposit.objects.filter(place=chargeback.intent.place).order_by("pk").last()
    for person in chargeback.intent.party.people(Power.PAYER):
        notifications.queue(to=person, kind=kind, about=deposit.about, job=deposit.title, gross_yen=chargeback.amount_yen)
    return True
