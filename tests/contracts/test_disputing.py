"""The two do not agree about a step: its money rests, both are heard, and nobody is left waiting for ever."""
import datetime

import pytest

from machi.banking.days import bank_days_after
from machi.contracts import actions
from machi.contracts.actions.disputing import answer_day
from machi.contracts.models import Dispute
from machi.payments.models import Earning
from machi.payments.paydays import pay_day
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.payments.batches import AHEAD, in_a_town_with_files
from tests.people import a_contract, a_person, balance_of, client_of, held_for

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = datetime.timedelta(seconds=1), datetime.timedelta(hours=1), datetime.timedelta(days=1)


def opened_by(side: str, **far) -> Dispute:
    contract = a_contract(**(far or {"delivered": True}))
    person = contract.worker if side == "worker" else client_of(contract)
    return actions.open_dispute(milestone=contract.milestones.get(), by=person, reason="話した内容と違います。")


def state_of(dispute: Dispute) -> tuple[str, str]:
    dispute.refresh_from_db()
    dispute.milestone.refresh_from_db()
    return dispute.state, dispute.milestone.state


@pytest.mark.parametrize(("day", "last"), [
    (datetime.date(2026, 12, 1), datetime.date(2026, 12, 8)),           # a Tuesday: Wed Thu Fri Mon Tue
    (datetime.date(2026, 12, 29), datetime.date(2027, 1, 7)),           # banks and offices rest from 31 December to 3 January
    (datetime.date(2026, 4, 28), datetime.date(2026, 5, 11)),           # holidays of the golden week
])
def test_five_business_days_to_answer(day, last):
    assert answer_day(day).astimezone(datetime.timezone(datetime.timedelta(hours=9))).date() == last


def test_while_two_do_not_agree_the_money_rests_and_no_clock_runs(town, clock_stands_at):
    dispute = opened_by("client")
    milestone = dispute.milestone
    clock_stands_at(dispute.answer_by - HOUR)
    actions.accept_for_silent_clients()

    for deed in (lambda: actions.accept_delivery(milestone=milestone, by=client_of(milestone.contract)),
                 lambda: actions.deliver(milestone=milestone, by=milestone.contract.worker, text="もう一度", ai_note="なし"),
                 lambda: actions.ask_changes(milestone=milestone, by=client_of(milestone.contract), points="一つ"),
                 lambda: actions.open_dispute(milestone=milestone, by=milestone.contract.worker, reason="私からも。")):
        with pytest.raises(DomainError):
            deed()
    assert state_of(dispute) == ("open", "disputed") and held_for(milestone.contract_id) == 11_000 and broken_rules() == {}


def test_the_other_side_tells_its_story_and_then_silence_decides_nothing(clock_stands_at):
    dispute = opened_by("client")
    actions.answer_dispute(dispute=dispute, by=dispute.milestone.contract.worker, answer="書いてあるとおりに作りました。")

    clock_stands_at(dispute.answer_by + 30 * DAY)
    actions.remind_of_disputes()
    actions.settle_for_silent()

    assert state_of(dispute) == ("heard", "disputed")
    assert client_of(dispute.milestone.contract).notices.filter(kind="contract.dispute_answered").count() == 1


def test_both_settle_it_together(town):
    dispute = opened_by("worker")
    contract = dispute.milestone.contract
    order = actions.ask_for_part(milestone=dispute.milestone, by=client_of(contract), price=Yen(5_000))

    actions.agree_to_change(order=order, by=contract.worker)

    assert state_of(dispute) == ("closed", "settled") and balance_of(contract.worker) == 4_290 and broken_rules() == {}


@pytest.mark.parametrize(("far", "state"), [({"delivered": True}, "delivered"), ({"funded": True}, "funded")])
def test_whoever_opened_it_may_take_it_back_and_the_work_goes_on(far, state):
    dispute = opened_by("worker", **far)

    with pytest.raises(DomainError):
        actions.withdraw_dispute(dispute=dispute, by=client_of(dispute.milestone.contract))
    actions.withdraw_dispute(dispute=dispute, by=dispute.milestone.contract.worker)

    assert state_of(dispute) == ("closed", state) and broken_rules() == {}
    with pytest.raises(DomainError):
        actions.open_dispute(milestone=dispute.milestone, by=dispute.milestone.contract.worker, reason="やはり違います。")
    again = actions.open_dispute(milestone=dispute.milestone, by=client_of(dispute.milestone.contract), reason="私も違うと思います。")
    assert again.pk != dispute.pk


