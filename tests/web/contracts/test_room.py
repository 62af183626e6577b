"""The page of a contract and the list: how things stand, what comes next, the letters, what happened."""
import datetime
import itertools
import re

import pytest

from machi.contracts.actions import accept_delivery, agree_to_change, ask_changes, ask_for_part, ask_to_end, deliver, void_unfunded
from machi.files.storing import store_all
from machi.messaging.actions import send_message
from machi.messaging.models import Message, Thread
from machi.messaging.queries import NEWEST
from machi.reviews.actions import write_review
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import (
    a_client,
    a_contract,
    a_contract_in_steps,
    a_job,
    a_person,
    a_proposal,
    an_offer,
    client_of,
    payday,
    with_bank_account,
)
from tests.web.contracts.walking import HTMX, hidden, queries_of, said, signed_in, text_of, upload

STATES = {"agreed": {}, "funded": {"funded": True}, "delivered": {"delivered": True}, "accepted": {"accepted": True}}


def letter(contract, by, body, key="k"):
    return send_message(thread=Thread.objects.get(about=contract.reference), by=by, body=body, key=key, title=contract.title)


def solid_buttons(response) -> list[str]:
    """The primary buttons of the page itself; the bar of a phone repeats one of them."""
    page = response.content.decode()
    main = page[page.index("<main"):page.index("</main")]
    return re.findall(r'class="btn solid[^"]*" href="([^"]*)"', main)


@pytest.mark.parametrize("state", STATES)
def test_both_sides_open_every_state_in_every_language(db, state):
    contract = a_contract(**STATES[state])

    for user, language in itertools.product((contract.worker, client_of(contract)), ("ja", "ja-simple", "en")):
        browser = signed_in(user)
        browser.cookies["django_language"] = language
        for path in ("/contracts/", f"/contracts/{contract.pk}/", f"/offers/{contract.offer_id}/"):
            page = browser.get(path)
            assert page.status_code == 200 and not re.search(r">(contract|agreed|room|standing|story)\.[a-z_.]+<", page.content.decode())


@pytest.mark.parametrize(("state", "worker_deed", "client_deed"), [
    ("agreed", [], ["fund"]), ("funded", ["deliver"], []), ("delivered", [], ["accept"]), ("accepted", ["account"], ["review"])])
def test_there_is_one_deed_and_it_is_the_one_whose_turn_it_is(db, state, worker_deed, client_deed):
    contract = a_contract(**STATES[state])

    for user, deed in ((contract.worker, worker_deed), (client_of(contract), client_deed)):
        ways = solid_buttons(signed_in(user).get(f"/contracts/{contract.pk}/"))
        assert [way.strip("/").rpartition("/")[2] for way in ways] == deed


def test_before_the_money_is_there_the_worker_is_told_to_wait(db):
    contract = a_contract()

    assert said("contract.formed") in text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))


def test_an_account_makes_the_review_the_next_deed(db):
    contract = a_contract(accepted=True)
    with_bank_account(contract.worker)
    browser = signed_in(contract.worker)

    assert solid_buttons(browser.get(f"/contracts/{contract.pk}/")) == [f"/contracts/{contract.pk}/review/"]

    write_review(contract=contract, by=contract.worker, again="yes")
    assert solid_buttons(browser.get(f"/contracts/{contract.pk}/")) == []


def test_both_sides_money_and_the_day_stand_on_the_page_and_stay_after_the_payout(db, clock_at):
    contract = a_contract(accepted=True)
    with_bank_account(contract.worker)
    browser = signed_in(contract.worker)
    before = text_of(browser.get(f"/contracts/{contract.pk}/"))
    clock_at(datetime.datetime.combine(contract.milestones.get().pay_on, datetime.time(9), clock.JAPAN))
    payday()

    after = text_of(browser.get(f"/contracts/{contract.pk}/"))

    for words in ("11,000円", "−2,200円", "−220円", "8,580円"):
        assert words in before and words in after
    assert said("earning.arrived", day="").strip() in after
    assert said("standing.paid.worker") in after and said("story.arrived") in after and said("story.arrived") not in before


def test_a_contract_whose_money_never_came_says_so_and_blames_nobody(db, clock_at):
    contract = a_contract()
    clock_at(clock.now() + datetime.timedelta(days=8))
    void_unfunded()

    page = signed_in(contract.worker).get(f"/contracts/{contract.pk}/")

    assert said("standing.void.text") in text_of(page) and solid_buttons(page) == []


