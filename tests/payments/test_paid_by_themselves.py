"""Who pays and who is paid have the same account: perhaps one person buys their own work. A person looks before money leaves (T13)."""
import pytest

from machi.accounts.actions import give_duty, name_operator
from machi.accounts.models import User
from machi.payments import actions
from machi.payments.models import BankAccount, RefundAccount
from machi.payments.queries import held_back
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.payments.batches import in_a_town_with_files, set_aside_on, somebody_earned
from tests.people import a_person, a_staff_member, an_organisation, with_bank_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(town):
    with in_a_town_with_files():
        yield a_staff_member("finance")


def is_held(worker) -> bool:
    return any(one.worker == worker for one in held_back(at_most=9))


@pytest.mark.parametrize("behind", ["client", "refund", "member"])
def test_it_waits_until_finance_has_asked_why(finance, clock_at, behind):
    keeper = a_person()
    given = {"party": an_organisation(keeper), "by": keeper} if behind == "member" else {}
    earning = somebody_earned(**given)
    worker = earning.worker
    if behind == "refund":
        account = {name: getattr(worker.bank_account, name) for name in ("bank_code", "branch_code", "kind", "number", "holder_kana")}
        RefundAccount.objects.create(party=earning.party, changed_at=clock.now(), **account)
    else:
        with_bank_account(earning.party.person or keeper)
    clock_at(set_aside_on(earning.pay_on))

    assert actions.pay_due() == 0 and is_held(worker)
    with pytest.raises(DomainError):
        actions.ask_early(by=worker, amount=Yen(earning.amount_yen))
    named_at = worker.bank_account.changed_at.isoformat()
    for somebody in (worker, a_staff_member("operator")):
        with pytest.raises(NotAllowed):
            actions.confirm_shared(worker=worker, named_at=named_at, by=somebody)
    actions.confirm_shared(worker=worker, named_at=named_at, by=finance)

    assert actions.pay_due() == 1 and not is_held(worker) and broken_rules() == {}


def test_another_account_of_later_is_looked_at_anew(finance, clock_at):
    earning = somebody_earned()
    worker = earning.worker
    with_bank_account(earning.party.person)
    actions.confirm_shared(worker=worker, named_at=worker.bank_account.changed_at.isoformat(), by=finance)
    with_bank_account(worker, "7654321")
    with_bank_account(worker)

    assert BankAccount.objects.get(worker=worker).shared_checked_at is None


def test_the_same_number_elsewhere_and_somebody_else_hold_nobody(finance, clock_at):
    earning = somebody_earned()
    with_bank_account(a_person())                           # has nothing to do with it
    with_bank_account(earning.party.person)
    BankAccount.objects.filter(worker=earning.party.person).update(branch_code="002")
    clock_at(set_aside_on(earning.pay_on))

    assert not is_held(earning.worker) and actions.pay_due() == 1


def test_whoever_pays_somebody_does_not_say_themselves_that_one_account_for_both_is_well(finance):
    """They really have the duty, and may say so of anybody whom they do not pay."""
    earning, other = somebody_earned(), somebody_earned()
    payer = earning.party.person
    give_duty(person=payer, kind="finance", by=name_operator(email=a_person("運営の人").email).person)
    payer = User.objects.get(pk=payer.pk)

    with pytest.raises(NotAllowed):
        actions.confirm_shared(worker=earning.worker, named_at=earning.worker.bank_account.changed_at.isoformat(), by=payer)
    actions.confirm_shared(worker=other.worker, named_at=other.worker.bank_account.changed_at.isoformat(), by=payer)
    assert BankAccount.objects.get(worker=earning.worker).shared_checked_at is None
