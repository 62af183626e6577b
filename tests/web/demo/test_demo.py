"""Walking through the demo town: only there, only from the machine itself, only as invented people."""
import datetime

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client

from machi.accounts.models import User
from machi.activity.models import Fact
from machi.profiles.actions import write_profile
from machi.shared import clock
from tests.people import a_contract, a_person
from tests.web.contracts.walking import hidden, said, text_of

PLACES = ("/demo/", "/demo/mail/", "/demo/clock/")


@pytest.fixture
def demo(db, settings):
    """A demo town, and a browser on its machine."""
    settings.DEMO_TOWN = True
    return Client(HTTP_HOST="localhost:8000", REMOTE_ADDR="127.0.0.1")


@pytest.fixture
def somebody(demo) -> User:
    person = a_person("歩く人")
    User.objects.filter(pk=person.pk).update(email="walker@demo.machi.example")
    write_profile(by=person, headline="記事をお願いする人")
    person.refresh_from_db()
    return person


def test_outside_a_demo_town_nothing_of_it_exists(db):
    browser = Client(HTTP_HOST="localhost", REMOTE_ADDR="127.0.0.1")
    person = a_person()
    User.objects.filter(pk=person.pk).update(email="x@demo.machi.example")

    for path in PLACES:
        assert browser.get(path).status_code == 404
    assert browser.post(f"/demo/become/{person.pk}/").status_code == 404 and "_auth_user_id" not in browser.session
    assert browser.post("/demo/clock/", {"step": "day", "today": clock.today().isoformat()}).status_code == 404


@pytest.mark.parametrize("place", ["/", "/jobs/", "/account/login/", "/home/"])
@pytest.mark.parametrize(("is_demo", "says"), [(True, "これはデモの街です。"), (False, "ためしの街です。")])
def test_the_banner_says_that_it_is_a_demo_and_play_money_alone_leads_to_nobody_one_can_be(db, settings, place, is_demo, says):
    settings.DEMO_TOWN, settings.MONEY_MODE = is_demo, "demo"
    browser = Client(HTTP_HOST="localhost:8000", REMOTE_ADDR="127.0.0.1")
    if place == "/home/":
        browser.force_login(a_person())

    answer = browser.get(place)

    assert says in text_of(answer)
    assert (b"/demo/" in answer.content) == is_demo


