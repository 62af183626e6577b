"""What the rules about words find in a post, field by field."""
from machi.jobs.errors import WordsStopped
from machi.jobs.models import Job
from machi.wording.queries import Finding, screen

FIELDS = ("title", "body", "outcome", "sync_note", "place")
Found = dict[str, list[Finding]]


def words_of(job: Job) -> dict[str, str]:
    """`plan`: the titles of its steps, which everybody reads too."""
    return {field: getattr(job, field) for field in FIELDS} | {"plan": "\n".join(step["title"] for step in job.plan)}


def check_said(text: str, where: str) -> None:
    """Raises WordsStopped where words that everybody would read beside a post must be changed first. `where`: job | message."""
    if found := stops(found_in({"words": text}, where)):
        raise WordsStopped(found)


def found_in(words: dict[str, str], where: str = "job") -> Found:
    """Only the fields in which something was found."""
    return {field: found for field, text in words.items() if text and (found := screen(text, where))}


def stops(found: Found) -> Found:
    """What must be changed first; the rest is for a person to look at."""
    return {field: some for field, findings in found.items() if (some := [one for one in findings if not one.only_looks])}


def news(found: Found, before: Found) -> Found:
    """What was not there before: somebody may have read that already."""
    known = {(one.rule, one.found) for findings in before.values() for one in findings}
    return {field: some for field, findings in found.items() if (some := [one for one in findings if (one.rule, one.found) not in known])}
