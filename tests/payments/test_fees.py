"""One function says what each side pays, keeps and receives; every place that shows or moves money agrees with it."""
import datetime
from fractions import Fraction
from math import floor

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from machi.contracts.terms import money_in
from machi.payments.fees import settlement
from machi.payments.models import Earning
from machi.payments.queries import withheld_for
from machi.shared.money import Yen
from machi.web.pages.jobs.shown import both_sides
from tests.payments.golden import VECTORS
from tests.people import a_client, a_contract, a_job, balance_of, held_for

TODAY = datetime.date(2026, 11, 23)
prices = some.one_of(*(some.integers(least, most) for least, most in (
    (100, 3_000), (80_000, 230_000), (900_000, 1_100_000), (100, 100_000_000))))


# ---- the golden vectors (money.md 1.4) -------------------------------------------------------------------------------

@pytest.mark.parametrize(("price", "is_withheld", "with_tax", "fee", "fee_tax", "withheld", "receives"), VECTORS)
def test_a_project_settles_to_the_golden_yen(price, is_withheld, with_tax, fee, fee_tax, withheld, receives):
    money = settlement(Yen(price), on=TODAY, is_withheld=is_withheld)

    assert (money.client_pays, money.fee, money.fee_tax, money.withheld, money.worker_receives) == (
        with_tax, fee, fee_tax, withheld, receives)


def test_a_task_settles_to_the_golden_yen():
    money = settlement(Yen(100), on=TODAY, plan="task")

    assert (money.client_pays, money.fee, money.fee_tax, money.worker_receives) == (110, 22, 2, 86)


@pytest.mark.parametrize(("price", "withheld"), [
    (9_999, 1_020), (10_000, 1_021), (1_000_000, 102_100), (1_000_001, 102_100), (1_000_005, 102_101)])
def test_withholding_steps_at_a_million(price, withheld):
    assert settlement(Yen(price), on=TODAY, is_withheld=True).withheld == withheld


@pytest.mark.parametrize("day", [datetime.date(2012, 3, 20), datetime.date(1999, 1, 1)])
def test_a_day_before_the_law_is_refused(day):
    with pytest.raises(LookupError):
        settlement(Yen(100), on=day)


def test_the_rate_of_the_day_counts():
    with pytest.raises(LookupError):
        settlement(Yen(100), on=datetime.date(2019, 9, 30))         # before the tax of ten in a hundred: no row says what it was

    assert settlement(Yen(100), on=datetime.date(2019, 10, 1)).tax == 10


# ---- the same, said another way --------------------------------------------------------------------------------------

def by_hand(price: int, is_withheld: bool) -> tuple[int, ...]:
    """Tax, fee, tax on the fee, withheld: with fractions, part by part, rounded down once each."""
    tax = floor(Fraction(price, 10))
    base = price + tax
    fee = floor(Fraction(20, 100) * min(base, 100_000) + Fraction(10, 100) * min(max(base - 100_000, 0), 100_000)
                + Fraction(5, 100) * max(base - 200_000, 0))
    withheld = floor(Fraction(1021, 10_000) * min(price, 1_000_000) + Fraction(2042, 10_000) * max(price - 1_000_000, 0))
    return tax, fee, floor(Fraction(fee, 10)), withheld if is_withheld else 0


@settings(max_examples=500)
@given(prices, some.booleans())
def test_every_price_settles_as_by_hand_and_every_yen_has_a_place(price, is_withheld):
    money = settlement(Yen(price), on=TODAY, is_withheld=is_withheld)

    assert (money.tax, money.fee, money.fee_tax, money.withheld) == by_hand(price, is_withheld)
    assert money.worker_receives + money.fee + money.fee_tax + money.withheld == money.client_pays == price + money.tax
    assert 0 < money.worker_receives < money.client_pays


@given(prices)
def test_who_earns_more_receives_no_less(price):
    one, more = (settlement(Yen(amount), on=TODAY, is_withheld=True).worker_receives for amount in (price, price + 10))

    assert more >= one


# ---- preview = contract = settlement = earning ------------------------------------------------------------------------

@pytest.mark.django_db
@settings(max_examples=12)
@given(some.integers(100, 3_000_000), some.booleans())
def test_preview_contract_settlement_and_earning_are_the_same_yen(price, is_withheld):
    with transaction.atomic():
        preview = both_sides(a_job(a_client(is_withholding_agent=is_withheld), reward_yen=price))["money"]
        contract = a_contract(funded=True, reward_yen=price, is_withholding_agent=is_withheld)
        held = held_for(contract.pk)
        agreed = money_in(contract.terms)
        settled = a_contract(accepted=True, reward_yen=price, is_withholding_agent=is_withheld)
        row = Earning.objects.get(about=settled.reference)
        earned = (row.price_yen, row.tax_yen, row.fee_yen, row.fee_tax_yen, row.withheld_yen)

        assert preview == agreed == money_in(settled.terms)
        assert earned == (agreed.price, agreed.tax, agreed.fee, agreed.fee_tax, agreed.withheld)
        assert contract.terms["client_pays_yen"] == held == agreed.client_pays
        assert settled.terms["net_yen"] == row.amount_yen == balance_of(settled.worker) == agreed.worker_receives
        assert (withheld_for(settled.client), held_for(settled.pk)) == (agreed.withheld, 0)
        transaction.set_rollback(True)
