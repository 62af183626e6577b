"""Every limit of config/limits.py: n times it works, the next time says when to try again, and after the window it works again."""
import math
import re
import time
from types import SimpleNamespace

import pytest
from allauth.account.app_settings import AppSettings
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.mfa.app_settings import AppSettings as KeySettings
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory

from config import limits as table
from machi.web.frame import limits, papers
from tests.people import a_person
from tests.portfolio.test_pieces import a_piece
from tests.web.contracts.walking import said, signed_in, text_of, upload
from tests.web.desk.staff import at_work

PASSWORD = "machi-no-hitobito"
EVERY = [(app, action, rate) for app, rates in (("allauth.account", table.ACCOUNT), ("allauth.mfa", table.MFA), ("machi.web", table.OURS))
         for action, given in rates.items() for rate in ratelimit.parse_rates(given)]


@pytest.fixture
def later(monkeypatch):
    """later(59): from here on the counter believes that so many seconds have passed."""
    real, ahead = time.time, [0.0]
    monkeypatch.setattr(ratelimit, "time", SimpleNamespace(time=lambda: real() + ahead[0], monotonic=time.monotonic, sleep=time.sleep))

    def move(seconds: float) -> None:
        ahead[0] += seconds
    return move


@pytest.fixture
def person(db):
    person = a_person()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


# ---- the table --------------------------------------------------------------------------------------------------------

def test_the_table_names_every_limit_that_allauth_has():
    assert set(table.ACCOUNT) == set(AppSettings("ACCOUNT_").RATE_LIMITS)
    assert set(table.MFA) == set(KeySettings("MFA_").RATE_LIMITS)


def test_no_limit_stands_anywhere_else():
    numbers = re.compile(r"^[\w, ]*(?:\w_A_DAY|\w_AN_HOUR|\w_A_MINUTE|ATTEMPTS)\b.*= .*\d", re.M)
    written = {path: numbers.findall(path.read_text()) for path in (settings.BASE / "machi").rglob("*.py")}

    assert {str(path): found for path, found in written.items() if found} == {}


def test_where_a_limit_may_be_met_is_known_for_every_limit_that_has_a_page():
    named = {pair for pairs in limits.MET_AT.values() for pair in pairs}
    said_in_the_form = ("login_failed", "confirm_email", "change_phone", "verify_phone")
    on_the_way = {("allauth.account", name) for name in said_in_the_form}

    assert named | on_the_way == {(app, action) for app, action, _rate in EVERY}
    assert max(rate.duration for _app, _action, rate in EVERY) <= limits.LONGEST


@pytest.mark.parametrize(("app", "action", "rate"), EVERY, ids=lambda value: str(value))
def test_n_times_and_once_more_and_after_the_window(db, later, app, action, rate):
    person, config = a_person(), {action: str(f"{rate.amount}/{rate.duration}s/{rate.per}")}

    def tried(ip="192.0.2.7", key="a@example.jp", user=person) -> bool:
        request = RequestFactory().post("/", REMOTE_ADDR=ip)
        request.user = user
        return ratelimit.consume(request, app=app, action=action, config=config, key=key) is not None

    assert [tried() for _time in range(rate.amount)] == [True] * rate.amount
    assert not tried()
    somebody_else = {"ip": {"ip": "192.0.2.8"}, "key": {"key": "b@example.jp"}, "user": {"user": a_person()}}[rate.per]
    assert tried(**somebody_else)
    later(rate.duration - 1)
    assert not tried()
    later(2)
    assert tried()


# ---- at the doors ------------------------------------------------------------------------------------------------------

def wrong(browser, person, **more):
    return browser.post("/account/login/", {"login": person.email, "password": "not this one"}, **more)


def test_a_sixth_wrong_password_is_asked_to_wait_and_told_how_long_and_how_else(person, later):
    for _try in range(5):
        assert said("account.error.mismatch") in text_of(wrong(Client(), person))

    right = Client().post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert said("account.error.too_many_tries", min=5) in text_of(right)
    later(301)
    assert Client().post("/account/login/", {"login": person.email, "password": PASSWORD}).headers["Location"] == "/home/"


def test_whose_address_a_stranger_has_locked_comes_in_by_a_code_from_the_mail(person, mailoutbox):
    for number in range(8):
        wrong(Client(), person, REMOTE_ADDR=f"198.51.100.{number}")
    owner = Client(REMOTE_ADDR="192.0.2.1")

    owner.post("/account/login/", {"login": person.email})
    code = mailoutbox[-1].body.split("確認コードは ")[1][:9]

    assert owner.post("/account/login/code/confirm/", {"code": code}).headers["Location"] == "/home/"


def test_nobody_begins_anew_by_claiming_another_address(person, settings):
    """X-Forwarded-For and its like are what somebody writes: without a proxy of our own nobody reads them (T29)."""
    settings.ACCOUNT_RATE_LIMITS = table.ACCOUNT | {"login": "3/m/ip"}
    claims = [{"HTTP_X_FORWARDED_FOR": f"203.0.113.{n}", "HTTP_X_REAL_IP": f"203.0.113.{n}", "HTTP_FORWARDED": f"for=203.0.113.{n}"}
              for n in range(4)]

    assert [wrong(Client(), person, **claim).status_code for claim in claims] == [200, 200, 200, 429]


