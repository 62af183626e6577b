"""The desk of refunds: what goes back to clients by a transfer, to whom and where to; a look at an account is read by its owner."""
import datetime
import json

import pytest

from machi.accounts.actions import let_in
from machi.contracts.actions import agree_to_change, ask_for_part, fund, take_up_fundings
from machi.payments.actions import give_line_back, look_at_refund_account, remind_of_refund_account
from machi.payments.models import ExpectedDeposit, Refund
from machi.payments.queries import hold
from machi.shared import clock
from machi.shared.errors import NotAllowed
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.payments.statements import Account
from tests.people import a_client, a_contract, a_staff_member, an_organisation, client_of, party_of
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.desk.staff import at_work
from tests.web.payments.test_transfers import ACCOUNT, THEIRS

SUM = 10_670


@pytest.fixture
def desk(town, settings, tmp_path, clock_at):
    clock_at("2026-12-07 10:00")
    settings.MONEY_MODE, settings.MACHI_HOME = "bank", tmp_path
    (tmp_path / "account.json").write_text(json.dumps({"account": [ACCOUNT]}))
    return at_work("finance")


def a_refund(account: Account, party) -> Refund:
    """They had transferred a sum that nobody needs."""
    (line,) = account.shows((SUM, "ﾐﾅﾄ"))
    give_line_back(line=line, by=account.finance, reason="金額がちがう", party=party)
    return Refund.objects.latest("pk")


def named(party) -> None:
    assert signed_in(party.person).post(f"/earnings/refunds-to/{party.pk}/", THEIRS).status_code == 302


def test_finance_reads_to_whom_and_after_three_days_where_to_and_the_client_reads_who_looked(desk):
    browser, finance = desk
    contract = a_contract()
    refund, account = a_refund(Account(finance), contract.client), f"/desk/refunds/{Refund.objects.get().pk}/"
    listed = text_of(browser.get("/desk/refunds/"))
    for words in (str(contract.client), said("desk.refunds.number", n=str(contract.client_id)), "10,670円", said("refund.no_account"),
                  said("refund.why.transfer")):
        assert words in listed
    assert said("refund.no_account") in text_of(browser.get(account))

    named(contract.client)
    resting = text_of(browser.get(account))
    assert THEIRS["number"] not in resting and "なりすまし" in resting
    client = signed_in(client_of(contract))
    assert said("looked.refund_account") not in text_of(client.get("/account/seen/"))

    with clock.moved(by=hold() + datetime.timedelta(minutes=1)):
        page = text_of(browser.get(account))
        assert THEIRS["number"] in page and "0005" in page and said("desk.refund.how") in page
        assert said("looked.refund_account") in text_of(client.get("/account/seen/"))

    (left,) = Account(finance).shows((-SUM, "ﾐﾅﾄ"))
    browser.post(f"/desk/bank/suspense/{left.pk}/", {"what": f"refund:{refund.pk}", "reason": "お返しした"})
    assert said("desk.refunds.none") in text_of(browser.get("/desk/refunds/")) and broken_rules() == {}
    with clock.moved(by=hold() + datetime.timedelta(minutes=1)):
        assert THEIRS["number"] not in text_of(browser.get(account)), "what has left asks for no account"


def test_the_client_is_asked_once_for_each_sum_until_they_have_named_an_account(desk):
    _browser, finance = desk
    account, party = Account(finance), party_of(a_client())
    a_refund(account, party)
    assert remind_of_refund_account() == 1 and remind_of_refund_account() == 0
    a_refund(account, party)
    assert remind_of_refund_account() == 1

    named(party)
    a_refund(account, party)
    assert remind_of_refund_account() == 0
    (first, _second) = party.person.notices.filter(kind="refund.waiting_for_account").order_by("pk")
    assert signed_in(party.person).get(f"/notices/{first.pk}/").headers["Location"] == "/earnings/refunds-to/"


@pytest.mark.parametrize("mode", ["bank", "provider"])
def test_every_refund_stands_on_the_page_of_its_client_with_the_way_to_their_account(desk, settings, mode):
    _browser, finance = desk
    account, party = Account(finance), party_of(a_client())
    a_refund(account, party)
    settings.MONEY_MODE = mode

    page = signed_in(party.person).get("/earnings/paid/")
    assert "10,670円" in text_of(page) and said("paid.pot.returning") in text_of(page)
    assert 'href="/earnings/refunds-to/"' in page.content.decode()
    assert "10,670円" not in text_of(signed_in(a_client()).get("/earnings/paid/"))


