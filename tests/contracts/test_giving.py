"""A client gives more than the price after the work (おひねり): freely, to the yen, once, and without touching anything else."""
import datetime

import pytest

from machi.contracts import actions as contracts
from machi.contracts.actions import give_bonus, lapse_bonuses, open_dispute, take_up_bonuses
from machi.contracts.models import Bonus
from machi.contracts.policies import MOST_BONUS
from machi.contracts.queries import track_record
from machi.documents.actions import make_papers
from machi.documents.models import Document
from machi.payments import actions as payments
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning, ExpectedDeposit, Funding, Refund
from machi.payments.paydays import pay_day
from machi.payments.queries import earnings_of, months_of, paid_works_count, reward_delivered, withheld_for
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.payments.statements import Account
from tests.people import (
    a_contract,
    a_contract_in_steps,
    a_person,
    balance_of,
    client_of,
    held_for,
    payday,
    with_bank_account,
)

DAY, WORDS = datetime.timedelta(days=1), "読者から電話がありました。"


def given(contract, price: int = 1_000, *, key: str = "form", by=None, words: str = WORDS) -> Bonus:
    return give_bonus(contract=contract, by=by or client_of(contract), price=Yen(price), key=key, words=words)


def has_left(person) -> None:
    type(person).objects.filter(pk=person.pk).update(closed_at=clock.now(), display_name="", name_reading="")


@pytest.mark.parametrize(("price", "is_withheld", "pays", "net", "withheld"), [
    (100, False, 110, 110, 0), (1_000, False, 1_100, 1_100, 0), (1_000, True, 1_100, 998, 102),
    (99_999, True, 109_998, 99_789, 10_209), (100_000, False, 110_000, 110_000, 0)])
def test_the_money_of_a_bonus_is_the_golden_one(town, price, is_withheld, pays, net, withheld):
    contract = a_contract(accepted=True, is_withholding_agent=is_withheld)
    before, withheld_before = balance_of(contract.worker), withheld_for(contract.client)

    bonus = given(contract, price)

    assert bonus.is_paid and bonus.pay_on == pay_day(clock.today(), acceptance_days=0)
    assert (bonus.money.client_pays, bonus.money.fee, bonus.money.withheld) == (pays, 0, withheld)
    assert balance_of(contract.worker) == before + net and held_for(contract.pk) == 0
    assert withheld_for(contract.client) == withheld_before + withheld
    assert FakeBank().statement()[-1].amount_yen == pays
    assert broken_rules() == {}


def test_it_is_the_workers_on_the_next_payout_day_and_counts_as_delivered_but_not_as_work(town, clock_at):
    contract = a_contract(accepted=True)
    worker = with_bank_account(contract.worker)
    record = track_record(worker)
    bonus = given(contract)

    notice = worker.notices.get(kind="contract.bonus_with_words")
    assert (notice.words["text"], notice.words["net_yen"], notice.words["date_on"]) == (WORDS, 1_100, bonus.pay_on.isoformat())
    assert earnings_of(worker)[0].title == f"{contract.title}へのおひねり" and paid_works_count(worker, at_most=9) == 1
    clock_at(clock.end_of(max(bonus.pay_on, contract.milestones.get().pay_on)))
    payday()
    assert reward_delivered(of=worker).amount == 8_580 + 1_100
    assert months_of(contract.client)[0].paid_yen == 11_000 + 1_100
    assert track_record(worker) == record and broken_rules() == {}


def test_its_papers_are_an_invoice_and_a_payment_and_no_acceptance(town):
    contract = a_contract(accepted=True)
    make_papers()
    bonus = given(contract)
    make_papers()

    papers = Document.objects.filter(about=bonus.reference).order_by("pk")
    assert [(paper.kind, paper.amount_yen, paper.dealing) for paper in papers] == [
        ("invoice", 1_100, contract.reference), ("payment", 1_100, contract.reference)]
    assert "へのおひねり" in str(papers[0].text.payload) and broken_rules() == {}


def test_sent_twice_it_is_one_and_another_form_is_another(town):
    contract = a_contract(accepted=True)

    assert given(contract).pk == given(contract).pk
    given(contract, key="another")

    assert [one.amount_yen for one in Earning.objects.filter(reference__startswith="bonus:")] == [1_100, 1_100]
    assert broken_rules() == {}


@pytest.mark.parametrize("price", [0, 1, 99, MOST_BONUS + 1, 10**12])
def test_a_sum_that_cannot_be_given_is_told_and_moves_nothing(town, price):
    contract = a_contract(accepted=True)

    with pytest.raises(DomainError, match="100円から100,000円"):
        given(contract, price)
    assert not Bonus.objects.exists() and len(FakeBank().statement()) == 1


def test_only_who_pays_gives_and_only_after_something_was_paid_while_nothing_is_in_dispute(town):
    done, waiting, steps = a_contract(accepted=True), a_contract(funded=True), a_contract_in_steps(funded=True)
    for contract, by in ((done, done.worker), (done, a_person()), (done, client_of(waiting)), (waiting, None), (steps, None)):
        with pytest.raises(NotAllowed):
            given(contract, by=by)

    first, second, _third = steps.milestones.order_by("number")
    contracts.deliver(milestone=first, by=steps.worker, text="できました。", ai_note="なし")
    contracts.accept_delivery(milestone=first, by=client_of(steps))
    contracts.fund(contract=steps, by=client_of(steps))
    assert given(steps).is_paid and held_for(steps.pk) == second.held_yen
    dispute = open_dispute(milestone=second, by=steps.worker, reason="話した内容と違います。")
    with pytest.raises(NotAllowed):
        given(steps, key="in a dispute")
    contracts.withdraw_dispute(dispute=dispute, by=steps.worker)
    assert given(steps, key="after it").is_paid and broken_rules() == {}


