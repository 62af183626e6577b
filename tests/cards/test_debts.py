"""What a client owes the town: repaid by a transfer or a card, given up by two people, or won back; and what cannot begin meanwhile."""
import random

import pytest

from machi.cards.models import CardRefund
from machi.contracts import actions
from machi.jobs.actions import publish_job
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions as payments
from machi.payments.models import Debt, ExpectedDeposit
from machi.privacy import actions as privacy
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.cards.living import pay
from tests.cards.town import FEE, SUM, a_paid_contract, asked, begun, dispute, hear, yen
from tests.conftest import broken_rules
from tests.people import a_client, a_contract, a_job, a_proposal, a_staff_member, client_of
from tests.web.contracts.walking import signed_in, text_of


@pytest.fixture(autouse=True)
def cards(account):
    return account                                              # the operator's own money is there, and carries it until it is repaid


def an_owing_client(by_card, end: str = "needs_response", **named):
    """Their bank has the money of work that was accepted."""
    contract, intent = a_paid_contract(**named)
    actions.deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="使っていません")
    actions.accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    hear(dispute(by_card, intent, end))
    return contract, intent, Debt.objects.get()


def of(contract) -> tuple[int, int]:
    """What the client owes, and what the worker has."""
    return int(balance(Kind.CLIENT_DEBT.of(contract.client_id))), int(balance(Kind.WORKER.of(contract.worker_id)))


def given_up(contract, amount: int = SUM) -> None:
    one = payments.ask_adjustment(by=a_staff_member("finance"), what="debt_lost", amount=Yen(amount), reason="lost", words="届きません。",
                                  party=contract.client)
    payments.sign_adjustment(adjustment=one, by=a_staff_member("finance"))


def test_whoever_owes_begins_nothing_new_and_reads_how_much_and_what_is_funded_goes_on(by_card):
    person = a_client()
    draft, job = a_job(person, published=False, title="次の仕事"), a_job(person, title="もう一つ")
    waiting, proposal = a_contract(by=person, title="契約だけ"), a_proposal(job)
    funded = a_paid_contract(by=person, title="進んでいる")[0]
    contract, _intent, _debt = an_owing_client(by_card, by=person)
    with pytest.raises(DomainError, match="11,000円"):
        publish_job(job=draft, by=person)
    for begin in (lambda: actions.make_offer(proposal=proposal, by=person), lambda: actions.fund(contract=waiting, by=person)):
        with pytest.raises(DomainError, match="11,000円"):
            begin()
    actions.deliver(milestone=funded.milestones.get(), by=funded.worker, text="できました。", ai_note="使っていません")
    actions.accept_delivery(milestone=funded.milestones.get(), by=person)
    assert of(contract)[0] == -SUM and of(funded)[1] == 8_580 and broken_rules() == {}
    assert "debt.open" in set(person.notices.values_list("kind", flat=True))


@pytest.mark.parametrize("by", ["card", "transfer"])
def test_repaid_the_debt_is_over_and_new_work_begins(by_card, account, by):
    contract, _intent, debt = an_owing_client(by_card)
    deposit = payments.ask_to_repay(debt=debt, by=client_of(contract))
    assert payments.ask_to_repay(debt=debt, by=client_of(contract)) == deposit
    if by == "card":
        pay(begun(deposit))
        payments.take_up_card(deposit=deposit)
    else:
        account.shows((SUM, f"{deposit.code} ﾐﾅﾄ"))

    assert of(contract) == (0, 8_580) and broken_rules() == {} and yen(Kind.SUSPENSE) == [0]
    publish_job(job=a_job(client_of(contract), published=False, title="次の仕事"), by=client_of(contract))
    assert asked(a_contract(by=client_of(contract), title="その次")).is_waiting
    with pytest.raises(DomainError):
        payments.ask_to_repay(debt=debt, by=client_of(contract))


def test_nobody_else_repays_it(by_card):
    contract, _intent, debt = an_owing_client(by_card)
    with pytest.raises(DomainError):
        payments.ask_to_repay(debt=debt, by=contract.worker)


def test_given_up_by_two_people_it_is_a_loss_and_won_after_that_it_was_none(by_card):
    contract, intent, debt = an_owing_client(by_card)
    deposit = payments.ask_to_repay(debt=debt, by=client_of(contract))
    given_up(contract, 5_000)
    deposit.refresh_from_db()
    assert (of(contract), yen(Kind.LOSS), deposit.state) == ((-6_000, 8_580), [-5_000], "lapsed") and broken_rules() == {}

    hear(dispute(by_card, intent, "won"))
    assert (of(contract), yen(Kind.LOSS)) == ((0, 8_580), [0]) and broken_rules() == {}


def test_no_more_is_given_up_than_is_owed(by_card):
    contract, _intent, _debt = an_owing_client(by_card)
    with pytest.raises(DomainError):
        given_up(contract, SUM + 1)
    assert of(contract)[0] == -SUM


