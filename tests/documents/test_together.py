"""What is put together when a month or a year is over: to the yen the sum of its papers, and whole when somebody leaves."""
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from machi.accounts.queries import party_of
from machi.documents.actions import make_papers, put_together
from machi.documents.invariants import broken
from machi.documents.kinds import Kind
from machi.documents.models import Document, DocumentText
from machi.payments.actions import ask_adjustment, sign_adjustment
from machi.payments.models import Earning
from machi.privacy.actions import erase_account
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import a_client, a_contract, a_person, a_staff_member, an_organisation, client_of, payday, with_bank_account
from tests.web.contracts.walking import said, signed_in, text_of

NEW_YEAR = datetime.date(2027, 1, 1)


def read() -> None:
    while make_papers():
        pass


def test_the_invoices_of_a_month_that_is_over_stand_together_once_and_late_ones_in_a_new_version(town):
    client = a_client()
    with clock.moved(to=clock.start_of(datetime.date(2026, 12, 3))):
        for price in (10_000, 33_333):
            a_contract(accepted=True, by=client, reward_yen=price)
        read()
    with clock.moved(to=clock.start_of(NEW_YEAR) - datetime.timedelta(seconds=1)):
        assert put_together() == 0
    with clock.moved(to=clock.start_of(NEW_YEAR)):
        assert put_together() == 1 + 2 and put_together() == 0         # and a year for each of the two workers

        paper = Document.objects.get(kind=Kind.MONTH)
        assert paper.amount_yen == 11_000 + 36_666 and paper.worker is None
        assert paper.text.payload["table"][-1] == ["合計", "", "43,333円", "4,333円"]
    with clock.moved(to=clock.start_of(datetime.date(2026, 12, 30))):
        a_contract(accepted=True, by=client)
    with clock.moved(to=clock.start_of(NEW_YEAR)):
        read()
        assert put_together() == 2
        first, second = Document.objects.filter(kind=Kind.MONTH).order_by("version")
        assert (second.version, second.supersedes, second.amount_yen) == (2, first, first.amount_yen + 11_000) and broken() == {}


def test_a_workers_year_says_what_was_earned_taken_and_paid(town):
    worker = a_person()
    with clock.moved(to=clock.start_of(datetime.date(2026, 12, 3))):
        for _time in range(2):
            a_contract(accepted=True, worker=worker, is_withholding_agent=True)
        read()
    with clock.moved(to=clock.start_of(NEW_YEAR)):
        put_together()
        paper = Document.objects.get(kind=Kind.YEAR)
        assert paper.amount_yen == 2 * 7_559 == sum(Earning.objects.values_list("amount_yen", flat=True))
        assert paper.text.payload["table"][1] == ["12月", "22,000円", "4,840円", "2,042円", "15,118円"]
        page = text_of(signed_in(worker).get(reverse("documents:paper", args=[paper.pk])))
        assert "年間支払明細書" in page and said("document.about.year") in page
        assert signed_in(worker).get(reverse("documents:pdf", args=[paper.pk])).content.startswith(b"%PDF")


def test_a_year_for_both_sides_books(town):
    contract = a_contract(accepted=True, is_withholding_agent=True, worker=with_bank_account(a_person("かなりや")))
    day = contract.milestones.get().pay_on
    with clock.moved(to=clock.end_of(day)):
        payday()
        earned = signed_in(contract.worker).get(reverse("documents:year", args=[clock.today().year]))
        paid = signed_in(client_of(contract)).get(reverse("documents:year", args=[day.year]))
        rows = b"".join(signed_in(contract.worker).get(reverse("documents:earned", args=[clock.today().year])).streaming_content).decode()
        taxes = b"".join(signed_in(client_of(contract)).get(reverse("documents:withheld", args=[day.year])).streaming_content).decode()

    text = text_of(earned)
    assert "11,000円" in text and "2,420円" in text and "1,021円" in text and "7,559円" in text and said("document.year.check") in text
    assert said("document.year.withheld") not in text
    assert "かなりやさん" in text_of(paid) and "1,021円" in text_of(paid) and said("document.year.check") not in text_of(paid)
    assert "10000,1000,2200,220,1021,7559" in rows and "かなりや" in taxes and "10000,1000,1021" in taxes


@pytest.mark.parametrize("year", [1999, 2999])
def test_a_year_that_the_town_does_not_know_is_not_there(db, year):
    browser = signed_in(a_person())

    assert {browser.get(reverse(f"documents:{name}", args=[year])).status_code for name in ("year", "earned", "withheld")} == {404}


@pytest.mark.parametrize("leaver", ["worker", "client"])
def test_what_was_put_together_for_one_leaves_with_them_and_with_nobody_else(town, leaver):
    with clock.moved(to=clock.start_of(datetime.date(2026, 12, 3))):
        contract = a_contract(accepted=True, worker=with_bank_account(a_person()))
        read()
    with clock.moved(to=clock.start_of(datetime.date(2027, 2, 1))):
        put_together()
        payday()
        leaves = contract.worker if leaver == "worker" else client_of(contract)
        erase_account(by=leaves)
        assert put_together() == 0

    left = DocumentText.objects.get().document
    assert left.kind == (Kind.MONTH if leaver == "worker" else Kind.YEAR) and broken() == {}


def test_what_is_put_together_already_costs_as_many_questions_for_many_as_for_one(town):
    counts = []
    for more in (1, 3):
        with clock.moved(to=clock.start_of(datetime.date(2026, 12, 3))):
            for _each in range(more):
                a_contract(accepted=True)
            read()
        with clock.moved(to=clock.start_of(NEW_YEAR)):
            put_together()
            with CaptureQueriesContext(connection) as asked:
                assert put_together() == 0
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_pays_for_themselves_and_for_an_organisation_has_a_list_for_each(town):
    keeper = a_client(is_withholding_agent=True)
    party = an_organisation(keeper)
    party.is_withholding_agent = True
    party.save()
    own = a_contract(accepted=True, by=keeper, worker=with_bank_account(a_person("かなりや")))
    a_contract(accepted=True, by=keeper, party=party, worker=with_bank_account(a_person("つばめ")))
    day = own.milestones.get().pay_on
    with clock.moved(to=clock.end_of(day)):
        payday()
        browser = signed_in(keeper)
        for chosen, paid, other in ((party_of(keeper), "かなりや", "つばめ"), (party, "つばめ", "かなりや")):
            browser.post("/organisations/acting/", {"party": chosen.pk})
            page = text_of(browser.get(reverse("documents:year", args=[day.year])))
            rows = b"".join(browser.get(reverse("documents:withheld", args=[day.year])).streaming_content).decode()
            assert paid in page and other not in page and paid in rows and other not in rows


def test_a_correction_names_the_town_and_not_nobody(town):
    a_contract(accepted=True)
    worker = a_person()
    one = ask_adjustment(by=a_staff_member("finance"), what="to_worker", amount=Yen(1_000), reason="mistake", words="二重でした。",
                         worker=worker)
    sign_adjustment(adjustment=one, by=a_staff_member("finance"))

    rows = b"".join(signed_in(worker).get(reverse("documents:earned", args=[clock.today().year])).streaming_content).decode()

    assert said("adjust.by_town") in rows and "None" not in rows
