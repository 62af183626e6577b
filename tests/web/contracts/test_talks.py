"""On the screen: asking to talk about the price or about what would help, reading it, and answering; nobody else reads a word."""
import datetime
import re

import pytest

from machi.accounts.powers import Power
from machi.contracts.actions import ask_to_talk
from machi.contracts.models import Talk
from machi.shared import clock
from tests.people import a_contract, a_contract_in_steps, a_member, a_person, an_hourly_contract, an_organisation, client_of
from tests.web.contracts.walking import HTMX, said, signed_in, text_of

pytestmark = pytest.mark.django_db
WORDS = "材料の値段が上がりました。"


def test_another_price_is_asked_for_agreed_on_and_goes_on_to_the_change_that_both_sign():
    contract = a_contract_in_steps(funded=True)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    page = f"/contracts/{contract.pk}/price/"

    assert worker.post(page, {"words": WORDS, "wished": "25,000"}).url == f"/contracts/{contract.pk}/law/#talks"
    room = text_of(client.get(f"/contracts/{contract.pk}/"))
    assert said("talk.price") in room and said("talk.read") in room
    assert WORDS in text_of(client.get(page)) and "25,000円" in text_of(client.get(page))
    answer = client.post(f"{page}answer/", {"talk": Talk.objects.get().pk, "answer": "yes", "words": ""})

    assert answer.url == f"/contracts/{contract.pk}/change/?talk={Talk.objects.get().pk}"
    change = client.get(answer.url)
    assert re.search(r'name="price_1"[^>]*value="25,?000"', change.content.decode()) and said("talk.price") in text_of(change)


def test_only_a_yes_of_this_contract_fills_in_the_change():
    contract, other = a_contract_in_steps(funded=True), a_contract_in_steps(funded=True)
    talk = ask_to_talk(contract=contract, by=contract.worker, about="price", words=WORDS)
    client = signed_in(client_of(other))

    for number in (talk.pk, "x", "9" * 30):
        assert said("talk.price") not in text_of(client.get(f"/contracts/{other.pk}/change/?talk={number}"))
    waiting = signed_in(client_of(contract)).get(f"/contracts/{contract.pk}/change/?talk={talk.pk}")
    assert said("talk.price") not in text_of(waiting), "it was not answered yet"


def test_a_no_needs_words_and_nothing_typed_is_lost():
    contract = a_contract(funded=True)
    talk = ask_to_talk(contract=contract, by=contract.worker, about="price", words=WORDS)
    client, page = signed_in(client_of(contract)), f"/contracts/{contract.pk}/price/answer/"

    refused = client.post(page, {"talk": talk.pk, "answer": "no", "words": " "})
    assert refused.status_code == 422 and said("talk.answer.words_needed") in text_of(refused) and WORDS in text_of(refused)
    for typed in ({}, {"talk": talk.pk, "answer": "maybe", "words": "予算"}, {"talk": "x", "answer": "yes"},
                  {"talk": "9" * 30, "answer": "no"}):
        assert client.post(page, typed).status_code == 422
    assert client.post(page, {"talk": talk.pk, "answer": "no", "words": "予算が決まっています。"}).url.endswith("/law/#talks")

    for person in (contract.worker, client_of(contract)):
        log = text_of(signed_in(person).get(f"/contracts/{contract.pk}/law/"))
        assert WORDS in log and "予算が決まっています。" in log and said("talk.answered.no") in log
    again = client.post(page, {"talk": talk.pk, "answer": "yes", "words": "やはり"}, **HTMX)
    assert again.status_code == 409 and said("talk.answered_already") in text_of(again)


def test_what_would_help_is_chosen_without_a_reason_and_read_by_those_who_deal_with_the_contract_alone():
    party = an_organisation()
    contract = a_contract(party=party, by=party.people(Power.KEEPER)[0], funded=True)
    worker, secret = signed_in(contract.worker), "返事は夜になります。"
    page = f"/contracts/{contract.pk}/care/"
    for wrong in ({}, {"helps": ["<b>"]}, {"helps": ["days", "x"]}):
        refused = worker.post(page, {"words": secret} | wrong)
        assert refused.status_code == 422 and secret in text_of(refused) and said("talk.helps.required") in text_of(refused)
    assert worker.post(page, {"helps": ["hours", "talking"], "words": secret}).status_code == 302

    for power, reads in ((Power.APPROVER, True), (Power.MEMBER, False), (Power.PAYER, False)):
        browser = signed_in(a_member(party, power))
        room = f"/contracts/{contract.pk}/"
        seen = [text_of(browser.get(address, follow=True)) for address in (page, f"{room}law/", room)]
        assert any(secret in one for one in seen) == reads
        assert (said("talk.help.hours") in seen[1]) == reads
        log = b"".join(browser.get(f"/contracts/{contract.pk}/law.csv").streaming_content).decode()
        assert said("talk.care") in log and secret not in log, "an inspection reads that it was asked, not what"


def test_a_stranger_finds_nothing_and_a_talk_of_another_contract_does_not_exist_here():
    contract, other = a_contract(funded=True), a_contract(funded=True)
    talk = ask_to_talk(contract=other, by=other.worker, about="price", words=WORDS)

    for address in ("price/", "price/answer/", "care/", "care/answer/"):
        assert signed_in(a_person()).get(f"/contracts/{contract.pk}/{address}").status_code == 404
    for address in ("price", "care"):
        answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/{address}/answer/",
                                                     {"talk": talk.pk, "answer": "no", "words": "予算"})
        assert answer.status_code == 404


def test_the_client_cannot_ask_what_would_help():
    contract = a_contract(funded=True)

    answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/care/", {"helps": "days"})

    assert answer.status_code == 409 and not Talk.objects.exists()


def test_by_the_hour_nobody_is_led_to_a_change_that_could_not_be_made():
    contract = an_hourly_contract(funded=True)
    worker = signed_in(contract.worker)
    assert said("talk.price.hourly") in text_of(worker.get(f"/contracts/{contract.pk}/price/"))
    worker.post(f"/contracts/{contract.pk}/price/", {"words": WORDS, "wished": "2000"})

    answer = signed_in(client_of(contract)).post(f"/contracts/{contract.pk}/price/answer/", {
        "talk": Talk.objects.get().pk, "answer": "yes"})

    assert answer.url.endswith("/law/#talks") and Talk.objects.get().wished_yen is None


@pytest.mark.parametrize(("days", "words"), [(20, "talk.care.wish"), (200, "talk.care.duty")])
def test_the_client_reads_whether_it_is_a_duty_or_a_wish(days, words):
    contract = a_contract(funded=True, due_on=clock.today() + datetime.timedelta(days=days))
    ask_to_talk(contract=contract, by=contract.worker, about="care", helps=["days"])

    assert said(words) in text_of(signed_in(client_of(contract)).get(f"/contracts/{contract.pk}/care/"))


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_every_page_speaks_each_language(language):
    contract = a_contract(funded=True)
    for about in ("price", "care"):
        ask_to_talk(contract=contract, by=contract.worker, about=about, helps=["days"], words=WORDS)
    for person in (contract.worker, client_of(contract)):
        browser = signed_in(person)
        browser.cookies["django_language"] = language
        for address in ("price/", "care/", "law/", ""):
            assert browser.get(f"/contracts/{contract.pk}/{address}").status_code == 200
