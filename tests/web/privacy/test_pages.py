"""The pages of taking home, seeing who has seen, and leaving: what stands there, and what they refuse."""
import datetime
import io
import time
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from machi.accounts.actions import introduce, note_look
from machi.accounts.models import User
from machi.contracts.actions import accept_delivery, agree_on_date, ask_changes, ask_for_date, deliver
from machi.notifications.words import day
from machi.privacy import actions
from machi.privacy.models import Export
from machi.shared import clock
from machi.web.pages.privacy import watched
from tests.people import (
    a_client,
    a_contract,
    a_job,
    a_member,
    a_person,
    a_proposal,
    a_staff_member,
    an_organisation,
    payday,
    with_bank_account,
)
from tests.web.contracts.walking import said, text_of
from tests.web.contracts.walking import signed_in as just_signed_in
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    """In a browser of their own, where they have just shown who they are."""
    browser = just_signed_in(user)
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": user.email, "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


def shown_to(browser, name, *args):
    return browser.get(reverse(name, args=args))


# ---- taking home --------------------------------------------------------------------------------------------------------

def test_the_file_is_asked_for_made_and_taken():
    person = a_person()
    browser = signed_in(person)
    assert said("export.ask") in text_of(shown_to(browser, "privacy:export"))

    browser.post(reverse("privacy:export"))
    page = shown_to(browser, "privacy:export")
    assert said("export.making") in text_of(page) and 'hx-trigger="every 2s"' in page.content.decode()
    actions.make_exports()

    assert said("export.ready.title") in text_of(shown_to(browser, "privacy:export"))
    answer = browser.post(reverse("privacy:take"))
    assert answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None


def test_whoever_has_not_shown_lately_who_they_are_is_led_to_it_and_back():
    person = a_person()
    actions.ask_for_export(by=person)
    actions.make_exports()
    browser = just_signed_in(person)
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()

    assert said("export.prove") in text_of(shown_to(browser, "privacy:export"))
    for ask in (browser.get, browser.post):
        answer = ask(reverse("privacy:take"))
        assert answer.status_code == 302 and "next=" in answer["Location"] and answer["Location"] != reverse("privacy:export")
    assert browser.post(reverse("privacy:erase"), {"word": "またいつか"}).status_code == 302
    assert User.objects.get(pk=person.pk).erased_at is None


def test_a_file_that_is_not_there_any_more_is_said_so(settings):
    person = a_person()
    actions.ask_for_export(by=person)
    actions.make_exports()
    for file in settings.EXPORT_FOLDER.iterdir():
        file.unlink()
    browser = signed_in(person)

    assert said("export.not_there") in text_of(browser.post(reverse("privacy:take"), follow=True))


def test_while_it_is_made_only_the_part_is_sent_to_htmx():
    browser = signed_in(a_person())
    browser.post(reverse("privacy:export"))

    part = browser.get(reverse("privacy:export"), HTTP_HX_REQUEST="true").content.decode()

    assert 'id="standing"' in part and "<html" not in part


# ---- who has seen -------------------------------------------------------------------------------------------------------

def test_whoever_got_something_by_application_or_contract_stands_there():
    contract = a_contract()
    a_proposal(a_job(a_client("よその会"), title="別の仕事"), contract.worker)

    worker = text_of(shown_to(signed_in(contract.worker), "privacy:seen"))
    client = text_of(shown_to(signed_in(contract.client.person), "privacy:seen"))

    assert "よその会" in worker and said("seen.proposal", job="別の仕事") in worker and said("seen.contract", job=contract.title) in worker
    assert contract.worker.name in client and said("seen.contract_client", job=contract.title) in client


def test_exports_and_devices_stand_there():
    person = a_person()
    browser = signed_in(person)
    browser.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    browser.post(reverse("privacy:export"))

    words = text_of(shown_to(browser, "privacy:seen"))

    assert said("seen.export_asked") in words and "Firefox（Windows）" in words


def test_a_look_of_the_towns_own_people_stands_there_with_their_duty():
    person = a_person()
    desk, operator = at_work("operator")
    introduce(by=operator, display_name="みや")

    desk.get(f"/desk/people/{person.pk}/")

    words = text_of(shown_to(signed_in(person), "privacy:seen"))
    assert "みやさん（" + said("role.operator") + "）" in words and said("looked.duties") in words and operator.email not in words


