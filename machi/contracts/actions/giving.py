"""A client gives more than the price, after the work (おひねり). Nobody expects it; it changes no price, no review and no record.

Its row stands before any bank is asked, so that money that came always has its place, even when the deed died on the way.
Locks: contract, bonus.
"""
import logging

from django.utils import translation
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.activity.actions import read_on
from machi.contracts import facts, policies
from machi.contracts.actions.locking import locked_contract
from machi.contracts.actions.telling import tell
from machi.contracts.counting import bonus_in
from machi.contracts.lifecycle import BONUS_LIFECYCLE
from machi.contracts.models import Bonus, Contract, Milestone
from machi.payments import actions as payments
from machi.payments.facts import FUNDING_CONFIRMED
from machi.payments.paydays import pay_day
from machi.payments.queries import has_own_account, heard_until, is_bonus_paid_in, may_have_come, pay_in_until, withheld_kind
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from machi.shared.rows import each

log = logging.getLogger(__name__)
FIRST_LETTERS = 80                                  # of a title


def give_bonus(*, contract: Contract, by, price: Yen, key: str, words: str = "") -> Bonus:
    """Whoever looks after the client's money gives so much, without tax. `key` names the form: sent twice, it is one gift.

    Where the bank answers at once the worker has it now; where money comes by a transfer, once the statement shows it.
    Raises DomainError for a sum out of range, and while another one is waited for.
    """
    payments.guard()
    bonus = _ask(contract=contract, by=by, price=price, key=key, words=words)
    return bonus if has_own_account() else _pay(bonus=bonus, by=by)


def take_up_bonuses() -> int:
    """Money that payments found on the bank's statement reaches its worker; what nobody waits for any longer goes back."""
    return read_on(reader="contracts.bonuses", act=_take_up)


def lapse_bonuses() -> int:
    """By the clock: what never came is waited for no longer, and nobody has lost anything. Money that lies at the bank has come."""
    late = Bonus.objects.filter(state__in=BONUS_LIFECYCLE.states_for("lapse"), until_at__lt=heard_until()).order_by("pk")
    return each(late.values_list("pk", flat=True)[:500], _lapse_late)


@deed
def _ask(*, contract: Contract, by, price: Yen, key: str, words: str) -> Bonus:
    contract = locked_contract(contract.pk)
    if not policies.can_give_bonus(by, contract, Milestone.objects.filter(contract=contract)):
        raise NotAllowed(_("bonus.refused"))
    if before := Bonus.objects.locked().filter(contract=contract, key=key).first():
        if before.is_over:
            raise DomainError(_("message.form_old"))    # it was waited for in vain: another form is another gift
        return before
    if not policies.LEAST <= price <= policies.MOST_BONUS:
        raise DomainError(policies.bonus_range())
    if Bonus.objects.filter(contract=contract, state__in=BONUS_LIFECYCLE.states_for("pay")).exists():
        raise DomainError(_("bonus.one_waits"))
    counted = bonus_in(contract)
    money, until_at = counted.money(price), pay_in_until()
    bonus = Bonus.objects.create(contract=contract, key=key, given_by=by, words=words.strip(), **money.in_yen(),
                                 rates=counted.by.on_paper(), asked_at=clock.now(), until_at=until_at)
    activity.record(actor=by, fact=facts.BONUS_ASKED, about=contract.reference, bonus=bonus.pk, amount_yen=int(money.client_pays))
    if has_own_account():
        payments.expect_deposit(party=contract.client, place=bonus.reference, about=contract.reference, title=_titled(contract),
                                amount=money.client_pays, until_at=until_at, by=by)
    return bonus


@deed
def _pay(*, bonus: Bonus, by) -> Bonus:
    """Its money is here: in one transaction it comes in, is given out, and nothing of it stays."""
    contract, bonus = _locked(bonus.pk)
    if BONUS_LIFECYCLE.allows(bonus.state, "pay"):
        _give_out(contract, bonus, by)
    return bonus


def _give_out(contract: Contract, bonus: Bonus, by) -> None:
    money = bonus.money
    bonus.state, bonus.ended_at = BONUS_LIFECYCLE.next(bonus.state, "pay"), clock.now()
    bonus.pay_on = pay_day(clock.today(), acceptance_days=0)
    bonus.save(update_fields=["state", "ended_at", "pay_on"])
    payments.pay_bonus(bonus=bonus.pk, contract=contract.pk, title=_titled(contract), party=contract.client, by=by,
                       share=payments.Share(bonus.reference, contract.worker, money, bonus.pay_on))
    activity.record(actor=by, fact=facts.BONUS_PAID, about=contract.reference, bonus=bonus.pk, amount_yen=int(money.client_pays))
    said = {"text": bonus.words} if bonus.words else {}
    tell(contract, [contract.worker], "contract.bonus_with_words" if said else "contract.bonus", net_yen=int(money.worker_receives),
         date_on=bonus.pay_on, **said, **contract.client.words())
    if by is None:
        tell(contract, contract.client.people(Power.PAYER), "contract.bonus_here", gross_yen=int(money.client_pays),
             worker_person=contract.worker.name)
    if money.withheld:
        tell(contract, contract.client.people(Power.PAYER), withheld_kind(contract.client), tax_yen=int(money.withheld),
             date_on=bonus.pay_on)


def _take_up(fact) -> None:
    kind, _colon, number = fact.about.partition(":")
    if fact.name != FUNDING_CONFIRMED or kind != "bonus":
        return
    if not number.isdecimal() or not Bonus.objects.filter(pk=number).exists():
        log.warning("%s: money came in for no bonus that is known here, and waits in suspense", fact.about)
        return
    contract, bonus = _locked(int(number))
    is_right = fact.data["amount_yen"] == bonus.money.client_pays
    if is_right and BONUS_LIFECYCLE.allows(bonus.state, "pay") and not contract.worker.has_left:
        _give_out(contract, bonus, None)
    elif not bonus.is_paid:
        if BONUS_LIFECYCLE.allows(bonus.state, "lapse"):
            _lapse(contract, bonus)
        amount = payments.give_back(place=bonus.reference, about=contract.reference)
        if not has_own_account():                       # there payments itself tells them
            tell(contract, contract.client.people(Power.PAYER), "contract.refunded", gross_yen=int(amount))


def _lapse_late(pk: int) -> bool:
    contract, bonus = _locked(pk)
    is_due = BONUS_LIFECYCLE.allows(bonus.state, "lapse") and bonus.until_at < heard_until()
    if not is_due or is_bonus_paid_in(bonus.pk, bonus.money.client_pays) or may_have_come(bonus.reference):
        return False
    _lapse(contract, bonus)
    tell(contract, contract.client.people(Power.PAYER), "contract.bonus_lapsed")
    return True


def _lapse(contract: Contract, bonus: Bonus) -> None:
    bonus.state, bonus.ended_at = BONUS_LIFECYCLE.next(bonus.state, "lapse"), clock.now()
    bonus.save(update_fields=["state", "ended_at"])
    payments.forget_deposit(place=bonus.reference)
    activity.record(actor=None, fact=facts.BONUS_LAPSED, about=contract.reference, bonus=bonus.pk)


def _locked(pk: int) -> tuple[Contract, Bonus]:
    contract = locked_contract(Bonus.objects.values_list("contract", flat=True).get(pk=pk))
    return contract, Bonus.objects.locked().get(pk=pk)


def _titled(contract: Contract) -> str:
    """In Japanese, for it stands on Japanese papers."""
    with translation.override("ja"):
        return _("bonus.titled") % {"job": contract.title[:FIRST_LETTERS]}
