"""A long contract ends a month after its client has said so; what is funded goes on, what is not will not be done (フリーランス法16条)."""
import datetime
from functools import partial

import pytest

from machi.contracts.actions import (
    accept_delivery,
    accept_offer,
    agree_to_change,
    ask_end_reason,
    ask_for_terms,
    ask_to_end,
    call_stand_in,
    end_after_notice,
    fund,
    give_notice,
    remind_of_weeks,
    submit_weeks,
    tell_end_reason,
    void_unfunded,
)
from machi.contracts.invariants import broken
from machi.contracts.longterm import _months_later, is_long
from machi.contracts.models import Contract, EndNotice
from machi.jobs.plans import Step
from machi.notifications.models import Notice
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.contracts.test_standing_in import standing_by, taken_over
from tests.people import a_client, a_contract, a_person, an_hourly_contract, client_of, held_for, hours_written, in_week
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes

DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def long(*, days: int = 220) -> Contract:
    """Three steps, weeks apart, the first one funded; the last is due in so many days."""
    return a_contract(funded=True, reward_yen=30_000, due_on=clock.today() + days * DAY, plan=[
        {"title": f"区切り{number}", "price_yen": 10_000, "due_on": (clock.today() + (days - 90 * (3 - number)) * DAY).isoformat()}
        for number in (1, 2, 3)])


def states(contract: Contract) -> list[str]:
    contract.refresh_from_db()
    return [contract.state, *contract.milestones.order_by("number").values_list("state", flat=True)]


@pytest.mark.parametrize(("formed", "due", "is_it"), [
    ("2026-01-15", "2026-07-13", False), ("2026-01-15", "2026-07-14", True), ("2026-01-15", "2026-07-15", True),
    ("2026-08-31", "2027-02-27", False), ("2026-08-31", "2027-02-28", True), ("2027-08-31", "2028-02-28", False),
    ("2027-08-31", "2028-02-29", True), ("2026-12-31", "2027-06-29", False), ("2026-12-31", "2027-06-30", True)])
def test_six_months_are_counted_by_the_calendar(formed, due, is_it):
    """民法143条: six months from the 15th are over with the 14th; where a month is too short, with its last day."""
    contract = Contract(formed_at=clock.start_of(datetime.date.fromisoformat(formed)))
    step = type("Step", (), {"due_on": datetime.date.fromisoformat(due)})

    assert is_long(contract, [step]) == is_it
    assert _months_later(datetime.date(2027, 8, 31), 6) == datetime.date(2028, 3, 1)


@pytest.mark.parametrize(("days", "is_taken"), [(29, False), (30, True), (31, True)])
def test_the_last_day_is_thirty_days_ahead_at_least(db, days, is_taken):
    contract = long()
    giving = partial(give_notice, contract=contract, by=client_of(contract), last_on=clock.today() + days * DAY)

    if is_taken:
        giving()
    else:
        with pytest.raises(DomainError):
            giving()

    assert EndNotice.objects.exists() == is_taken
    assert Notice.objects.filter(user=contract.worker, kind="contract.end_notice").exists() == is_taken


def test_a_short_contract_has_no_notice_nor_has_one_that_nobody_funded(db):
    short, unfunded = a_contract(funded=True), a_contract(due_on=clock.today() + 250 * DAY)

    for contract in (short, unfunded):
        with pytest.raises(NotAllowed):
            give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 40 * DAY)


def test_only_the_client_gives_it_once_and_not_for_a_day_when_all_is_due(db):
    contract = long()
    for somebody in (contract.worker, a_person(), a_client()):
        with pytest.raises(NotAllowed):
            give_notice(contract=contract, by=somebody, last_on=clock.today() + 40 * DAY)
    with pytest.raises(DomainError):
        give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 220 * DAY)

    give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 219 * DAY)

    with pytest.raises(NotAllowed):
        give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 40 * DAY)


@pytest.mark.parametrize(("seconds", "after"), [
    (-1, ["active", "funded", "agreed", "agreed"]), (1, ["active", "funded", "agreed", "void"])])
def test_when_the_last_day_is_over_what_is_due_later_and_not_funded_ends(db, seconds, after):
    contract = long()                                   # due in 40, 130 and 220 days
    give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 130 * DAY)

    with clock.moved(to=clock.start_of(clock.today() + 131 * DAY) + datetime.timedelta(seconds=seconds)):
        end_after_notice()
        end_after_notice()

    assert states(contract) == after and broken() == {}
    assert Notice.objects.filter(kind="contract.end_notice_over").count() == 2 * (seconds > 0)


