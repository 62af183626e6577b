"""A debt is repaid in parts, by a transfer or a card: what is left is read by everybody, and new work begins with the last yen."""
import pytest

from machi.contracts import actions
from machi.jobs.actions import publish_job
from machi.ledger.accounts import Kind
from machi.payments import actions as payments
from machi.payments.models import Debt, ExpectedDeposit
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.cards.living import pay
from tests.cards.test_debts import an_owing_client, given_up, of
from tests.cards.test_debts import cards as cards
from tests.cards.town import SUM, begun, dispute, hear, state, yen
from tests.conftest import broken_rules
from tests.people import a_job, client_of
from tests.web.contracts.walking import signed_in
from tests.web.desk.staff import at_work


def in_part(debt, contract, amount: int, account=None) -> ExpectedDeposit:
    """So much of it comes: by a transfer where the account of the town is given, else by card."""
    deposit = payments.ask_to_repay(debt=debt, by=client_of(contract), amount=Yen(amount))
    if account:
        account.shows((amount, f"{deposit.code} ﾐﾅﾄ"))
    else:
        pay(begun(deposit))
        payments.take_up_card(deposit=deposit)
    return deposit


def begins(contract) -> None:
    publish_job(job=a_job(client_of(contract), published=False, title="次の仕事"), by=client_of(contract))


def test_repaid_by_a_transfer_and_then_by_card_new_work_begins_with_the_last_of_it(by_card, account):
    contract, _intent, debt = an_owing_client(by_card)
    in_part(debt, contract, 4_000, account)
    assert of(contract) == (-7_000, 8_580) and broken_rules() == {}
    told = client_of(contract).notices.get(kind="debt.part_repaid").words
    assert (told["gross_yen"], told["rest_yen"]) == (4_000, 7_000)
    with pytest.raises(DomainError, match="7,000円"):
        begins(contract)
    in_part(debt, contract, 7_000)

    assert of(contract) == (0, 8_580) and broken_rules() == {} and yen(Kind.SUSPENSE) == [0]
    begins(contract)
    assert client_of(contract).notices.filter(kind="debt.repaid").count() == 1


@pytest.mark.parametrize("amount", [99, SUM + 1])
def test_no_more_than_is_owed_and_no_less_than_some_coins_is_asked_for(by_card, amount):
    contract, _intent, debt = an_owing_client(by_card)
    with pytest.raises(DomainError, match="11,000円"):
        payments.ask_to_repay(debt=debt, by=client_of(contract), amount=Yen(amount))
    assert not ExpectedDeposit.objects.filter(about=f"debt:{debt.pk}").exists()


def test_another_sum_is_another_number_and_the_first_one_goes_back(by_card, account):
    contract, _intent, debt = an_owing_client(by_card)
    first = payments.ask_to_repay(debt=debt, by=client_of(contract), amount=Yen(4_000))
    assert payments.ask_to_repay(debt=debt, by=client_of(contract), amount=Yen(4_000)) == first
    second = payments.ask_to_repay(debt=debt, by=client_of(contract), amount=Yen(5_000))
    assert state(first) == "lapsed" and second.code != first.code
    account.shows((4_000, f"{first.code} ﾐﾅﾄ"))

    assert of(contract)[0] == -SUM and contract.client.refunds.get().amount_yen == 4_000 and broken_rules() == {}


def test_won_after_parts_were_repaid_each_goes_back_to_where_it_came_from(by_card, account):
    contract, intent, debt = an_owing_client(by_card)
    in_part(debt, contract, 4_000, account)
    in_part(debt, contract, 5_000)
    hear(dispute(by_card, intent, "won"))

    assert sorted(contract.client.refunds.values_list("amount_yen", flat=True)) == [4_000, 5_000]
    assert of(contract) == (0, 8_580) and broken_rules() == {}
    payments.send_refunds()
    assert sorted(contract.client.refunds.values_list("amount_yen", "state")) == [(4_000, "owed"), (5_000, "paid")] and broken_rules() == {}


def test_what_is_left_after_a_part_is_given_up_by_two(by_card, account):
    contract, _intent, debt = an_owing_client(by_card)
    in_part(debt, contract, 4_000, account)
    given_up(contract, 7_000)

    assert of(contract)[0] == 0 and yen(Kind.LOSS) == [-7_000] and broken_rules() == {}


def test_a_part_that_is_taken_back_is_owed_again(by_card):
    contract, _intent, debt = an_owing_client(by_card, "lost")
    card = in_part(debt, contract, 4_000)
    card.refresh_from_db()
    hear(dispute(by_card, card.card, "lost", amount=4_000))

    assert of(contract) == (-SUM, 8_580) and sorted(one.open for one in Debt.objects.open()) == [4_000, 7_000] and broken_rules() == {}


def test_the_page_asks_how_much_keeps_what_was_typed_and_says_what_is_left_and_so_does_the_desk(by_card, account):
    contract, _intent, debt = an_owing_client(by_card)
    browser, address = signed_in(client_of(contract)), f"/earnings/debt/{debt.pk}/"
    assert 'value="11000"' in browser.get(address).text
    for typed, status in (("たくさん", 422), ("20,000円", 409)):
        answer = browser.post(address, {"amount": typed})
        assert answer.status_code == status and typed in answer.text
    assert not ExpectedDeposit.objects.filter(about=f"debt:{debt.pk}").exists()

    answer = browser.post(address, {"amount": "４，０００円"})
    deposit = ExpectedDeposit.objects.get(about=f"debt:{debt.pk}")
    assert answer["Location"] == f"/earnings/deposit/{deposit.pk}/" and deposit.amount_yen == 4_000
    assert answer["Location"] in browser.get(address).text
    account.shows((4_000, f"{deposit.code} ﾐﾅﾄ"))
    assert "7,000円" in browser.get(address).text
    desk = at_work("finance")[0].get("/desk/cards/").text
    assert "7,000円" in desk and "11,000円のうち4,000円" in desk


def test_what_an_older_version_asked_for_all_at_once_still_repays_it(by_card, account):
    contract, _intent, debt = an_owing_client(by_card)
    deposit = payments.ask_to_repay(debt=debt, by=client_of(contract))
    ExpectedDeposit.objects.filter(pk=deposit.pk).update(place=f"debt:{debt.pk}")
    account.shows((SUM, f"{deposit.code} ﾐﾅﾄ"))

    assert of(contract)[0] == 0 and broken_rules() == {}
    actions.take_up_fundings()
