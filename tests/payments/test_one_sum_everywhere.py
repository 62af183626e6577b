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
from machi.contracts.invariants import RULES as CONTRACTS
from machi.contracts.models import Contract
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
from machi.taxes.actions import say_tax_standing
from machi.taxonomy.models import Category
from machi.web.pages.contests.showing import terms as of_contest
from machi.web.pages.jobs.shown import both_sides
from machi.web.pages.packages.showing import both_sides as of_service
from tests.contracts.test_standing_in import finished
from tests.contracts.test_weeks_and_their_money import submitted
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

pytestmark = pytest.mark.django_db
steps_of_fees = some.tuples(some.integers(0, 3_000), some.integers(0, 1_500), some.integers(5_000, 150_000)).map(
    lambda said: [[0, said[0]], [said[2], said[1]]])
FORMS = ("project", "steps", "hourly", "design", "package", "contest")


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
        values |= {"form": "hourly", "rate_yen": 1_500, "weekly_hours": 10, "weeks_count": 2, "reward_yen": None, "due_on": None,
                   "minutes_estimate": None}
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


def check_papers(worker) -> None:
    """Every paper of what was earned says what was settled, and what the books say."""
    for earning in Earning.objects.filter(worker=worker).order_by("pk"):
        money = settlement_of(earning)
        papers = {draft.kind: draft for draft in papers_of(earning)}
        assert papers["invoice"].amount == money.gross and papers["payment"].amount == money.worker_receives == earning.amount_yen
        for kind in ("invoice", "payment"):
            assert {name: papers[kind].payload["figures"][name] for name in money.in_yen()} == money.in_yen()
        assert ("fee" in papers) == bool(money.client_fee)
        assert sum(papers[kind].amount for kind in ("invoice", "fee") if kind in papers) == money.client_pays
        assert all(issue(draft).text.payload["number"] for draft in papers.values())
    assert documents.broken() == {}


@examples(max_examples=24, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.sampled_from(FORMS), some.integers(9_000, 400_000), some.booleans(), some.booleans(), steps_of_fees, steps_of_fees)
def test_the_sums_are_the_same_before_and_after(settings, tmp_path, form, price, is_agent, is_company, worker_side, client_side):
    settings.FEES_FILE = tmp_path / f"fees{abs(hash(str((worker_side, client_side))))}.json"
    settings.FEES_FILE.write_text(json.dumps({"fee": [
        {"from": "2020-01-01", "form": of, "worker": worker_side, "client": client_side, "source": "a town's own"}
        for of in ("project", "hourly", "contest", "package")]}))
    with transaction.atomic():
        client, worker = a_client(is_withholding_agent=is_agent), a_person()
        if is_company:
            say_tax_standing(by=worker, kind="company", has_employees=False, number="", valid_from=None)
        if form == "package":
            check_service(client, worker, price)
        elif form == "contest":
            check_contest(client, worker, price)
        else:
            check_post(client, worker, form, price)
        check_papers(worker)
        assert balance_of(worker) == sum(Earning.objects.filter(worker=worker).values_list("amount_yen", flat=True))
        assert invariants.broken((*MONEY, *CONTRACTS, *CONTESTS)) == {}
        transaction.set_rollback(True)