def test_the_page_asks_as_often_for_one_look_as_for_twenty():
    person, staff = a_person(), a_staff_member("operator")
    note_look(by=staff, person=person, what="looked.duties")
    with CaptureQueriesContext(connection) as once:
        watched.everything(person)

    for _number in range(9):
        note_look(by=staff, person=person, what="looked.duties")
        note_look(by=a_staff_member("supporter"), person=person, what="looked.duties")

    with CaptureQueriesContext(connection) as often:
        assert len(watched.everything(person)["staff"]) == 19
    assert len(often) == len(once)


# ---- the copy of whoever stays ------------------------------------------------------------------------------------------

def test_the_room_leads_to_the_copy_and_the_copy_shows_what_was_agreed():
    contract = a_contract(accepted=True)
    client = contract.client.person
    actions.erase_account(by=client)
    browser = signed_in(contract.worker)

    room = shown_to(browser, "contracts:room", contract.pk)
    copy = shown_to(browser, "privacy:copy", contract.pk)

    assert reverse("privacy:copy", args=[contract.pk]) in room.content.decode() and "みなと地域スポーツ応援会" not in text_of(room)
    assert "みなと地域スポーツ応援会" in text_of(copy) and said("copy.hash", hash=contract.offer.terms_hash[:16]) in text_of(copy)
    assert shown_to(signed_in(a_person()), "privacy:copy", contract.pk).status_code == 404


def test_the_copy_shows_what_was_agreed_later_and_what_was_asked_of_each_round():
    contract = a_contract(funded=True)
    client, worker, milestone = contract.client.person, contract.worker, contract.milestones.get()
    before = day(milestone.due_on)
    agree_on_date(request=ask_for_date(milestone=milestone, by=worker, wished_on=milestone.due_on + datetime.timedelta(days=40)),
                  by=client)
    milestone.refresh_from_db()
    now, wanted = day(milestone.due_on), day(milestone.pay_on)
    deliver(milestone=milestone, by=worker, text="はじめの原稿です", ai_note="下調べに使いました")
    ask_changes(milestone=milestone, by=client, points="題名を短く\n写真を一枚")
    deliver(milestone=milestone, by=worker, text="直した原稿です", ai_note="使っていません")
    accept_delivery(milestone=milestone, by=client)
    actions.erase_account(by=client)

    page = shown_to(signed_in(worker), "privacy:copy", contract.pk)

    milestone.refresh_from_db()
    words, paid = text_of(page), day(milestone.pay_on)
    assert words.index(now) < words.index(before), "the day that holds comes first"
    assert words.index(wanted) < words.rindex(paid), "and what was paid on which day stands in the statement"
    assert said("dates.agreed.version", n=1) in words and said("agreed.before", before=before) in words
    assert said("copy.hash", hash=contract.offer.terms_hash[:16]) in words
    for told in ("はじめの原稿です", said("room.ai_note", note="下調べに使いました"), "題名を短く", "写真を一枚", "直した原稿です"):
        assert told in words
    assert words.index("はじめの原稿です") < words.index("題名を短く") < words.index("直した原稿です")


def test_whoever_only_pays_for_an_organisation_is_not_led_to_a_copy_they_may_not_read(clock_at):
    party = an_organisation()
    contract = a_contract(party=party, by=party.people("keeper")[0], accepted=True)
    with_bank_account(contract.worker)
    clock_at(datetime.datetime.combine(contract.milestones.get().pay_on, datetime.time(10), clock.JAPAN))
    payday()
    actions.erase_account(by=contract.worker)
    pays, reads = signed_in(a_member(party, "payer")), signed_in(a_member(party, "approver"))
    link = reverse("privacy:copy", args=[contract.pk])

    assert link not in shown_to(pays, "contracts:room", contract.pk).content.decode() and pays.get(link).status_code == 404
    assert link in shown_to(reads, "contracts:room", contract.pk).content.decode() and reads.get(link).status_code == 200


def test_an_export_is_nobodys_address(settings):
    person = a_person()
    actions.ask_for_export(by=person)
    actions.make_exports()

    assert Export.objects.get().stored_as not in text_of(shown_to(signed_in(person), "privacy:export"))
    assert signed_in(a_person()).post(reverse("privacy:take")).status_code == 404
