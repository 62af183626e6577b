"""A client in a town with an account of its own reads where to transfer and with which number, and names an account for refunds."""
import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.accounts.powers import Power
from machi.notifications.words import moment
from machi.payments.models import ExpectedDeposit, RefundAccount
from machi.shared import clock
from tests.payments.statements import Account
from tests.people import a_client, a_contest, a_contract, a_member, a_person, an_hourly_contract, an_organisation, client_of
from tests.web.contracts.walking import queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db
ACCOUNT = {"from": "2026-01-01", "source": "a bank that is none", "profile": "generic", "bank_code": "0005", "branch_code": "001",
           "kind": "1", "number": "7654321", "holder": "街の会", "holder_kana": "マチノカイ", "payer_code": "1234567890"}
THEIRS = {"bank_code": "0005", "branch_code": "001", "kind": "1", "number": "1234567", "holder_kana": "ミナト"}


@pytest.fixture(autouse=True)
def own_account(settings, tmp_path):
    settings.MONEY_MODE, settings.MACHI_HOME = "bank", tmp_path
    (tmp_path / "account.json").write_text(json.dumps({"account": [ACCOUNT]}))


def pressed(contract, way: str = "fund") -> tuple:
    browser = signed_in(client_of(contract))
    number = contract.milestones.order_by("number").first().number
    return browser, browser.post(f"/contracts/{contract.pk}/{way}/", {"number": number}, follow=True)


@pytest.mark.parametrize(("make", "way"), [(a_contract, "fund"), (an_hourly_contract, "weeks/fund")])
def test_the_client_reads_where_to_with_which_number_and_until_when(make, way):
    contract = make()
    browser, answer = pressed(contract, way)
    deposit, page = ExpectedDeposit.objects.get(), text_of(answer)

    assert answer.redirect_chain[-1][0] == f"/earnings/deposit/{deposit.pk}/"
    for words in (deposit.code, "7654321", "街の会", "三菱ＵＦＪ", f"{deposit.amount_yen:,}円", said("deposit.then.late")):
        assert words in page
    room = text_of(browser.get(f"/contracts/{contract.pk}/"))
    assert make is an_hourly_contract or deposit.code in room and said("standing.transfer") in room
    assert browser.get(f"/contracts/{contract.pk}/{way}/").url == f"/earnings/deposit/{deposit.pk}/"      # asked already: the same number


def test_the_list_says_the_same_as_the_room_until_the_money_is_there():
    contract = a_contract()
    browser, _answer = pressed(contract)
    deposit = ExpectedDeposit.objects.get()

    listed = text_of(browser.get("/contracts/"))
    assert said("standing.transfer") in listed and said("standing.agreed.client") not in listed
    assert listed.index(said("contracts.mine")) < listed.index(contract.title), "whoever is asked to transfer does so"
    assert said("standing.transfer") not in text_of(signed_in(contract.worker).get("/contracts/"))

    Account().shows((deposit.amount_yen, deposit.code))
    listed = text_of(browser.get("/contracts/"))
    assert said("standing.transfer") in listed and said("contracts.mine") not in listed, "what has come is nobody's turn"


def test_the_list_asks_no_more_however_many_transfers_are_on_their_way():
    def counted():
        return CaptureQueriesContext(connection)

    client = a_client()
    for _number in range(2):
        signed_in(client).post(f"/contracts/{a_contract(by=client).pk}/fund/", {"number": 1})
    two = queries_of(signed_in(client), "/contracts/", counted)
    for _number in range(3):
        signed_in(client).post(f"/contracts/{a_contract(by=client).pk}/fund/", {"number": 1})

    assert ExpectedDeposit.objects.count() == 5 and queries_of(signed_in(client), "/contracts/", counted) == two


def test_whoever_only_gives_work_for_the_organisation_does_not_see_the_number():
    keeper = a_person()
    party = an_organisation(keeper)
    contract = a_contract(by=keeper, party=party)
    signed_in(keeper).post(f"/contracts/{contract.pk}/fund/", {"number": 1})
    for person in (contract.worker, a_member(party, Power.MEMBER), a_person()):
        assert signed_in(person).get(f"/earnings/deposit/{ExpectedDeposit.objects.get().pk}/").status_code == 404


def test_a_contest_waits_for_its_prizes():
    contest = a_contest(opened=False)
    answer = signed_in(client_of(contest)).post(f"/jobs/{contest.pk}/pot/", {"pot": "44000"}, follow=True)

    assert ExpectedDeposit.objects.get().code in text_of(answer)


def test_without_an_account_in_the_file_the_page_says_whom_to_ask(tmp_path):
    (tmp_path / "account.json").unlink()
    assert said("deposit.no_account") in text_of(pressed(a_contract())[1])


def test_an_account_for_refunds_is_named_and_shown_by_its_ending():
    contract = a_contract()
    browser = signed_in(client_of(contract))
    address = f"/earnings/refunds-to/{contract.client_id}/"
    assert 'href="/earnings/refunds-to/"' in browser.get("/earnings/paid/").content.decode()
    assert said("refund_account.none") in text_of(browser.get("/earnings/refunds-to/"))
    assert browser.post(address, THEIRS | {"bank_code": "9998"}).status_code == 422 and not RefundAccount.objects.exists()

    page = text_of(browser.post(address, THEIRS, follow=True))

    assert "567" in page and "1234567" not in page
    assert client_of(contract).notices.filter(kind="account.refund_changed").count() == 1
    browser.post(address, THEIRS)
    assert client_of(contract).notices.filter(kind="account.refund_changed").count() == 1


def test_after_the_last_moment_nobody_is_asked_for_money_until_yesterday():
    contract = a_contract()
    with clock.moved(to=contract.fund_by + datetime.timedelta(minutes=1)):
        _browser, answer = pressed(contract)

    assert answer.status_code == 409 and said("contract.fund.over", until=moment(contract.fund_by)) in text_of(answer)
    assert not ExpectedDeposit.objects.exists()
