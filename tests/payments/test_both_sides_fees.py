"""A town whose clients pay a fee as well: it is shown, held, kept and given back like every other yen, and what was agreed stays agreed."""
import datetime
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as some

from machi.contracts import actions
from machi.contracts.invariants import RULES as CONTRACTS
from machi.contracts.models import Contract, Milestone, Offer
from machi.contracts.papers import terms_rows
from machi.contracts.terms import fingerprint, money_in, part_of
from machi.jobs.actions import close_overdue
from machi.jobs.contests import judged_by, pot_of
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.fees import PARTS, Rates, rates, settlement, settlement_by
from machi.payments.invariants import MONEY
from machi.payments.models import Earning, Funding, Refund
from machi.payments.queries import settlement_of
from machi.proposals import actions as proposals
from machi.proposals.invariants import RULES as CONTESTS
from machi.shared import clock
from machi.shared.invariants import late
from machi.shared.money import Yen
from tests.checks.ground import a_town_where_much_happened
from tests.conftest import broken_rules
from tests.contracts.test_signing import part
from tests.contracts.test_standing_in import finished, taken_over
from tests.contracts.test_weeks_and_their_money import submitted
from tests.people import (
    a_client,
    a_contest,
    a_contract,
    a_contract_in_steps,
    an_entry,
    an_hourly_contract,
    an_order,
    balance_of,
    client_of,
    closed_contest,
    held_for,
)

TODAY = datetime.date(2026, 11, 23)
FORMS = ("project", "hourly", "contest", "package")
FLAT = ([[0, 1500]], [[0, 500]])                                        # 16.5 % and 5.5 % with the tax on them
FALLING = ([[0, 2000], [100_000, 1000]], [[0, 1000], [20_000, 300]])    # each side by steps of its own


@pytest.fixture
def fees(settings, tmp_path):
    """Write the town's own fees: the worker's steps and the client's, for every form of work."""
    settings.FEES_FILE = tmp_path / "fees.json"

    def write(worker, client) -> None:
        settings.FEES_FILE.unlink(missing_ok=True)
        (tmp_path / "new").write_text(json.dumps({"fee": [
            {"from": "2020-01-01", "form": form, "worker": worker, "client": client, "source": "a town's own"} for form in FORMS]}))
        (tmp_path / "new").rename(settings.FEES_FILE)
    return write


def kept_by_town() -> int:
    return int(balance(Kind.FEE.of()) + balance(Kind.CONSUMPTION_TAX.of()))


# ---- the arithmetic ----------------------------------------------------------------------------------------------------

steps = some.tuples(some.integers(0, 3_000), some.integers(0, 3_000), some.integers(1_000, 200_000)).map(
    lambda said: ((0, said[0]), (said[2], said[1])))
plans = some.builds(Rates, some.sampled_from([0, 800, 1_000]), steps, steps, some.just(((0, 1_021), (1_000_000, 2_042))))


@given(plans, some.integers(100, 5_000_000), some.booleans())
def test_every_yen_of_the_client_has_a_place_whatever_the_rates(by, price, is_withheld):
    money = settlement_by(by, Yen(price), is_withheld=is_withheld)

    assert money.client_pays == (money.worker_receives + money.fee + money.fee_tax + money.withheld + money.client_fee
                                 + money.client_fee_tax) == price + money.tax + money.client_fee + money.client_fee_tax
    assert min(money.in_yen().values()) >= 0


@given(plans, some.lists(some.integers(100, 300_000), min_size=1, max_size=6))
def test_divided_into_steps_both_sides_pay_what_they_pay_in_one_piece(by, prices):
    parts = [settlement_by(by, Yen(price), before=Yen(sum(prices[:at]))) for at, price in enumerate(prices)]
    whole = settlement_by(by, Yen(sum(prices)))

    assert [sum(getattr(one, name) for one in parts) for name in PARTS] == [getattr(whole, name) for name in PARTS]


