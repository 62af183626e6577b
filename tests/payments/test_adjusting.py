"""A mistake of money is put right by a new entry, asked by one person of the finance desk and signed by another."""
import pytest
from django.db import IntegrityError, connection, transaction

from machi.accounts.queries import party_of
from machi.activity.models import Fact
from machi.ledger import queries as ledger
from machi.ledger.accounts import Kind
from machi.payments import actions
from machi.payments.models import Adjustment, Earning, Payout, Refund
from machi.payments.queries import held_now, room_of_the_town
from machi.shared import clock
from machi.shared.errors import DomainError, IllegalMove, NotAllowed
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.payments.statements import Account
from tests.people import (
    a_client,
    a_contract,
    a_member,
    a_person,
    a_staff_member,
    an_organisation,
    balance_of,
    client_of,
    payday,
    with_bank_account,
)

pytestmark = pytest.mark.django_db
WHY = {"reason": "mistake", "words": "手数料を二度いただいていました。"}


def a_town_with_own_money() -> None:
    """Fees that the town has earned lie at the bank, and are nobody else's."""
    a_contract(accepted=True)


def asked(what: str = "to_worker", amount: int = 1_000, by=None, **whom) -> Adjustment:
    return actions.ask_adjustment(by=by or a_staff_member("finance"), what=what, amount=Yen(amount), **WHY, **whom)


def test_a_worker_gets_what_the_towns_mistake_cost_and_reads_why_and_it_is_paid(town):
    a_town_with_own_money()
    worker = with_bank_account(a_person())
    one = asked(worker=worker)
    assert balance_of(worker) == 0
    actions.sign_adjustment(adjustment=one, by=a_staff_member("finance"))

    assert balance_of(worker) == 1_000 and ledger.balance(Kind.LOSS.of()) == -1_000
    assert worker.notices.get(kind="money.corrected").words["words"] == WHY["words"]
    assert Fact.objects.filter(name="adjustment.signed", about=one.reference).count() == 1 and broken_rules() == {}
    with clock.moved(to=clock.end_of(Earning.objects.get(worker=worker).pay_on)):
        payday()
    assert Payout.objects.get(worker=worker).state == "paid" and broken_rules() == {}


def test_money_that_came_in_and_is_nobodys_yet_pays_for_no_mistake(town, settings, clock_at):
    clock_at("2026-12-07 10:00")
    settings.MONEY_MODE = "bank"
    account = Account()
    account.shows((50_000, "ﾀﾞﾚｶ ﾏﾀﾞ ﾜｶﾗﾅｲ"), (-149_000, "ﾅﾆｶ"))
    assert int(room_of_the_town()) == 100_000 - 149_000 and int(held_now().figure.owed) == 0
    with pytest.raises(DomainError):
        actions.sign_adjustment(adjustment=asked(amount=1, worker=a_person()), by=a_staff_member("finance"))
    account.shows((149_000, "ｳﾝｴｲ"))
    assert int(held_now().figure.owed) == 50_000 and held_now().owed["suspense"] == 50_000


@pytest.mark.parametrize("what", ["to_client", "was_clients"])
def test_a_client_gets_back_what_was_theirs(town, what):
    a_town_with_own_money()
    contract = a_contract(funded=True)
    one = asked(what, party=contract.client)
    actions.sign_adjustment(adjustment=one, by=a_staff_member("finance"))

    assert Refund.objects.get(reference=one.reference).amount_yen == 1_000
    assert client_of(contract).notices.filter(kind="money.corrected_back").count() == 1
    actions.send_refunds()
    assert Refund.objects.get(reference=one.reference).state == "paid" and broken_rules() == {}


@pytest.mark.parametrize(("what", "debit", "credit"), [
    ("was_fee", Kind.EXPENSE, Kind.OWN), ("was_own", Kind.OWN, Kind.EXPENSE), ("covered", Kind.OWN, Kind.LOSS)])
def test_the_towns_own_accounts_are_put_right_among_themselves(town, what, debit, credit):
    actions.sign_adjustment(adjustment=asked(what), by=a_staff_member("finance"))
    assert (ledger.balance(debit.of()), ledger.balance(credit.of())) == (-1_000, 1_000) and broken_rules() == {}


def test_a_debt_is_given_up_only_as_far_as_there_is_one(town):
    one = asked("debt_lost", party=party_of(a_client()))
    with pytest.raises(DomainError):
        actions.sign_adjustment(adjustment=one, by=a_staff_member("finance"))
    assert Adjustment.objects.get().state == "asked" and broken_rules() == {}


def test_money_that_is_held_for_people_pays_for_no_mistake(town):
    a_contract(funded=True)                         # eleven thousand yen at the bank, all of them held
    one = asked(worker=a_person())
    with pytest.raises(DomainError):
        actions.sign_adjustment(adjustment=one, by=a_staff_member("finance"))
    assert Adjustment.objects.get().state == "asked" and broken_rules() == {}


def test_whoever_asked_cannot_sign_and_the_database_says_so_too(town):
    a_town_with_own_money()
    finance = a_staff_member("finance")
    one = asked(worker=a_person(), by=finance)
    with pytest.raises(NotAllowed):
        actions.sign_adjustment(adjustment=one, by=finance)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.update(state="signed", answered_by=finance, answered_at=clock.now())
    with pytest.raises(NotAllowed):
        actions.sign_adjustment(adjustment=one, by=a_staff_member("moderator", "auditor"))


def test_nobody_corrects_their_own_money_or_that_of_their_organisation(town):
    finance, party = a_staff_member("finance"), an_organisation()
    a_member(party, "member", user=finance)
    a_contract(funded=True, party=party, by=party.people("keeper")[0])
    for whom in ({"worker": finance}, {"what": "to_client", "party": party}):
        with pytest.raises(NotAllowed):
            asked(by=finance, **whom)
        with pytest.raises(NotAllowed):
            actions.sign_adjustment(adjustment=asked(**whom), by=finance)


def test_it_is_refused_with_words_or_taken_back_and_then_it_stays_so(town):
    one, finance = asked("was_fee"), a_staff_member("finance")
    with pytest.raises(DomainError):
        actions.refuse_adjustment(adjustment=one, by=finance, words=" ")
    actions.refuse_adjustment(adjustment=one, by=finance, words="その行は手数料でした。")
    with pytest.raises(IllegalMove):
        actions.sign_adjustment(adjustment=one, by=finance)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payments_adjustment SET amount_yen = 5")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_adjustment")
    assert broken_rules() == {}


def test_what_was_asked_cannot_be_made_something_else_before_it_is_signed(town):
    asked("was_fee")
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.update(amount_yen=999_999)


def test_while_money_stands_still_nothing_is_signed():
    one = asked("was_fee")
    actions.stop_money(why="確かめます。")
    with pytest.raises(actions.MoneyStopped):
        actions.sign_adjustment(adjustment=one, by=a_staff_member("finance"))


def test_nothing_goes_back_to_a_client_who_never_paid_in(town):
    with pytest.raises(DomainError):
        asked("to_client", party=party_of(a_client()))
