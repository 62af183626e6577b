"""Preview = contract = settlement = statement = paper, to the yen: random work of every form, with random fees, by people and companies."""
import datetime
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as some

from machi.accounts.queries import party_of
from machi.contracts import actions
from machi.contracts.counting import bonus_in
from machi.contracts.invariants import RULES as CONTRACTS
from machi.contracts.models import Contract
from machi.contracts.policies import MOST_BONUS
from machi.contracts.terms import money_in, steps_in
from machi.documents import invariants as documents
from machi.documents.actions import issue
from machi.documents.gathering import papers_of
from machi.payments.fees import PARTS, Settlement, summed
from machi.payments.invariants import MONEY
from machi.payments.models import Earning, Refund
from machi.payments.queries import settlement_of
from machi.proposals import actions as proposals
from machi.proposals.invariants import RULES as CONTESTS
from machi.shared import clock, invariants
from machi.shared.money import Yen
from machi.taxes.actions import say_tax_standing
from machi.taxonomy.models import Category
from machi.web.pages.contests.showing import terms as of_contest
from machi.web.pages.jobs.shown import both_sides
from machi.web.pages.packages.showing import both_sides as of_service
from tests.contracts.test_standing_in import finished
from tests.contracts.test_weeks_and_their_money import submitted
from tests.payments.golden import VECTORS
from tests.people import (
    a_client,
    a_contest,
    a_job,
    a_package,
    a_person,
    a_proposal,
    an_entry,
    an_offer,
    an_order,
    balance_of,
    client_of,
    closed_contest,
    held_for,
)
from tests.web.contracts.walking import as_it_stands, signed_in, text_of

pytestmark = pytest.mark.django_db
steps_of_fees = some.tuples(some.integers(0, 3_000), some.integers(0, 1_500), some.integers(5_000, 150_000)).map(
    lambda said: [[0, said[0]], [said[2], said[1]]])
sums = some.one_of(some.integers(9_000, 400_000), some.sampled_from([vector[0] for vector in VECTORS]))
FORMS = ("project", "steps", "hourly", "design", "package", "contest", "bonus")
NUMBER = "T7123456789012"
LEAST_PRIZE = 1_200                                     # an hour of anybody's is worth no less


def agreed(offer) -> Contract:
    contract = actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    return actions.fund(contract=contract, by=client_of(offer))


def earned(about: str) -> Settlement:
    return summed([settlement_of(one) for one in Earning.objects.filter(about=about).order_by("pk")])