@given(plans, some.integers(200, 2_000_000), some.integers(0, 100))
def test_of_a_part_each_fee_is_that_of_the_part_and_the_rest_goes_back(by, price, percent):
    whole, paid = settlement_by(by, Yen(price)), settlement_by(by, Yen(price * percent // 100))
    back = settlement_by(by, Yen(price - paid.price), before=paid.price)

    assert whole.client_pays == paid.client_pays + back.client_pays
    assert (paid.client_fee, paid.client_fee_tax) <= (whole.client_fee, whole.client_fee_tax)


# ---- every way the money can go -----------------------------------------------------------------------------------------

@pytest.mark.parametrize("plan", [FLAT, FALLING], ids=["flat", "falling"])
def test_in_a_town_where_much_happened_no_yen_is_lost(town, fees, plan):
    fees(*plan)

    a_town_where_much_happened()

    assert broken_rules() == {} and late((*MONEY, *CONTRACTS, *CONTESTS)) == {}
    kinds = {reference.partition(":")[0] for reference in Earning.objects.filter(client_fee_yen__gt=0).values_list("reference", flat=True)}
    assert kinds == {"milestone", "entry"}
    assert Refund.objects.filter(reference__startswith="milestone").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("price", "held", "net", "kept"), [
    (1_000, 1_160, 919, 241), (10_000, 11_605, 9_185, 2_420), (100_000, 116_050, 91_850, 24_200)])
def test_sixteen_and_a_half_and_five_and_a_half_percent_to_the_yen(town, fees, price, held, net, kept):
    fees(*FLAT)
    contract = a_contract(funded=True, reward_yen=price)
    assert (held_for(contract.pk), Funding.objects.get().amount_yen) == (held, held)

    finished(contract)

    assert (balance_of(contract.worker), kept_by_town(), held_for(contract.pk)) == (net, kept, 0)
    assert broken_rules() == {}


@pytest.mark.django_db
@pytest.mark.parametrize(("price", "back", "net", "kept"), [(4_000, 6_963, 3_674, 968), (0, 11_605, 0, 0), (10_000, 0, 9_185, 2_420)])
def test_of_what_is_not_paid_the_clients_fee_goes_back_too(town, fees, price, back, net, kept):
    fees(*FLAT)
    contract = a_contract(funded=True)

    actions.agree_to_change(order=part(contract, price), by=contract.worker)

    assert (balance(Kind.CLIENT_CREDIT.of(contract.client_id)), balance_of(contract.worker), kept_by_town()) == (back, net, kept)
    assert broken_rules() == {}


@pytest.mark.django_db
def test_a_week_by_the_hour_is_held_whole_and_its_fees_follow_the_minutes(town, fees):
    fees(*FALLING)
    contract = an_hourly_contract(funded=True)
    full = contract.milestones.get(number=1).money
    step = submitted(contract, hours=4)

    with clock.moved(by=datetime.timedelta(days=20)):
        actions.accept_delivery(milestone=step, by=client_of(contract))

    earned = settlement_of(Earning.objects.get())
    assert earned == settlement(Yen(6_000), on=TODAY, form="hourly")
    assert (full.client_fee, earned.client_fee) == (1_650, 660)
    assert Refund.objects.get().amount == full.client_pays - earned.client_pays
    assert broken_rules() == {}


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [10, 33, 50])
def test_a_stand_in_and_the_worker_before_share_a_step_whose_client_pays_a_fee(town, fees, kept):
    fees(*FALLING)
    contract = a_contract(funded=True, reward_yen=30_001)
    whole = contract.milestones.get().money

    after = taken_over(contract, kept=kept)
    parts = [step.money for step in Milestone.objects.filter(contract__in=[contract, after])]
    assert [sum(getattr(one, name) for one in parts) for name in PARTS] == [getattr(whole, name) for name in PARTS]
    finished(after)

    assert broken_rules() == {} and kept_by_town() == whole.fee + whole.fee_tax + whole.client_fee + whole.client_fee_tax


@pytest.mark.django_db
def test_a_pot_holds_the_clients_fee_and_what_is_not_awarded_goes_back_with_its_fee(town, fees):
    fees(*FLAT)
    job = a_contest(prizes=(30_000, 10_000))
    entry = an_entry(job)
    assert pot_of(job.contest) == 46_420                                # 40,000 + 4,000 + 2,200 + 220

    fees(*FALLING)                                                      # what is open goes by the rates with which it opened
    with closed_contest(job):
        proposals.award(job=job, by=client_of(job), winners={2: entry.number})

    assert (balance_of(entry.worker), kept_by_town(), Refund.objects.get().amount_yen) == (9_185, 2_420, 34_815)
    assert broken_rules() == {}


@pytest.mark.django_db
def test_a_pot_that_is_split_pays_everybody_and_never_more_than_was_paid_in(town, fees):
    fees(*FALLING)
    job = a_contest(prizes=(50_000,))
    entries = [an_entry(job) for _number in range(3)]

    with clock.moved(to=judged_by(job.closes_on) + datetime.timedelta(seconds=1)):
        close_overdue()
        proposals.settle_contests()

    assert len({balance_of(entry.worker) for entry in entries}) == 1 and balance_of(entries[0].worker) > 0
    assert balance(Kind.POT.of(job.pk)) == 0 and broken_rules() == {}


