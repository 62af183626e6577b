"""A form sent from four windows at once, or pressed four times, is one thing. What only resembles it is another."""
import pytest

from machi.accounts.queries import party_of
from machi.jobs.actions import begin_job
from machi.portfolio.actions import add_piece
from machi.profiles.actions import add_career, add_certificate, add_strength
from tests.people import a_person, an_organisation

FORMS = {
    "strength": lambda by, words: add_strength(by=by, statement=words, evidence="10年"),
    "career": lambda by, words: add_career(by=by, role=words, years=8),
    "certificate": lambda by, words: add_certificate(by=by, name=words, year=2020),
    "piece": lambda by, words: add_piece(by=by, title=words, part="全部", topics=["サッカー"]),
    "organisation": lambda by, words: an_organisation(by, words),
    "first screen of a post": lambda by, words: begin_job(client=party_of(by), by=by, title=words, body="くわしくは後で。")}


@pytest.mark.parametrize("form", FORMS)
def test_sent_four_times_at_once_it_is_one(race, form):
    send, person = FORMS[form], a_person()

    answers = race(*[lambda: send(person, "みなと")] * 4)

    assert [type(answer) for answer in answers] == [type(answers[0])] * 4 and not isinstance(answers[0], Exception)
    assert len({answer.pk for answer in answers}) == 1
    assert send(person, "みなと二").pk not in {answer.pk for answer in answers}
    assert send(a_person(), "みなと").pk not in {answer.pk for answer in answers}, "somebody else may say the same"