def test_a_difference_that_was_taken_back_gives_back_the_time_that_was_left_and_not_a_new_clock(town, clock_stands_at):
    contract = a_contract(delivered=True)
    milestone, client = contract.milestones.get(), client_of(contract)
    until = milestone.accept_by
    clock_stands_at(until - HOUR)
    dispute = actions.open_dispute(milestone=milestone, by=client, reason="3軒ぶんが抜けています。")
    clock_stands_at(until + 4 * DAY)
    milestone = actions.withdraw_dispute(dispute=dispute, by=client)
    assert milestone.accept_by == until + 4 * DAY + HOUR

    with pytest.raises(DomainError):
        actions.open_dispute(milestone=milestone, by=client, reason="もう一度、違います。")
    clock_stands_at(milestone.accept_by)
    assert actions.accept_for_silent_clients() == 1
    assert balance_of(contract.worker) == 8_580 and broken_rules() == {}


def test_reminders_that_are_not_due_keep_nobody_from_hearing_of_theirs(clock_stands_at, monkeypatch):
    opened_by("client")
    late = opened_by("client")
    Dispute.objects.filter(pk=late.pk).update(opened_at=late.opened_at - 20 * DAY)
    asked = []
    monkeypatch.setattr("machi.contracts.actions.disputing.each", lambda rows, act: asked.extend(one.pk for one in rows))

    actions.remind_of_disputes()
    assert asked == [late.pk]


def test_after_changes_each_side_can_tell_a_difference_again():
    contract = a_contract(delivered=True)
    milestone, client = contract.milestones.get(), client_of(contract)
    actions.withdraw_dispute(dispute=actions.open_dispute(milestone=milestone, by=client, reason="違います。"), by=client)
    actions.ask_changes(milestone=milestone, by=client, points="一つ")

    assert actions.open_dispute(milestone=milestone, by=client, reason="直しが終わりません。").round == 2


@pytest.mark.parametrize("changes", [0, 1])
def test_a_difference_while_work_is_waited_for_leaves_the_one_about_what_comes(changes):
    contract = a_contract(funded=True)
    milestone, client = contract.milestones.get(), client_of(contract)
    if changes:
        actions.deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="なし")
        actions.ask_changes(milestone=milestone, by=client, points="一つ")
    actions.withdraw_dispute(dispute=actions.open_dispute(milestone=milestone, by=client, reason="連絡がありません。"), by=client)
    with pytest.raises(DomainError):
        actions.open_dispute(milestone=milestone, by=client, reason="まだありません。")
    actions.deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="なし")

    assert actions.open_dispute(milestone=milestone, by=client, reason="頼んだものと違います。").state == "open" and broken_rules() == {}


def test_silence_gives_nothing_to_a_worker_who_has_handed_nothing_over_and_the_work_goes_on(town, clock_stands_at):
    dispute = opened_by("worker", funded=True)
    contract = dispute.milestone.contract
    Dispute.objects.update(reminders_count=3)
    clock_stands_at(dispute.answer_by + SECOND)

    assert actions.settle_for_silent() == 1
    assert state_of(dispute) == ("closed", "funded") and (balance_of(contract.worker), held_for(contract.pk)) == (0, 11_000)
    for person in (contract.worker, client_of(contract)):
        assert person.notices.filter(kind="contract.dispute_over").count() == 1
    actions.deliver(milestone=dispute.milestone, by=contract.worker, text="できました。", ai_note="なし")
    assert broken_rules() == {}