def test_behind_a_proxy_of_our_own_only_what_the_proxy_saw_counts(person, settings):
    settings.ACCOUNT_RATE_LIMITS, settings.ALLAUTH_TRUSTED_PROXY_COUNT = table.ACCOUNT | {"login": "3/m/ip"}, 1
    liar = [wrong(Client(), person, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 198.51.100.9").status_code for n in range(4)]

    assert liar == [200, 200, 200, 429]
    assert wrong(Client(), person, HTTP_X_FORWARDED_FOR="198.51.100.10").status_code == 200


@pytest.mark.parametrize(("address", "typed", "limit"), [
    ("/account/login/", {"login": "x@example.jp", "password": "x"}, "login"),
    ("/account/signup/", {"email": ""}, "signup"),
    ("/account/password/reset/", {"email": "x@example.jp"}, "reset_password"),
])
def test_what_is_refused_at_a_door_says_when_to_try_again(db, settings, later, address, typed, limit):
    settings.ACCOUNT_RATE_LIMITS = table.ACCOUNT | {limit: "2/300s/ip"}
    answers = [Client().post(address, typed) for _try in range(3)]

    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
    assert said("error.429.text", min=5) in text_of(answers[2]) and int(answers[2].headers["Retry-After"]) == 300
    later(301)
    assert Client().post(address, typed).status_code != 429


def test_a_code_to_come_in_is_mailed_three_times_a_minute(person, mailoutbox, later):
    pages = [text_of(Client().post("/account/login/code/", {"email": person.email}, follow=True)) for _try in range(4)]

    assert len(mailoutbox) == 3 and said("account.error.too_many_tries", min=5) in pages[3]
    later(61)
    Client().post("/account/login/code/", {"email": person.email})
    assert len(mailoutbox) == 4


def just_shown(person) -> Client:
    """A browser in which this person has just shown who they are."""
    browser = signed_in(person)
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 3600, "email": person.email, "reauthenticated": True}]
    session.save()
    return browser


def tried(browser: Client, address: str, typed: dict, times: int) -> list[bool]:
    """For each try whether the door was still open."""
    return [browser.post(address, typed).status_code != 429 for _time in range(times)]


@pytest.mark.parametrize(("app", "limit", "address", "typed"), [
    (table.ACCOUNT, "manage_email", "/account/email/", {"action_primary": "", "email": "nobody@example.jp"}),
    (table.ACCOUNT, "change_password", "/account/password/change/", {"oldpassword": "not this one", "password1": "x", "password2": "y"}),
    (table.ACCOUNT, "reauthenticate", "/account/reauthenticate/", {"password": "not this one"}),
    (table.MFA, "webauthn_login", "/account/mfa/webauthn/login/", {"credential": "{}"}),
], ids=lambda value: value if isinstance(value, str) and "/" not in value else "")
def test_a_door_closes_after_as_many_tries_as_the_table_says_and_opens_again_after_its_time(person, later, app, limit, address, typed):
    [rate] = ratelimit.parse_rates(app[limit])
    one, other = (Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")) if rate.per == "ip" else (
        just_shown(person), just_shown(a_person()))

    assert tried(one, address, typed, rate.amount + 1) == [True] * rate.amount + [False]
    assert tried(other, address, typed, 1) == [True]
    later(rate.duration / 2)
    assert tried(one, address, typed, 1) == [False]
    later(rate.duration / 2 + 1)
    assert tried(one, address, typed, 1) == [True]


def code_in(mailoutbox) -> str:
    return mailoutbox[-1].body.split("確認コードは ")[1][:9]


def test_a_new_password_after_a_forgotten_one_is_tried_twenty_times_a_minute(person, mailoutbox, later):
    browser, there = Client(), "/account/password/reset/complete/"
    browser.post("/account/password/reset/", {"email": person.email})
    browser.post("/account/password/reset/confirm/", {"code": code_in(mailoutbox)})

    assert tried(browser, there, {"password1": "short", "password2": "short"}, 21) == [True] * 20 + [False]
    later(61)
    browser.post(there, {"password1": "minato-no-hitobito", "password2": "minato-no-hitobito"})
    person.refresh_from_db()
    assert person.check_password("minato-no-hitobito")


def test_a_code_for_a_new_address_is_mailed_four_times_in_ten_minutes(db, mailoutbox, later):
    def join() -> int:
        typed = {"email": "new@example.jp", "is_adult": "on", "agrees": "on", "papers": papers.shown()}
        return Client().post("/account/signup/", typed).status_code

    assert [join() for _time in range(5)] == [302] * 4 + [429] and len(mailoutbox) == 4
    later(601)
    assert join() == 302 and len(mailoutbox) == 5


