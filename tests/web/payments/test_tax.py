"""The page on which a worker says how they stand with taxes, and where both sides read what follows from it."""
import datetime

import pytest
from django.urls import reverse

from machi.contracts.actions import accept_delivery
from machi.payments.models import Earning
from machi.taxes.models import TaxStanding
from machi.taxes.rates import withheld_name
from tests.people import a_client, a_contract, a_job, a_person, client_of
from tests.web.contracts.walking import said, text_of

pytestmark = pytest.mark.django_db
TYPED = {"kind": "company", "has_employees": "on", "number": "T7123456789012", "valid_from": "2024-04-01"}


def sent(browser, worker, **typed):
    browser.force_login(worker)
    return browser.post(reverse("payments:tax"), {**TYPED, **typed})


def test_saved_it_stands_on_the_page(browser):
    worker = a_person()

    assert sent(browser, worker).status_code == 302

    page = browser.get(reverse("payments:tax"))
    assert "T7123456789012" in page.content.decode() and said("taxes.saved") in text_of(page)
    assert said("taxes.number.twins") in text_of(page), "a 0 and a 9 are looked at twice"
    assert TaxStanding.objects.get(user=worker).is_company


@pytest.mark.parametrize(("wrong", "words"), [
    ({"kind": "planet"}, "choice.required"), ({"kind": ""}, "choice.required"), ({"number": "T712"}, "taxes.number.form"),
    ({"number": "T7123456789013"}, "taxes.number.digits"), ({"valid_from": ""}, "taxes.number.day"),
    ({"number": ""}, "taxes.number.missing"),
    ({"valid_from": "2023-09-30"}, "taxes.valid_from.range"), ({"valid_from": "2999-01-01"}, "taxes.valid_from.range"),
    ({"valid_from": "きのう"}, "day.not_a_day"), ({"number": "🍙" * 13}, "taxes.number.form"),
    ({"number": "<b>T</b>"}, "taxes.number.form")])
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(browser, wrong, words):
    answer = sent(browser, a_person(), **wrong)

    assert answer.status_code == 422 and said(words) in text_of(answer)
    kept = {**TYPED, **wrong}["number"].replace("<", "&lt;").replace(">", "&gt;")
    assert kept in answer.content.decode()
    assert not TaxStanding.objects.exists()


def test_two_windows_show_each_other(browser):
    worker = a_person()
    sent(browser, worker)

    answer = sent(browser, worker, kind="person", seen="an older one", number="", valid_from="")

    assert answer.status_code == 409 and TaxStanding.objects.get().kind == "company"
    assert said("taxes.kind.company") in text_of(answer)


def test_the_panel_says_why_and_names_the_taxes_of_the_day(browser):
    contract = a_contract(accepted=True, is_withholding_agent=True)
    earning = Earning.objects.get()
    name = withheld_name(earning.pay_on)
    assert "特別所得税" in name

    for person in (contract.worker, client_of(contract)):
        browser.force_login(person)
        for address in (reverse("contracts:room", args=[contract.pk]), reverse("contracts:offer", args=[contract.offer_id])):
            page = text_of(browser.get(address))
            assert name in page and said("taxes.because.manuscript") in page, address
        assert name in text_of(browser.get(reverse("payments:statement", args=[earning.pk])))


def test_paid_after_the_new_year_the_tax_for_defence_is_named(browser):
    contract = a_contract(accepted=True, is_withholding_agent=True, due_on=datetime.date(2027, 1, 20))
    browser.force_login(contract.worker)

    assert "防衛特別所得税" in text_of(browser.get(reverse("contracts:offer", args=[contract.offer_id])))


def test_a_company_reads_its_own_sum_before_it_applies(browser):
    job, company = a_job(a_client(is_withholding_agent=True)), a_person()
    sent(browser, company)

    page = text_of(browser.get(reverse("proposals:apply", args=[job.pk])))

    assert said("taxes.because.company") in page and "8,580円" in page and "7,559円" not in page


def test_the_number_of_the_day_of_earning_stands_on_the_statement_and_stays(browser):
    contract = a_contract(delivered=True)
    sent(browser, contract.worker)
    accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))
    later = a_contract(accepted=True)
    sent(browser, later.worker)

    sent(browser, contract.worker, number="", valid_from="")
    addresses = [reverse("payments:statement", args=[pk]) for pk in Earning.objects.order_by("pk").values_list("pk", flat=True)]
    for side in (contract.worker, client_of(contract)):
        browser.force_login(side)
        assert "T7123456789012" in text_of(browser.get(addresses[0]))
    browser.force_login(later.worker)
    assert said("statement.registered") not in text_of(browser.get(addresses[1]))


def test_a_buyer_reads_how_much_tax_they_may_deduct_and_the_worker_does_not(browser):
    contract = a_contract(accepted=True)
    address = reverse("payments:statement", args=[Earning.objects.get().pk])

    browser.force_login(client_of(contract))
    assert "消費税の70%です" in text_of(browser.get(address)) and "2028年9月30日" in text_of(browser.get(address))
    browser.force_login(contract.worker)
    assert "70%" not in text_of(browser.get(address))

    other = a_contract(delivered=True)
    sent(browser, other.worker)
    accept_delivery(milestone=other.milestones.get(), by=client_of(other))
    browser.force_login(client_of(other))
    assert "70%" not in text_of(browser.get(reverse("payments:statement", args=[Earning.objects.latest("pk").pk])))
