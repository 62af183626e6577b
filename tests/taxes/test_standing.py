"""A worker says how they stand before the tax law, and offers after that are worked out with it."""
import datetime

import pytest

from machi.contracts.counting import withholding_in
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.proposals import actions as proposals
from machi.shared.errors import DomainError
from machi.shared.seals import Overtaken, seal, values_of
from machi.taxes.actions import FIELDS, say_tax_standing
from machi.taxes.models import TaxStanding
from machi.taxes.queries import number_on, standing_of
from tests.conftest import broken_rules
from tests.people import a_client, a_contest, a_contract, a_package, a_person, an_entry, an_order, balance_of, client_of, closed_contest

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 4, 1)


def a_company(**said):
    worker = a_person()
    say_tax_standing(by=worker, **({"kind": "company", "has_employees": False, "number": "", "valid_from": None} | said))
    return worker


def test_what_is_said_is_kept_as_it_was_understood():
    worker = a_company(number="Ｔ7123-4567-89012", valid_from=DAY)

    standing = standing_of(worker)
    assert (standing.kind, standing.number, standing.valid_from) == ("company", "T7123456789012", DAY)
    assert [number_on(worker, day) for day in (DAY - datetime.timedelta(days=1), DAY)] == ["", "T7123456789012"]


@pytest.mark.parametrize(("kind", "number", "day"), [
    ("company", "T7123456789013", DAY), ("person", "T71234", DAY), ("person", "T7123456789012", None), ("person", "", DAY)])
def test_what_cannot_be_is_refused_and_nothing_changes(kind, number, day):
    worker = a_company()

    with pytest.raises(DomainError):
        say_tax_standing(by=worker, kind=kind, has_employees=True, number=number, valid_from=day)

    assert (TaxStanding.objects.get().kind, TaxStanding.objects.get().has_employees) == ("company", False)


def test_a_persons_number_with_another_check_digit_is_taken():
    worker = a_company(kind="person", number="T7123456789013", valid_from=DAY)

    assert standing_of(worker).number == "T7123456789013"


def test_of_two_windows_the_later_one_is_asked_once_more():
    worker = a_company()
    read = seal(values_of(TaxStanding(), FIELDS))

    with pytest.raises(Overtaken):
        say_tax_standing(by=worker, kind="person", has_employees=True, number="", valid_from=None, seen=read)


@pytest.mark.parametrize(("kind", "is_agent", "reason", "withheld"), [
    ("person", True, "manuscript", 1_021), ("person", False, "client", 0), ("company", True, "company", 0),
    ("company", False, "client", 0)])
def test_the_terms_say_whether_tax_is_withheld_and_why(town, kind, is_agent, reason, withheld):
    contract = a_contract(accepted=True, worker=a_company(kind=kind), is_withholding_agent=is_agent)

    assert contract.terms["withholding"] == {"is_withheld": withheld > 0, "reason": reason}
    assert contract.terms["withheld_yen"] == withheld == balance(Kind.WITHHELD.of(contract.client_id))
    assert balance_of(contract.worker) == 8_580 - withheld and withholding_in(contract.terms)
    assert broken_rules() == {}


def test_what_was_agreed_stays_when_the_worker_becomes_a_company(town):
    contract = a_contract(funded=True, is_withholding_agent=True)
    say_tax_standing(by=contract.worker, kind="company", has_employees=False, number="", valid_from=None)

    assert contract.terms["withheld_yen"] == 1_021
    assert a_contract(worker=contract.worker, is_withholding_agent=True).terms["withheld_yen"] == 0


def test_of_a_service_and_of_a_prize_it_counts_too(town):
    company = a_company()
    order = an_order(a_package(company), a_client(is_withholding_agent=True))
    assert order.terms["withholding"] == {"is_withheld": False, "reason": "company"} and order.terms["withheld_yen"] == 0

    job = a_contest(a_client(is_withholding_agent=True), prizes=(60_000, 60_000))
    theirs, persons = an_entry(job, company), an_entry(job)
    with closed_contest(job):
        proposals.award(job=job, by=client_of(job), winners={1: theirs.number, 2: persons.number})

    assert balance_of(theirs.worker) - balance_of(persons.worker) == 6_126 == balance(Kind.WITHHELD.of(job.client_id))
    assert broken_rules() == {}
