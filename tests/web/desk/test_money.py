"""The desk of the town's account: finance brings the bank's file, sees what is in it, says yes, and works off what waits."""
import json
import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from machi.banking.actions import forget_unread
from machi.banking.models import BankRow
from machi.contracts.actions import fund, take_up_fundings
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.models import BankLine, ExpectedDeposit, Refund
from machi.shared import clock
from tests.banking.statements import csv_of
from tests.conftest import broken_rules
from tests.people import a_client, a_contract, client_of
from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work, with_second_key
from tests.web.payments.test_transfers import ACCOUNT

SUM, OPENING = 11_000, 100_000
HEADS = ["日付", "摘要", "摘要内容", "支払い金額", "預かり金額", "差引残高"]       # as the bank with the profile `mufg` writes them


@pytest.fixture
def desk(town, settings, tmp_path, clock_at):
    clock_at("2026-12-07 10:00")
    settings.MONEY_MODE, settings.MACHI_HOME, settings.BANK_FOLDER = "bank", tmp_path, tmp_path / "bank"
    (tmp_path / "account.json").write_text(json.dumps({"account": [ACCOUNT]}))
    return at_work("finance")


def asked(contract) -> ExpectedDeposit:
    fund(contract=contract, by=client_of(contract))
    return ExpectedDeposit.objects.get(about=contract.reference, state="waiting")


def upload(*lines, opening: int = OPENING) -> SimpleUploadedFile:
    """(amount, words) -> the file of a bank."""
    rows, left = [HEADS], opening
    for amount, words in lines:
        left += amount
        rows.append([f"{clock.today():%Y/%m/%d}", "振込", words, f"{-amount:,}" if amount < 0 else "", f"{amount:,}" if amount > 0 else "",
                     f"{left:,}"])
    return SimpleUploadedFile("meisai.csv", csv_of(*rows).read(), "text/csv")


def look(browser, file):
    return browser.post("/desk/bank/", {"profile": "mufg", "file": file})


def say_yes(browser, page):
    sha = page.content.decode().partition('name="sha256" value="')[2][:64]
    return browser.post("/desk/bank/statement/", {"profile": "mufg", "sha256": sha}, follow=True)


def test_a_statement_is_seen_first_taken_in_then_and_what_waits_is_worked_off(desk):
    browser, _person = desk
    first, second, third = (a_contract() for _each in range(3))
    one, two, three = map(asked, (first, second, third))

    page = look(browser, upload((SUM, f"{one.code} ﾐﾅﾄ"), (SUM, f"{two.code}ﾏﾁ"), (SUM, "ﾐﾅﾄ"), (-330, "ﾃｽｳﾘﾖｳ")))
    assert page.status_code == 200 and "33,000円" in text_of(page) and "132,670円" in text_of(page) and not BankRow.objects.exists()

    page = text_of(say_yes(browser, page))
    take_up_fundings()
    assert "ﾐﾅﾄ" in page and "ﾃｽｳﾘﾖｳ" in page and one.code not in page
    assert said("desk.bank.taken_and_waiting", n="4", waiting="2") in page
    unknown, fee = BankLine.objects.filter(state="open").order_by("pk")
    address = f"/desk/bank/suspense/{unknown.pk}/"
    assert three.code in text_of(browser.get(address))
    assert browser.post(address, {"what": f"deposit:{three.pk}", "reason": " "}).status_code == 422
    assert browser.post(address, {"what": "deposit:999", "reason": "確かめた"}).status_code == 422
    browser.post(address, {"what": f"deposit:{three.pk}", "reason": "電話で確かめた"})
    browser.post(f"/desk/bank/suspense/{fee.pk}/", {"what": "fee", "reason": "振込の手数料"})
    take_up_fundings()

    assert {contract.milestones.get().state for contract in (first, second, third)} == {"funded"}
    assert [int(balance(kind.of())) for kind in (Kind.BANK, Kind.SUSPENSE, Kind.EXPENSE)] == [-(OPENING + 3 * SUM - 330), 0, -330]
    assert said("desk.suspense.none") in text_of(browser.get("/desk/bank/suspense/"))
    assert "電話で確かめた" in text_of(browser.get(address)) and broken_rules() == {}


def test_the_bank_of_the_account_is_chosen_and_a_look_asks_for_no_key_but_a_yes_does(desk, tmp_path):
    """A file cannot wait while somebody shows who they are: the look moves nothing, and the yes sends only the print of what was shown."""
    browser, person = desk
    (tmp_path / "account.json").write_text(json.dumps({"account": [ACCOUNT | {"profile": "mufg"}]}))
    form = browser.get("/desk/bank/").content.decode()
    assert re.search(r'<option value="mufg"\s+selected', form)

    with_second_key(browser, person, ago=3600)
    page = look(browser, upload((700, "ﾀﾞﾚｶ")))
    assert page.status_code == 200 and said("desk.bank.brings") in text_of(page)
    assert "reauthenticate" in say_yes(browser, page).redirect_chain[0][0] and not BankLine.objects.exists()


