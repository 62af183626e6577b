"""What was held is lost to a client's bank: paid anew the work goes on; if not, what is not delivered ends, and what is delivered is
decided as any difference. Nobody who worked or was paid loses a yen; the town's own money is moved by two people only.
"""
import datetime

import pytest

from machi.contracts import actions
from machi.contracts.models import Contract
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments import actions as payments
from machi.payments.actions import send_refunds
from machi.payments.models import ExpectedDeposit, Taken
from machi.payments.queries import refunds_not_by_card
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.cards.living import pay
from tests.cards.town import FEE, SUM, a_paid_contract, begun, dispute, hear, state, yen
from tests.conftest import broken_rules
from tests.contracts.test_standing_in import finished, taken_over
from tests.people import a_staff_member, client_of

LATER = datetime.timedelta(days=15)


@pytest.fixture(autouse=True)
def cards(account):
    return account


def of(contract) -> tuple[int, int, int]:
    """What is held, what its client owes, and what its worker has."""
    return tuple(int(balance(account)) for account in (
        Kind.ESCROW.of(contract.pk), Kind.CLIENT_DEBT.of(contract.client_id), Kind.WORKER.of(contract.worker_id)))


def lost(by_card, *, delivered: bool = False, **named):
    contract, intent = a_paid_contract(**named)
    if delivered:
        actions.deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="使っていません")
    for status in ("needs_response", "lost"):
        hear(dispute(by_card, intent, status))
    actions.hear_of_chargebacks()
    return contract, ExpectedDeposit.objects.get(place__startswith="again:", state="waiting")


def kinds(person) -> set[str]:
    return set(person.notices.values_list("kind", flat=True))


@pytest.mark.parametrize("delivered", [False, True])
def test_both_read_what_becomes_of_the_work_and_until_when(by_card, delivered):
    contract, again = lost(by_card, delivered=delivered)

    assert (again.amount_yen, again.until_at > clock.now()) == (SUM, True)
    assert ("contract.taken_back_lost_work" if delivered else "contract.taken_back_lost") in kinds(contract.worker)
    assert "card.pay_again" in kinds(client_of(contract)) and of(contract) == (0, 0, 0) and broken_rules() == {}


def test_paid_anew_by_another_card_the_work_goes_on_and_is_paid(by_card):
    contract, again = lost(by_card, delivered=True)
    intent = begun(again)
    pay(intent)
    payments.take_up_card(deposit=again)
    actions.hear_of_chargebacks()

    assert of(contract) == (SUM, 0, 0) and broken_rules() == {}
    actions.accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    assert of(contract) == (0, 0, 8_580) and state(contract) == "completed" and broken_rules() == {}
    assert "contract.taken_back_over" in kinds(contract.worker) and yen(Kind.SUSPENSE) == [0]


def test_paid_anew_by_a_transfer_the_work_goes_on(by_card, account):
    contract, again = lost(by_card)
    account.shows((SUM, f"{again.code} ﾐﾅﾄ"))

    assert of(contract) == (SUM, 0, 0) and Taken.objects.get().state == "filled" and broken_rules() == {}


def test_what_was_paid_anew_and_goes_back_goes_to_the_card_that_paid_it(by_card):
    contract, again = lost(by_card)
    intent = begun(again)
    pay(intent)
    payments.take_up_card(deposit=again)
    order = actions.ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(6_000), words="半分です。")
    actions.agree_to_change(order=order, by=client_of(contract))

    assert send_refunds() == 1 and not refunds_not_by_card()
    intent.refresh_from_db()
    assert intent.refunds.get().amount_yen == 4_400 and broken_rules() == {}


def test_the_new_payment_may_be_taken_back_too(by_card):
    contract, again = lost(by_card)
    intent = begun(again)
    pay(intent)
    payments.take_up_card(deposit=again)
    intent.refresh_from_db()
    hear(dispute(by_card, intent, "needs_response"))

    assert of(contract) == (0, 0, 0) and sorted(Taken.objects.values_list("state", flat=True)) == ["filled", "resting"]
    assert broken_rules() == {}
    hear(dispute(by_card, intent, "won"))
    assert of(contract) == (SUM, 0, 0) and broken_rules() == {}


