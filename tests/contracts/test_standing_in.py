"""Somebody stands by, is called and takes over: the reward of the step that was under way is split, and not one yen is lost."""
import datetime

import pytest

from machi.contracts import actions, policies
from machi.contracts.models import Contract, Offer, StandIn
from machi.contracts.prices import guide_to
from machi.contracts.queries import is_newcomer
from machi.contracts.terms import steps_in
from machi.jobs.plans import Step
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import send_refunds
from machi.payments.fees import settlement
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import a_contract, a_contract_in_steps, a_person, an_hourly_contract, balance_of, client_of, held_for

pytestmark = pytest.mark.django_db
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def standing_by(contract: Contract, *, kept: int = 50) -> StandIn:
    stand_in = actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=kept)
    actions.agree_to_stand_in(stand_in=stand_in, by=stand_in.person)
    return actions.agree_to_stand_in(stand_in=stand_in, by=client_of(contract))


def called(contract: Contract, *, kept: int = 50, **said) -> Offer:
    return actions.call_stand_in(stand_in=standing_by(contract, kept=kept), by=contract.worker, **said)


def taken_over(contract: Contract, *, kept: int = 50) -> Contract:
    offer = called(contract, kept=kept)
    return actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)


def finished(contract: Contract) -> None:
    actions.deliver(milestone=contract.milestones.get(number=1), by=contract.worker, text="できました。", ai_note="使っていません")
    actions.accept_delivery(milestone=contract.milestones.get(number=1), by=client_of(contract))


def test_somebody_stands_by_when_all_three_have_agreed():
    contract = a_contract(funded=True)
    stand_in = actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)
    assert actions.agree_to_stand_in(stand_in=stand_in, by=client_of(contract)).state == "asked"
    with pytest.raises(DomainError):
        actions.call_stand_in(stand_in=stand_in, by=contract.worker)

    assert actions.agree_to_stand_in(stand_in=stand_in, by=stand_in.person).state == "ready"
    assert broken_rules() == {}


@pytest.mark.parametrize("kept", [10, 50, 90, 33])
def test_the_reward_of_the_step_is_split_and_costs_to_the_yen_what_was_agreed(town, kept):
    contract = a_contract(funded=True)
    before, whole = contract.worker, contract.milestones.get().money
    after = taken_over(contract, kept=kept)
    assert held_for(contract.pk) + held_for(after.pk) == whole.client_pays and broken_rules() == {}

    finished(after)
    contract.refresh_from_db()
    after.refresh_from_db()
    earned = list(Earning.objects.order_by("price_yen"))
    assert (contract.state, after.state) == ("completed", "completed") and held_for(contract.pk) == held_for(after.pk) == 0
    part = 10_000 * kept // 100
    assert {one.worker_id: one.price_yen for one in earned} == {before.pk: part, after.worker_id: 10_000 - part}
    assert sum(one.price_yen + one.tax_yen for one in earned) == whole.client_pays
    assert sum(one.fee_yen for one in earned) == whole.fee and sum(one.fee_tax_yen for one in earned) == whole.fee_tax
    assert balance_of(before) + balance_of(after.worker) == whole.worker_receives
    assert len({one.pay_on for one in earned}) == 1 and broken_rules() == {}


def test_whoever_takes_over_also_does_the_later_steps(town):
    contract = a_contract_in_steps(funded=True)
    after = taken_over(contract)

    contract.refresh_from_db()
    assert contract.state == "passed_on" and contract.fund_by is None
    assert [step.state for step in contract.milestones.order_by("number")] == ["passed_on", "void", "void"]
    assert [(step.state, step.price_yen) for step in after.milestones.order_by("number")] == [
        ("funded", 5_000), ("agreed", 20_000), ("agreed", 30_000)]
    finished(after)
    for number in (2, 3):
        actions.fund(contract=after, by=client_of(after), number=number)
        actions.deliver(milestone=after.milestones.get(number=number), by=after.worker, text="続きです。", ai_note="使っていません")
        actions.accept_delivery(milestone=after.milestones.get(number=number), by=client_of(after))
    assert sum(one.fee_yen for one in Earning.objects.all()) == a_whole_fee(60_000) and broken_rules() == {}


