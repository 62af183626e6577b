"""No rule stops a post of the demo town, nor one of the crowd: they are honest texts of many trades, and a town whose past is stopped
cannot be made.
"""
import pytest

from machi.simulation.crowd import tales
from machi.simulation.story import story
from machi.wording.queries import screen

TEXTS = [(job.title, field, getattr(job, field)) for client in story().clients for job in client.jobs
         for field in ("title", "body", "outcome", "sync_note", "place")] + [
         (contest.title, field, getattr(contest, field)) for contest in story().contests for field in ("title", "body")]


@pytest.mark.parametrize("title", sorted({title for title, _field, _text in TEXTS}))
def test_nothing_is_found_in_an_honest_post(title):
    assert [(field, found.kind, found.found) for post, field, text in TEXTS if post == title and text
            for found in screen(text, "job") if not found.only_looks] == []


@pytest.mark.parametrize("line", [*tales.ABOUT, *tales.USUAL, *tales.OUTCOMES, *tales.LETTERS])
def test_nothing_is_found_in_what_the_crowd_writes(line):
    assert [(found.kind, found.found) for found in screen(line.format(topic="園芸"), "job") if not found.only_looks] == []