def test_a_code_to_show_who_one_is_is_mailed_five_times_in_ten_minutes(person, mailoutbox, later):
    person.set_unusable_password()
    person.save()
    browser = signed_in(person, ago=3600)
    answers = [browser.post("/account/again/code/", {"send": "1"}) for _try in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429] and len(mailoutbox) == 5
    assert said("error.429.text", min=10) in text_of(answers[5])
    later(601)
    assert browser.post("/account/again/code/", {"send": "1"}).status_code == 302


def test_people_are_looked_up_thirty_times_in_ten_minutes(db, later):
    browser, _operator = at_work("operator")
    answers = [browser.post("/desk/people/", {"asked": f"nobody{n}@example.jp"}) for n in range(31)]

    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    assert browser.get("/desk/people/").status_code == 200
    later(601)
    assert browser.post("/desk/people/", {"asked": "nobody@example.jp"}).status_code == 422


def test_thirty_files_in_ten_minutes_may_be_put_beside_pieces_and_then_what_was_typed_waits(db, settings, later):
    settings.RATE_LIMITS = table.OURS | {"put_file": "2/10m/user"}
    person = a_person()
    piece, browser = a_piece(person), signed_in(person)
    words = {"title": "港の記事", "part": "ここまで書きました", "shown": "everybody"}
    there = f"/portfolio/{piece.pk}/files/add/"

    def added():
        return browser.post("/portfolio/add/", words | {"file": upload("a.txt", b"a")})
    answers = [browser.post(there, {"file": upload("a.txt", b"a")}), added(), added()]
    beside = browser.post(there, {"file": upload("a.txt", b"a"), "alt": "円になって話す"})

    assert [answer.status_code for answer in answers] == [302, 302, 409] and beside.status_code == 409
    assert said("file.too_often", min=10) in text_of(answers[2]) and "ここまで書きました</textarea>" in answers[2].content.decode()
    assert said("file.too_often", min=10) in text_of(beside) and 'value="円になって話す"' in beside.content.decode()
    assert browser.post("/portfolio/add/", words).status_code == 302            # words alone are not counted
    assert browser.post("/portfolio/add/", words | {"title": "", "file": upload("a.txt", b"a")}).status_code == 422
    later(601)
    assert added().status_code == 302


def test_the_sheet_about_oneself_is_set_thirty_times_in_ten_minutes_and_can_be_looked_at_all_the_while(db, later, monkeypatch):
    monkeypatch.setattr("machi.web.pages.cv.views.pdf_of", lambda person, wish: b"%PDF-1.7")
    browser = signed_in(a_person())
    answers = [browser.get("/me/cv/sheet.pdf") for _time in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429] and said("error.429.text", min=10) in text_of(answers[30])
    assert browser.get("/me/cv/").status_code == 200 and signed_in(a_person()).get("/me/cv/sheet.pdf").status_code == 200
    later(601)
    assert browser.get("/me/cv/sheet.pdf").status_code == 200


def test_people_are_not_looked_through_by_counting_up_their_numbers(db, later):
    browser, _operator = at_work("operator")
    person, other = a_person(), a_person()
    answers = [browser.get(f"/desk/people/{one.pk}/").status_code for one in [person, other] * 29]
    answers += [browser.post(f"/desk/people/{person.pk}/give/", {"kind": ""}).status_code for _time in range(3)]

    assert answers == [200] * 58 + [422, 422, 429]
    refused = browser.get(f"/desk/people/{other.pk}/")
    assert refused.status_code == 429 and said("error.429.text", min=10) in text_of(refused)
    later(601)
    assert browser.get(f"/desk/people/{other.pk}/").status_code == 200


def test_what_is_refused_has_three_languages(person, settings):
    settings.ACCOUNT_RATE_LIMITS = table.ACCOUNT | {"login": "1/300s/ip"}
    wrong(Client(), person)

    for language, words in (("ja", "5分"), ("ja-simple", "5分"), ("en", "5 minutes")):
        browser = Client()
        browser.cookies["django_language"] = language
        assert words in text_of(wrong(browser, person))


def test_tries_are_counted_for_all_processes_of_the_web(town, settings):
    """Granian runs a process per core: a counter in one of them would count a part."""
    assert settings.CACHES["default"]["BACKEND"].endswith("LocMemCache")            # the tests' own, quicker
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
    cache.set("tries", [1.0, 2.0], 60)

    assert cache.get("tries") == [1.0, 2.0] and type(cache._connections["default"]).__name__ == "DatabaseCache"
    request = RequestFactory().post("/")
    counted = [ratelimit.consume(request, app="machi.web", action="x", config={"x": "2/m/ip"}) is not None for _try in range(3)]
    assert counted == [True, True, False]
    cache.clear()


def test_minutes_are_rounded_up(db, settings):
    settings.ACCOUNT_RATE_LIMITS = table.ACCOUNT | {"login": "1/61s/ip"}
    Client().post("/account/login/", {"login": "x@example.jp", "password": "x"})
    answer = Client().post("/account/login/", {"login": "x@example.jp", "password": "x"})

    assert int(answer.headers["Retry-After"]) == 60 * math.ceil(61 / 60)