def test_two_payments_of_one_piece_of_work_bear_what_is_taken_of_each_by_itself(by_card):
    """A part of the first is lost and paid anew; then more of the first is taken back, and what was paid anew too."""
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "lost", amount=1_000, number="a_part"))
    again = ExpectedDeposit.objects.get(place__startswith="again:")
    second = begun(again)
    pay(second)
    payments.take_up_card(deposit=again)
    second.refresh_from_db()
    hear(dispute(by_card, intent, "needs_response", amount=5_000, number="more"))
    hear(dispute(by_card, second, "needs_response", amount=1_000))

    assert of(contract)[:2] == (5_000, 0) and broken_rules() == {}
    assert sorted(Taken.objects.values_list("amount_yen", "state")) == [(1_000, "filled"), (1_000, "resting"), (5_000, "resting")]


def test_what_is_not_delivered_ends_when_nobody_pays_anew(by_card, clock_at):
    contract, again = lost(by_card)
    clock_at(again.until_at)
    assert actions.end_what_nobody_paid() == 0
    clock_at(again.until_at + LATER)
    assert actions.end_what_nobody_paid() == 1 == 1 - actions.end_what_nobody_paid()

    step = contract.milestones.get()
    assert (state(contract), step.state, Taken.objects.get().state) == ("ended", "refunded", "gone")
    assert of(contract) == (0, 0, 0) and not contract.client.refunds.exists() and state(again) == "lapsed" and broken_rules() == {}
    assert "contract.ended_unpaid" in kinds(contract.worker)


def test_while_another_part_rests_nothing_ends_and_nothing_is_said_to_have_gone_wrong(by_card, clock_at, caplog):
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "lost", amount=1_000, number="a_part"))
    hear(dispute(by_card, intent, "needs_response", amount=5_000, number="more"))
    clock_at(ExpectedDeposit.objects.get(place__startswith="again:").until_at + LATER)
    assert actions.end_what_nobody_paid() == 0 and caplog.records == [] and state(contract) == "active"

    hear(dispute(by_card, intent, "won", amount=5_000, number="more"))
    assert actions.end_what_nobody_paid() == 1 and state(contract) == "ended" and broken_rules() == {}


def test_a_difference_that_nobody_answers_does_not_keep_undelivered_work_from_ending(by_card, clock_at):
    """It moves no money when it is over: the work goes on, and so ends as any that nobody pays anew."""
    contract, again = lost(by_card)
    actions.open_dispute(milestone=contract.milestones.get(), by=contract.worker, reason="返事がありません。")
    for days in (4, 8, 12, 30):
        with clock.moved(to=again.until_at + datetime.timedelta(days=days)):
            actions.remind_of_disputes()
            actions.settle_for_silent()
            actions.end_what_nobody_paid()

    assert (state(contract), contract.milestones.get().state) == ("ended", "refunded")
    assert of(contract) == (0, 0, 0) and broken_rules() == {}


def test_what_comes_too_late_goes_back(by_card, account, clock_at):
    contract, again = lost(by_card)
    clock_at(again.until_at + LATER)
    actions.end_what_nobody_paid()
    account.shows((SUM, f"{again.code} ﾐﾅﾄ"))

    assert of(contract) == (0, 0, 0) and contract.client.refunds.get().amount_yen == SUM and broken_rules() == {}


def test_both_may_end_it_together_without_waiting(by_card):
    contract, again = lost(by_card)
    order = actions.ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(0), words="終わりにします。")
    actions.agree_to_change(order=order, by=client_of(contract))

    assert (state(contract), state(again), of(contract)) == ("ended", "lapsed", (0, 0, 0)) and broken_rules() == {}


def test_delivered_work_does_not_end_by_the_clock_and_is_paid_by_nobody_before_the_money_is_there(by_card, clock_at):
    contract, again = lost(by_card, delivered=True)
    clock_at(again.until_at + LATER)
    with pytest.raises(DomainError, match="払い直し"):
        actions.accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))

    assert actions.end_what_nobody_paid() == 0 == actions.accept_for_silent_clients() and contract.milestones.get().state == "delivered"


def stood_in(contract) -> None:
    asked = payments.ask_to_stand_in(taken=Taken.objects.get(reference=contract.milestones.get().reference, state="lost"),
                                     by=a_staff_member("finance"), words="納品された仕事のためです。")
    with pytest.raises(DomainError):
        payments.sign_adjustment(adjustment=asked, by=asked.asked_by)
    payments.sign_adjustment(adjustment=asked, by=a_staff_member("finance"))