def test_what_is_funded_goes_on_and_the_contract_ends_with_it(db):
    contract = long()
    give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 30 * DAY)

    with clock.moved(by=32 * DAY):
        end_after_notice()
    assert states(contract) == ["active", "funded", "void", "void"] and broken() == {}


def by_the_hour() -> Contract:
    """Twenty-six weeks, the first one funded."""
    return an_hourly_contract(funded=True, weeks_count=26)


def weeks_pass(contract: Contract, *, until: int) -> None:
    """Each week is funded during the one before it, and nobody works."""
    for number in range(2, until + 1):
        with in_week(contract, number - 1, day=2):
            fund(contract=contract, by=client_of(contract), number=number)
        with in_week(contract, number - 1, day=7, hour=12):
            submit_weeks()


def test_a_long_contract_by_the_hour_ends_too_and_the_week_that_runs_is_worked_to_its_end_and_paid(db):
    """The last day is a Wednesday: the week around it has its money, those after it will not be."""
    contract = by_the_hour()
    client, first = client_of(contract), contract.timesheets.get(milestone__number=1).starts_on
    last_on = first + 4 * 7 * DAY + 2 * DAY
    give_notice(contract=contract, by=client, last_on=last_on)
    weeks_pass(contract, until=5)
    sheet = contract.timesheets.get(milestone__number=5)
    hours_written(sheet, 2)

    with clock.moved(to=clock.start_of(last_on + DAY) - SECOND):
        assert end_after_notice() == 0
    with clock.moved(to=clock.start_of(last_on + DAY)):
        assert end_after_notice() == 1
    contract.refresh_from_db()
    assert states(contract) == ["active", *["refunded"] * 4, "funded", *["void"] * 21] and contract.fund_by is None

    hours_written(sheet, 1, day=4)                                          # Friday: it still is the worker's week
    with in_week(contract, 5, day=7, hour=12):
        assert submit_weeks() == 1 and void_unfunded() == 0
    accept_delivery(milestone=sheet.milestone, by=client)
    assert states(contract) == ["completed", *["refunded"] * 4, "settled", *["void"] * 21]
    assert held_for(contract.pk) == 0 and broken() == {} and broken_rules() == {}


def test_a_week_that_waits_for_its_money_when_the_last_day_is_over_is_waited_for_no_longer(db):
    contract = by_the_hour()
    last_on = contract.timesheets.get(milestone__number=5).ends_on          # a Sunday
    give_notice(contract=contract, by=client_of(contract), last_on=last_on)
    weeks_pass(contract, until=4)

    with clock.moved(to=clock.start_of(last_on + DAY)):
        assert end_after_notice() == 1

    contract.refresh_from_db()
    assert states(contract) == ["active", *["refunded"] * 3, "funded", *["void"] * 22] and contract.fund_by is None


@pytest.mark.parametrize(("number", "is_told"), [(5, True), (6, False)])
def test_nobody_is_asked_for_the_money_of_a_week_after_the_last_day(db, number, is_told):
    contract = by_the_hour()
    give_notice(contract=contract, by=client_of(contract), last_on=contract.timesheets.get(milestone__number=5).ends_on)
    weeks_pass(contract, until=number - 1)

    with in_week(contract, number - 1, day=3):                              # the Thursday before it
        assert remind_of_weeks() == is_told


def test_both_may_still_end_it_at_once(db):
    contract = long()
    give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 60 * DAY)

    agree_to_change(by=contract.worker, order=ask_to_end(contract=contract, by=client_of(contract), prices={1: Yen(4_000)}))

    assert states(contract) == ["completed", "settled", "void", "void"]
    with clock.moved(by=70 * DAY):
        end_after_notice()
    assert states(contract) == ["completed", "settled", "void", "void"] and broken() == {}


