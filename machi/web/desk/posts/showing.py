"""A post as whoever reads it first sees it: each field with the words that were found, and what the client did before."""
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.jobs import wordings
from machi.jobs.looks import JobLook
from machi.jobs.models import Job

LABELS = {"title": _("job.title.label"), "body": _("job.body.label"), "outcome": _("job.outcome.label"),
          "sync_note": _("job.sync_note.label"), "place": _("job.place.label"), "plan": _("job.plan")}


class Part(NamedTuple):
    """One field: its text in pieces, each with whether a rule found it, and what the rules say."""

    label: Promise
    pieces: list[tuple[str, bool]]
    advice: list[str]


def parts(job: Job) -> list[Part]:
    found = wordings.found_in(wordings.words_of(job))
    return [Part(LABELS[field], pieces(text, [(one.start, one.start + len(one.found)) for one in found.get(field, ())]),
                 [one.advice for one in found.get(field, ())])
            for field, text in wordings.words_of(job).items() if text]


def pieces(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text once, from beginning to end; what overlaps is marked once."""
    made, place = [], 0
    for start, end in sorted(spans):
        if end > place:
            made += [(text[place:start], False), (text[max(place, start):end], True)]
            place = end
    return [piece for piece in [*made, (text[place:], False)] if piece[0]]


def history(job: Job) -> dict:
    """What this client did so far: posts that opened, posts through which somebody worked, and earlier readings."""
    posts = Job.objects.filter(client=job.client_id)
    return {"opened": posts.exclude(published_at=None).count(), "worked": posts.filter(seats_accepted__gt=0).count(),
            "looks": JobLook.objects.filter(job__client=job.client_id).exclude(answer="").select_related("job").order_by("-pk")[:5]}