def test_to_somebody_who_has_left_nothing_can_be_given(town):
    contract = a_contract(accepted=True)
    has_left(contract.worker)

    with pytest.raises(NotAllowed):
        given(contract)
    assert not Bonus.objects.exists()


def test_a_deed_that_died_after_the_bank_had_the_money_is_taken_up(town, monkeypatch):
    contract = a_contract(accepted=True)
    with monkeypatch.context() as died:
        died.setattr("machi.contracts.actions.giving._pay", lambda *, bonus, by: bonus)
        bonus = given(contract)
    FakeBank().deposit(key=f"deposit:{bonus.reference}", amount_yen=1_100, payer="みなと")

    payments.read_statement()
    take_up_bonuses()
    take_up_bonuses()

    bonus.refresh_from_db()
    assert bonus.is_paid and Funding.objects.get(reference=bonus.reference).amount_yen == 1_100 and broken_rules() == {}
    assert client_of(contract).notices.filter(kind="contract.bonus_here").count() == 1


def test_pressed_again_after_the_deed_died_it_is_given_once(town, monkeypatch):
    contract = a_contract(accepted=True)
    with monkeypatch.context() as died:
        died.setattr("machi.contracts.actions.giving._pay", lambda *, bonus, by: bonus)
        given(contract)

    assert given(contract).is_paid and Bonus.objects.count() == 1 and broken_rules() == {}


# ---- where money comes by a transfer ---------------------------------------------------------------------------------

@pytest.fixture
def account(town, settings, clock_at) -> Account:
    clock_at("2026-12-07 10:00")                        # a Monday
    settings.MONEY_MODE = "bank"
    return Account()


@pytest.fixture
def contract(account, settings):
    settings.MONEY_MODE = "demo"
    contract = a_contract_in_steps(prices=(10_000, 20_000))
    contracts.fund(contract=contract, by=client_of(contract))
    first = contract.milestones.get(number=1)
    contracts.deliver(milestone=first, by=contract.worker, text="できました。", ai_note="なし")
    contracts.accept_delivery(milestone=first, by=client_of(contract))
    settings.MONEY_MODE = "bank"
    return contract


def test_the_right_number_and_sum_reach_the_worker_and_the_number_of_the_next_step_stays(account, contract):
    contracts.fund(contract=contract, by=client_of(contract))
    bonus = given(contract)
    step, gift = ExpectedDeposit.objects.order_by("pk")
    assert (gift.place, gift.amount_yen, step.is_waiting) == (bonus.reference, 1_100, True)
    assert not contract.worker.notices.filter(kind__startswith="contract.bonus").exists()
    with pytest.raises(DomainError):
        given(contract, key="while one is waited for")

    account.shows((1_100, f"{gift.code} ミナト"))
    take_up_bonuses()
    take_up_bonuses()

    bonus.refresh_from_db()
    assert bonus.is_paid and held_for(contract.pk) == 0
    assert contract.worker.notices.filter(kind="contract.bonus_with_words").count() == 1
    step.refresh_from_db()
    assert step.is_waiting
    assert "bonus" not in str(broken_rules())


def test_what_never_comes_lapses_and_what_comes_then_goes_back(account, contract, clock_at):
    bonus = given(contract)
    gift = ExpectedDeposit.objects.get(place=bonus.reference)
    assert lapse_bonuses() == 0
    clock_at(bonus.until_at + 7 * DAY)
    assert lapse_bonuses() == 0                         # nobody has brought the statement of those days
    account.shows((1, "ﾘｿｸ"))
    assert lapse_bonuses() == 1 and lapse_bonuses() == 0
    bonus.refresh_from_db()
    assert bonus.state == "lapsed" and client_of(contract).notices.filter(kind="contract.bonus_lapsed").count() == 1
    assert not contract.worker.notices.filter(kind__startswith="contract.bonus").exists()

    account.shows((1_100, f"{gift.code} ミナト"))
    take_up_bonuses()

    assert [refund.amount_yen for refund in Refund.objects.filter(party=contract.client)] == [1_100]
    assert not Earning.objects.filter(reference=bonus.reference).exists() and "bonus" not in str(broken_rules())


def test_money_that_has_come_does_not_lapse_and_of_somebody_who_left_goes_back(account, contract, clock_at):
    bonus = given(contract)
    account.shows((1_100, f"{ExpectedDeposit.objects.get(place=bonus.reference).code} ミナト"))
    has_left(contract.worker)
    clock_at(bonus.until_at + 7 * DAY)
    assert lapse_bonuses() == 0

    take_up_bonuses()

    bonus.refresh_from_db()
    assert bonus.state == "lapsed" and Refund.objects.get(party=contract.client).amount_yen == 1_100
    assert "bonus" not in str(broken_rules())
