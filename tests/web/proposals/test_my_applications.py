"""A worker's own applications: where each stands, what comes next, and a kind answer."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.contracts.actions import accept_offer, refuse_offer
from machi.notifications.models import Notice
from machi.proposals.actions import decline, end_choosing, save_draft, withdraw
from machi.proposals.models import Proposal
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, an_offer, client_of
from tests.web.jobs.reading import as_, text_of


def test_each_application_stands_with_its_state_and_the_next_action(db):
    worker = a_person()
    save_draft(job=a_job(title="書きかけの仕事"), by=worker, message="書きかけ")
    offer = an_offer(a_proposal(a_job(title="お願いの来た仕事"), worker))
    a_proposal(a_job(title="待っている仕事"), worker)
    contract = a_contract(worker=worker, title="決まった仕事")
    gone = a_proposal(a_job(title="終わった仕事"), worker)
    decline(proposal=gone, by=client_of(gone.job), reason="schedule")

    page = as_(worker).get("/proposals/")

    places = [text_of(page).index(words) for words in (
        "あなたの番です", "お願いの来た仕事", "返事を待っています", "待っている仕事", "決まった仕事", "終わった応募", "終わった仕事")]
    assert places == sorted(places)
    for way in (f"/offers/{offer.pk}/", f"/contracts/{contract.pk}/", f"/proposals/{gone.pk}/", "/apply/"):
        assert way in page.content.decode()


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(db):
    worker, counts = a_person(), []
    browser = as_(worker)
    for number in (2, 5):
        for _job in range(number):
            a_proposal(worker=worker)
            an_offer(a_proposal(worker=worker))
        browser.get("/proposals/")
        with CaptureQueriesContext(connection) as questions:
            assert browser.get("/proposals/").status_code == 200
        counts.append(len(questions))
    assert counts[0] == counts[1]


def test_without_applications_there_is_a_first_step(db):
    page = as_(a_person()).get("/proposals/")

    assert "応募は、まだありません" in text_of(page) and 'href="/jobs/"' in page.content.decode() and "あとで見る" not in text_of(page)


def test_the_answer_says_how_many_how_many_places_the_reason_and_the_next_step(db):
    worker = a_person()
    job = a_job(title="試合の記事", seats_count=2)
    proposal, _other = a_proposal(job, worker), a_proposal(job)
    for number in range(4):
        a_job(title=f"ほかの仕事{number}")
    decline(proposal=proposal, by=client_of(job), reason="topic", words="文章がていねいでした。")

    page = text_of(as_(worker).get(f"/proposals/{proposal.pk}/"))

    assert "応募は2人、お願いできるのは2人でした。決め手は「題材への詳しさ」で、あなたの値打ちを測ったものではありません" in page
    assert "文章がていねいでした。" in page and "ほかの仕事 3件" in page and page.count("ほかの仕事") == 5
    promised = Notice.objects.get(user=worker, kind="proposal.not_chosen").words["m"]
    assert promised == 3


def test_where_no_other_job_is_open_no_number_is_promised(db):
    worker = a_person()
    proposal = a_proposal(worker=worker)
    decline(proposal=proposal, by=client_of(proposal.job), reason="budget")

    page = text_of(as_(worker).get(f"/proposals/{proposal.pk}/"))

    assert "ほかの仕事" not in page and "マイページに、強みを一行そえる" in page


@pytest.mark.parametrize("reason, words", [("plan", "どなたにも決まらずに終わりました。理由は「計画の変更」")])
def test_where_nobody_was_chosen_everybody_reads_the_same(db, reason, words):
    job = a_job()
    proposals = [a_proposal(job), a_proposal(job)]
    end_choosing(job=job, by=client_of(job), reason=reason)

    for proposal in proposals:
        assert words in text_of(as_(proposal.worker).get(f"/proposals/{proposal.pk}/"))


@pytest.mark.parametrize("answer, words", [(accept_offer, "契約の部屋へ"), (refuse_offer, "お断り")])
def test_after_an_offer_the_next_action_leads_on(db, answer, words):
    offer = an_offer()
    worker = as_(offer.worker)
    assert f"/offers/{offer.pk}/" in worker.get(f"/proposals/{offer.proposal_id}/").content.decode()

    answer(offer=offer, by=offer.worker, **({"terms_hash": offer.terms_hash} if answer is accept_offer else {}))

    assert words in text_of(worker.get(f"/proposals/{offer.proposal_id}/"))


def test_withdrawing_asks_first_and_can_be_taken_up_again(db):
    worker = a_person()
    proposal = a_proposal(worker=worker)
    browser = as_(worker)
    asked = text_of(browser.get(f"/proposals/{proposal.pk}/withdraw/"))

    answer = browser.post(f"/proposals/{proposal.pk}/withdraw/")

    proposal.refresh_from_db()
    page = browser.get(answer.url)
    assert "もう一度応募できます" in asked and proposal.state == "withdrawn" and "取り消しました" in text_of(page)
    assert f"/jobs/{proposal.job_id}/apply/" in page.content.decode()


def test_withdrawing_twice_or_after_the_answer_changes_nothing(db):
    worker = a_person()
    proposal, answered = a_proposal(worker=worker), a_proposal(worker=worker)
    withdraw(proposal=proposal, by=worker)
    decline(proposal=answered, by=client_of(answered.job), reason="topic")

    for one in (proposal, answered):
        answer = as_(worker).post(f"/proposals/{one.pk}/withdraw/")
        assert answer.status_code == 409 and "もうお返事が届いています" in text_of(answer)


def test_a_draft_is_put_away(db):
    worker = a_person()
    draft = save_draft(job=a_job(), by=worker, message="書きかけ")
    browser = as_(worker)
    assert "下書きをしまう" in text_of(browser.get(f"/proposals/{draft.pk}/withdraw/"))

    browser.post(f"/proposals/{draft.pk}/withdraw/")

    assert Proposal.objects.get().state == "withdrawn" and Proposal.objects.get().message == "書きかけ"


def test_somebody_elses_application_answers_like_a_missing_one(db, browser):
    proposal, stranger = a_proposal(), as_(a_client("ほかの会"))

    for path in ("", "withdraw/", "choose/", "decline/"):
        there, missing = stranger.get(f"/proposals/{proposal.pk}/{path}"), stranger.get(f"/proposals/987654/{path}")
        assert there.status_code == missing.status_code == 404
        assert browser.get(f"/proposals/{proposal.pk}/{path}").status_code == 302
    assert as_(client_of(proposal.job)).post(f"/proposals/{proposal.pk}/withdraw/").status_code == 404
    for path in ("choose/", "decline/"):
        assert as_(proposal.worker).post(f"/proposals/{proposal.pk}/{path}", {"reason": "topic"}).status_code == 404


def test_its_client_is_led_to_everybody_who_applied(db):
    proposal = a_proposal()

    assert as_(client_of(proposal.job)).get(f"/proposals/{proposal.pk}/").url == f"/jobs/{proposal.job_id}/applicants/"