def a_whole_fee(price: int) -> int:
    """20 % of the sum with tax, which lies in the first tier up to 100,000 yen."""
    return price * 110 // 100 * 20 // 100


def test_what_is_paid_in_part_is_split_in_the_same_proportion(town):
    contract = a_contract(funded=True)
    before = contract.worker
    after = taken_over(contract, kept=40)
    order = actions.ask_for_part(milestone=after.milestones.get(), by=client_of(after), price=Yen(1_999))
    actions.agree_to_change(order=order, by=after.worker)

    assert dict(Earning.objects.values_list("worker", "price_yen")) == {before.pk: 4_000 * 1_999 // 6_000, after.worker_id: 1_999}
    assert held_for(contract.pk) == held_for(after.pk) == 0 and broken_rules() == {}
    send_refunds()
    assert balance(Kind.CLIENT_CREDIT.of(contract.client.pk)) == 0


def test_when_nothing_is_paid_all_of_it_goes_back(town):
    contract = a_contract(funded=True)
    after = taken_over(contract)
    order = actions.ask_for_part(milestone=after.milestones.get(), by=client_of(after), price=Yen(0))
    actions.agree_to_change(order=order, by=after.worker)

    contract.refresh_from_db()
    assert contract.state == "ended" and not Earning.objects.exists() and broken_rules() == {}
    assert balance(Kind.CLIENT_CREDIT.of(contract.client.pk)) == 11_000


@pytest.mark.parametrize(("paid", "before"), [(100_000, 200_000), (40_000, 80_000), (0, 0)])
def test_what_both_sign_after_a_change_of_hands_costs_what_it_did(town, paid, before):
    contract = a_contract_in_steps(funded=True, prices=(200_000, 100_000))
    after = taken_over(contract)
    client, second = client_of(contract), after.milestones.get(number=2)
    assert (second.before_yen, second.fee_yen + second.fee_tax_yen) == (200_000, 6_050)
    if paid < 100_000:
        actions.agree_to_change(by=client, order=actions.ask_for_part(
            milestone=after.milestones.get(number=1), by=after.worker, price=Yen(paid)))
        after.refresh_from_db()
    actions.agree_to_change(by=client, order=actions.ask_for_terms(
        contract=after, by=after.worker, steps=[Step(second.title, Yen(100_000), second.due_on + DAY)]))

    second.refresh_from_db()
    assert second.before_yen == before and broken_rules() == {}
    assert second.money == settlement(Yen(100_000), on=clock.today(), before=Yen(before))


def test_the_day_moves_so_that_there_is_a_week_and_nobodys_record_suffers(town):
    contract = a_contract_in_steps(funded=True)
    stand_in = standing_by(contract)
    first, second, third = (step.due_on for step in contract.milestones.order_by("number"))
    with clock.moved(to=clock.end_of(first + DAY)):
        offer = actions.call_stand_in(stand_in=stand_in, by=client_of(contract))
        after = actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
        days = [step.due_on for step in after.milestones.order_by("number")]
        assert days == [clock.today() + 7 * DAY, max(second, clock.today() + 7 * DAY), third]
        finished(after)
    contract.refresh_from_db()
    assert after.milestones.get(number=1).was_on_time and contract.milestones.get(number=1).was_on_time is None and broken_rules() == {}


@pytest.mark.parametrize(("days", "may"), [(0, False), (1, True)])
def test_the_client_calls_only_when_the_due_day_has_passed(days, may):
    contract = a_contract(funded=True)
    stand_in = standing_by(contract)
    with clock.moved(to=clock.start_of(contract.milestones.get().due_on + days * DAY)):
        if may:
            offer = actions.call_stand_in(stand_in=stand_in, by=client_of(contract), kept_percent=10)
            assert offer.terms["took_over"]["kept_percent"] == 50
        else:
            with pytest.raises(DomainError):
                actions.call_stand_in(stand_in=stand_in, by=client_of(contract))


@pytest.mark.parametrize(("days", "may"), [(3, False), (4, True)])
def test_nobody_is_late_within_the_room_that_the_client_gave(days, may):
    contract = a_contract(funded=True, slack_days=3)
    stand_in, step = standing_by(contract), contract.milestones.get()
    with clock.moved(to=clock.start_of(step.due_on + days * DAY)):
        assert policies.is_late(step) == policies.can_call_stand_in(client_of(contract), stand_in, step) == may


def test_one_worker_names_a_few_people_a_day(clock_stands_at):
    contract = a_contract(funded=True)

    def name() -> StandIn:
        return actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)
    for _number in range(5):
        actions.withdraw_stand_in(stand_in=name(), by=contract.worker)
    with pytest.raises(DomainError, match="5"):
        name()
    clock_stands_at(clock.now() + DAY + SECOND)
    assert name().is_open


