"""The door of the town and the number it is measured by (F01, F03)."""
import html
import re

import pytest
from django.db import connection
from django.test import Client

from machi.jobs.actions import close_job
from machi.payments.actions import count_delivered
from machi.payments.fakebank import FakeBank
from machi.payments.models import DeliveredUntil
from machi.payments.queries import reward_delivered
from machi.web.pages.front.delivered import by_month, this_month
from tests.people import a_contract, a_job, a_person, client_of, payday, with_bank_account

NOTHING = "まだ、だれにも届いていません"


def text_of(answer) -> str:
    return re.sub(r"<wbr>", "", answer.content.decode())


def paid(*, number: str = "1234567"):
    """Somebody whose work was accepted and whose pay date has come."""
    worker = a_contract(accepted=True).worker
    with_bank_account(worker, number)
    return worker


def test_a_stranger_sees_what_the_town_is_and_one_way_in(db, browser):
    page = text_of(browser.get("/"))

    assert "仕事のある街です。" in page and "審査も登録料もありません" in page
    assert len(re.findall(r'class="btn solid"', page.partition("<main")[2])) == 1
    assert "工事中" in page and "相談員がいます" not in page        # only what exists is promised


def test_nothing_delivered_is_said_plainly(db, browser):
    assert NOTHING in text_of(browser.get("/")) and NOTHING in text_of(browser.get("/reward/"))


def test_the_number_counts_what_the_bank_has_paid_and_nothing_else(db, browser, clock_at):
    clock_at("2026-11-02 10:00")
    paid()
    assert NOTHING in text_of(browser.get("/"))                    # accepted, not paid yet

    clock_at("2026-12-28 10:00")
    payday()

    assert "8,580円" in text_of(Client().get("/reward/")) and "受け取った人 1人" in text_of(Client().get("/", {"again": 1}))
    assert int(reward_delivered().amount) == FakeBank().sent_yen() == 8_580


def test_what_the_bank_sent_back_is_not_delivered(db, browser, clock_at):
    clock_at("2026-11-02 10:00")
    paid(number="0000000")
    clock_at("2026-12-28 10:00")
    payday()

    assert NOTHING in text_of(browser.get("/reward/"))


def test_what_the_page_lets_anybody_count_is_what_the_town_counts_by_days(db, browser, clock_at):
    for agreed, pay_day in (("2026-09-01 10:00", "2026-09-30 10:00"), ("2026-10-20 10:00", "2026-11-30 10:00")):
        clock_at(agreed)
        paid()
        clock_at(pay_day)
        payday()
        count_delivered()                           # what was paid last is not counted by days yet
    page = text_of(browser.get("/reward/"))

    with connection.cursor() as cursor:
        cursor.execute(html.unescape(re.search(r'<code class="query"[^>]*>(.*?)</code>', page).group(1)))
        assert DeliveredUntil.objects.exists() and cursor.fetchone() == (int(reward_delivered().amount), reward_delivered().people_count)
    assert "街は一日ごとに数えておき、そのあとに届いた分を足しています" in page


def test_months_add_up_to_the_whole(db, clock_at):
    for agreed, pay_day in (("2026-09-01 10:00", "2026-09-30 10:00"), ("2026-10-20 10:00", "2026-11-30 10:00")):
        clock_at(agreed)
        paid()
        clock_at(pay_day)
        payday()

    months = by_month()

    assert [name for name, _yen in months] == ["6月", "7月", "8月", "9月", "10月", "11月"]
    assert [yen for _name, yen in months] == [0, 0, 0, 8_580, 0, 8_580]
    assert int(this_month().amount) == 8_580 and sum(yen for _name, yen in months) == int(reward_delivered().amount)


def test_open_posts_stand_at_the_door_and_closed_ones_do_not(db, browser):
    shown, hidden = a_job(title="商店街の紹介文"), a_job(title="もう終わった募集")
    close_job(job=hidden, by=client_of(hidden))

    page = text_of(browser.get("/"))

    assert "商店街の紹介文" in page and f"/jobs/{shown.pk}/" in page and "もう終わった募集" not in page


@pytest.mark.parametrize("address", ["/", "/reward/"])
def test_the_door_is_the_same_for_everybody_and_holds_no_token(db, browser, address):
    answer = browser.get(address)

    assert "csrfmiddlewaretoken" not in text_of(answer) and not answer.cookies


@pytest.mark.parametrize("language, words", [("en", "a town of work."), ("ja-simple", "仕事の街があります。")])
def test_the_door_speaks_three_languages(db, browser, language, words):
    browser.cookies["django_language"] = language

    assert words in text_of(browser.get("/"))


def test_whoever_is_inside_is_led_to_work_and_home(db, browser):
    browser.force_login(a_person())

    page = text_of(browser.get("/"))

    assert 'href="/home/"' in page and 'href="/account/signup/"' not in page