def test_what_its_bank_sends_back_is_owed_again_and_leaves_a_second_time_to_another_account(desk):
    browser, finance = desk
    account, party = Account(finance), party_of(a_client())
    refund = a_refund(account, party)
    named(party)
    with clock.moved(by=hold() + datetime.timedelta(minutes=1)):
        (left,) = account.shows((-SUM, "ﾐﾅﾄ"))
        browser.post(f"/desk/bank/suspense/{left.pk}/", {"what": f"refund:{refund.pk}", "reason": "お返しした"})
        (back,) = account.shows((SUM, "ﾌﾘｺﾐﾍﾝｷﾔｸ"))
        browser.post(f"/desk/bank/suspense/{back.pk}/", {"what": f"refund_back:{refund.pk}", "reason": "該当口座なし"})

        refund.refresh_from_db()
        assert (refund.state, refund.paid_on, refund.came_back_count) == ("owed", None, 1) and broken_rules() == {}
        assert party.person.notices.get(kind="refund.returned").words["reason"] == "該当口座なし"
        assert said("refund.no_account") in text_of(browser.get(f"/desk/refunds/{refund.pk}/")), "the same account would not take it"
        assert remind_of_refund_account() == 0 and said("paid.pot.returning") in text_of(signed_in(party.person).get("/earnings/paid/"))
        (again,) = account.shows((SUM, "ﾌﾘｺﾐﾍﾝｷﾔｸ"))
        assert browser.post(f"/desk/bank/suspense/{again.pk}/", {"what": f"refund_back:{refund.pk}", "reason": "二度目"}).status_code == 422

        (left,) = account.shows((-SUM, "ﾐﾅﾄ"))
        browser.post(f"/desk/bank/suspense/{left.pk}/", {"what": f"refund:{refund.pk}", "reason": "別の口座へ"})
        refund.refresh_from_db()
        assert refund.state == "paid" and broken_rules() == {}


def test_a_long_list_is_asked_with_as_few_questions_as_a_short_one(desk, django_assert_max_num_queries):
    browser, finance = desk
    account = Account(finance)
    for _each in range(6):
        a_refund(account, party_of(a_client()))
    browser.get("/desk/refunds/")
    with django_assert_max_num_queries(14):
        assert text_of(browser.get("/desk/refunds/")).count("10,670円") == 6


def test_nobody_of_the_desk_reads_where_their_own_refund_goes_nor_that_of_their_organisation(desk):
    browser, finance = desk
    other, (helper, _other) = Account(a_staff_member("finance")), at_work("finance")
    organisation = an_organisation(a_client())
    let_in(party=organisation, user=finance, powers=["member"])
    for party in (party_of(finance), organisation):
        refund = a_refund(other, party)
        address = f"/desk/refunds/{refund.pk}/"
        payer = finance if party.person_id else party.people("payer")[0]
        assert signed_in(payer).post(f"/earnings/refunds-to/{party.pk}/", THEIRS).status_code == 302
        with clock.moved(by=hold() + datetime.timedelta(minutes=1)):
            page = text_of(browser.get(address))
            assert THEIRS["number"] not in page and said("line.own_money") in page
            with pytest.raises(NotAllowed, match=said("line.own_money")):
                look_at_refund_account(refund=refund, by=type(finance).objects.get(pk=finance.pk))
            assert THEIRS["number"] in text_of(helper.get(address))


@pytest.mark.parametrize("is_named", [False, True])
def test_where_no_account_is_named_what_goes_back_asks_for_it_once_and_leads_there(desk, is_named):
    _browser, finance = desk
    account, contract = Account(finance), a_contract(is_withholding_agent=True)
    client = client_of(contract)
    if is_named:
        named(contract.client)
    fund(contract=contract, by=client)
    deposit = ExpectedDeposit.objects.get()
    account.shows((deposit.amount_yen, f"{deposit.code} ﾐﾅﾄ"))
    take_up_fundings()
    order = ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(6_000), words="半分です。")
    agree_to_change(order=order, by=client)

    asks = {"contract.goes_back_where", "withheld.returned_where"}
    kinds = set(client.notices.values_list("kind", flat=True))
    assert asks & kinds == (set() if is_named else asks)
    assert kinds & {"contract.goes_back", "withheld.returned"} == ({"contract.goes_back", "withheld.returned"} if is_named else set())
    assert remind_of_refund_account() == 0, "it was asked for already"
    for notice in client.notices.filter(kind__in=asks):
        assert signed_in(client).get(f"/notices/{notice.pk}/").headers["Location"] == "/earnings/refunds-to/"
        assert "返金先の口座" in text_of(signed_in(client).get("/notices/"))
