"""Which law applies to a contract by what both are and how long it lasts, and how each thing that it asks stands there."""
import datetime

import pytest
from django.utils.translation import override

from machi.contracts.actions import (
    accept_delivery,
    agree_on_date,
    agree_to_change,
    agree_to_split,
    ask_changes,
    ask_for_date,
    ask_for_part,
    ask_for_terms,
    fund,
    give_notice,
    open_dispute,
    settle_for_silent,
    submit_weeks,
)
from machi.contracts.between import between
from machi.contracts.ended import how_ended
from machi.contracts.law import Applies, Panel, State, panel
from machi.contracts.models import Contract, Dispute
from machi.contracts.queries import steps_of
from machi.jobs.plans import Step
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxes.models import TaxStanding
from tests.contracts.test_weeks_and_their_money import submitted
from tests.people import a_client, a_contract, an_hourly_contract, client_of
from tests.states.dispute_moves import a_difference, ruled

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LAW, MAYBE, TOWN = Applies.LAW, Applies.MAYBE, Applies.TOWN


def checked(contract: Contract, standing: TaxStanding | None = None) -> Panel:
    contract = Contract.objects.select_related("client", "client__person", "offer", "worker").get(pk=contract.pk)
    with override("ja"):
        return panel(contract, steps_of(contract), between(contract), standing, how_ended(contract))


def with_client(trade: str, *, has_employees: bool, days: int) -> Contract:
    client = a_client()
    client.party.trade, client.party.has_employees = trade, has_employees
    client.party.save()
    contract = a_contract(by=client, funded=True, due_on=clock.today() + days * DAY)
    return contract


def rules(found: Panel) -> tuple[str, ...]:
    """Whose rule each is: writing, the pay date, the seven acts, the notice of the end."""
    assert len({item.applies for item in found.nine}) == len({item.applies for item in found.acts}) == 1
    return found.nine[0].applies, found.pay.applies, found.acts[0].applies, found.end.applies


@pytest.mark.parametrize(("trade", "employees", "worker", "days", "whose"), [
    ("company", True, {}, 10, (LAW, LAW, TOWN, TOWN)),
    ("company", True, {}, 40, (LAW, LAW, LAW, TOWN)),
    ("company", True, {}, 200, (LAW, LAW, LAW, LAW)),
    ("sole", True, {}, 200, (LAW, LAW, LAW, LAW)),
    ("sole", False, {}, 200, (LAW, TOWN, TOWN, TOWN)),
    ("company", False, {}, 200, (LAW, MAYBE, MAYBE, MAYBE)),
    ("company", True, {"kind": "company"}, 200, (MAYBE, MAYBE, MAYBE, MAYBE)),
    ("company", True, {"has_employees": True}, 200, (TOWN, TOWN, TOWN, TOWN)),
    ("consumer", False, {}, 200, (TOWN, TOWN, TOWN, TOWN)),
    ("", True, {}, 200, (MAYBE, MAYBE, MAYBE, MAYBE)),
    ("company", False, {"kind": "company"}, 10, (MAYBE, MAYBE, TOWN, TOWN)),
])
def test_whose_rule_each_is_follows_from_what_both_are_and_how_long_the_contract_lasts(trade, employees, worker, days, whose):
    contract = with_client(trade, has_employees=employees, days=days)

    found = checked(contract, TaxStanding(user=contract.worker, **worker) if worker else None)

    assert rules(found) == whose
    assert [reach.law for reach in found.reaches] == ["freelance", "subcontract"]
    assert found.reaches[1].applies == (TOWN if trade == "consumer" else MAYBE)


def test_a_month_and_half_a_year_are_counted_by_the_calendar():
    """From today on the contract lasts a month with the day before today's number in the next month."""
    month = (clock.months_away(clock.today(), 1) - clock.today()).days - 1
    for days, is_month in ((month - 1, False), (month, True)):
        assert (checked(with_client("company", has_employees=True, days=days)).acts[0].applies == LAW) == is_month


def test_all_nine_things_stand_in_the_terms_and_the_pay_date_is_counted_from_the_day_of_receipt():
    contract = a_contract(delivered=True)
    step = contract.milestones.get()

    found = checked(contract)

    assert [item.state for item in found.nine] == [State.OK] * 9
    assert contract.terms["client_name"] in found.nine[0].words and contract.terms["worker_name"] in found.nine[0].words
    days = (step.pay_on - clock.day_of(step.delivered_at)).days + 1
    assert found.pay.state == State.OK and found.pay.gaps["n"] == days <= 60


@pytest.mark.parametrize(("late", "state"), [(59, State.OK), (60, State.MISSING)])
def test_day_sixty_is_the_last_one(late, state):
    contract = a_contract(delivered=True)
    step = contract.milestones.get()
    step.pay_on = clock.day_of(step.delivered_at) + late * DAY
    step.save()

    assert checked(contract).pay.state == state