def test_the_town_stands_in_by_two_people_and_the_worker_is_paid(by_card, account):
    contract, again = lost(by_card, delivered=True)
    stood_in(contract)
    actions.hear_of_chargebacks()
    assert of(contract) == (SUM, -SUM, 0) and state(again) == "lapsed" and broken_rules() == {}

    actions.accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    assert of(contract) == (0, -SUM, 8_580) and broken_rules() == {}
    gone = payments.ask_adjustment(by=a_staff_member("finance"), what="debt_lost", amount=Yen(SUM), reason="lost", words="払われません。",
                                   party=contract.client)
    payments.sign_adjustment(adjustment=gone, by=a_staff_member("finance"))
    assert (of(contract), yen(Kind.LOSS)) == ((0, 0, 8_580), [-SUM]) and broken_rules() == {}


def test_what_the_town_stood_in_for_and_goes_back_is_not_given_to_the_client_twice(by_card):
    contract, _again = lost(by_card, delivered=True)
    stood_in(contract)
    order = actions.ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(6_000), words="一部です。")
    actions.agree_to_change(order=order, by=client_of(contract))

    assert of(contract)[:2] == (0, -6_600) and not contract.client.refunds.exists() and broken_rules() == {}


def test_what_the_town_stood_in_for_and_nobody_needs_is_owed_no_more(by_card):
    contract, _again = lost(by_card, delivered=True)
    stood_in(contract)
    order = actions.ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(0), words="終わりにします。")
    actions.agree_to_change(order=order, by=client_of(contract))

    assert (of(contract), state(contract)) == ((0, 0, 0), "ended") and not contract.client.refunds.exists() and broken_rules() == {}


def test_the_town_cannot_stand_in_with_money_it_does_not_have(by_card, account):
    (line,) = account.shows((-145_000, "ｳﾝｴｲ"))
    payments.book_line(line=line, use="own", by=account.finance, reason="運営のお金を動かした")
    contract, _again = lost(by_card, delivered=True)
    asked = payments.ask_to_stand_in(taken=Taken.objects.get(), by=a_staff_member("finance"), words="納品された仕事のためです。")
    with pytest.raises(DomainError):
        payments.sign_adjustment(adjustment=asked, by=a_staff_member("finance"))
    assert Taken.objects.get().state == "lost" and of(contract) == (0, 0, 0)


def with_a_stand_in() -> tuple[Contract, Contract, object]:
    contract, intent = a_paid_contract()
    return contract, taken_over(contract), intent


def test_a_stand_ins_part_is_taken_back_too_and_comes_back_when_it_is_won(by_card):
    before, after, intent = with_a_stand_in()
    hear(dispute(by_card, intent, "needs_response"))
    actions.hear_of_chargebacks()

    assert of(before)[:2] == of(after)[:2] == (0, 0) and sum(Taken.objects.values_list("amount_yen", flat=True)) == SUM
    assert broken_rules() == {} and {"contract.taken_back"} <= kinds(before.worker) & kinds(after.worker)
    with pytest.raises(DomainError, match="カード会社"):
        finished(after)
    hear(dispute(by_card, intent, "won"))
    actions.accept_delivery(milestone=after.milestones.get(), by=client_of(after))
    assert of(before)[2] + of(after)[2] == 8_580 and broken_rules() == {} and yen(Kind.GATEWAY) == [-(SUM - FEE)]


def test_a_stand_ins_part_that_is_paid_anew_pays_both(by_card, account):
    before, after, intent = with_a_stand_in()
    hear(dispute(by_card, intent, "lost"))
    again = ExpectedDeposit.objects.get(place__startswith="again:")
    account.shows((SUM, f"{again.code} ﾐﾅﾄ"))
    finished(after)

    assert of(before)[2] + of(after)[2] == 8_580 and (state(before), state(after)) == ("completed", "completed") and broken_rules() == {}


def test_a_stand_ins_work_that_nobody_pays_anew_ends_with_the_part_of_who_was_before(by_card, clock_at):
    before, after, intent = with_a_stand_in()
    hear(dispute(by_card, intent, "lost"))
    clock_at(clock.now() + datetime.timedelta(days=30))
    assert actions.end_what_nobody_paid() == 1

    assert (state(before), state(after), of(before), of(after)) == ("ended", "ended", (0, 0, 0), (0, 0, 0)) and broken_rules() == {}
