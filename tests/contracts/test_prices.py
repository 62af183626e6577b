"""What work of a kind really paid: from finished contracts, by quarters, and nothing while there are few."""
import pytest

from machi.contracts import prices
from machi.contracts.actions import accept_delivery, deliver
from machi.contracts.models import Delivery
from machi.taxonomy.models import Category
from tests.people import a_contract, client_of

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
    assert prices.guide_to("music") == (0, None, 0, None)


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


def test_the_time_a_worker_names_is_seen_by_nobody(browser):
    contract = a_contract(funded=True)
    browser.force_login(contract.worker)

    browser.post(f"/contracts/{contract.pk}/deliver/", {"text": "できました。", "ai_note": "なし", "minutes_spent": "1時間47分",
                                                       "round": "1"})
    assert Delivery.objects.get().minutes_spent == 107

    browser.force_login(client_of(contract))
    assert "1時間47分" not in browser.get(f"/contracts/{contract.pk}/").content.decode()
