"""On the screen: a stand-in is named by their page, answers, is called, and takes over. Whatever is typed wrongly comes back."""
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.contracts import actions
from machi.contracts.models import Contract, Dispute, Offer, StandIn
from machi.jobs.models import Job
from machi.shared.money import Yen
from machi.web.pages.contracts.story import story_of
from tests.people import a_client, a_contract, a_person, an_hourly_contract, an_organisation, client_of
from tests.web.contracts.walking import queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db


def named(contract: Contract, person) -> StandIn:
    return actions.name_stand_in(contract=contract, by=contract.worker, person=person, kept_percent=50)


@pytest.mark.parametrize("typed", ["{pk}", "/people/{pk}/", "http://town.example.jp/people/{pk}/", "　{wide}　"])
def test_a_page_is_named_by_its_address_or_its_number(typed):
    contract, person = a_contract(funded=True), a_person()
    wide = str(person.pk).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    answer = signed_in(contract.worker).post(f"/contracts/{contract.pk}/stand-in/", {
        "person": typed.format(pk=person.pk, wide=wide), "kept_percent": "30"})

    assert answer.status_code == 302 and StandIn.objects.get().person == person and StandIn.objects.get().kept_percent == 30


@pytest.mark.parametrize(("person", "kept"), [
    ("", "50"), ("だれか", "50"), ("99999999999999999999", "50"), ("0", "50"), ("-1", "50"), ("/people/", "50"), ("1" * 5000, "50"),
    ("people/1/../../2", "50"), ("\0", "50"), ("{pk}", ""), ("{pk}", "55"), ("{pk}", "100"), ("{pk}", "0"), ("{pk}", "五十"),
    ("{pk}", "5e1"),
])
def test_what_names_nobody_comes_back_with_a_sentence(person, kept):
    contract, somebody = a_contract(funded=True), a_person()
    answer = signed_in(contract.worker).post(f"/contracts/{contract.pk}/stand-in/", {
        "person": person.format(pk=somebody.pk), "kept_percent": kept})

    assert answer.status_code == 422 and 'class="error"' in answer.text and not StandIn.objects.exists()
    if person == "だれか":
        assert "だれか" in answer.text and said("standin.person.unknown") in text_of(answer)


def test_somebody_of_the_client_is_refused_beside_the_field():
    contract = a_contract(funded=True)
    answer = signed_in(contract.worker).post(f"/contracts/{contract.pk}/stand-in/", {
        "person": client_of(contract).pk, "kept_percent": "50"})

    assert answer.status_code == 409 and said("standin.person.refused") in text_of(answer)


def test_all_three_have_the_page_and_nobody_else_does():
    contract, person = a_contract(funded=True), a_person()
    stand_in = named(contract, person)
    page = f"/stand-ins/{stand_in.pk}/"

    assert [signed_in(who).get(page).status_code for who in (contract.worker, person, client_of(contract), a_person())] == [
        200, 200, 200, 404]
    assert signed_in(person).get(f"/contracts/{contract.pk}/").status_code == 404, "who stands by reads nothing of the contract"
    theirs = text_of(signed_in(person).get(page))
    assert "4,290円" in theirs and contract.terms["client_contact"] not in theirs


def test_from_the_question_to_the_new_contract():
    contract, person = a_contract(funded=True), a_person()
    page = f"/stand-ins/{named(contract, person).pk}/"
    worker, other, client = signed_in(contract.worker), signed_in(person), signed_in(client_of(contract))
    for browser, words in ((client, "standin.now.you"), (worker, "standin.now.asked")):
        assert said(words, person=f"{person.name}さん") in text_of(browser.get(f"/contracts/{contract.pk}/"))
    for browser in (other, client):
        assert browser.post(page, {"answer": "agree"}).status_code == 302
    assert said("standin.now.ready", person=f"{person.name}さん") in text_of(worker.get(f"/contracts/{contract.pk}/"))

    assert client.get(f"{page}call/").status_code == 302, "before the due day it is the worker's"
    assert said("standin.kept.label") in text_of(worker.get(f"{page}call/"))
    long = worker.post(f"{page}call/", {"kept_percent": "50", "note": "あ" * 2001})
    assert long.status_code == 422 and "あ" * 2001 in long.text
    assert worker.post(f"{page}call/", {"kept_percent": "60", "note": ""}).status_code == 422
    assert worker.post(f"{page}call/", {"kept_percent": "40", "note": "3章まで"}).status_code == 302
    assert worker.post(f"{page}call/", {"kept_percent": "40", "note": ""}).status_code == 409
    offer = Offer.objects.get(stand_in__isnull=False)
    assert "3章まで" not in other.get(f"/offers/{offer.pk}/").text, "only whoever has taken over reads the note"

    answer = other.post(f"/offers/{offer.pk}/accept/", {"terms_hash": offer.terms_hash}, follow=True)
    assert said("standin.took_over.title") in text_of(answer) and "3章まで" in answer.text
    assert said("standing.passed_on.worker") in text_of(worker.get(f"/contracts/{contract.pk}/"))
    after = Contract.objects.get(takes_over=contract)
    assert f"/contracts/{after.pk}/" in client.get(f"/contracts/{contract.pk}/").text
    assert "3章まで" not in client.get(f"/contracts/{after.pk}/").text
    assert worker.get(f"/contracts/{after.pk}/").status_code == 404


