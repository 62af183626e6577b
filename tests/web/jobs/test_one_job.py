"""The page of one post: the same for everybody, and beside it what is for one person."""
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.accounts.actions import describe_client
from machi.contracts.actions import accept_offer
from machi.matching.queries import newest
from machi.profiles.actions import add_career, add_hobby
from machi.proposals.actions import save_draft
from machi.reviews.actions import write_review
from machi.shared import clock
from machi.taxes.actions import say_tax_standing
from machi.taxonomy.models import Category
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, an_offer, client_of
from tests.web.jobs.reading import as_, text_of, unspoken


def test_a_visitor_reads_the_job_its_money_and_the_calendar_day(db, browser, clock_at):
    clock_at("2026-11-23 10:00")
    job = a_job(title="地域サッカーの記事", closes_on=datetime.date(2026, 11, 30), due_on=datetime.date(2026, 12, 8))

    page = text_of(browser.get(f"/jobs/{job.pk}/"))

    for words in ("地域サッカーの記事", "8,580円", "11,000円", "−2,200円", "12月30日（水）", "11月30日（月）", "あと7日", "12月8日（火）",
                  "応募する"):
        assert words in page


def test_withholding_is_taken_off_before_anybody_applies(db, browser):
    job = a_job(a_client(is_withholding_agent=True))

    page = text_of(browser.get(f"/jobs/{job.pk}/"))

    assert "7,559円" in page and "−1,021円" in page


def test_the_net_sum_somebody_applied_to_stays_whatever_the_client_says_about_itself_later(db, browser):
    """The box stands on the last screen of every post: ticked for the next one, it changes nothing on those that are out."""
    job = a_job(client := a_client())
    proposal = a_proposal(job)

    describe_client(party=job.client, by=client, name="応援会", address="東京都", contact="a@example.jp", trade="company",
                    has_employees=True, is_withholding_agent=True)
    later = a_job(client)

    assert "8,580円" in text_of(browser.get(f"/jobs/{job.pk}/")) and "7,559円" in text_of(browser.get(f"/jobs/{later.pk}/"))
    assert [row.is_withheld for row in newest()] == [True, False], "in lists too"
    assert (an_offer(proposal).terms["net_yen"], an_offer(a_proposal(later)).terms["net_yen"]) == (8_580, 7_559)


def test_a_company_reads_its_own_sum_from_which_nothing_is_withheld(db):
    job, company, person = a_job(a_client(is_withholding_agent=True)), a_person(), a_person()
    say_tax_standing(by=company, kind="company", has_employees=False, number="", valid_from=None)

    assert "8,580円" in text_of(as_(company).get(f"/jobs/{job.pk}/")) and "7,559円" in text_of(as_(person).get(f"/jobs/{job.pk}/"))


def test_address_and_contact_are_for_people_who_have_joined(db, browser):
    job = a_job()

    visitor, member = text_of(browser.get(f"/jobs/{job.pk}/")), text_of(as_(a_person()).get(f"/jobs/{job.pk}/"))

    assert "みなと地域スポーツ応援会" in visitor and "東京都港区" not in visitor and "info@example.jp" not in visitor
    assert "東京都港区みなと1-2-3" in member and "info@example.jp" in member


def test_a_page_for_everybody_carries_nothing_of_one_person(db, browser):
    job = a_job()

    page = browser.get(f"/jobs/{job.pk}/").content.decode()

    assert "csrfmiddlewaretoken" not in page and "あなたに合う理由" not in page


def test_a_draft_does_not_exist_for_others_and_leads_its_client_to_writing(db, browser):
    job = a_job(published=False)

    stranger, missing = as_(a_person()).get(f"/jobs/{job.pk}/"), as_(a_person()).get("/jobs/987654/")

    assert stranger.status_code == missing.status_code == browser.get(f"/jobs/{job.pk}/").status_code == 404
    assert text_of(stranger) == text_of(missing).replace("987654", str(job.pk))
    assert as_(client_of(job)).get(f"/jobs/{job.pk}/").url == f"/jobs/{job.pk}/preview/"


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999", "9223372036854775808"])
def test_a_number_no_post_can_have_is_a_missing_page(db, browser, number):
    assert browser.get(f"/jobs/{number}/").status_code == 404