def of_a_post(client, worker, form: str, price: int) -> tuple[Settlement, Contract]:
    """What the page of the post says to its reader, and the contract that came of it."""
    values = {"reward_yen": price}
    if form == "steps":
        first, last = clock.today() + datetime.timedelta(days=30), clock.today() + datetime.timedelta(days=60)
        values |= {"due_on": last, "plan": [{"title": "前", "price_yen": price // 3, "due_on": first.isoformat()},
                                            {"title": "後", "price_yen": price - price // 3, "due_on": last.isoformat()}]}
    if form == "design":
        values |= {"category": Category.objects.get(pk="web"), "listed_yen": price // 4}
    if form == "hourly":
        values |= {"form": "hourly", "rate_yen": 1_500 + price % 1_000, "weekly_hours": 10, "weeks_count": 2, "reward_yen": None,
                   "due_on": None, "minutes_estimate": None}
    job = a_job(client, **values)
    return both_sides(job, reader=worker)["money"], agreed(an_offer(a_proposal(job, worker)))


def check_post(client, worker, form: str, price: int) -> None:
    preview, contract = of_a_post(client, worker, form, price)
    paper = steps_in(contract.terms)
    first = contract.milestones.get(number=1).money
    assert first == money_in(paper[0]) and held_for(contract.pk) == first.client_pays
    if form == "hourly":
        assert preview == first
        step = submitted(contract, hours=10)
        with clock.moved(by=datetime.timedelta(days=20)):
            actions.accept_delivery(milestone=step, by=client)
        assert earned(contract.reference) == preview
        return
    assert money_in(contract.terms) == summed([money_in(step) for step in paper])
    same = PARTS if form != "steps" else [part for part in PARTS if part != "withheld"]     # tax is withheld from each payment by itself
    assert [getattr(money_in(contract.terms), part) for part in same] == [getattr(preview, part) for part in same]
    finished(contract)
    if form == "steps":
        actions.fund(contract=contract, by=client)
        step = contract.milestones.get(number=2)
        actions.deliver(milestone=step, by=worker, text="できました。", ai_note="使っていません")
        actions.accept_delivery(milestone=step, by=client)
    assert earned(contract.reference) == money_in(contract.terms)


def check_service(client, worker, price: int) -> None:
    package = a_package(worker, price_yen=price)
    preview = of_service(package, client, party_of(client))["money"]
    contract = agreed(an_order(package, client))
    finished(contract)

    assert preview == money_in(contract.terms) == earned(contract.reference)


def check_contest(client, worker, price: int) -> None:
    job = a_contest(client, prizes=(price,))
    [prize] = of_contest(job)["prizes"]
    entry = an_entry(job, worker)
    with closed_contest(job):
        proposals.award(job=job, by=client, winners={1: entry.number})

    paid = earned(job.reference)
    assert paid.client_pays == prize.money.client_pays == job.contest.pot_yen and not Refund.objects.filter(about=job.reference).exists()
    assert paid.worker_receives - prize.money.worker_receives in (0, prize.money.withheld), "a company is paid whole"


def check_bonus(client, worker, price: int) -> None:
    _preview, contract = of_a_post(client, worker, "project", 10_000)
    finished(contract)
    price = Yen(min(price, MOST_BONUS))
    preview, browser, form = bonus_in(contract).money(price), signed_in(client), f"/contracts/{contract.pk}/bonus/"
    page = text_of(browser.post(form, as_it_stands(browser.get(form), form) | {"price": f"{price:,}"}))
    assert all(f"{part:,}円" in page for part in (preview.client_pays, preview.worker_receives))
    bonus = actions.give_bonus(contract=contract, by=client, price=price, key="form")

    assert bonus.money == preview == settlement_of(Earning.objects.get(reference=bonus.reference)) and not held_for(contract.pk)


def check_papers(worker, number: str = "") -> None:
    """Every paper of what was earned says what was settled, and what the books say; the invoice the number of who is registered."""
    for earning in Earning.objects.filter(worker=worker).order_by("pk"):
        money = settlement_of(earning)
        papers = {draft.kind: draft for draft in papers_of(earning)}
        assert papers["invoice"].amount == money.gross and papers["payment"].amount == money.worker_receives == earning.amount_yen
        for kind in ("invoice", "payment"):
            assert {name: papers[kind].payload["figures"][name] for name in money.in_yen()} == money.in_yen()
        assert (papers["invoice"].payload["by"][2], "区分記載" in papers["invoice"].payload["title"]) == (number, not number)
        assert ("fee" in papers) == bool(money.client_fee)
        assert sum(papers[kind].amount for kind in ("invoice", "fee") if kind in papers) == money.client_pays
        assert all(issue(draft).text.payload["number"] for draft in papers.values())
    assert documents.broken() == {}


@examples(max_examples=30, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.sampled_from(FORMS), sums, some.booleans(), some.booleans(), some.booleans(), steps_of_fees, steps_of_fees)
def test_the_sums_are_the_same_before_and_after(settings, tmp_path, form, price, is_agent, is_company, is_registered, worker_side,
                                                client_side):
    settings.FEES_FILE = tmp_path / f"fees{abs(hash(str((worker_side, client_side))))}.json"
    settings.FEES_FILE.write_text(json.dumps({"fee": [
        {"from": "2020-01-01", "form": of, "worker": worker_side, "client": client_side, "source": "a town's own"}
        for of in ("project", "hourly", "contest", "package", "bonus")]}))
    check_everywhere(form, price, is_agent=is_agent, is_company=is_company, number=NUMBER if is_registered else "")


@pytest.mark.parametrize(("form", "vector"), [
    (form, vector) for form in ("project", "package", "contest") for vector in VECTORS if form != "contest" or vector[0] >= LEAST_PRIZE],
    ids=lambda said: said if isinstance(said, str) else f"{said[0]}{'-withheld' * said[1]}")
def test_each_golden_sum_goes_the_whole_way(form, vector):
    price, is_withheld, *parts = vector
    money = check_everywhere(form, price, is_agent=is_withheld, is_company=False, number=NUMBER)

    is_small_prize = form == "contest" and price <= 50_000         # from a prize up to that nothing need be withheld
    gross, fee, fee_tax, withheld, net = parts
    assert [int(part) for part in (money.client_pays, money.fee, money.fee_tax, money.withheld, money.worker_receives)] == [
        gross, fee, fee_tax, *((0, net + withheld) if is_small_prize else (withheld, net))]


def check_everywhere(form: str, price: int, *, is_agent: bool, is_company: bool, number: str) -> Settlement:
    """One piece of work from its page to its papers; what was earned with it last."""
    with transaction.atomic():
        client, worker = a_client(is_withholding_agent=is_agent), a_person()
        if is_company or number:
            say_tax_standing(by=worker, kind="company" if is_company else "person", has_employees=False, number=number,
                             valid_from=datetime.date(2024, 4, 1) if number else None)
        if form == "package":
            check_service(client, worker, price)
        elif form == "contest":
            check_contest(client, worker, max(price, LEAST_PRIZE))
        elif form == "bonus":
            check_bonus(client, worker, price)
        else:
            check_post(client, worker, form, price)
        check_papers(worker, number)
        assert balance_of(worker) == sum(Earning.objects.filter(worker=worker).values_list("amount_yen", flat=True))
        assert invariants.broken((*MONEY, *CONTRACTS, *CONTESTS)) == {}
        money = settlement_of(Earning.objects.filter(worker=worker).latest("pk"))
        transaction.set_rollback(True)
    return money
