"""A post that is paused: who goes on reading it, and what everybody else gets instead. And a post whose client has left."""
import pytest
from django.test import Client

from machi.accounts.roles import DUTIES
from machi.jobs.actions import ask, pause_job, resume_job
from machi.privacy.actions import close_account
from machi.proposals.actions import save_draft, withdraw
from tests.people import a_job, a_member, a_person, a_proposal, a_staff_member, an_organisation, client_of
from tests.web.contracts.walking import said
from tests.web.jobs.reading import as_, text_of, unspoken

pytestmark = pytest.mark.django_db
PAGES = ("", "questions/", "apply/")


def paused(**values):
    job = a_job(title="港まつりの記録", body="二日目の写真を50枚えらぶ仕事です。", **values)
    return pause_job(job=job, by=client_of(job))


def test_whoever_applied_its_client_and_the_desk_go_on_reading_it():
    party = an_organisation()
    job = a_job(client_of(a_job(party=party, client=party.people("keeper")[0])), party=party)
    sent, begun, back = a_proposal(job).worker, a_person(), a_proposal(job)
    save_draft(job=job, by=begun, message="書きかけです。")
    withdraw(proposal=back, by=back.worker)
    pause_job(job=job, by=party.people("keeper")[0])

    for person in (sent, begun, back.worker, a_member(party, "payer"), party.people("keeper")[0], a_staff_member("moderator")):
        page = as_(person).get(f"/jobs/{job.pk}/")
        assert page.status_code == 200 and job.body in text_of(page)
    page = text_of(as_(begun).get(f"/jobs/{job.pk}/apply/"))
    assert said("apply.paused") in page and "書きかけです。" in page and said("apply.over") not in page


@pytest.mark.parametrize("page", PAGES)
def test_everybody_else_reads_that_it_is_paused_and_finds_open_posts_of_its_kind(page):
    job = paused()
    other = a_job(title="まつりの案内文")

    answer = as_(a_person()).get(f"/jobs/{job.pk}/{page}")

    text = text_of(answer)
    assert answer.status_code == 404 and said("job.paused") in text and said("paused.text") in text
    assert job.title not in text and job.body not in text and job.client_name not in text.replace(other.client_name, "", 1)
    assert f"/jobs/{other.pk}/" in answer.content.decode() and "/jobs/?category=writing" in answer.content.decode()


def test_a_visitor_reads_the_same_and_how_whoever_applied_comes_in():
    job = paused()

    answer = Client().get(f"/jobs/{job.pk}/")

    assert answer.status_code == 404 and said("paused.applied") in text_of(answer) and job.title not in text_of(answer)
    assert "/jobs/?category=writing" in answer.content.decode()
    resume_job(job=job, by=client_of(job))
    assert Client().get(f"/jobs/{job.pk}/").status_code == 200


@pytest.mark.parametrize(("page", "field"), [("apply", "message"), ("questions", "words")])
@pytest.mark.parametrize("way", [{}, {"HTTP_HX_REQUEST": "true"}], ids=["page", "part"])
def test_what_somebody_was_typing_when_it_paused_stays_on_their_screen_and_tells_nothing_of_the_post(page, field, way):
    job, typing = paused(), "三年間、<b>まつり</b>を撮っています。"

    answer = as_(a_person()).post(f"/jobs/{job.pk}/{page}/", {field: typing}, **way)

    text = text_of(answer)
    assert answer.headers["HX-Retarget"] == "#apply", "not into the form in which it was typed"
    assert answer.status_code == 409 and typing in text and said("paused.typed") in text and said("paused.text") in text
    assert job.title not in text and job.client_name not in text and "<b>まつり" not in answer.content.decode()


@pytest.mark.parametrize("duty", sorted(DUTIES))
def test_of_those_with_a_duty_only_whoever_looks_at_posts_reads_it(duty):
    job = paused()

    assert (as_(a_staff_member(duty)).get(f"/jobs/{job.pk}/").status_code == 200) == (duty == "moderator")


def test_a_question_and_an_answer_that_were_being_typed_stay_too():
    job = a_job()
    asker = a_proposal(job).worker
    question = ask(job=job, by=asker, words="いつ始まりますか。")
    pause_job(job=job, by=client_of(job))

    answer = as_(client_of(job)).post(f"/jobs/questions/{question.pk}/", {"words": "来月の三日からです。"})
    assert answer.status_code == 409 and "来月の三日からです。" in text_of(answer)
    asked = as_(asker).post(f"/jobs/{job.pk}/questions/", {"words": "場所はどこですか。"})
    assert asked.status_code == 409 and "場所はどこですか。" in text_of(asked)


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_it_speaks_all_three_languages(language):
    browser, job = as_(a_person()), paused()
    browser.cookies["django_language"] = language

    assert unspoken(browser.get(f"/jobs/{job.pk}/")) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_post_whose_client_has_left_is_for_whoever_applied_on_every_page(page):
    job = a_job()
    worker = a_proposal(job).worker
    close_account(by=client_of(job))

    assert as_(a_person()).get(f"/jobs/{job.pk}/{page}").status_code == 404
    assert as_(worker).get(f"/jobs/{job.pk}/{page}", follow=True).status_code == 200
