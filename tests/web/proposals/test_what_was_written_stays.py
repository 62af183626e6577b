"""Words that somebody wrote to somebody stay on their screen when they cannot be sent: work moved on, nothing was written, or too much."""
from typing import NamedTuple

import pytest
from django.test import Client

from machi.jobs.actions import ask, close_job
from machi.packages.actions import pause_package
from machi.proposals.actions import end_choosing, withdraw
from tests.people import a_client, a_job, a_package, a_person, a_proposal, client_of
from tests.web.contracts.walking import hidden, said
from tests.web.jobs.reading import as_, text_of, value_of

pytestmark = pytest.mark.django_db
WORDS = "ていねいな文章でした。<b>また</b>お願いします。"


class Writing(NamedTuple):
    """Somebody is writing; what the form holds beside the words, what moves it on, and what is said then."""

    browser: Client
    address: str
    held: dict
    moves_on: object
    refused: str


def order() -> Writing:
    package, browser = a_package(), as_(a_client())
    address = f"/packages/{package.pk}/order/"
    page = browser.get(address, follow=True)
    return Writing(browser, address, {name: hidden(page, name) for name in ("key", "version")},
                   lambda: pause_package(package=package, by=package.worker), "package.order.refused")


def question() -> Writing:
    job = a_job()
    return Writing(as_(a_person()), f"/jobs/{job.pk}/questions/", {}, lambda: close_job(job=job, by=client_of(job)), "question.refused")


def reply() -> Writing:
    job = a_job()
    asked = ask(job=job, by=a_person(), words="いつ始まりますか。")
    return Writing(as_(client_of(job)), f"/jobs/questions/{asked.pk}/", {}, lambda: close_job(job=job, by=client_of(job)),
                   "question.answer_refused")


def decline() -> Writing:
    proposal = a_proposal()
    return Writing(as_(client_of(proposal.job)), f"/proposals/{proposal.pk}/decline/", {"reason": "topic"},
                   lambda: withdraw(proposal=proposal, by=proposal.worker), "proposal.decline_refused")


def end() -> Writing:
    job = a_job()
    a_proposal(job)
    return Writing(as_(client_of(job)), f"/jobs/{job.pk}/end/", {"reason": "budget"},
                   lambda: end_choosing(job=job, by=client_of(job), reason="budget"), "job.end_refused")


@pytest.mark.parametrize("written", [order, question, reply, decline, end])
def test_when_it_can_no_longer_be_sent_the_words_and_the_reason_stand_there(written):
    one = written()
    one.moves_on()

    answer = one.browser.post(one.address, one.held | {"words": WORDS})

    assert answer.status_code == 409 and said(one.refused) in text_of(answer)
    assert WORDS in text_of(answer) and "<b>また" not in answer.content.decode()


@pytest.mark.parametrize("typed", ["", " \u3000\n", "\x00\u202e"])
@pytest.mark.parametrize("written", [order, question, reply])
def test_without_words_nothing_is_sent_and_the_field_says_so(written, typed):
    one = written()

    answer = one.browser.post(one.address, one.held | {"words": typed})

    assert answer.status_code == 422 and 'id="id_words_error"' in answer.content.decode()


@pytest.mark.parametrize("written", [order, question, reply, decline])
def test_too_many_words_come_back_to_be_shortened(written):
    one, long = written(), "あ" * 1_001

    answer = one.browser.post(one.address, one.held | {"words": long})

    assert answer.status_code == 422 and value_of(answer, "words") == long and 'id="id_words_error"' in answer.content.decode()