def test_the_same_file_is_told_to_be_nothing_new_and_one_with_a_gap_is_refused_in_a_sentence(desk):
    browser, _person = desk
    say_yes(browser, look(browser, upload((700, "ﾀﾞﾚｶ"))))

    assert said("desk.bank.nothing_new") in text_of(look(browser, upload((700, "ﾀﾞﾚｶ"))))
    gap = look(browser, upload((700, "ﾀﾞﾚｶ"), opening=500_000))
    assert gap.status_code == 422 and "500,000" in text_of(gap)
    assert BankLine.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", "日付,金額\n2026/12/07,5\n".encode(), b"\0" * 900,
                                     "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高\n令和七十,振込,ア,,5,5\n".encode("cp932")])
def test_a_file_that_is_none_is_told_next_to_its_field_and_nothing_moves(desk, content):
    browser, _person = desk
    answer = look(browser, SimpleUploadedFile("x.csv", content))

    assert answer.status_code == 422 and said("desk.bank.look") in text_of(answer) and not BankLine.objects.exists()


def test_a_yes_to_a_file_that_is_gone_or_another_one_takes_nothing_in(desk):
    browser, _person = desk
    page = look(browser, upload((700, "ﾀﾞﾚｶ")))
    look(browser, upload((800, "ﾎｶﾉ ﾋﾄ")))              # in another window

    assert said("desk.bank.gone") in text_of(say_yes(browser, page)) and not BankLine.objects.exists()
    for form in ({}, {"profile": "mufg", "sha256": "x"}, {"profile": "nowhere", "sha256": "0" * 64}):
        assert browser.post("/desk/bank/statement/", form).status_code == 422


def test_money_of_a_client_goes_back_to_them_and_the_line_that_leaves_is_that_refund(desk):
    browser, _person = desk
    contract = a_contract()
    deposit = asked(contract)
    say_yes(browser, look(browser, upload((10_670, f"{deposit.code} ﾐﾅﾄ"))))
    line = BankLine.objects.get()
    assert f'value="deposit:{deposit.pk}"' not in browser.get(f"/desk/bank/suspense/{line.pk}/").content.decode()     # another sum

    browser.post(f"/desk/bank/suspense/{line.pk}/", {"what": f"client:{contract.client_id}", "reason": "手数料が引かれていた"})
    say_yes(browser, look(browser, upload((10_670, f"{deposit.code} ﾐﾅﾄ"), (-10_670, "ﾐﾅﾄ"))))
    left = BankLine.objects.get(amount_yen__lt=0)
    browser.post(f"/desk/bank/suspense/{left.pk}/", {"what": f"refund:{Refund.objects.get().pk}", "reason": "お返しした"})

    assert Refund.objects.get().state == "paid" and broken_rules() == {}


def test_of_two_people_with_one_line_on_their_screens_the_second_reads_what_the_first_decided(desk):
    (browser, _person), (other, _colleague) = desk, at_work("finance")
    say_yes(browser, look(browser, upload((700, "ﾀﾞﾚｶ"))))
    address = f"/desk/bank/suspense/{BankLine.objects.get().pk}/"
    browser.post(address, {"what": "own", "reason": "運営者の資金"})

    answer = other.post(address, {"what": "bank", "reason": "組戻し"})
    assert answer.status_code == 409 and "運営者の資金" in text_of(answer) and broken_rules() == {}


def test_a_town_without_an_account_says_where_to_write_it(desk, tmp_path):
    (tmp_path / "account.json").unlink()
    browser, _person = desk
    assert "account.json" in text_of(browser.get("/desk/bank/")) and look(browser, upload((700, "x"))).status_code == 422


def test_a_long_list_is_asked_with_as_few_questions_as_a_short_one(desk, django_assert_max_num_queries):
    browser, _person = desk
    say_yes(browser, look(browser, upload(*((700 + n, f"ﾀﾞﾚｶ{n}") for n in range(40)))))
    browser.get("/desk/bank/suspense/")
    with django_assert_max_num_queries(16):
        assert "ﾀﾞﾚｶ29" in text_of(browser.get("/desk/bank/suspense/"))


def test_a_statement_that_nobody_took_in_is_gone_after_a_day(desk, settings):
    browser, person = desk
    look(browser, upload((700, "ﾀﾞﾚｶ")))
    kept = settings.BANK_FOLDER / f"statement-{person.pk}"
    assert kept.stat().st_mode & 0o077 == 0 and forget_unread() == 0

    os.utime(kept, (0, 0))
    assert forget_unread() == 1 and not kept.exists()


def test_two_clients_of_one_name_are_told_apart_by_their_numbers_before_and_after(desk):
    browser, _person = desk
    first, second = (a_contract(by=a_client("同じ名前の会")) for _each in range(2))
    one, two = map(asked, (first, second))
    say_yes(browser, look(browser, upload((SUM, "ｵﾅｼﾞ"))))
    address = f"/desk/bank/suspense/{BankLine.objects.get().pk}/"

    page = text_of(browser.get(address))
    assert all(f"同じ名前の会・番号{deposit.party_id}、振込の番号{deposit.code}" in page for deposit in (one, two))
    browser.post(address, {"what": f"deposit:{two.pk}", "reason": "電話で確かめた"})

    page = text_of(browser.get(address))
    assert said("adjust.name_and_number", name="同じ名前の会", n=two.party_id) in page and f"番号{one.party_id}）" not in page