def test_a_worker_reads_why_it_fits_and_how_that_is_found(db):
    worker, job = a_person(), a_job(topic="サッカー")
    add_hobby(by=worker, topic="ｻｯｶｰ", years=10, depth="doing")
    add_career(by=worker, role="ライター", years=3, category=Category.objects.get(pk="writing"))

    page = text_of(as_(worker).get(f"/jobs/{job.pk}/"))

    assert "この仕事の題材「サッカー」を、あなたは知っています。" in page and "趣味：サッカー 10年" in page and "経験：ライター 3年" in page
    assert "とても合う" in page and "題材への詳しさは2倍、経験は1倍" in page


def test_without_a_reason_there_is_a_next_step_and_the_door_stays_open(db):
    page = text_of(as_(a_person()).get(f"/jobs/{a_job().pk}/"))

    assert "応募は、このままでもできます" in page and "「サッカー」に詳しいとき" in page and "応募する" in page


def test_the_client_sees_their_own_deeds_and_no_reasons(db):
    job = a_job()
    a_proposal(job)

    page = text_of(as_(client_of(job)).get(f"/jobs/{job.pk}/"))

    assert "応募した人を見る（1）" in page and "あなたに合う理由" not in page and "募集を書き直す" in page


def test_a_draft_and_a_sent_application_change_the_deed(db):
    worker, job = a_person(), a_job()
    save_draft(job=job, by=worker, message="書きかけ")
    assert "続きを書く" in text_of(as_(worker).get(f"/jobs/{job.pk}/"))

    a_proposal(job, worker)

    page = as_(worker).get(f"/jobs/{job.pk}/")
    assert "応募を見る" in text_of(page) and f"/jobs/{job.pk}/apply/" not in page.content.decode()


def test_after_the_last_second_of_the_closing_day_it_says_so(db, browser, clock_at):
    job = a_job(closes_on=clock.today())
    clock_at(clock.end_of(clock.today()).astimezone(clock.JAPAN) - datetime.timedelta(seconds=5))
    assert "応募する" in text_of(browser.get(f"/jobs/{job.pk}/"))

    clock_at(clock.end_of(clock.today()).astimezone(clock.JAPAN) + datetime.timedelta(seconds=2))

    page = browser.get(f"/jobs/{job.pk}/?later")
    assert "応募の受け付けは終わりました" in text_of(page) and "/apply/" not in page.content.decode()


def test_the_record_of_the_client_and_opened_reviews_stand_on_their_posts(db, browser):
    contract = a_contract(accepted=True)
    job = a_job(contract.client.person)
    write_review(contract=contract, by=contract.worker, again="yes", text="返事が早く、助かりました。")
    assert "返事が早く" not in text_of(browser.get(f"/jobs/{job.pk}/"))

    write_review(contract=contract, by=contract.client.person, again="yes")

    page = text_of(browser.get(f"/jobs/{job.pk}/?again"))
    assert "返事が早く、助かりました。" in page and "また一緒に働きたい" in page and "検収した仕事1件" in page


def test_what_a_client_typed_is_text_and_nothing_else(db, browser):
    job = a_job(title="<b>太字</b>", body="<script>alert(1)</script>\n\n𠮷野家の👩🏽‍🌾", outcome="<img src=x>", sync_note="<i>")

    page = browser.get(f"/jobs/{job.pk}/").content.decode()

    assert "<script>alert" not in page and "<img src=x>" not in page and "<b>太字" not in page and "𠮷野家の👩🏽‍🌾" in page


def test_the_page_asks_the_same_number_of_questions_however_much_there_is(db):
    job, reader = a_job(seats_count=9), as_(a_person())
    counts = []
    for _round in range(2):
        reader.get(f"/jobs/{job.pk}/")
        with CaptureQueriesContext(connection) as questions:
            assert reader.get(f"/jobs/{job.pk}/").status_code == 200
        counts.append(len(questions))
        for _worker in range(3):
            offer = an_offer(a_proposal(job))
        accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language, words", [("ja-simple", "もらうお金"), ("en", "You receive")])
def test_the_page_speaks_all_three_languages(db, browser, language, words):
    job = a_job()
    browser.cookies["django_language"] = language

    for path in (f"/jobs/{job.pk}/", "/jobs/", "/jobs/?q=zzz"):
        answer = browser.get(path)
        assert answer.status_code == 200 and not unspoken(answer)
    assert words in text_of(browser.get(f"/jobs/{job.pk}/"))