def test_the_worker_asks_for_the_reason_and_the_client_tells_it(db):
    contract = long()
    client, notice = client_of(contract), give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 40 * DAY)
    with pytest.raises(NotAllowed):
        tell_end_reason(notice=notice, by=client, reason="聞かれる前に")
    with pytest.raises(NotAllowed):
        ask_end_reason(notice=notice, by=client)

    ask_end_reason(notice=notice, by=contract.worker)
    tell_end_reason(notice=notice, by=client, reason="予算が変わりました。")

    for deed in (partial(ask_end_reason, by=contract.worker), partial(tell_end_reason, by=client, reason="もう一つ")):
        with pytest.raises(NotAllowed):
            deed(notice=notice)
    notice.refresh_from_db()
    assert notice.reason == "予算が変わりました。"
    assert [Notice.objects.filter(kind=kind).count() for kind in ("contract.end_reason_asked", "contract.end_reason_told")] == [1, 1]


def test_after_the_last_day_the_reason_is_asked_no_more(db):
    contract = long()
    notice = give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 40 * DAY)

    with clock.moved(by=41 * DAY), pytest.raises(NotAllowed):
        ask_end_reason(notice=notice, by=contract.worker)


def test_two_windows_give_one_notice(race):
    for _round in ROUNDS:
        contract = long()
        client = client_of(contract)

        answers = race(*[partial(give_notice, contract=contract, by=client, last_on=clock.today() + day * DAY) for day in (40, 50, 60, 70)])
        assert outcomes(answers) == {WON: 1, REFUSED: 3} and EndNotice.objects.filter(contract=contract).count() == 1


def test_after_a_notice_no_new_step_can_be_due_beyond_its_day_and_what_was_asked_before_it_ends(db):
    contract = long()
    client, waiting = client_of(contract), list(contract.milestones.filter(state="agreed").order_by("number"))
    steps = [Step(step.title, Yen(step.price_yen), step.due_on) for step in waiting]
    late = [*steps, Step("もう一つ", Yen(5_000), waiting[-1].due_on + DAY)]
    order = ask_for_terms(contract=contract, by=contract.worker, steps=late)
    give_notice(contract=contract, by=client, last_on=clock.today() + 60 * DAY)

    order.refresh_from_db()
    assert order.state == "lapsed"
    with pytest.raises(DomainError, match="予告"):
        ask_for_terms(contract=contract, by=contract.worker, steps=late)
    ask_for_terms(contract=contract, by=contract.worker, steps=steps, words="題は私が決めます。")


@pytest.mark.parametrize(("last", "days"), [(39, [40]), (40, [40]), (129, [40]), (130, [40, 130]), (219, [40, 130])])
def test_whoever_takes_over_after_a_notice_gets_the_step_under_way_and_what_is_due_by_the_last_day(db, last, days):
    contract = long()
    give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + last * DAY)

    after = taken_over(contract)

    assert [step.due_on for step in after.milestones.order_by("number")] == [clock.today() + day * DAY for day in days]
    assert [step["due_on"] for step in after.terms["steps"]] == [(clock.today() + day * DAY).isoformat() for day in days]
    assert after.terms["price_yen"] == 5_000 + 10_000 * (len(days) - 1) and broken_rules() == {}
    with clock.moved(to=clock.start_of(clock.today() + (last + 1) * DAY)):
        end_after_notice()
        assert states(after)[0] == "active" and states(contract)[0] == "passed_on" and broken_rules() == {}


def test_a_notice_that_comes_while_a_call_waits_ends_the_call_and_the_next_one_knows_of_it(db):
    contract = long()
    stand_in = standing_by(contract)
    waiting = call_stand_in(stand_in=stand_in, by=contract.worker)
    give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 50 * DAY)

    with pytest.raises(DomainError):
        accept_offer(offer=waiting, by=waiting.worker, terms_hash=waiting.terms_hash)
    again = call_stand_in(stand_in=stand_in, by=contract.worker)

    assert (len(waiting.terms["steps"]), len(again.terms["steps"])) == (3, 1)


def test_a_notice_and_a_stand_in_who_takes_over_at_the_same_moment_do_not_both_win(race):
    for _round in ROUNDS:
        contract = long()
        offer = call_stand_in(stand_in=standing_by(contract), by=contract.worker)

        answers = race(partial(accept_offer, offer=offer, by=offer.worker, terms_hash=offer.terms_hash),
                       partial(give_notice, contract=contract, by=client_of(contract), last_on=clock.today() + 50 * DAY))
        assert outcomes(answers) == {WON: 1, REFUSED: 1}
        after = Contract.objects.filter(takes_over=contract).first()
        assert (after is None) == EndNotice.objects.filter(contract=contract).exists()