# ---- what was agreed stays ------------------------------------------------------------------------------------------------

@pytest.mark.django_db
@pytest.mark.parametrize("made", [a_contract, a_contract_in_steps, an_hourly_contract], ids=["project", "steps", "hourly"])
def test_a_file_that_is_changed_later_changes_nothing_that_was_agreed(town, fees, made):
    fees(*FLAT)
    contract = made(funded=True)
    step, half = contract.milestones.order_by("number").first(), Yen(5_000)
    before = part_of(step, half)

    fees(*FALLING)

    step = Milestone.objects.select_related("contract__offer").get(pk=step.pk)
    assert part_of(step, half) == before == settlement_by(rates_of_flat(), half)
    if made is a_contract:
        actions.agree_to_change(order=part(contract, 5_000), by=contract.worker)
        assert settlement_of(Earning.objects.get()) == before
    assert broken_rules() == {}


def rates_of_flat() -> Rates:
    return Rates(1_000, ((0, 1_500),), ((0, 500),), ((0, 1_021), (1_000_000, 2_042)))


@pytest.mark.django_db
def test_a_service_holds_its_rates_too(town, fees):
    fees(*FLAT)
    offer = an_order()
    fees(*FALLING)

    assert offer.terms["rates"] == rates_of_flat().on_paper()
    assert (offer.terms["client_pays_yen"], offer.terms["client_fee_yen"]) == (11_605, 550)
    assert "550円" in " ".join(row.text for row in terms_rows(offer.terms))


@pytest.mark.django_db
def test_terms_from_before_keep_their_fingerprint_and_are_paid_by_the_rates_of_their_day(town, fees):
    contract = a_contract(funded=True)
    older = {name: value for name, value in contract.terms.items() if name not in ("rates", "client_fee_yen", "client_fee_tax_yen")}
    Offer.objects.filter(pk=contract.offer_id).update(terms=older, terms_hash=fingerprint(older))

    contract = Contract.objects.select_related("offer").get(pk=contract.pk)
    assert money_in(contract.terms) == settlement(Yen(10_000), on=clock.today())
    actions.agree_to_change(order=part(contract, 4_000), by=contract.worker)

    offer = Offer.objects.get(pk=contract.offer_id)
    assert fingerprint(offer.terms) == offer.terms_hash == fingerprint(older)
    assert settlement_of(Earning.objects.get()) == settlement(Yen(4_000), on=clock.today())
    assert broken_rules() == {}


# ---- preview = contract = settlement, for random contracts ------------------------------------------------------------------

@pytest.mark.django_db
@examples(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.integers(1_000, 400_000), some.booleans(), some.sampled_from([FLAT, FALLING]), some.integers(0, 100))
def test_what_is_previewed_is_agreed_held_and_settled_to_the_yen(fees, price, is_withheld, plan, percent):
    fees(*plan)
    with transaction.atomic():
        contract = a_contract(funded=True, reward_yen=price, is_withholding_agent=is_withheld)
        preview = settlement(Yen(price), on=clock.today(), is_withheld=is_withheld)
        assert preview == money_in(contract.terms) == contract.milestones.get().money
        assert held_for(contract.pk) == preview.client_pays

        wanted = price * percent // 100
        wanted = 0 if wanted < 100 else wanted
        actions.agree_to_change(order=part(contract, wanted), by=contract.worker)

        paid = settlement_by(rates(clock.today()), Yen(wanted), is_withheld=is_withheld) if wanted else None
        earned = [settlement_of(one) for one in Earning.objects.filter(about=contract.reference)]
        assert earned == ([paid] if paid else [])
        refund = sum(Refund.objects.filter(about=contract.reference).values_list("amount_yen", flat=True))
        assert refund + sum(int(one.client_pays) for one in earned) == preview.client_pays
        transaction.set_rollback(True)


def test_the_panel_shows_the_clients_fee_to_both_sides(browser, db, fees):
    fees(*FLAT)
    contract = a_contract(accepted=True, by=a_client())
    address = f"/contracts/{contract.pk}/"

    for person in (contract.worker, client_of(contract)):
        browser.force_login(person)
        page = browser.get(address).content.decode()
        assert all(f"{amount}円" in page for amount in ("550", "55", "11,605", "9,185"))