def test_when_the_day_is_over_the_work_can_still_be_handed_over(db, clock_at):
    contract = a_contract(funded=True)
    clock_at(clock.now() + datetime.timedelta(days=30))

    page = signed_in(contract.worker).get(f"/contracts/{contract.pk}/")

    assert said("standing.funded.worker.late") in text_of(page) and len(solid_buttons(page)) == 1
    assert said("standing.funded.client") in text_of(signed_in(client_of(contract)).get(f"/contracts/{contract.pk}/"))


@pytest.mark.parametrize(("days", "words"), [(7, "standing.funded.worker.late.text"), (8, "standing.funded.worker.later.text")])
def test_a_late_worker_is_shown_the_way_that_keeps_their_record_as_long_as_it_is_open(db, clock_at, days, words):
    contract = a_contract(funded=True)
    due_on = contract.milestones.get().due_on
    clock_at(f"{due_on + datetime.timedelta(days=days)} 10:00")

    page = text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))

    assert said(words).partition("%")[2].partition(")s")[2] in page
    assert (said("dates.title") in page.replace(said(words), "")) == (days <= 7)


@pytest.mark.parametrize(("allowed", "hint"), [(0, "changes.none"), (1, None)])
def test_where_no_changes_were_agreed_nothing_is_called_used_up(db, allowed, hint):
    contract = a_contract(delivered=True, revisions_count=allowed)

    page = text_of(signed_in(client_of(contract)).get(f"/contracts/{contract.pk}/"))

    assert (said("changes.none") in page) == (hint == "changes.none") and "0回を使いました" not in page


def test_what_happened_is_told_in_words_but_letters_are_not(db):
    contract = a_contract(delivered=True, revisions_count=2)
    ask_changes(milestone=contract.milestones.get(), by=client_of(contract), points="短く\n明るく")
    letter(contract, contract.worker, "わかりました")

    page = text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))

    story = page[page.index(said("room.story")):]
    places = [story.index(words) for words in (said("story.offered"), said("story.agreed"), said("story.funded"),
                                               said("story.delivered", i=1), said("story.changes", i=1, n=2))]
    assert places == sorted(places)
    assert "message_sent" not in story and "わかりました" not in story[:story.index(said("room.money"))]


def test_the_other_sides_review_stays_closed_until_both_are_written(db):
    contract = a_contract(accepted=True)
    write_review(contract=contract, by=client_of(contract), again="perhaps", text="ひみつの言葉")
    browser = signed_in(contract.worker)
    assert "ひみつの言葉" not in text_of(browser.get(f"/contracts/{contract.pk}/"))

    write_review(contract=contract, by=contract.worker, again="yes", text="こちらの言葉")

    text = text_of(browser.get(f"/contracts/{contract.pk}/"))
    assert "ひみつの言葉" in text and "こちらの言葉" in text


# ---- letters ------------------------------------------------------------------------------------

def test_a_letter_arrives_once_however_often_it_is_sent(db):
    contract = a_contract()
    browser = signed_in(contract.worker)
    form = {"body": "よろしくお願いします", "key": hidden(browser.get(f"/contracts/{contract.pk}/"), "key")}

    first, second = (browser.post(f"/contracts/{contract.pk}/message/", form) for _time in range(2))

    assert first.status_code == second.status_code == 302 and first.headers["Location"].endswith("#letters")
    assert Message.objects.count() == 1


def test_other_words_from_the_same_form_are_not_lost(db):
    contract = a_contract()
    browser = signed_in(contract.worker)
    key = hidden(browser.get(f"/contracts/{contract.pk}/"), "key")
    browser.post(f"/contracts/{contract.pk}/message/", {"body": "一通目", "key": key})

    answer = browser.post(f"/contracts/{contract.pk}/message/", {"body": "二通目", "key": key})

    assert answer.status_code == 409 and said("message.form_old") in text_of(answer) and "二通目</textarea>" in answer.content.decode()
    assert browser.post(f"/contracts/{contract.pk}/message/", {"body": "二通目", "key": hidden(answer, "key")}).status_code == 302
    assert list(Message.objects.order_by("pk").values_list("body", flat=True)) == ["一通目", "二通目"]


