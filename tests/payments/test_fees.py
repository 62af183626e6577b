"""One function says what each side pays, keeps and receives; every place that shows or moves money agrees with it."""
import datetime
import json
from fractions import Fraction
from math import floor

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from machi.contracts.terms import money_in
from machi.payments.fees import Listed, rates, settlement, settlement_by
from machi.payments.models import Earning
from machi.payments.queries import withheld_for
from machi.shared.money import Yen
from machi.web.pages.jobs.shown import both_sides
from tests.payments.golden import VECTORS
from tests.people import a_client, a_contract, a_job, balance_of, held_for

TODAY = datetime.date(2026, 11, 23)
LANCE = {"from": TODAY.isoformat(), "form": "project", "worker": [[0, 1500]], "client": [[0, 500]],
         "source": "16.5 % and 5.5 %, both with the tax on the fee"}
prices = some.one_of(*(some.integers(least, most) for least, most in (
    (100, 3_000), (80_000, 230_000), (900_000, 1_100_000), (100, 100_000_000))))


# ---- the golden vectors (money.md 1.4) -------------------------------------------------------------------------------

@pytest.mark.parametrize(("price", "is_withheld", "with_tax", "fee", "fee_tax", "withheld", "receives"), VECTORS)
def test_a_project_settles_to_the_golden_yen(price, is_withheld, with_tax, fee, fee_tax, withheld, receives):
    money = settlement(Yen(price), on=TODAY, is_withheld=is_withheld)

    assert (money.client_pays, money.fee, money.fee_tax, money.withheld, money.worker_receives) == (
        with_tax, fee, fee_tax, withheld, receives)


def test_a_task_settles_to_the_golden_yen():
    money = settlement(Yen(100), on=TODAY, form="task")

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


# ---- the rows of a town ------------------------------------------------------------------------------------------------

def test_a_towns_own_fees_win_from_their_day_on(settings, tmp_path):
    settings.FEES_FILE = tmp_path / "fees.json"
    settings.FEES_FILE.write_text(json.dumps({"fee": [LANCE]}))

    before, after = settlement(Yen(10_000), on=TODAY - datetime.timedelta(days=1)), settlement(Yen(10_000), on=TODAY)

    assert (before.fee, before.client_pays, before.worker_receives) == (2_200, 11_000, 8_580)
    assert (after.fee + after.fee_tax, after.client_fee + after.client_fee_tax) == (1_815, 605)       # 16.5 and 5.5 % of 11,000
    assert (after.client_pays, after.worker_receives) == (11_605, 9_185)
    assert settlement(Yen(10_000), on=TODAY, form="hourly") == before, "each form of work has its own"


@pytest.mark.parametrize("broken", ["{", '{"fees": []}', '{"fee": [{}]}', json.dumps({"fee": [dict(LANCE, form="dance")]}),
                                    json.dumps({"fee": [dict(LANCE, worker=[[0, 5_001]])]}), json.dumps({"fee": [dict(LANCE, client=[])]}),
                                    json.dumps({"fee": [dict(LANCE, client=[[0, -1]])]}), json.dumps({"fee": [dict(LANCE, source="")]})])
def test_a_broken_file_of_fees_is_named_in_plain_words(settings, tmp_path, broken):
    settings.FEES_FILE = tmp_path / "fees.json"
    settings.FEES_FILE.write_text(broken)

    with pytest.raises(ValueError, match="fees.json cannot be used"):
        settlement(Yen(100), on=TODAY)


def test_of_a_bonus_the_town_keeps_nothing():
    money = settlement(Yen(3_000), on=TODAY, form="bonus")

    assert (money.client_pays, money.worker_receives) == (3_300, 3_300)


@given(prices, some.integers(0, 100))
def test_of_design_and_programs_in_one_price_tax_is_withheld_from_the_design_alone(price, percent):
    design = price * percent // 100
    money = settlement_by(rates(TODAY), Yen(price), is_withheld=True, listed=Listed(design, price))

    assert money.withheld == settlement(Yen(max(design, 1)), on=TODAY, is_withheld=True).withheld * int(design > 0)
    assert money.fee == settlement(Yen(price), on=TODAY).fee
