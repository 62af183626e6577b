"""The list of notices, the way from each to its thing, and the switches of the mails."""
import datetime
import re

import pytest

from machi.notifications.actions import mark_all_read, queue, send_waiting
from machi.notifications.models import Notice, Silence
from machi.notifications.queries import mail_choices, unread_count
from machi.shared import clock
from machi.web.pages.notices.forms import MATTERS
from tests.people import a_contract, a_person, a_proposal, an_offer, client_of

ALL = {name: "on" for group in MATTERS.values() for name in group}


@pytest.fixture
def worker(db, browser):
    person = a_person("みどり")
    browser.force_login(person)
    return person


def plain(answer) -> str:
    return answer.content.decode().replace("<wbr>", "")


def told(to, kind="contract.formed", about="contract:1", **words) -> Notice:
    return queue(to=to, kind=kind, about=about, **({"job": "商店街の紹介文"} | words))


def test_an_empty_list_says_what_will_come(worker, browser):
    assert "お知らせは、まだありません" in plain(browser.get("/notices/"))


def test_what_is_new_carries_a_word_and_not_only_a_colour(worker, browser):
    told(worker)
    page = plain(browser.get("/notices/"))
    assert "「商店街の紹介文」の契約を結びました" in page and page.count(">新しい<") == 1 and "新しいお知らせが1件あります" in page

    mark_all_read(by=worker)
    page = plain(browser.get("/notices/"))
    assert "の契約を結びました" in page and ">新しい<" not in page and "すべて読んだことにする" not in page


def test_notices_stand_under_their_days(worker, browser, clock_at):
    clock_at("2026-12-14 23:30")
    told(worker)
    clock_at("2026-12-15 00:30")
    told(worker)

    days = re.findall(r'id="day-\d+">(.*?)<', plain(browser.get("/notices/")))

    assert days == ["12月15日（火）", "12月14日（月）"]


def test_opening_marks_it_read_and_stands_before_the_thing(db, browser):
    contract = a_contract()
    browser.force_login(contract.worker)
    notice = Notice.objects.get(user=contract.worker, kind="contract.formed")

    answer = browser.get(f"/notices/{notice.pk}/")

    assert answer.headers["Location"] == f"/contracts/{contract.pk}/"
    notice.refresh_from_db()
    assert notice.read_at and unread_count(contract.worker) == 1   # the offer is still new


def test_every_reference_has_its_place(db, browser):
    offer = an_offer(a_proposal())
    client, worker = client_of(offer), offer.worker
    contract = a_contract(accepted=True, worker=worker)
    places = [
        (client, "proposal.arrived", f"job:{offer.job_id}", f"/jobs/{offer.job_id}/applicants/"),
        (worker, "proposal.not_chosen", f"proposal:{offer.proposal_id}", f"/proposals/{offer.proposal_id}/"),
        (worker, "contract.offer", f"offer:{offer.pk}", f"/offers/{offer.pk}/"),
        (worker, "thanks.arrived", f"contract:{contract.pk}", f"/contracts/{contract.pk}/"),
        (worker, "payout.arrived", "payout:9", "/earnings/"),
        (worker, "payout.returned", "payout:9", "/earnings/account/"),
        (worker, "payout.waiting_for_account", f"milestone:{contract.milestones.get().pk}", "/earnings/account/"),
        (worker, "contract.accepted", f"milestone:{contract.milestones.get().pk}", f"/contracts/{contract.pk}/"),
        (client, "contract.accepted", f"milestone:{contract.milestones.get().pk}", "/notices/"),      # not theirs
        (worker, "contract.void", "something:1", "/notices/"),
    ]
    for person, kind, about, place in places:
        browser.force_login(person)
        notice = told(person, kind, about)
        assert browser.get(f"/notices/{notice.pk}/").headers["Location"] == place, (kind, about)


def test_the_notices_of_others_do_not_exist(worker, browser):
    notice = told(a_person())

    assert browser.get(f"/notices/{notice.pk}/").status_code == 404
    assert browser.get("/notices/999999999999999999999999/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_can_be_marked_read_by_their_person_only(worker, browser):
    mine, other = told(worker), told(a_person())

    assert browser.get("/notices/read/").status_code == 405
    assert browser.post("/notices/read/").headers["Location"] == "/notices/"

    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.read_at and other.read_at is None


@pytest.mark.parametrize("number", ["2", "0", "-1", "99", "x", "\x00", "9" * 30])
def test_any_page_number_leads_somewhere(worker, browser, number):
    for _more in range(31):
        told(worker)

    assert browser.get("/notices/", {"page": number}).status_code == 200


def test_the_list_asks_no_more_questions_when_it_is_long(worker, browser, django_assert_num_queries, django_assert_max_num_queries):
    told(worker)
    browser.get("/notices/")
    with django_assert_max_num_queries(8) as few:
        browser.get("/notices/")
    with clock.moved(by=datetime.timedelta(days=-1)):
        for _more in range(20):
            told(worker)

    with django_assert_num_queries(len(few)):
        browser.get("/notices/")


# ---- mails --------------------------------------------------------------------------------------

def test_at_first_everything_is_sent(worker, browser):
    page = plain(browser.get("/notices/mail/"))

    assert page.count("checked") == len(ALL) and all(mail_choices(worker).values())


def test_a_matter_that_is_switched_off_is_silent_in_all_its_wordings(worker, browser, mailoutbox):
    browser.post("/notices/mail/", {name: "on" for name in ALL if name != "result"})
    told(worker, "proposal.not_chosen_only", "proposal:1", n=3, k=1, reason_word="reason.topic")
    told(worker)

    with clock.moved(by=datetime.timedelta(days=1)):
        send_waiting()

    assert [mail.subject for mail in mailoutbox] == ["「商店街の紹介文」の契約を結びました"]
    assert plain(browser.get("/notices/mail/")).count("checked") == len(ALL) - 1
    assert unread_count(worker) == 2                               # it stands in the list all the same


def test_a_matter_can_be_switched_on_again(worker, browser):
    browser.post("/notices/mail/", {})
    assert not any(mail_choices(worker).values())

    browser.post("/notices/mail/", ALL)
    assert all(mail_choices(worker).values())


def test_a_mail_is_a_greeting_one_matter_one_link_and_the_way_to_stop(worker, mailoutbox):
    notice = told(worker)

    send_waiting()

    body = mailoutbox[0].body
    assert body.startswith("みどりさん\n") and f"http://localhost:8000/notices/{notice.pk}/" in body
    assert body.endswith("この種類のメールを止める：http://localhost:8000/notices/mail/") and "街の運営より" in body


def test_strange_switches_change_nothing(worker, browser):
    assert browser.post("/notices/mail/", ALL | {"nothing": "on", "offer": "\x00<script>"}).status_code == 302
    assert not Silence.objects.filter(kind__contains="nothing").exists()


def test_strangers_are_asked_to_sign_in(db, browser):
    for address in ("/notices/", "/notices/1/", "/notices/mail/"):
        assert browser.get(address).headers["Location"].startswith("/account/login/")