def test_what_was_repaid_and_is_won_after_that_goes_back_to_the_client(by_card):
    contract, intent, debt = an_owing_client(by_card)
    deposit = payments.ask_to_repay(debt=debt, by=client_of(contract))
    second = begun(deposit)
    pay(second)
    payments.take_up_card(deposit=deposit)
    hear(dispute(by_card, intent, "won"))

    assert contract.client.refunds.get().amount_yen == SUM and broken_rules() == {}
    payments.send_refunds()
    assert CardRefund.objects.get().intent == second and of(contract) == (0, 8_580) and broken_rules() == {}


def test_what_repaid_it_may_be_taken_back_too(by_card):
    contract, _intent, debt = an_owing_client(by_card, "lost")
    deposit = payments.ask_to_repay(debt=debt, by=client_of(contract))
    second = begun(deposit)
    pay(second)
    payments.take_up_card(deposit=deposit)
    second.refresh_from_db()
    hear(dispute(by_card, second, "lost"))

    assert of(contract) == (-SUM, 8_580) and Debt.objects.open().count() == 1 and broken_rules() == {}


def test_what_the_service_takes_for_a_chargeback_is_the_towns_expense(by_card):
    contract, intent, _debt = an_owing_client(by_card)
    before = yen(Kind.EXPENSE, Kind.GATEWAY)
    for status, fee in (("under_review", 1_500), ("under_review", 1_500), ("won", 0)):
        hear(dispute(by_card, intent, status, fees=[fee]))
        assert broken_rules() == {}
        if fee:
            assert yen(Kind.EXPENSE, Kind.GATEWAY) == [before[0] - fee, before[1] + fee]

    assert yen(Kind.EXPENSE, Kind.GATEWAY) == [before[0], -(SUM - FEE)] and of(contract) == (0, 8_580)


@pytest.mark.parametrize("is_shuffled", [False, True])
def test_a_fee_that_is_told_given_back_and_told_again_is_booked_each_time(by_card, is_shuffled):
    _contract, intent, _debt = an_owing_client(by_card)
    before, told = yen(Kind.EXPENSE, Kind.GATEWAY), []
    for fee in (1_300, 0, 1_300):
        told += [dispute(by_card, intent, "under_review", fees=[fee])] * 2
        if not is_shuffled:
            hear(*told)
            assert yen(Kind.EXPENSE, Kind.GATEWAY) == [before[0] - fee, before[1] + fee] and broken_rules() == {}
    random.Random(3).shuffle(told)
    hear(*told)
    hear(*told)

    assert yen(Kind.EXPENSE, Kind.GATEWAY) == [before[0] - 1_300, before[1] + 1_300] and broken_rules() == {}


def test_a_bonus_by_card_is_given_when_it_is_captured(by_card):
    contract, _intent = a_paid_contract()
    actions.deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="使っていません")
    actions.accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    bonus = actions.give_bonus(contract=contract, by=client_of(contract), price=Yen(1_000), key="one", words="助かりました。")
    assert of(contract) == (0, 8_580) and bonus.state == "asked"
    deposit = ExpectedDeposit.objects.get(place=bonus.reference)
    pay(begun(deposit))
    payments.take_up_card(deposit=deposit)
    actions.take_up_bonuses()

    bonus.refresh_from_db()
    assert bonus.is_paid and of(contract) == (0, 8_580 + int(bonus.money.worker_receives)) and broken_rules() == {}


def test_while_money_stands_still_a_debt_waits_and_its_page_is_read(by_card):
    contract, _intent, debt = an_owing_client(by_card)
    payments.stop_money(why="帳簿を確かめます。", by=a_staff_member("finance"))
    browser = signed_in(client_of(contract))
    assert browser.get(f"/earnings/debt/{debt.pk}/").status_code == 200
    assert browser.post(f"/earnings/debt/{debt.pk}/").status_code == 503
    assert not ExpectedDeposit.objects.filter(place__startswith="repay").exists()


@pytest.mark.parametrize("way", [privacy.close_account, privacy.erase_account])
def test_whoever_owes_leaves_when_it_is_repaid_or_given_up_and_reads_what_to_do(by_card, way):
    contract, _intent, debt = an_owing_client(by_card)
    person = client_of(contract)
    with pytest.raises(privacy.StillOpen) as refusal:
        way(by=person)
    assert [(hold.kind, hold.number, int(hold.amount)) for hold in refusal.value.holds] == [("debt", debt.pk, SUM)]
    page = signed_in(person).get("/account/leave/")
    assert "街への未払い11,000円" in text_of(page) and f"/earnings/debt/{debt.pk}/" in page.text
    given_up(contract, 5_000)
    with pytest.raises(privacy.StillOpen):
        way(by=person)
    given_up(contract, 6_000)
    way(by=person)

    person.refresh_from_db()
    assert person.has_left and broken_rules() == {}
