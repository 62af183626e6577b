"""A program and its design in one price: tax is withheld from the design alone, on every page and in every ending."""
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from machi.contracts import actions
from machi.contracts.papers import terms_rows
from machi.contracts.terms import money_in, parted, steps_in
from machi.jobs.actions import edit_job
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.matching.queries import newest
from machi.payments.fees import settlement
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.taxes.actions import say_tax_standing
from machi.taxonomy.models import Category
from machi.web.pages.jobs.cards import job_cards
from machi.web.pages.jobs.shown import both_sides
from tests.conftest import broken_rules
from tests.contracts.test_signing import part
from tests.contracts.test_standing_in import called, finished
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, balance_of

pytestmark = pytest.mark.django_db


def web() -> Category:
    return Category.objects.get(pk="web")


def with_design(price: int = 100_000, design: int | None = 30_000, **values):
    return a_contract(is_withholding_agent=True, category=web(), reward_yen=price, listed_yen=design, **values)


def test_tax_is_withheld_from_the_design_and_the_terms_say_so(town):
    contract = with_design(accepted=True)

    assert contract.terms["withholding"] == {"is_withheld": True, "reason": "part", "listed": [30_000, 100_000]}
    assert contract.terms["withheld_yen"] == 3_063 == balance(Kind.WITHHELD.of(contract.client_id))
    assert balance_of(contract.worker) == 86_900 - 3_063
    assert any("30,000円" in row.text and "100,000円" in row.text and "3,063円" in row.text for row in terms_rows(contract.terms))
    assert broken_rules() == {}


def test_of_a_program_alone_nothing_is_withheld(town):
    assert with_design(design=None).terms["withholding"] == {"is_withheld": False, "reason": "code"}


def test_the_preview_the_card_and_the_contract_say_the_same(town):
    job = a_job(a_client(is_withholding_agent=True), category=web(), reward_yen=100_000, listed_yen=30_000)

    [card] = job_cards(newest())

    assert card.net_yen == both_sides(job)["money"].worker_receives == with_design().terms["net_yen"] == 86_900 - 3_063


def test_of_a_part_that_is_paid_the_same_share_is_design(town):
    contract = with_design(funded=True)

    actions.agree_to_change(order=part(contract, 50_000), by=contract.worker)

    assert Earning.objects.get().withheld_yen == 1_531                  # 10.21 % of 15,000
    assert broken_rules() == {}


def test_whoever_takes_over_as_a_company_gets_their_part_whole(town):
    contract = with_design(funded=True)
    offer = called(contract)
    person = offer.worker
    assert offer.terms["withheld_yen"] == 1_531

    contract = with_design(funded=True)
    say_tax_standing(by=(person := a_person()), kind="company", has_employees=False, number="", valid_from=None)
    stand_in = actions.name_stand_in(contract=contract, by=contract.worker, person=person, kept_percent=50)
    actions.agree_to_stand_in(stand_in=stand_in, by=person)
    read = parted(contract.milestones.get(), 50, person)[1]
    offer = actions.call_stand_in(stand_in=actions.agree_to_stand_in(stand_in=stand_in, by=contract.client.person), by=contract.worker)
    after = actions.accept_offer(offer=offer, by=person, terms_hash=offer.terms_hash)
    finished(after)

    assert money_in(steps_in(offer.terms)[0]) == read, "what they read before they stood by"
    assert steps_in(offer.terms)[0]["withheld_yen"] == 0 and offer.terms["withholding"]["reason"] == "company"
    assert Earning.objects.get(worker=contract.worker).withheld_yen == 1_531
    assert broken_rules() == {}


def test_a_part_that_is_no_part_goes_and_one_may_not_grow_when_somebody_has_applied():
    job = a_job(a_client(is_withholding_agent=True), category=web(), reward_yen=100_000, listed_yen=30_000)
    a_proposal(job)

    with pytest.raises(DomainError):
        edit_job(job=job, by=job.client.person, listed_yen=40_000)
    job.refresh_from_db()
    assert job.listed_yen == 30_000
    assert edit_job(job=job, by=job.client.person, listed_yen=None).listed_yen is None
    draft = a_job(published=False, category=web(), reward_yen=100_000, listed_yen=30_000)
    assert edit_job(job=draft, by=draft.client.person, reward_yen=20_000).listed_yen is None
    draft = a_job(published=False, category=web(), reward_yen=100_000, listed_yen=30_000)
    assert edit_job(job=draft, by=draft.client.person, category=Category.objects.get(pk="design")).listed_yen is None


@settings(max_examples=8)
@given(some.integers(1_000, 3_000_000), some.integers(1, 99))
def test_design_and_program_cost_together_what_they_cost_and_tax_follows_the_design(price, percent):
    with transaction.atomic():
        design = max(1, price * percent // 100)
        contract = with_design(price, design, funded=True)

        assert contract.terms["withheld_yen"] == settlement(Yen(design), on=clock.today(), is_withheld=True).withheld
        assert contract.milestones.get().money.client_pays == Yen(price) + Yen(price).share(1_000)
        transaction.set_rollback(True)
