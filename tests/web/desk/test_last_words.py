"""The desk of last words: what people wrote as they left is read, as the page of leaving says, and tells nobody's name."""
import datetime

import pytest

from machi.privacy.actions import close_account, erase_account
from machi.shared import clock
from tests.people import a_person
from tests.web.contracts.walking import said, text_of
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = (datetime.datetime(2026, month, 20, 12, tzinfo=clock.JAPAN) for month in (11, 12))


def test_what_people_wrote_as_they_left_is_read_when_the_month_is_over(clock_stands_at):
    clock_stands_at(NOVEMBER)
    close_account(by=a_person("髙﨑"), word="夜に話せる人がいたら、\nいられました")
    erase_account(by=a_person("𠮷岡"), word="<b>仕事</b>が少なかったです")
    browser, _operator = at_work("operator")
    assert said("desk.last_words.none") in text_of(browser.get("/desk/last-words/"))

    clock_stands_at(DECEMBER)
    browser, _operator = at_work("operator")
    page = browser.get("/desk/last-words/")
    words = text_of(page)
    for part in ("2026年11月", "夜に話せる人がいたら、いられました", "<b>仕事</b>が少なかったです"):
        assert part in words
    assert said("desk.last_words.keep") in words and said("desk.last_words.erase") in words
    assert "髙﨑" not in words and "𠮷岡" not in words and "20日" not in words


def test_the_first_page_of_the_desks_leads_an_operator_there_and_nobody_else():
    assert "/desk/last-words/" in at_work("operator")[0].get("/desk/").content.decode()
    for duty in ("editor", "finance", "auditor", "supporter"):
        browser, _person = at_work(duty)
        assert "/desk/last-words/" not in browser.get("/desk/").content.decode()
        assert browser.get("/desk/last-words/").status_code == 404
