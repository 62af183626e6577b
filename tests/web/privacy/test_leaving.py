"""The pages of leaving: what keeps somebody here, what becomes of what they wrote, and the way back."""
import datetime
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from machi.accounts.actions import vouch_for_address
from machi.accounts.models import User
from machi.notifications.actions import queue, send_waiting
from machi.privacy import actions
from machi.privacy.models import LastWord, Paper
from machi.profiles.actions import add_strength
from machi.proposals import actions as proposals
from machi.proposals.actions import decline
from machi.proposals.models import Proposal
from machi.reviews.actions import say_thanks, write_review
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, a_staff_member, client_of
from tests.web.contracts import walking
from tests.web.contracts.walking import said, text_of
from tests.web.privacy.test_pages import shown_to, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["keep", "erase"])
def test_what_is_open_is_named_with_its_way_and_nothing_changes(way):
    contract = a_contract(funded=True)
    browser = signed_in(contract.worker)

    answer = browser.post(reverse(f"privacy:{way}"), {"word": "もう少し話したかったです"})

    assert answer.status_code == 409
    assert said("leave.hold.contract", title=contract.title) in text_of(answer)
    assert reverse("contracts:room", args=[contract.pk]) in answer.content.decode()
    assert "もう少し話したかったです" in answer.content.decode(), "what was typed is kept"
    assert not User.objects.get(pk=contract.worker.pk).has_left and not LastWord.objects.exists()


PLACES = ("privacy:leave", "privacy:keep", "privacy:erase")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_whoever_wants_to_talk_before_they_decide_is_shown_where_they_really_can(place, language):
    """No supporter is promised before there is one: the guide names the public services, where the link leads to."""
    person = a_person(language=language)
    browser = signed_in(person)
    with translation.override(language):
        title, limits = str(gettext("leave.talk")), str(gettext("open_door.limits.2"))

    page = browser.get(reverse(place)).content.decode()

    card = page[page.index('id="talk"'):].partition("</section>")[0]
    assert title in card.replace("<wbr>", "") and "mailto:" not in card
    address, _hash, section = re.search(r'href="([^"]+)"', card).group(1).partition("#")
    guide = browser.get(address).content.decode()
    assert limits in guide[guide.index(f'id="{section}"'):].partition("</section>")[0]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("contact", "leads_to"), [("hello@example.jp", "mailto:hello@example.jp"),
                                                    ("https://town.example.jp/write/?to=us", "https://town.example.jp/write/?to=us")])
def test_a_town_that_has_somebody_to_write_to_says_so(settings, place, contact, leads_to):
    settings.CONTACT = contact

    page = shown_to(signed_in(a_person()), place)

    assert f'href="{leads_to}"' in page.content.decode() and said("leave.talk.contact", contact=contact) in text_of(page)


def test_a_duty_that_keeps_somebody_leads_nowhere_because_others_end_it():
    browser = signed_in(a_staff_member("editor"))

    page = shown_to(browser, "privacy:leave").content.decode()

    held = page[page.index('id="held"'):].partition("</section>")[0]
    assert "<a " not in held and said("leave.hold.duty", duty="編集") in text_of(shown_to(browser, "privacy:leave"))


@pytest.mark.parametrize("way", ["keep", "erase"])
def test_whoever_leaves_while_a_client_answers_reads_that_and_leaves_with_the_next_press(way, monkeypatch):
    proposal = a_proposal()
    client, withdraw = client_of(proposal.job), proposals.withdraw

    def answered_just_before(*, proposal, by):
        decline(proposal=proposal, by=client, reason="topic")
        return withdraw(proposal=proposal, by=by)

    monkeypatch.setattr(proposals, "withdraw", answered_just_before)
    browser = signed_in(proposal.worker)

    answer = browser.post(reverse(f"privacy:{way}"), {"word": "もう少し話したかったです"})
    assert answer.status_code == 409 and said("proposal.withdraw_refused") in text_of(answer)
    assert "もう少し話したかったです" in answer.content.decode() and not User.objects.get(pk=proposal.worker_id).has_left

    assert said(f"left.title.{way}") in text_of(browser.post(reverse(f"privacy:{way}"), {"word": ""}, follow=True))


@pytest.mark.parametrize("way", ["keep", "erase"])
def test_a_word_that_is_too_long_is_kept_and_said(way):
    browser = signed_in(a_person())

    answer = browser.post(reverse(f"privacy:{way}"), {"word": "話" * 2001})

    assert answer.status_code == 422 and said("leave.question.long") in text_of(answer) and "話" * 2001 in answer.content.decode()