def test_with_htmx_only_the_conversation_comes_back(db):
    contract = a_contract()
    browser = signed_in(contract.worker)
    key = hidden(browser.get(f"/contracts/{contract.pk}/"), "key")

    answer = browser.post(f"/contracts/{contract.pk}/message/", {"body": "こんにちは", "key": key}, **HTMX)

    page = answer.content.decode()
    assert answer.status_code == 200 and page.strip().startswith("<section") and 'id="letters"' in page and "<html" not in page
    assert "こんにちは" in page and hidden(answer, "key") != key


@pytest.mark.parametrize(("body", "status"), [("", 422), (" \u200e\x00 \n", 422), ("あ" * 4001, 422)])
def test_a_letter_without_words_or_with_too_many_is_not_sent(db, body, status):
    contract = a_contract()
    browser = signed_in(contract.worker)
    key = hidden(browser.get(f"/contracts/{contract.pk}/"), "key")

    for headers in ({}, HTMX):
        answer = browser.post(f"/contracts/{contract.pk}/message/", {"body": body, "key": key}, **headers)
        assert answer.status_code == status and "id_body_error" in answer.content.decode()
        if len(body) > 10:
            assert body in answer.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("form", [{"body": "残る言葉"}, {"body": "残る言葉", "key": "k" * 41}, {"body": "残る言葉", "key": "a\x00"}])
def test_a_broken_form_keeps_the_words_and_gives_a_new_key(db, form):
    contract = a_contract()

    answer = signed_in(contract.worker).post(f"/contracts/{contract.pk}/message/", form)

    assert answer.status_code == 422 and "残る言葉</textarea>" in answer.content.decode() and 10 < len(hidden(answer, "key")) < 40
    assert not Message.objects.exists()


def test_what_people_type_is_text_and_nothing_else(db):
    contract = a_contract()
    typed = "<script>alert(1)</script> & 𠮷野家 😀 {{ 7*7 }}\u202e\x00 https://example.jp"
    letter(contract, contract.worker, "x")
    browser = signed_in(client_of(contract))
    browser.post(f"/contracts/{contract.pk}/message/", {"body": typed, "key": "k1"})

    page = browser.get(f"/contracts/{contract.pk}/").content.decode()

    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 𠮷野家 😀 {{ 7*7 }} https://example.jp" in page
    assert Message.objects.order_by("-pk")[0].body == "<script>alert(1)</script> & 𠮷野家 😀 {{ 7*7 }} https://example.jp"


def test_opening_the_page_is_reading_the_letters(db):
    contract = a_contract()
    letter(contract, client_of(contract), "一通目")
    signed_in(contract.worker).get(f"/contracts/{contract.pk}/")

    letter(contract, client_of(contract), "二通目", key="k2")

    assert contract.worker.notices.filter(kind="contract.message").count() == 2
    assert contract.worker.notices.filter(kind="contract.message", read_at=None).count() == 1


def test_of_many_letters_the_newest_are_shown_and_all_when_asked(db):
    contract = a_contract()
    for number in range(NEWEST + 3):
        letter(contract, contract.worker, f"手紙その{number}。", key=str(number))
    browser = signed_in(contract.worker)

    page, whole = (text_of(browser.get(f"/contracts/{contract.pk}/{query}")) for query in ("", "?letters=all"))

    assert f"手紙その{NEWEST + 2}。" in page and "手紙その3。" in page and "手紙その2。" not in page and said("letters.older") in page
    assert "手紙その0。" in whole and said("letters.older") not in whole


# ---- the list -----------------------------------------------------------------------------------

def test_what_needs_me_stands_first_then_what_waits_then_what_is_over(db, clock_at):
    worker, client = a_person(), a_client()
    contracts = {name: a_contract(worker=worker, title=f"仕事{name}", **how) for name, how in STATES.items()}
    an_offer(a_proposal(a_job(client, title="仕事お願い"), worker))
    with_bank_account(worker)
    write_review(contract=contracts["accepted"], by=worker, again="yes")

    page = text_of(signed_in(worker).get("/contracts/"))

    waiting = page.index(said("contracts.waiting"))
    assert page.index(said("contracts.mine")) < page.index("仕事お願い") < page.index("仕事funded") < waiting
    assert all(waiting < page.index(f"仕事{state}") for state in ("agreed", "delivered", "accepted"))
    assert said("contracts.ended") not in page
    clock_at(clock.now() + datetime.timedelta(days=60))
    payday()
    page = text_of(signed_in(worker).get("/contracts/"))
    assert page.index(said("contracts.ended")) < page.index("仕事accepted")


