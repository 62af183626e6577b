"""Showing once more who one is: before bank details and before what changes how somebody gets in (T14, T31)."""
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from machi.activity.queries import history_of
from machi.notifications.actions import choose_mail, send_waiting
from machi.payments.models import BankAccount
from tests.people import a_contract, a_person, client_of, with_bank_account
from tests.web.contracts.walking import HTMX, hidden, said, signed_in, state_of, text_of

pytestmark = pytest.mark.django_db
ACCOUNT = {"bank_code": "0005", "branch_code": "001", "kind": "1", "number": "1234567", "holder_kana": "マチダ タロウ"}
LONG_AGO = 3600


def without_password(person):
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def person():
    """As people are: an address that was confirmed, no password, no second key."""
    person = without_password(a_person("あおい"))
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def code_in(mail) -> str:
    return re.search(r"\d{4}-\d{4}", mail.body).group()


def prove(browser, mailoutbox, where="/account/again/code/"):
    """By a code from the mail."""
    browser.post(where, {"send": "1"})
    return browser.post(where, {"code": code_in(mailoutbox[-1])})


@pytest.mark.parametrize(("ago", "status"), [(0, 302), (890, 302), (910, "proof")])
def test_whoever_has_just_signed_in_names_an_account_and_later_shows_first_who_they_are(person, ago, status):
    answer = signed_in(person, ago=ago).post("/earnings/account/", ACCOUNT)

    assert answer.status_code == 302
    is_led_to_proof = answer.headers["Location"] == "/account/again/code/?next=/account/again/"
    assert is_led_to_proof == (status == "proof") == (not BankAccount.objects.filter(worker=person).exists())


def test_the_form_itself_waits_behind_the_proof(person, mailoutbox):
    browser = signed_in(person, ago=LONG_AGO)

    page = browser.get("/earnings/account/")
    assert said("account.bank.prove") in text_of(page) and 'name="number"' not in page.content.decode()
    led = browser.get("/account/reauthenticate/?next=/earnings/account/")
    assert led.headers["Location"] == "/account/again/code/?next=%2Fearnings%2Faccount%2F"
    assert person.email in text_of(browser.get(led.headers["Location"]))
    assert prove(browser, mailoutbox, led.headers["Location"]).headers["Location"] == "/earnings/account/"
    assert 'name="number"' in browser.get("/earnings/account/").content.decode()


def test_what_was_typed_survives_the_detour(person, mailoutbox):
    browser = signed_in(person, ago=LONG_AGO)

    led = browser.post("/earnings/account/", ACCOUNT).headers["Location"]
    back = prove(browser, mailoutbox, led).headers["Location"]
    page = browser.get(back).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))

    assert back == "/account/again/" and fields | ACCOUNT == fields
    assert browser.post("/earnings/account/", ACCOUNT).headers["Location"] == "/earnings/account/"
    assert BankAccount.objects.get(worker=person).number == "1234567" and "interrupted" not in browser.session


@pytest.mark.parametrize(("deed", "before", "after", "names"), [
    ("fund", "agreed", "funded", "11,000円を仮払いする"), ("accept", "delivered", "accepted", "8,580円")])
def test_money_moves_only_for_whoever_has_just_shown_who_they_are(db, mailoutbox, deed, before, after, names):
    contract = a_contract(delivered=deed == "accept")
    browser, address = signed_in(without_password(client_of(contract)), ago=LONG_AGO), f"/contracts/{contract.pk}/{deed}/"

    asked = browser.get(address)
    typed = {"round": hidden(asked, "round")} if deed == "accept" else {}
    led = browser.post(address, typed).headers["Location"]
    assert led == f"/account/again/code/?next={address}" and state_of(contract) == before
    assert browser.post(address, typed, **HTMX).headers["HX-Redirect"] == led

    assert prove(browser, mailoutbox, led).headers["Location"] == address
    page = browser.get(address)
    assert names in text_of(page) and "interrupted" not in browser.session      # the sum is read once more, then the button
    assert browser.post(address, typed).status_code == 302 and state_of(contract) == after


def test_before_money_a_stranger_s_contract_and_none_are_the_same(db):
    contract, stranger = a_contract(), without_password(a_person())
    for deed in ("fund", "accept"):
        for ago, number in ((0, 404), (LONG_AGO, 302)):
            browser = signed_in(stranger, ago=ago)
            assert {browser.post(f"/contracts/{pk}/{deed}/").status_code for pk in (contract.pk, 10**9)} == {number}


def test_a_part_of_a_page_is_led_there_as_a_whole(person):
    answer = signed_in(person, ago=LONG_AGO).post("/earnings/account/", ACCOUNT, **HTMX)

    assert answer.headers["HX-Redirect"] == "/account/again/code/?next=/account/again/"


