"""A signed record as people read it: the facets, the finished works, for whom and when it was made."""
import datetime
from typing import NamedTuple

from machi.shared import clock


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