@pytest.mark.parametrize(("ends", "told"), [
    ("accept", "story.part_accepted"), ("town", "story.part_accepted_by_town"), ("whole", "story.part_settled"),
    ("part", "story.part_settled"), ("silence", "standing.settled")])
def test_whoever_passed_the_work_on_reads_how_the_stand_ins_work_ended(ends, told, clock_stands_at):
    contract = a_contract(funded=True)
    stand_in = named(contract, a_person())
    for one in (stand_in.person, client_of(contract)):
        actions.agree_to_stand_in(stand_in=stand_in, by=one)
    offer = actions.call_stand_in(stand_in=stand_in, by=contract.worker)
    after = actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    step, client = after.milestones.get(), client_of(contract)
    actions.deliver(milestone=step, by=after.worker, text="できました。", ai_note="なし")
    step.refresh_from_db()
    if ends == "accept":
        actions.accept_delivery(milestone=step, by=client)
    elif ends == "town":
        clock_stands_at(step.accept_by + datetime.timedelta(seconds=1))
        actions.accept_for_silent_clients()
    elif ends == "silence":
        dispute = actions.open_dispute(milestone=step, by=after.worker, reason="お返事がありません。")
        Dispute.objects.update(reminders_count=3)
        clock_stands_at(dispute.answer_by + datetime.timedelta(seconds=1))
        actions.settle_for_silent()
    else:
        price = Yen(step.price_yen if ends == "whole" else 2_000)
        actions.agree_to_change(order=actions.ask_for_part(milestone=step, by=client, price=price), by=after.worker)

    theirs = text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))
    assert said(told) in theirs and said("story.settled") not in theirs


@pytest.mark.parametrize("answer", ["", "yes", "take_over", "agree' OR 1=1"])
def test_an_answer_that_is_none_is_refused_in_words(answer):
    contract, person = a_contract(funded=True), a_person()
    stand_in = named(contract, person)
    refused = signed_in(person).post(f"/stand-ins/{stand_in.pk}/", {"answer": answer})

    assert refused.status_code == 422 and said("standin.answer_refused") in text_of(refused)
    assert StandIn.objects.get().person_agreed_at is None


def test_both_windows_of_one_person_count_once():
    contract, person = a_contract(funded=True), a_person()
    page, other = f"/stand-ins/{named(contract, person).pk}/", signed_in(person)

    assert [other.post(page, {"answer": word}).status_code for word in ("agree", "agree", "decline")] == [302, 409, 409]


@pytest.mark.parametrize("kept", ["40", "", "60"])
def test_the_note_for_a_stand_in_stays_when_the_work_moved_on_meanwhile(kept):
    contract = a_contract(funded=True)
    stand_in = named(contract, a_person())
    for one in (stand_in.person, client_of(contract)):
        actions.agree_to_stand_in(stand_in=stand_in, by=one)
    actions.deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="なし")

    answer = signed_in(contract.worker).post(f"/stand-ins/{stand_in.pk}/call/", {"kept_percent": kept, "note": "3章まで書きました。"})

    assert answer.status_code == 409 and said("standin.call_refused") in text_of(answer) and "3章まで書きました。" in text_of(answer)