def test_an_empty_list_says_why_and_what_to_do(db):
    page = signed_in(a_person()).get("/contracts/")

    assert said("empty.contracts") in text_of(page) and 'href="/jobs/"' in page.content.decode()


def test_the_list_asks_the_same_questions_for_one_contract_and_for_many(db, django_assert_max_num_queries):
    client = a_client()
    one = a_contract(worker=a_person(), accepted=True)
    many = a_person()
    for _number in range(4):
        a_contract(worker=many, accepted=True)
        a_contract(worker=many)
        an_offer(a_proposal(a_job(client), many))

    def counted():
        return django_assert_max_num_queries(60)
    assert queries_of(signed_in(one.worker), "/contracts/", counted) == queries_of(signed_in(many), "/contracts/", counted)


def test_the_page_asks_the_same_questions_however_much_stands_on_it(db, django_assert_max_num_queries):
    small, large = a_contract(delivered=True), a_contract(delivered=True, revisions_count=5)
    letter(small, small.worker, "はい")
    for number in range(12):
        letter(large, large.worker, f"{number}", key=str(number))
    for number in range(4):
        ask_changes(milestone=large.milestones.get(), by=client_of(large), points=f"{number}")
        files = store_all([upload(f"{number}{name}.txt", b"x") for name in range(3)])
        deliver(milestone=large.milestones.get(), by=large.worker, text="直しました", ai_note="なし", files=files)

    def counted():
        return django_assert_max_num_queries(60)
    few, many = (queries_of(signed_in(client_of(contract)), f"/contracts/{contract.pk}/", counted) for contract in (small, large))
    assert abs(few - many) <= 1                     # files are asked for once there is a delivery with files


def test_for_others_it_does_not_exist(db):
    contract, stranger = a_contract(delivered=True), signed_in(a_person())
    paths = ("", "fund/", "deliver/", "accept/", "changes/", "message/", "review/", "thanks/", "files/1/")

    for path, method in itertools.product(paths, ("get", "post")):
        answer, missing = (getattr(stranger, method)(f"/contracts/{pk}/{path}") for pk in (contract.pk, 987654321))
        wanted = 405 if method == "post" and path in ("", "files/1/") else 404
        assert answer.status_code == missing.status_code == wanted and text_of(answer) == text_of(missing)


def test_where_the_money_went_back_nobody_reads_that_it_comes(db):
    contract = a_contract(funded=True)
    agree_to_change(by=contract.worker, order=ask_for_part(milestone=contract.milestones.get(), by=client_of(contract), price=Yen(0)))

    for person in (contract.worker, client_of(contract)):
        page = text_of(signed_in(person).get(f"/contracts/{contract.pk}/"))
        assert said("standing.refunded.text", gross="11,000円") in page and said("room.nothing_paid") in page
        before_the_terms = page.partition(said("room.terms.open"))[0]
        assert "8,580円" not in before_the_terms and "に口座へ" not in before_the_terms and "に届きます" not in before_the_terms


def test_a_step_that_was_left_out_has_no_pay_in_the_list(db):
    contract = a_contract_in_steps(funded=True, prices=(10_000, 20_000))
    one_done(contract)
    agree_to_change(by=contract.worker, order=ask_to_end(contract=contract, by=client_of(contract), prices={}))

    page = signed_in(contract.worker).get(f"/contracts/{contract.pk}/")
    steps = text_of(page).partition(said("room.steps"))[2].partition(said("room.story"))[0].partition(said("room.terms.open"))[0]
    assert "8,580円" in steps and "17,160円" not in steps


def test_before_the_next_step_is_funded_nobody_is_told_that_a_contract_was_made(db):
    contract = a_contract_in_steps(funded=True)
    one_done(contract)

    page = text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/"))

    assert said("standing.agreed.next.text") in page and said("contract.formed") not in page


def one_done(contract):
    deliver(milestone=contract.milestones.get(number=1), by=contract.worker, text="できました。", ai_note="使っていません")
    accept_delivery(milestone=contract.milestones.get(number=1), by=client_of(contract))