@pytest.mark.parametrize("gone", ["worker_name", "agreed_on", "work", "due_on", "place", "accept_by", "price_yen", "pay_on", "paid_by"])
def test_what_is_not_in_the_terms_is_missing(gone):
    contract = a_contract()
    contract.offer.terms = contract.offer.terms | {gone: ""}
    contract.offer.save()

    assert sum(item.state == State.MISSING for item in checked(contract).nine) == 1


def test_what_both_changed_later_says_what_stood_there_before():
    contract = a_contract(funded=True)
    client, step = client_of(contract), contract.milestones.get()
    agree_on_date(request=ask_for_date(milestone=step, by=contract.worker, wished_on=step.due_on + 40 * DAY), by=client)
    steps = [Step("続き", Yen(5_000), step.due_on + 50 * DAY)]
    agree_to_change(order=ask_for_terms(contract=contract, by=client, steps=steps), by=contract.worker)

    due_on, price, pay_on = (checked(contract).nine[number] for number in (3, 6, 7))

    assert [one.state for one in (due_on, price, pay_on)] == [State.REASON] * 3 and due_on.gaps["before"] in due_on.words


def test_by_the_hour_the_price_is_a_rate_and_a_limit():
    price = checked(an_hourly_contract()).nine[6]

    assert price.state == State.REASON and "1,500円" in price.words and "45,000円" in price.words


def test_nothing_has_happened_so_the_town_stops_all_seven():
    assert [item.state for item in checked(a_contract(funded=True)).acts] == [State.BLOCKED] * 7


def test_what_has_happened_stands_there_with_its_reason():
    contract = a_contract(delivered=True)
    client, step = client_of(contract), contract.milestones.get()
    ask_changes(milestone=step, by=client, points="題名を短く")
    open_dispute(milestone=step, by=client, reason="約束の枚数がありません。")

    found = checked(contract)

    assert [item.state == State.REASON for item in found.acts] == [True, False, False, False, False, False, True]
    assert found.pay.state == State.REASON
    agree_to_change(order=ask_for_part(milestone=step, by=client, price=Yen(0)), by=contract.worker)
    assert [item.state == State.REASON for item in checked(contract).acts] == [True, True, True, False, False, False, True]


@pytest.mark.parametrize(("ends", "is_returned", "says"), [
    ("both", False, "うち1回は、二人が同意しました。"), ("proposal", False, "うち1回は、二人が同意しました。"),
    ("ruling", False, "うち1回は、街の裁定で決まりました。"), ("all ruled back", True, "うち1回は、街の裁定で決まりました。"),
    ("silence", True, "うち1回は、期限までに一方から返事がなく、決まりました。")])
def test_less_than_the_pay_stands_there_with_whose_decision_it_was(clock_stands_at, ends, is_returned, says):
    contract = a_contract(delivered=True)
    step, client = contract.milestones.get(), client_of(contract)
    if ends == "both":
        agree_to_change(order=ask_for_part(milestone=step, by=client, price=Yen(4_000)), by=contract.worker)
    elif ends == "proposal":
        dispute = a_difference("proposed", contract=contract)
        for person in (client, contract.worker):
            agree_to_split(dispute=dispute, by=person)
    elif ends == "silence":
        dispute = open_dispute(milestone=step, by=client, reason="約束の枚数がありません。")
        Dispute.objects.update(reminders_count=3)
        clock_stands_at(dispute.answer_by + datetime.timedelta(seconds=1))
        settle_for_silent()
    else:
        ruled(contract=contract, price=0 if is_returned else 4_000)

    cut, back = checked(contract).acts[1:3]

    assert cut.state == State.REASON and cut.words == f"報酬の一部や全部を払わずに終えたのは1回です。 {says}"
    assert (back.state == State.REASON) is is_returned and (says in back.words) is is_returned


def test_a_week_that_brings_less_than_its_limit_or_nothing_is_no_cut(clock_stands_at):
    contract = an_hourly_contract(funded=True)
    accept_delivery(milestone=submitted(contract), by=client_of(contract))
    fund(contract=contract, by=client_of(contract))
    clock_stands_at(contract.timesheets.get(milestone__number=2).submit_by + datetime.timedelta(seconds=1))
    submit_weeks()

    assert [contract.milestones.get(number=number).state for number in (1, 2)] == ["settled", "refunded"]
    assert [item.state for item in checked(contract).acts[1:3]] == [State.BLOCKED] * 2


def test_a_difference_that_the_worker_tells_is_no_refusal():
    contract = a_contract(delivered=True)
    open_dispute(milestone=contract.milestones.get(), by=contract.worker, reason="返事がありません。")

    assert checked(contract).acts[0].state == State.BLOCKED


def test_the_end_of_a_long_contract_is_told_with_the_days_ahead():
    contract = with_client("company", has_employees=True, days=200)
    assert checked(contract).end.state == State.BLOCKED
    give_notice(contract=contract, by=client_of(contract), last_on=clock.today() + 30 * DAY)

    end = checked(contract).end

    assert (end.state, end.gaps["n"]) == (State.OK, 30)