def test_the_list_asks_no_more_however_many_were_passed_on():
    client = a_client()

    def passed_on():
        stand_in = named(a_contract(funded=True, by=client), a_person())
        for one in (stand_in.person, client):
            actions.agree_to_stand_in(stand_in=stand_in, by=one)
        offer = actions.call_stand_in(stand_in=stand_in, by=stand_in.contract.worker)
        return actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)

    passed_on()
    browser = signed_in(client)
    counted = lambda: CaptureQueriesContext(connection)     # noqa: E731
    asked = queries_of(browser, "/contracts/", counted)
    later = [passed_on() for _number in range(3)]

    assert queries_of(browser, "/contracts/", counted) == asked
    assert all(f"/contracts/{one.takes_over_id}/" in browser.get("/contracts/").text for one in later)
    waits = text_of(browser.get("/contracts/"))
    assert said("contracts.mine") not in waits and said("standing.passed_on.client") in waits, "it is not the client's turn"
    before = later[0].takes_over
    assert f"/contracts/{before.pk}/" in signed_in(before.worker).get("/contracts/").text, "their part is still to come"


def test_whoever_passed_the_work_on_has_no_day_to_deliver_in_their_calendar():
    contract = a_contract(funded=True)
    stand_in = named(contract, a_person())
    for one in (stand_in.person, client_of(contract)):
        actions.agree_to_stand_in(stand_in=stand_in, by=one)
    worker = signed_in(contract.worker)
    assert ":due@machi" in worker.get(f"/contracts/{contract.pk}/calendar.ics").content.decode()
    offer = actions.call_stand_in(stand_in=stand_in, by=contract.worker)
    actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)

    days = worker.get(f"/contracts/{contract.pk}/calendar.ics").content.decode()
    assert ":due@machi" not in days and ":pay@machi" in days


def test_whoever_takes_over_is_told_as_nobody_of_the_organisation():
    keeper = a_client()
    party = an_organisation(keeper)
    contract = a_contract(funded=True, by=keeper, party=party)
    stand_in = named(contract, a_person("そら"))
    actions.agree_to_stand_in(stand_in=stand_in, by=stand_in.person)
    actions.agree_to_stand_in(stand_in=stand_in, by=keeper)
    offer = actions.call_stand_in(stand_in=stand_in, by=contract.worker)
    actions.accept_offer(offer=offer, by=stand_in.person, terms_hash=offer.terms_hash)

    contract.refresh_from_db()
    story = story_of(contract, list(contract.milestones.all()), [], contract.worker, reads_work=True, is_whole=True).events
    assert {event.title: "そら" in event.by for event in story}[said("story.passed_on")] is False
    assert any(event.by for event in story)


def test_work_by_the_hour_says_how_it_is_handed_over_and_each_side_has_its_button():
    """Nobody takes over another's hours: the weeks to come are dropped by both, and the client has the post anew with one press."""
    contract = an_hourly_contract(funded=True)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    room, copy = f"/contracts/{contract.pk}/", f"/jobs/{contract.job_id}/keep/copy/"

    for browser, sees_copy in ((worker, False), (client, True)):
        page = browser.get(room).content.decode()
        card = page.partition('id="stand-in"')[2].partition("</section>")[0]
        assert said("standin.by_hour") in text_of(browser.get(room)) and f'href="{room}end/"' in card and (copy in card) is sees_copy
    answer = client.post(copy)
    assert answer.status_code == 302 and Job.objects.get(pk=int(answer.headers["Location"].split("/")[2])).state == "draft"

    actions.ask_to_end(contract=contract, by=contract.worker, prices={1: Yen(0)})
    card = client.get(room).content.decode().partition('id="stand-in"')[2].partition("</section>")[0]
    assert f'href="{room}end/"' not in card and copy in card, "what was asked stands in its own place"
    other = a_contract(funded=True)
    for person in (other.worker, client_of(other)):
        assert said("standin.by_hour") not in text_of(signed_in(person).get(f"/contracts/{other.pk}/"))


def test_home_names_the_request_until_the_person_has_answered():
    contract, person = a_contract(funded=True), a_person()
    stand_in = named(contract, person)
    home = signed_in(person).get("/home/").text
    assert f"/stand-ins/{stand_in.pk}/" in home and contract.title in home

    actions.agree_to_stand_in(stand_in=stand_in, by=person)
    assert f"/stand-ins/{stand_in.pk}/" not in signed_in(person).get("/home/").text
    assert "stand-ins" not in signed_in(contract.worker).get("/home/").text