def test_the_person_is_told_of_a_changed_account_and_it_is_written_down(person, mailoutbox):
    signed_in(person).post("/earnings/account/", ACCOUNT)

    notice = person.notices.get(kind="account.bank_changed")
    assert notice.mail_from is not None and "1234567" not in str(notice.words) and "567" not in str(notice.words)
    assert [fact.name for fact in history_of(f"user:{person.pk}")][-1] == "payout.account_changed"


def test_nobody_can_switch_off_what_keeps_the_account_safe(person, mailoutbox):
    choose_mail(by=person, kinds_wanted=set())
    with_bank_account(person)
    send_waiting()

    (mail,) = mailoutbox
    assert mail.subject == said("notice.bank_changed.subject") and said("mail.always") in mail.body
    assert "/notices/mail/" not in mail.body and "三菱" in mail.body


@pytest.mark.parametrize("address", [
    "/account/email/", "/account/password/set/", "/account/mfa/totp/activate/", "/account/mfa/webauthn/add/", "/account/sessions/",
    "/account/sessions/end/"])
def test_whatever_changes_how_one_gets_in_needs_the_proof(person, address):
    old = signed_in(person, ago=LONG_AGO).post(address, {"email": "new@example.jp", "action_add": ""})

    assert old.headers["Location"] == "/account/again/code/?next=/account/again/"
    assert not EmailAddress.objects.filter(email="new@example.jp").exists()


def test_a_mailed_code_never_stands_in_for_a_second_key(person):
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    browser = signed_in(person, ago=LONG_AGO)

    assert browser.post("/earnings/account/", ACCOUNT).headers["Location"].startswith("/account/mfa/reauthenticate/")
    assert browser.get("/account/again/code/").headers["Location"].startswith("/account/mfa/reauthenticate/")


def test_whoever_has_a_password_may_also_use_the_mail(person):
    person.set_password("machi-no-hitobito")
    person.save()
    browser = signed_in(person, ago=LONG_AGO)

    led = browser.post("/earnings/account/", ACCOUNT).headers["Location"]
    assert led == "/account/reauthenticate/?next=/account/again/"
    assert "/account/again/code/?next=%2Faccount%2Fagain%2F" in browser.get(led).content.decode()


def test_a_code_works_once_in_this_session_and_not_for_long(person, mailoutbox, monkeypatch):
    browser, other = signed_in(person, ago=LONG_AGO), signed_in(person, ago=LONG_AGO)
    browser.post("/account/again/code/", {"send": "1"})
    code = code_in(mailoutbox[-1])

    assert "authentication" not in str(other.post("/account/again/code/", {"code": code}).headers.get("Location", ""))
    assert other.post("/earnings/account/", ACCOUNT).headers["Location"].startswith("/account/again/code/")
    assert browser.post("/account/again/code/", {"code": code}).headers["Location"] == "/home/"
    again = browser.post("/account/again/code/", {"code": code}, follow=True)
    assert said("account.again.over") in text_of(again)


def test_a_code_that_is_too_old_is_over(person, mailoutbox, monkeypatch):
    browser = signed_in(person, ago=LONG_AGO)
    browser.post("/account/again/code/", {"send": "1"})
    session = browser.session
    session["proof_by_code"] |= {"at": session["proof_by_code"]["at"] - 601}
    session.save()

    answer = browser.post("/account/again/code/", {"code": code_in(mailoutbox[-1])}, follow=True)

    assert said("account.again.over") in text_of(answer) and said("account.again.send") in text_of(answer)


@pytest.mark.parametrize("typed", ["", "-", "0000-0000", "あ", "𠮷" * 50, "a" * 5000, "\0", "1234 5678 "])
def test_a_wrong_code_opens_nothing_and_three_end_the_try(person, mailoutbox, typed):
    browser = signed_in(person, ago=LONG_AGO)
    for never_sent in (True, False):
        if not never_sent:
            browser.post("/account/again/code/", {"send": "1"})
        answers = [browser.post("/account/again/code/", {"code": typed}) for _try in range(3)]
        assert {answer.status_code for answer in answers} <= {302, 422}
        assert all(answer.headers.get("Location", "/account/again/code/") == "/account/again/code/" for answer in answers)
    assert browser.post("/account/again/code/", {"code": code_in(mailoutbox[-1])}).headers["Location"] == "/account/again/code/"


def test_a_fresh_code_replaces_the_one_before(person, mailoutbox):
    browser = signed_in(person, ago=LONG_AGO)
    for _time in range(2):
        browser.post("/account/again/code/", {"send": "1"})

    assert browser.post("/account/again/code/", {"code": code_in(mailoutbox[0])}).status_code == 422
    assert browser.post("/account/again/code/", {"code": code_in(mailoutbox[1])}).headers["Location"] == "/home/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_out_of_the_town(person, mailoutbox, elsewhere):
    browser = signed_in(person, ago=LONG_AGO)
    browser.post("/account/again/code/", {"send": "1"})

    assert browser.post("/account/again/code/", {"code": code_in(mailoutbox[-1]), "next": elsewhere}).headers["Location"] == "/home/"
