"""A signed record as people read it: the facets, the finished works, for whom and when it was made; on a screen, or as a paper."""
import datetime
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from machi.shared import clock
from machi.web.frame import words
from machi.web.frame.typeset import typeset


class Told(NamedTuple):
    """What stands in a record. It is read from the signed text itself, never from the tables."""

    called: str
    issuer: str
    made_on: datetime.date
    number: str
    facets: list[tuple[str, str]]
    works: list[tuple[str, str, str]]               # kind and month, on time, title and client where they were public


def told(paper: dict) -> Told:
    """The words of a paper that the town has just recognised as its own."""
    subject = paper["credentialSubject"]
    names = {one["id"]: one["name"] for one in subject["achievement"]["resultDescription"]}
    called = subject["identifier"][0]["identityHash"] if "identifier" in subject else subject["id"]
    return Told(called, paper["issuer"]["id"], clock.day_of(datetime.datetime.fromisoformat(paper["validFrom"])), paper["id"],
                [(names[one["resultDescription"]], one["value"]) for one in subject["result"]],
                [(one["name"], one["narrative"], one.get("description", "")) for one in paper["evidence"]])


def where_checked() -> str:
    """The address at which anybody can check a signed file."""
    return settings.SITE_URL + reverse("record:verify")


def pdf_of(record: Told) -> bytes:
    """The paper copy as PDF: what the page says, and where the signed file can be checked."""
    return typeset("record", {
        "title": _("portable.name"), "lang": (translation.get_language() or "ja")[:2], "called": record.called,
        "made": _("portable.paper.made") % {"day": words.day(record.made_on), "issuer": record.issuer}, "facets": record.facets,
        "works_title": _("portable.paper.works"), "works": record.works, "number_title": _("portable.paper.number"),
        "number": record.number, "check": _("portable.paper.check") % {"where": where_checked()}})