def test_the_worker_may_leave_more_to_the_other_but_not_keep_more():
    contract = a_contract(funded=True)
    stand_in = standing_by(contract)
    with pytest.raises(DomainError):
        actions.call_stand_in(stand_in=stand_in, by=contract.worker, kept_percent=60)
    offer = actions.call_stand_in(stand_in=stand_in, by=contract.worker, kept_percent=20, note="3章まで書きました。")

    assert offer.terms["took_over"]["kept_percent"] == 20 and steps_in(offer.terms)[0]["price_yen"] == 8_000


@pytest.mark.parametrize("deed", ["deliver", "date", "part", "dispute", "withdraw"])
def test_whatever_happens_to_the_work_ends_the_call(deed):
    contract = a_contract(funded=True)
    offer = called(contract)
    step, client = contract.milestones.get(), client_of(contract)
    if deed == "deliver":
        actions.deliver(milestone=step, by=contract.worker, text="間に合いました。", ai_note="使っていません")
    elif deed == "date":
        actions.agree_on_date(request=actions.ask_for_date(milestone=step, by=contract.worker, wished_on=step.due_on + DAY), by=client)
    elif deed == "part":
        actions.agree_to_change(order=actions.ask_for_part(milestone=step, by=client, price=Yen(10_000)), by=contract.worker)
    elif deed == "dispute":
        actions.open_dispute(milestone=step, by=client, reason="連絡がありません。")
    else:
        actions.withdraw_stand_in(stand_in=offer.stand_in, by=contract.worker)

    offer.refresh_from_db()
    assert offer.state == "replaced" and broken_rules() == {}
    with pytest.raises(DomainError):
        actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    assert not Contract.objects.exclude(pk=contract.pk).exists()


@pytest.mark.parametrize(("later", "may"), [(-SECOND, True), (datetime.timedelta(), True), (SECOND, False)])
def test_who_was_called_has_three_days(clock_stands_at, later, may):
    offer = called(a_contract(funded=True))
    offer.refresh_from_db()
    clock_stands_at(offer.answer_by + later)
    assert actions.expire_calls() == (not may)
    if may:
        assert actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash).state == "active"
    else:
        with pytest.raises(DomainError):
            actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)


def test_who_cannot_now_still_stands_by_and_may_be_called_again():
    contract = a_contract(funded=True)
    offer = called(contract)
    actions.refuse_offer(offer=offer, by=offer.worker)

    assert StandIn.objects.get().is_ready
    assert actions.call_stand_in(stand_in=offer.stand_in, by=contract.worker).state == "open"