@pytest.mark.parametrize("rested", [40, 80])
def test_what_is_settled_after_its_printed_day_is_paid_on_the_next_payout_day(town, clock_stands_at, rested):
    dispute = opened_by("client")
    contract, printed = dispute.milestone.contract, dispute.milestone.pay_on
    actions.answer_dispute(dispute=dispute, by=contract.worker, answer="書いてあるとおりに作りました。")
    clock_stands_at(clock.start_of(printed + rested * DAY))
    actions.agree_to_change(by=client_of(contract), order=actions.ask_for_part(
        milestone=dispute.milestone, by=contract.worker, price=Yen(5_000)))

    dispute.milestone.refresh_from_db()
    assert dispute.milestone.pay_on == pay_day(clock.today(), acceptance_days=0) > clock.today() and broken_rules() == {}

@pytest.mark.parametrize(("side", "state", "balance"), [("worker", "accepted", 8_580), ("client", "refunded", 0)])
@pytest.mark.parametrize(("late", "is_over"), [(-SECOND, False), (0 * SECOND, False), (SECOND, True)])
def test_silence_until_the_day_of_answer_leaves_the_step_to_whoever_spoke(town, clock_stands_at, side, state, balance, late, is_over):
    dispute = opened_by(side)
    told = client_of(dispute.milestone.contract) if side == "worker" else dispute.milestone.contract.worker
    for moment in (dispute.opened_at + (dispute.answer_by - dispute.opened_at) / 2, dispute.answer_by - DAY):
        clock_stands_at(moment)
        assert actions.remind_of_disputes() == 1 and actions.remind_of_disputes() == 0
    clock_stands_at(dispute.answer_by + late)
    actions.settle_for_silent()

    assert state_of(dispute) == (("closed", state) if is_over else ("open", "disputed"))
    assert balance_of(dispute.milestone.contract.worker) == (balance if is_over else 0) and broken_rules() == {}
    assert told.notices.filter(kind__in=["contract.dispute_opened", "contract.dispute_reminded"]).count() == 3


def test_silence_counts_only_after_three_notices_and_a_town_that_stood_still_gives_more_time(clock_stands_at):
    dispute = opened_by("worker")
    missed = dispute.answer_by

    clock_stands_at(missed + DAY)
    for _round in range(3):
        actions.settle_for_silent()
        actions.remind_of_disputes()

    assert state_of(dispute) == ("open", "disputed") and dispute.answer_by >= missed + 5 * DAY


def test_a_stranger_and_an_empty_reason_change_nothing():
    milestone = a_contract(delivered=True).milestones.get()

    for by, reason in ((a_person(), "違います。"), (milestone.contract.worker, "  ")):
        with pytest.raises(DomainError):
            actions.open_dispute(milestone=milestone, by=by, reason=reason)
    milestone.refresh_from_db()
    assert milestone.state == "delivered" and milestone.accept_by is not None


def test_whoever_was_paid_because_nobody_answered_does_not_read_that_both_agreed(clock_stands_at):
    dispute = opened_by("worker")
    Dispute.objects.update(reminders_count=3)
    clock_stands_at(dispute.answer_by + SECOND)
    actions.settle_for_silent()

    told = set(dispute.milestone.contract.worker.notices.values_list("kind", flat=True))
    assert "contract.settled_unanswered" in told and "contract.settled" not in told
    notice = client_of(dispute.milestone.contract).notices.get(kind="contract.unanswered_client")
    assert notice.words["gross_yen"] == 11_000, "the client hears of it, too, though nothing goes back"


def test_no_day_of_payment_is_said_that_the_file_of_the_bank_cannot_reach(clock_stands_at):
    contract = a_contract(delivered=True)
    step = contract.milestones.get()
    clock_stands_at(clock.start_of(step.pay_on - DAY))
    order = actions.ask_for_part(milestone=step, by=client_of(contract), price=Yen(5_000))
    with in_a_town_with_files():
        actions.agree_to_change(order=order, by=contract.worker)

    step.refresh_from_db()
    assert step.pay_on == bank_days_after(clock.today(), AHEAD) == Earning.objects.get().pay_on
    assert contract.worker.notices.get(kind="contract.settled").words["date_on"] == step.pay_on.isoformat()