@pytest.mark.parametrize("way", ["keep", "erase"])
def test_leaving_signs_out_everywhere_and_says_goodbye(way):
    person = a_person()
    here, there = signed_in(person), signed_in(person)
    for browser in (here, there):
        browser.get("/home/")

    answer = here.post(reverse(f"privacy:{way}"), {"word": ""}, follow=True)

    assert said(f"left.title.{way}") in text_of(answer)
    assert [browser.get("/home/").status_code for browser in (here, there)] == [302, 302]
    assert Session.objects.count() <= 1


def test_a_second_click_in_an_old_window_is_led_to_the_door():
    person = a_person()
    here, there = signed_in(person), signed_in(person)
    there.get("/home/")
    here.post(reverse("privacy:erase"), {"word": ""})

    assert there.post(reverse("privacy:erase"), {"word": ""})["Location"].startswith("/account/login/")


def test_whoever_closed_the_door_is_not_public_and_hears_nothing(mailoutbox, django_capture_on_commit_callbacks):
    client = a_client("帰ってくる会")
    job = a_job(client)
    applied = a_proposal(job)
    add_strength(by=client, statement="段取りが得意です")
    done = a_contract(by=client, accepted=True)
    for person in (client, done.worker):
        write_review(contract=done, by=person, again="yes", text="助かりました")
    say_thanks(contract=done, by=client, text="ありがとうございました")

    actions.close_account(by=client)

    stranger = Client()
    assert stranger.get(reverse("profiles:public", args=[client.pk])).status_code == 404
    assert stranger.get(reverse("jobs:detail", args=[job.pk])).status_code == 404
    assert signed_in(applied.worker).get(reverse("jobs:detail", args=[job.pk])).status_code == 200
    assert Proposal.objects.get(pk=applied.pk).state == "closed", "whoever waited has an answer"
    for name, kept in (("profiles:public", "ありがとうございました"), ("profiles:reviews", "助かりました")):
        words = text_of(stranger.get(reverse(name, args=[done.worker_id])))
        assert kept in words and "街を出た方" in words and "帰ってくる会" not in words


def test_signing_in_opens_it_as_it_was(client, mailoutbox):
    person = a_person("旅人")
    vouch_for_address(user=person)
    add_strength(by=person, statement="段取りが得意です")
    actions.close_account(by=person)
    assert User.objects.get(pk=person.pk).name == "街を出た方"

    client.post("/account/login/", {"login": person.email})
    code = next(word for line in mailoutbox[-1].body.splitlines() for word in line.split() if len(word) == 9 and word[4] == "-")
    page = client.post("/account/login/code/confirm/", {"code": code}, follow=True)

    assert said("leave.came_back") in text_of(page)
    back = User.objects.get(pk=person.pk)
    assert (back.name, back.closed_at) == ("旅人", None)
    assert client.get(reverse("profiles:public", args=[person.pk])).status_code == 200


def test_no_mail_goes_to_whoever_closed_the_door(mailoutbox):
    person = a_person()
    actions.close_account(by=person)
    queue(to=User.objects.get(pk=person.pk), kind="export.ready", about="export", until_at=person.joined_at)

    assert send_waiting() == 0 and not mailoutbox
    assert person.notices.get().mailed_at is not None


def test_the_days_of_the_papers_stand_there_before_anybody_leaves():
    contract = a_contract(accepted=True)

    words = text_of(shown_to(signed_in(contract.client.person), "privacy:leave"))

    assert f"{contract.ended_at.year + 8}年3月16日" in words and said("paper.terms") in words


def test_the_years_of_the_papers_are_counted_from_the_day_in_japan(clock_at):
    """Half past midnight on New Year's Day in Japan is still the old year in Greenwich."""
    clock_at("2027-01-01 00:30")
    contract = a_contract(accepted=True)
    words = text_of(shown_to(signed_in(contract.client.person), "privacy:leave"))

    actions.erase_account(by=contract.client.person)

    papers = Paper.objects.sealed().order_by("pk")
    assert [paper.dated_on for paper in papers] == [datetime.date(2027, 1, 1)] * 2
    days = {paper.key.destroy_on for paper in papers}
    assert {day.year for day in days} == {2035} and all(f"2035年{day.month}月{day.day}日" in words for day in days)


def test_nobody_is_erased_by_a_button_that_does_not_say_so():
    """Who has to show who they are comes back to the page that says what happens, and finds there what they had written."""
    browser = walking.signed_in(a_person(), ago=3600)
    led = browser.post("/account/leave/erase/", {"word": ""})
    assert led.headers["Location"].endswith("?next=/account/leave/erase/") and "interrupted" not in browser.session

    led = browser.post("/account/leave/erase/", {"word": "また来ます。"})
    waiting, page = browser.get("/account/again/").content.decode(), text_of(browser.get("/account/leave/erase/"))

    assert led.headers["Location"].endswith("?next=/account/again/")
    assert "また来ます。" in waiting and 'action="/account/leave/erase/"' not in waiting and 'href="/account/leave/erase/"' in waiting
    assert "また来ます。 " + said("leave.erase.deed") in page