@pytest.mark.parametrize("visitor", [
    {"REMOTE_ADDR": "192.168.1.5"}, {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": ""}, {"REMOTE_ADDR": "127.0.0.1, 1.2.3.4"},
    {"HTTP_HOST": "machi.example.jp"}, {"HTTP_HOST": "localhost.example.jp"}, {"HTTP_HOST": "10.0.0.1:8000"},
    {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, {"HTTP_FORWARDED": "for=203.0.113.7"}, {"HTTP_X_REAL_IP": "203.0.113.7"}])
def test_from_elsewhere_nothing_of_it_exists(demo, somebody, settings, visitor):
    settings.ALLOWED_HOSTS = ["*"]

    for path in PLACES:
        assert demo.get(path, **visitor).status_code == 404
    answer = demo.post(f"/demo/become/{somebody.pk}/", **visitor)
    assert answer.status_code == 404 and "_auth_user_id" not in demo.session


@pytest.mark.parametrize("visitor", [{}, {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"}, {"REMOTE_ADDR": "::ffff:127.0.0.1"},
                                     {"HTTP_HOST": "127.0.0.1:8000"}])
def test_from_the_machine_itself_it_is_there(demo, visitor):
    for path in PLACES:
        assert demo.get(path, **visitor).status_code == 200


def test_one_click_is_enough_to_be_somebody_and_it_is_written_down(demo, somebody):
    page = demo.get("/demo/")
    assert "歩く人" in text_of(page) and "記事をお願いする人" in text_of(page)

    answer = demo.post(f"/demo/become/{somebody.pk}/")

    assert answer.status_code == 302 and demo.session["_auth_user_id"] == str(somebody.pk)
    assert Fact.objects.filter(name="account.visited_as", about=f"user:{somebody.pk}", actor=None).count() == 1
    assert demo.get("/contracts/").status_code == 200


def test_those_worth_being_come_first_with_what_can_be_done_as_them(demo, somebody):
    User.objects.filter(pk=a_person("浜田みのり").pk).update(email="hamada@demo.machi.example")

    page = text_of(demo.get("/demo/"))

    assert said("demo.worth") in page and page.index("この人になる：浜田みのり") < page.index(said("demo.others"))


def test_being_somebody_else_leaves_nothing_of_the_first(demo, somebody):
    other = a_person()
    User.objects.filter(pk=other.pk).update(email="b@demo.machi.example")
    demo.post(f"/demo/become/{somebody.pk}/")
    first = demo.session.session_key

    demo.post(f"/demo/become/{other.pk}/")

    assert demo.session["_auth_user_id"] == str(other.pk) and demo.session.session_key != first


def test_a_real_person_cannot_be_had(demo):
    person = a_person()

    assert demo.post(f"/demo/become/{person.pk}/").status_code == 404 and demo.post("/demo/become/987654321/").status_code == 404
    assert person.name not in text_of(demo.get("/demo/")) and "_auth_user_id" not in demo.session


def test_becoming_is_a_deed_with_a_token(demo, somebody):
    strict = Client(HTTP_HOST="localhost:8000", REMOTE_ADDR="127.0.0.1", enforce_csrf_checks=True)

    assert strict.post(f"/demo/become/{somebody.pk}/").status_code == 403
    assert strict.get(f"/demo/become/{somebody.pk}/").status_code == 405


@pytest.mark.parametrize(("place", "where"), [
    ("/notices/7/", "/notices/7/"), ("//evil.example/", "/home/"), ("https://evil.example/", "/home/"), ("\\\\evil", "/home/"),
    ("", "/home/")])
def test_a_mail_leads_on_only_inside_the_town(demo, somebody, place, where):
    assert demo.post(f"/demo/become/{somebody.pk}/", {"next": place}).headers["Location"] == where


def sent(*letters: EmailMessage) -> None:
    EmailBackend().send_messages(list(letters))


def test_mails_are_read_newest_first_as_text_and_by_person(demo, somebody, settings):
    settings.SITE_URL = "http://localhost:8000"
    sent(EmailMessage("古い知らせ", "本文<script>alert(1)</script>\n\nhttp://localhost:8000/notices/3/", to=[somebody.email]))
    sent(EmailMessage("新しい知らせ", "こちらは𠮷野さんへ 😀", to=["other@example.jp"]))

    page, own = demo.get("/demo/mail/"), demo.get("/demo/mail/", {"to": "WALKER@demo.machi.example"})

    assert text_of(page).index("新しい知らせ") < text_of(page).index("古い知らせ")
    assert "𠮷野さんへ 😀" in text_of(page) and "<script>alert" not in page.content.decode()
    assert "新しい知らせ" not in text_of(own) and 'name="next" value="/notices/3/"' in own.content.decode()


def test_several_mails_in_one_file_and_a_broken_one_are_read(demo, settings):
    sent(EmailMessage("一通目", "あ", to=["a@example.jp"]), EmailMessage("二通目", "い", to=["a@example.jp"]))
    (settings.EMAIL_FILE_PATH / "99991231-broken.log").write_bytes(b"\xff\xfe\x00 no mail at all\n" + b"-" * 79 + b"\n")
    (settings.EMAIL_FILE_PATH / "secret.txt").write_text("not a mail")

    text = text_of(demo.get("/demo/mail/"))

    assert text.index("二通目") < text.index("一通目") and "not a mail" not in text


def test_without_mail_the_page_says_so(demo):
    mail.outbox = []
    assert said("demo.mail.none.text") in text_of(demo.get("/demo/mail/", {"to": "\x00'; --", "page": "9999"}))


@pytest.mark.parametrize(("step", "days"), [("day", 1), ("week", 7)])
def test_time_passes_once_however_often_the_button_is_pressed(demo, step, days):
    today = clock.today()
    form = {"step": step, "today": hidden(demo.get("/demo/clock/"), "today")}

    first, second = (demo.post("/demo/clock/", form) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 409) and said("demo.clock.moved_already") in text_of(second)
    assert clock.today() == today + datetime.timedelta(days=days)


def test_time_goes_on_to_the_next_pay_date(demo):
    contract = a_contract(accepted=True)
    demo.post("/demo/clock/", {"step": "payday", "today": clock.today().isoformat()})

    assert clock.today() == contract.milestones.get().pay_on


def test_without_anything_earned_it_goes_to_the_next_payout_day(demo, clock_at):
    clock_at("2026-12-01 10:00")
    demo.post("/demo/clock/", {"step": "payday", "today": "2026-12-01"})

    assert clock.today() == datetime.date(2026, 12, 15)


@pytest.mark.parametrize("form", [{}, {"step": ""}, {"step": "year"}, {"step": "day\x00"}, {"step": "day"}])
def test_a_step_that_does_not_exist_moves_nothing(demo, form):
    today = clock.today()

    assert demo.post("/demo/clock/", form).status_code in (409, 422) and clock.today() == today


def test_the_list_of_people_asks_the_same_questions_for_one_and_for_many(demo, somebody, django_assert_max_num_queries):
    def asked():
        demo.get("/demo/")
        with django_assert_max_num_queries(40) as queries:
            demo.get("/demo/")
        return len(queries)
    few = asked()
    for number in range(5):
        User.objects.filter(pk=a_person().pk).update(email=f"p{number}@demo.machi.example")
    assert asked() == few