def test_nobody_else_names_answers_calls_or_takes_over():
    contract = a_contract(funded=True)
    stand_in = actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)
    for by in (contract.worker, a_person()):
        for deed in (actions.agree_to_stand_in, actions.decline_stand_in):
            with pytest.raises(DomainError):
                deed(stand_in=stand_in, by=by)
    actions.agree_to_stand_in(stand_in=stand_in, by=stand_in.person)
    with pytest.raises(DomainError):                                # once each
        actions.agree_to_stand_in(stand_in=stand_in, by=stand_in.person)
    actions.agree_to_stand_in(stand_in=stand_in, by=client_of(contract))
    for by in (stand_in.person, a_person()):
        with pytest.raises(DomainError):
            actions.call_stand_in(stand_in=stand_in, by=by)
    offer = actions.call_stand_in(stand_in=stand_in, by=contract.worker)
    for by in (contract.worker, client_of(contract), a_person()):
        with pytest.raises(DomainError):
            actions.accept_offer(offer=offer, by=by, terms_hash=offer.terms_hash)


@pytest.mark.parametrize("who", ["worker", "client"])
def test_nobody_stands_in_on_a_side_of_the_contract(who):
    contract = a_contract(funded=True)
    with pytest.raises(DomainError):
        actions.name_stand_in(contract=contract, by=contract.worker, kept_percent=50,
                              person=contract.worker if who == "worker" else client_of(contract))


def test_whoever_has_joined_the_client_since_then_takes_nothing_over(monkeypatch):
    offer = called(a_contract(funded=True))
    monkeypatch.setattr("machi.contracts.actions.passing_on.has_power", lambda user, party: user == offer.worker)

    with pytest.raises(DomainError):
        actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    assert Contract.objects.count() == 1 and Offer.objects.get(pk=offer.pk).state == "open"


def test_one_stands_by_at_a_time_and_who_said_no_is_not_asked_again():
    contract = a_contract(funded=True)
    stand_in = actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)
    with pytest.raises(DomainError):
        actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)
    actions.decline_stand_in(stand_in=stand_in, by=stand_in.person)
    with pytest.raises(DomainError):
        actions.name_stand_in(contract=contract, by=contract.worker, person=stand_in.person, kept_percent=50)
    assert actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50).is_open


@pytest.mark.parametrize("kept", [-1, 0, 9, 91, 100, 2**40])
def test_each_of_the_two_gets_a_part(kept):
    contract = a_contract(funded=True)
    with pytest.raises(DomainError):
        actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=kept)


def test_after_passing_on_the_first_worker_can_do_nothing_more_and_what_was_taken_over_is_not_passed_on_again(town):
    contract = a_contract_in_steps(funded=True)
    after = taken_over(contract)
    step, client = contract.milestones.get(number=1), client_of(contract)
    for deed in (lambda: actions.deliver(milestone=step, by=contract.worker, text="やはり。", ai_note="使っていません"),
                 lambda: actions.ask_to_end(contract=contract, by=client, prices={}),
                 lambda: actions.ask_for_part(milestone=step, by=client, price=Yen(0)),
                 lambda: actions.open_dispute(milestone=step, by=client, reason="?"),
                 lambda: actions.fund(contract=contract, by=client),
                 lambda: actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50),
                 lambda: actions.name_stand_in(contract=after, by=after.worker, person=a_person(), kept_percent=50)):
        with pytest.raises(DomainError):
            deed()
    assert broken_rules() == {}


def test_work_by_the_hour_has_no_stand_in():
    contract = an_hourly_contract(funded=True)
    with pytest.raises(DomainError):
        actions.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)


def test_the_contract_is_over_and_nobody_stands_by_any_more(town):
    contract = a_contract(funded=True)
    stand_in = standing_by(contract)
    finished(contract)

    stand_in.refresh_from_db()
    assert stand_in.state == "lapsed" and broken_rules() == {}


def test_two_parts_of_one_work_are_no_price_of_its_kind(town):
    contract = a_contract(funded=True)
    finished(taken_over(contract))

    assert Contract.objects.filter(state="completed").count() == 2 and guide_to(contract.category_id).count == 0


def test_both_have_it_on_their_record(town):
    contract = a_contract(funded=True)
    after = taken_over(contract)
    assert is_newcomer(after.worker)
    finished(after)

    assert Contract.objects.filter(worker=after.worker, state="completed").count() == 1
    assert Contract.objects.filter(worker=contract.worker, state="completed").count() == 1
