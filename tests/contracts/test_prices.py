"""What work of a kind really paid: from finished contracts, by quarters, and nothing while there are few."""
import pytest

from machi.contracts import prices
from machi.contracts.actions import accept_delivery, agree_to_change, ask_about_week, ask_for_part, deliver, fund, submit_week
from machi.contracts.models import Delivery
from machi.shared.money import Yen
from machi.taxonomy.models import Category
from machi.web.pages.jobs import shown
from tests.people import a_contract, a_contract_in_steps, a_job, an_hourly_contract, client_of, hours_written, in_week

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("amounts", "cuts"), [
    (list(range(1, 30)), None), (list(range(1, 31)), (8, 15, 22)), ([500] * 30, (500, 500, 500)),
    ([1_000] * 15 + [2_000] * 16, (1_000, 2_000, 2_000))])
def test_quarters_are_cut_from_thirty_on(amounts, cuts):
    assert prices.quarters(amounts) == cuts


def test_the_guide_counts_finished_contracts_of_its_kind_alone(monkeypatch):
    monkeypatch.setattr(prices, "FEWEST", 3)
    for price in (10_000, 20_000, 30_000):
        a_contract(accepted=True, reward_yen=price)
    a_contract(accepted=True, reward_yen=90_000, category=Category.objects.get(pk="illustration"))
    a_contract(delivered=True, reward_yen=90_000)

    guide = prices.guide_to("writing")

    assert (guide.count, guide.prices) == (3, (15_000, 20_000, 25_000))
    assert (guide.timed_count, guide.an_hour) == (0, None)
    assert prices.guide_to("music") == (0, None, 0, None, 0)


def test_what_an_hour_was_worth_comes_from_those_who_said_how_long_it_took(monkeypatch):
    monkeypatch.setattr(prices, "FEWEST", 2)
    a_contract(accepted=True)
    for minutes in (120, 300):
        contract = a_contract(funded=True)
        milestone = contract.milestones.get()
        deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません", minutes_spent=minutes)
        accept_delivery(milestone=milestone, by=client_of(contract))

    guide = prices.guide_to("writing")

    assert (guide.count, guide.timed_count, guide.an_hour.middle) == (3, 2, 3_500)


def test_the_hours_that_were_recorded_count_as_they_were_billed_and_their_sum_is_no_price(monkeypatch):
    """A week that was asked about is handed over twice; its minutes are one record. A week without work has no hour."""
    monkeypatch.setattr(prices, "FEWEST", 2)
    for rate, is_asked in ((1_500, True), (2_500, False)):
        contract = an_hourly_contract(funded=True, rate_yen=rate, weeks_count=1)
        hours_written(contract.timesheets.get(), 7 / 60)
        milestone, client = contract.milestones.get(), client_of(contract)
        with in_week(contract, hour=20) as sheet:
            submit_week(timesheet=sheet, by=contract.worker)
            if is_asked:
                ask_about_week(milestone=milestone, by=client, words="何の作業ですか。")
                submit_week(timesheet=sheet, by=contract.worker, words="校正です。")
            accept_delivery(milestone=milestone, by=client)
    an_hourly_contract(funded=True)                         # goes on: not finished, and nothing confirmed

    guide = prices.guide_to("writing")

    assert (guide.count, guide.prices) == (0, None)
    assert (guide.timed_count, guide.recorded_count, guide.an_hour) == (2, 2, (1_750, 2_000, 2_250))


def test_of_several_steps_those_count_whose_time_is_known_and_an_estimate_is_no_time(monkeypatch):
    monkeypatch.setattr(prices, "FEWEST", 2)
    for _both in range(2):
        contract = a_contract_in_steps(funded=True, prices=(10_000, 20_000), minutes_estimate=60)
        client = client_of(contract)
        for milestone, minutes in zip(contract.milestones.order_by("number"), (240, None), strict=True):
            if milestone.number > 1:
                fund(contract=contract, by=client)
            deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません", minutes_spent=minutes)
            accept_delivery(milestone=milestone, by=client)
    a_contract(accepted=True, minutes_estimate=60)

    guide = prices.guide_to("writing")

    assert (guide.count, guide.timed_count, guide.recorded_count) == (3, 2, 0)
    assert guide.an_hour == (2_500, 2_500, 2_500)


def test_work_of_which_both_agreed_to_pay_a_part_has_no_price_and_stops_nobody(monkeypatch, browser):
    monkeypatch.setattr(prices, "FEWEST", 2)
    contract = a_contract(funded=True)
    deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="使っていません", minutes_spent=120)
    in_steps = a_contract_in_steps(funded=True, prices=(10_000, 20_000))
    fund_and_accept(in_steps)
    for one, part in ((contract, 5_000), (in_steps, 4_000)):
        milestone = one.milestones.order_by("-number").first()
        agree_to_change(order=ask_for_part(milestone=milestone, by=one.worker, price=Yen(part)), by=client_of(one))

    guide = prices.guide_to("writing")

    assert (guide.count, guide.prices, guide.timed_count) == (0, None, 1)
    job = a_job(published=False)
    browser.force_login(client_of(job))
    assert browser.get(f"/jobs/{job.pk}/write/reward/").status_code == 200


def fund_and_accept(contract) -> None:
    """The first step is accepted, the second is funded."""
    client, first = client_of(contract), contract.milestones.get(number=1)
    deliver(milestone=first, by=contract.worker, text="できました。", ai_note="使っていません", minutes_spent=240)
    accept_delivery(milestone=first, by=client)
    fund(contract=contract, by=client)


@pytest.mark.parametrize(("fewest", "said"), [(2, "真ん中が2,500円"), (3, "3件から、お見せします")])
def test_before_anybody_applies_the_post_says_what_an_hour_really_brought_or_that_it_is_too_early(monkeypatch, browser, fewest, said):
    monkeypatch.setattr(prices, "FEWEST", fewest)
    monkeypatch.setattr(shown, "FEWEST", fewest)
    for _both in range(2):
        contract = a_contract(funded=True)
        milestone = contract.milestones.get()
        deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません", minutes_spent=240)
        accept_delivery(milestone=milestone, by=client_of(contract))

    page = browser.get(f"/jobs/{a_job().pk}/").content.decode()

    assert said in page and ("納品のときに働いた人が書いた時間が2件" in page) == (fewest == 2)
    assert "約30分" in page                                      # what the client thinks stands by itself


def test_the_time_a_worker_names_is_seen_by_nobody(browser):
    contract = a_contract(funded=True)
    browser.force_login(contract.worker)

    browser.post(f"/contracts/{contract.pk}/deliver/", {"text": "できました。", "ai_note": "なし", "minutes_spent": "1時間47分",
                                                       "round": "1"})
    assert Delivery.objects.get().minutes_spent == 107

    browser.force_login(client_of(contract))
    assert "1時間47分" not in browser.get(f"/contracts/{contract.pk}/").content.decode()
