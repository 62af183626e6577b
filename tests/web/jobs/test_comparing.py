"""Applicants side by side, one's own posts, and the end of choosing."""
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.contracts.actions import accept_offer, refuse_offer
from machi.contracts.queries import NEWCOMER_UNTIL
from machi.jobs.models import Job
from machi.notifications.models import Notice
from machi.privacy.actions import close_account, come_back
from machi.profiles.actions import add_career, add_hobby, add_strength, write_profile
from machi.proposals.actions import decline, withdraw
from machi.proposals.models import Proposal
from machi.shared.errors import DomainError
from machi.taxonomy.models import Category
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, an_offer, client_of
from tests.web.contracts.walking import said
from tests.web.jobs.reading import HOSTILE, as_, text_of, unspoken

SORTS = ("fit", "knowledge", "experience", "record", "arrived")


def soccer(seats: int = 2):
    """A (ten years of writing), B (three years and football) and C (a newcomer who watches) apply, in this order."""
    job = a_job(title="試合の記事", seats_count=seats, newcomer_seats_count=seats // 2)
    writing = Category.objects.get(pk="writing")
    a, b, c = a_person("あきら"), a_person("べに"), a_person("ちひろ")
    add_career(by=a, role="ライター", years=10, category=writing)
    add_strength(by=a, statement="締切を守る", evidence="遅れなし", hand_me="急ぎの記事")
    add_career(by=b, role="ライター", years=3, category=writing)
    add_hobby(by=b, topic="サッカー", years=10, depth="doing")
    add_hobby(by=c, topic="サッカー", years=4, depth="watching")
    write_profile(by=c, headline="はじめてです", about="", conditions="夜中、文字だけ")
    return job, [a_proposal(job, worker, f"{worker.name}の文章です。") for worker in (a, b, c)]


def order(answer) -> list[str]:
    """The names of the phone's cards, from the top."""
    return re.findall(r"(あきら|べに|ちひろ)さん</a>", answer.content.decode().split('class="one-by-one')[1])


def test_the_client_sees_everybody_with_the_same_facts(db):
    job, _proposals = soccer()

    page = text_of(as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/"))

    for words in ("経歴（自己申告）", "題材に詳しい", "サッカー 10年", "締切を守る", "裏づけ：遅れなし", "お願いできること：急ぎの記事",
                  "ライター 10年", "はじめての方の席にお願いできます", "夜中、文字だけ", "あきらの文章です。", "題材への詳しさを2倍",
                  "並べ方を変えても、全員が載っています。"):
        assert words in page


@pytest.mark.parametrize("sort, names", [("fit", ["べに", "ちひろ", "あきら"]), ("knowledge", ["べに", "ちひろ", "あきら"]),
                                         ("experience", ["あきら", "べに", "ちひろ"]), ("arrived", ["あきら", "べに", "ちひろ"])])
def test_each_order_is_the_order_it_says(db, sort, names):
    job, _proposals = soccer()

    assert order(as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/?sort={sort}")) == names


def test_every_order_shows_everybody_answered_or_not(db):
    job, (a, b, c) = soccer()
    decline(proposal=a, by=client_of(job), reason="topic")
    an_offer(b)
    client = as_(client_of(job))

    for sort in (*SORTS, "nothing", ""):
        page = client.get(f"/jobs/{job.pk}/applicants/?sort={sort}")
        assert set(order(page)) == {"あきら", "べに", "ちひろ"}
    assert "決め手：題材への詳しさ" in text_of(page) and "お願い中" in text_of(page)


def test_a_long_application_folds_and_is_there_in_full(db):
    job = a_job()
    a_proposal(job, message="はじめの一文です。" + "あ" * 2_900 + "おわりの一文です。")

    page = text_of(as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/"))

    assert "全文を読む" in page and "おわりの一文です。" in page


def test_whoever_was_asked_or_agreed_leads_on(db):
    job, (a, b, _c) = soccer()
    an_offer(a)
    offer = an_offer(b)
    contract = accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)

    page = as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/")

    assert "お返事の期限は" in text_of(page) and f"/contracts/{contract.pk}/" in page.content.decode()


def test_a_withdrawn_application_and_a_draft_are_not_there(db):
    job, (a, _b, _c) = soccer()
    withdraw(proposal=a, by=a.worker)

    assert set(order(as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/"))) == {"べに", "ちひろ"}


def test_of_whoever_has_left_the_town_only_what_they_wrote_to_this_client_is_there(db):
    job, (a, b, _c) = soccer()
    decline(proposal=b, by=client_of(job), reason="topic")
    close_account(by=b.worker)
    client = as_(client_of(job))

    for sort in SORTS:
        page = client.get(f"/jobs/{job.pk}/applicants/?sort={sort}")
        shown = text_of(page)
        assert said("person.left") in shown and said("compare.left") in shown and "べにの文章です。" in shown
        assert not any(words in shown for words in ("サッカー 10年", "ライター 3年", "べにさん")) and "サッカー 4年" in shown
        assert f"/people/{b.worker_id}/" not in page.content.decode() and f"/people/{a.worker_id}/" in page.content.decode()
    assert order(client.get(f"/jobs/{job.pk}/applicants/?sort=experience")) == ["あきら", "ちひろ"]

    come_back(person=b.worker)
    assert "サッカー 10年" in text_of(client.get(f"/jobs/{job.pk}/applicants/"))


def test_buttons_stand_only_where_the_deed_is_possible(db):
    job, (a, b, c) = soccer(seats=1)
    an_offer(b)

    page = as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/").content.decode()

    assert f"/proposals/{b.pk}/choose/" not in page and f"/proposals/{b.pk}/decline/" not in page
    assert f"/proposals/{a.pk}/choose/" not in page and f"/proposals/{a.pk}/decline/" in page and "お願いできる席がありません" in page


def test_only_a_newcomer_may_take_the_newcomer_seat(db):
    job, worker = a_job(seats_count=1, newcomer_seats_count=1), a_person()
    for _contract in range(NEWCOMER_UNTIL):
        a_contract(accepted=True, worker=worker)
    old, new = a_proposal(job, worker), a_proposal(job)

    page = as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/").content.decode()

    assert f"/proposals/{old.pk}/choose/" not in page and f"/proposals/{new.pk}/choose/" in page


def test_the_record_comes_from_contracts_only(db):
    contract = a_contract(accepted=True)
    job = a_job()
    a_proposal(job, contract.worker)

    page = text_of(as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/"))

    assert "検収まで進んだ仕事 1件" in page and "期日どおり1件（1件のうち）" in page and "契約は、これからです" not in page


def test_the_number_of_questions_does_not_grow_with_the_applicants(db):
    job, counts = a_job(seats_count=9), []
    client = as_(client_of(job))
    for number in (2, 4):
        for _worker in range(number):
            worker = a_person()
            add_hobby(by=worker, topic="サッカー", years=3, depth="doing")
            add_career(by=worker, role="ライター", years=3, category=job.category)
            a_proposal(job, worker)
        client.get(f"/jobs/{job.pk}/applicants/")
        with CaptureQueriesContext(connection) as questions:
            assert client.get(f"/jobs/{job.pk}/applicants/").status_code == 200
        counts.append(len(questions))
    assert counts[0] == counts[1]


def test_nobody_else_sees_the_applicants(db, browser):
    job, (a, _b, _c) = soccer()

    assert as_(a.worker).get(f"/jobs/{job.pk}/applicants/").status_code == 404
    assert as_(a_client("ほかの会")).get(f"/jobs/{job.pk}/applicants/").status_code == 404
    assert browser.get(f"/jobs/{job.pk}/applicants/").url.startswith("/account/login/")


def test_without_applicants_there_is_a_reason_and_an_action(db):
    job = a_job()

    page = text_of(as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/"))

    assert "応募は、まだ届いていません" in page and "募集を書き直す" in page


def test_my_posts_stand_by_what_comes_next(db):
    client = a_client()
    a_job(client, title="書きかけの名前", published=False)
    a_job(client, title="静かな募集")
    a_proposal(a_job(client, title="待たれている募集"))
    offer = an_offer(a_proposal(a_job(client, title="決まった募集")))
    accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)

    page = text_of(as_(client).get("/jobs/mine/"))

    places = [page.index(words) for words in (
        "返事を待っている人がいます", "待たれている募集", "下書き", "書きかけの名前", "応募を待っている募集", "静かな募集", "終わった募集",
        "決まった募集")]
    assert places == sorted(places) and "応募1人。 返事待ち1人。" in page and "席は1のうち1" in page and "0人" not in page


def test_my_posts_ask_the_same_number_of_questions_however_many_there_are(db):
    client, counts = a_client(), []
    reader = as_(client)
    for number in (2, 6):
        for _job in range(number):
            a_job(client, published=bool(_job % 2))
        reader.get("/jobs/mine/")
        with CaptureQueriesContext(connection) as questions:
            assert reader.get("/jobs/mine/").status_code == 200
        counts.append(len(questions))
    assert counts[0] == counts[1]


def test_a_post_is_closed_early_and_the_choosing_goes_on(db):
    job, (a, *_others) = soccer()
    client, late = as_(client_of(job)), a_person()
    assert f"/jobs/{job.pk}/close/" in client.get(f"/jobs/{job.pk}/applicants/").content.decode()
    assert "届いている応募3件は、そのまま残り" in text_of(client.get(f"/jobs/{job.pk}/close/"))

    page = client.post(f"/jobs/{job.pk}/close/", follow=True)

    assert page.redirect_chain == [(f"/jobs/{job.pk}/applicants/", 302)] and "募集を締め切りました。" in text_of(page)
    assert f"/jobs/{job.pk}/close/" not in page.content.decode() and client.post(f"/jobs/{job.pk}/close/").status_code == 409
    with pytest.raises(DomainError):
        a_proposal(job, late)
    assert an_offer(a).state == "open"


def test_ending_the_choosing_answers_everybody_who_waits_with_the_reason(db):
    job, (a, b, c) = soccer()
    for proposal in (b, c):
        offer = an_offer(proposal)
        accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    client = as_(client_of(job))
    assert "1人" in text_of(client.get(f"/jobs/{job.pk}/end/"))

    answer = client.post(f"/jobs/{job.pk}/end/", {"reason": "topic", "words": "文章がていねいでした。"})

    a.refresh_from_db()
    assert answer.url == f"/jobs/{job.pk}/applicants/" and "1人に、理由といっしょに" in text_of(client.get(answer.url))
    assert (a.state, a.reason, a.reason_words) == ("not_chosen", "topic", "文章がていねいでした。")
    assert Notice.objects.filter(user=a.worker, kind__startswith="proposal.not_chosen").count() == 1


def test_ending_twice_answers_once(db):
    job, _proposals = soccer()
    client = as_(client_of(job))

    first, second = (client.post(f"/jobs/{job.pk}/end/", {"reason": "budget"}) for _press in range(2))

    assert first.status_code == 302 and second.status_code == 409
    assert Notice.objects.filter(kind__startswith="proposal.nobody_chosen").count() == 3


def test_without_a_reason_from_the_list_nothing_is_sent(db):
    job, _proposals = soccer()
    client = as_(client_of(job))

    wrong = [{"reason": reason} for reason in ("", "age", *HOSTILE.values())]
    for typed in ({}, {"reason": "topic", "words": "あ" * 301}, *wrong):
        answer = client.post(f"/jobs/{job.pk}/end/", typed)
        assert answer.status_code == 422 and "<script>alert" not in answer.content.decode(), typed

    assert Job.objects.get(pk=job.pk).state == "open" and not Proposal.objects.filter(state="closed").exists()


def test_looking_at_the_letter_sends_nothing(db):
    job, _proposals = soccer()
    client = as_(client_of(job))

    posted = client.post(f"/jobs/{job.pk}/end/", {"reason": "budget", "look": "1"})
    typed = client.get(f"/jobs/{job.pk}/end/?reason=budget", headers={"HX-Request": "true"})

    for answer in (posted, typed):
        assert answer.status_code == 200 and "どなたにも決まらずに終わりました。理由は「予算の変更」" in text_of(answer)
    assert Job.objects.get(pk=job.pk).state == "open"


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_choosing_speaks_all_three_languages(db, language):
    job, (a, _b, _c) = soccer()
    client = as_(client_of(job))
    client.cookies["django_language"] = language

    for path in (f"/jobs/{job.pk}/applicants/", f"/jobs/{job.pk}/end/", "/jobs/mine/", f"/proposals/{a.pk}/choose/",
                 f"/proposals/{a.pk}/decline/"):
        answer = client.get(path)
        assert answer.status_code == 200 and not unspoken(answer), path


def test_also_where_nobody_was_chosen_the_words_are_read_by_everybody_who_waited(db):
    """Also those that were typed while somebody still thought about an offer, and then said no."""
    job, (a, b, c) = soccer()
    offer = an_offer(c)
    client = as_(client_of(job))
    assert 'name="words"' in client.get(f"/jobs/{job.pk}/end/").content.decode()
    refuse_offer(offer=offer, by=c.worker)

    shown = text_of(client.get(f"/jobs/{job.pk}/end/?reason=budget&words=またぜひ", headers={"HX-Request": "true"}))
    assert 'name="words"' in client.get(f"/jobs/{job.pk}/end/").content.decode() and "またぜひ" in shown
    client.post(f"/jobs/{job.pk}/end/", {"reason": "budget", "words": "またぜひ"})

    for proposal in (a, b):
        page = text_of(as_(proposal.worker).get(f"/proposals/{proposal.pk}/"))
        assert "どなたにも決まらずに終わりました" in shown and "どなたにも決まらずに終わりました" in page and "またぜひ" in page


def test_while_somebody_thinks_about_an_offer_the_letter_that_is_shown_is_the_letter_that_is_sent(db):
    job, (a, b, c) = soccer()
    an_offer(c)
    client = as_(client_of(job))

    shown = text_of(client.get(f"/jobs/{job.pk}/end/?reason=budget&words=またぜひ", headers={"HX-Request": "true"}))
    assert 'name="words"' in client.get(f"/jobs/{job.pk}/end/").content.decode()
    client.post(f"/jobs/{job.pk}/end/", {"reason": "budget", "words": "またぜひ"})

    for proposal in (a, b):
        page = text_of(as_(proposal.worker).get(f"/proposals/{proposal.pk}/"))
        assert "ほかの方に決まりました" in shown and "ほかの方に決まりました" in page and "またぜひ" in shown and "またぜひ" in page
