"""Joining (登録): e-mail and one box, a code, a name. Three screens, no password, nobody learns who is here already."""
import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from machi.accounts import facts
from machi.accounts.models import Agreement, Party, User
from machi.activity.queries import history_of
from machi.web.frame import papers
from tests.people import a_person


def form(email: str = "aoi@example.jp", **more) -> dict:
    return {"email": email, "is_adult": "on", "agrees": "on", "papers": papers.shown()} | more


def code_in(mail) -> str:
    return re.search(r"\d{4}-\d{4}", mail.body).group()


def shown(answer) -> str:
    """A page without what is different each time: tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_three_screens_lead_from_the_street_into_the_town(db, browser, mailoutbox):
    first = browser.post("/account/signup/", form(), follow=True)
    second = browser.post("/account/confirm-email/", {"code": code_in(mailoutbox[0])}, follow=True)
    third = browser.post("/welcome/", {"call_name": "あおい"})

    assert 'class="toast' not in second.content.decode()[second.content.decode().index("<main"):].split("</main>")[0]
    assert first.request["PATH_INFO"] == "/account/confirm-email/" and "aoi@example.jp" in first.content.decode()
    assert second.request["PATH_INFO"] == "/welcome/"
    assert third.status_code == 302
    person = User.objects.get(email="aoi@example.jp")
    assert person.display_name == "あおい" and not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified and Party.objects.filter(person=person).count() == 1


def test_what_was_agreed_to_is_written_down_with_its_version(db, browser):
    browser.post("/account/signup/", form())

    person = User.objects.get()
    assert dict(person.agreements.values_list("paper", "version")) == papers.versions()
    assert set(papers.versions()) == set(Agreement.Paper.values)
    assert [fact.name for fact in history_of(f"user:{person.pk}")] == [facts.JOINED]


@pytest.mark.parametrize("versions", ["terms:0 privacy:1 rules:1 adult:1", "", "x\0", "<b>𠮷", "terms:1 " * 10_000])
def test_nobody_agrees_to_a_paper_they_were_not_shown(db, browser, versions):
    page = browser.post("/account/signup/", form(papers=versions)).content.decode()

    assert "利用規約などが新しくなりました" in page and not User.objects.exists()
    assert 'value="aoi@example.jp"' in page and re.search(r'name="is_adult"[^>]*checked', page)
    assert not re.search(r'name="agrees"[^>]*checked', page)
    shown = re.search(r'name="papers" value="([^"]*)"', page).group(1)
    assert browser.post("/account/signup/", form(papers=shown)).status_code == 302
    assert dict(User.objects.get().agreements.values_list("paper", "version")) == papers.versions()


def test_nothing_but_an_address_and_two_boxes_is_asked(db, browser):
    page = browser.get("/account/signup/").content.decode()
    main = page[page.index("<main"):page.index("</main>")]

    assert re.findall(r'<input type="(\w+)" name="(\w+)"', main) == [
        ("hidden", "csrfmiddlewaretoken"), ("hidden", "papers"), ("email", "email"), ("checkbox", "is_adult"),
        ("checkbox", "agrees")]


@pytest.mark.parametrize(("missing", "said"), [
    ("is_adult", "18歳以上の方は、ここに印を付けてください。"), ("agrees", "読んで同意できるときは、ここに印を付けてください。"),
    ("email", "ここを入れてください。")])
def test_a_missing_box_says_what_to_do_and_keeps_the_rest(db, browser, missing, said):
    answer = browser.post("/account/signup/", {name: value for name, value in form().items() if name != missing})

    assert said in answer.content.decode() and not User.objects.exists()
    assert missing == "email" or 'value="aoi@example.jp"' in answer.content.decode()


@pytest.mark.parametrize("email", ["x", "a@b", "あおい", "a b@example.jp", "@example.jp", "a@example.jp\0", "<b>@example.jp>",
                                   "a" * 300 + "@example.jp", "🌷@example.jp", "𠮷@example.jp", "\u202ea@example.jp"])
def test_what_is_no_address_is_refused_in_words(db, browser, email):
    answer = browser.post("/account/signup/", form(email))

    assert answer.status_code == 200 and 'class="error"' in answer.content.decode()
    assert not User.objects.exists()


def test_the_three_languages_have_the_same_gate_and_the_mail_comes_in_the_language_of_the_page(db, mailoutbox):
    for number, (language, subject) in enumerate((("ja", "街の確認コード"), ("ja-simple", "街の確認コード"), ("en", "Your Machi code"))):
        browser = Client()
        browser.cookies["django_language"] = language
        browser.post("/account/signup/", form(f"person{number}@example.jp"))
        assert mailoutbox[-1].subject == subject and not re.search(r"\d", mailoutbox[-1].subject)
        assert code_in(mailoutbox[-1]) and "10" in mailoutbox[-1].body and "&" not in mailoutbox[-1].body


def test_a_known_address_looks_the_same_and_only_the_mail_tells(db, mailoutbox):
    known = a_person()
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    new, old = Client(), Client()

    there = new.post("/account/signup/", form("nobody@example.jp"), follow=True)
    here = old.post("/account/signup/", form(known.email), follow=True)

    assert shown(there).replace("nobody@example.jp", "X") == shown(here).replace(known.email, "X")
    assert [mail.subject for mail in mailoutbox] == ["街の確認コード", "街の登録について"]
    assert "/account/login/code/" in mailoutbox[1].body and known.email not in mailoutbox[1].subject
    assert shown(new.post("/account/confirm-email/", {"code": "0000-0000"})).replace("nobody@example.jp", "X") == \
        shown(old.post("/account/confirm-email/", {"code": "0000-0000"})).replace(known.email, "X")


def test_capital_letters_are_the_same_address(db, browser, mailoutbox):
    browser.post("/account/signup/", form())
    Client().post("/account/signup/", form("AOI@Example.jp"))

    assert User.objects.count() == 1 and mailoutbox[1].subject == "街の登録について"


def test_a_second_click_leads_to_the_same_code(db, browser, mailoutbox):
    browser.post("/account/signup/", form())
    again = browser.post("/account/signup/", form(), follow=True)

    assert again.request["PATH_INFO"] == "/account/confirm-email/" and len(mailoutbox) == 1
    assert browser.post("/account/confirm-email/", {"code": code_in(mailoutbox[0])}).headers["Location"].startswith("/welcome/")


def test_two_windows_at_the_same_moment_make_one_person(race):
    """The database settles it; the later one is told by mail like anybody who has joined already."""
    answers = race(*[lambda: Client().post("/account/signup/", form()).status_code] * 2)

    assert answers == [302, 302] and User.objects.count() == Party.objects.count() == 1


def test_a_wrong_code_is_no_verdict_and_three_of_them_end_the_try(db, browser, mailoutbox):
    browser.post("/account/signup/", form())
    wrong = browser.post("/account/confirm-email/", {"code": "0000-0000"})

    assert "コードが合いませんでした。" in wrong.content.decode() and 'aria-invalid="true"' in wrong.content.decode()
    for _try in range(3):
        last = browser.post("/account/confirm-email/", {"code": "0000-0000"}, follow=True)
    assert last.request["PATH_INFO"] == "/account/login/" and not EmailAddress.objects.get().verified


def test_a_code_may_be_pasted_with_blanks_and_without_its_dash(db, browser, mailoutbox):
    browser.post("/account/signup/", form())
    code = f" {code_in(mailoutbox[0]).replace('-', '')} "

    assert browser.post("/account/confirm-email/", {"code": code}).headers["Location"].startswith("/welcome/")


def test_another_code_replaces_the_first(db, browser, mailoutbox):
    browser.post("/account/signup/", form())
    browser.post("/account/confirm-email/", {"action": "resend"})

    assert len(mailoutbox) == 2
    browser.post("/account/confirm-email/", {"code": code_in(mailoutbox[0])})
    assert browser.post("/account/confirm-email/", {"code": code_in(mailoutbox[1])}).headers["Location"].startswith("/welcome/")


@pytest.mark.parametrize(("typed", "kept"), [
    ("あおい", "あおい"), (" 髙﨑　𠮷子 ", "髙﨑 𠮷子"), ("🌷", "🌷"), ("\u202eおい", "おい"), ("<b>あ</b>", "<b>あ</b>"),
    ("あ" * 40, "あ" * 40), ("あ\0い", "あい")])
def test_a_name_may_be_anything_that_can_be_read(db, browser, typed, kept):
    person = a_person()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert browser.post("/welcome/", {"call_name": typed}).status_code == 302
    person.refresh_from_db()
    assert person.display_name == kept
    assert "<b>あ</b>" not in browser.get("/welcome/").content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "\u200e\u202e", "あ" * 41])
def test_a_name_that_nobody_could_read_is_asked_for_again(db, browser, typed):
    person = a_person("前の名")
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = browser.post("/welcome/", {"call_name": typed})
    person.refresh_from_db()
    assert answer.status_code == 422 and person.display_name == "前の名" and 'class="error"' in answer.content.decode()


def test_who_wanted_to_go_somewhere_gets_there_after_saying_a_name(db, browser, mailoutbox):
    browser.post("/account/signup/?next=/jobs/", form(next="/jobs/"))
    to_the_name = browser.post("/account/confirm-email/", {"code": code_in(mailoutbox[0]), "next": "/jobs/"}).headers["Location"]

    assert to_the_name == "/welcome/?next=%2Fjobs%2F"
    assert 'name="next" value="/jobs/"' in browser.get(to_the_name).content.decode()
    assert browser.post("/welcome/", {"call_name": "あおい", "next": "/jobs/"}).headers["Location"] == "/jobs/"      # no fourth screen
    assert 'href="/me/wishes/"' in browser.get("/home/").content.decode()                     # wishes wait where there is time for them


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_out_of_the_town(db, browser, elsewhere):
    browser.force_login(a_person(), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert browser.post("/welcome/", {"call_name": "あおい", "next": elsewhere}).headers["Location"] == "/home/"


def test_who_left_before_the_last_screen_is_asked_again_at_the_next_door(db, browser, mailoutbox):
    browser.post("/account/signup/", form())
    browser.post("/account/confirm-email/", {"code": code_in(mailoutbox[0])})
    later = Client()
    later.post("/account/login/", {"login": "aoi@example.jp"})

    assert later.post("/account/login/code/confirm/", {"code": code_in(mailoutbox[1])}).headers["Location"].startswith("/welcome/")


def test_who_is_signed_in_does_not_join_again(db, browser):
    browser.force_login(a_person(), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert browser.get("/account/signup/").status_code == 302 and browser.post("/account/signup/", form()).status_code == 302
    assert User.objects.count() == 1
