"""The copy (控え) of a contract or of an entry that won, whose other side has left the town: opened for the one who dealt with them,
and for nobody else.
"""
import datetime

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from machi.privacy import keys, sealing
from machi.privacy.bundles import with_files
from machi.privacy.in_words import additions_in, signed_in
from machi.privacy.keys import KeyGone
from machi.privacy.models import Paper
from machi.privacy.queries import copy_of
from machi.privacy.taking_home import open_paper
from machi.proposals.papers import receipt_rows
from machi.web.frame.jinja import page


@require_GET
def copy(request, pk: int):
    """Terms with what was agreed later, deliveries with what was asked to be different, letters and the statement, as they were."""
    _paper, opened = _opened(request, f"contract:{pk}")
    asked = {(one["step"], one["round"]): one for one in opened["revisions"]}
    return page(request, "privacy/copy.html", {
        "pk": pk, "paper": opened, "is_whole": sealing.fingerprint(opened["terms"]) == opened["terms_hash"],
        "days": _days(opened), "additions": additions_in(opened), "signed": signed_in(opened),
        "statements": _statements(opened),
        "rounds": [(delivery, asked.get((delivery["step"], delivery["round"]))) for delivery in opened["deliveries"]]})


@require_GET
def entry_copy(request, pk: int):
    """The receipt of rights, and the work that won, as they were on the day of the prize."""
    _paper, opened = _opened(request, f"entry:{pk}")
    return page(request, "privacy/entry_copy.html", {
        "pk": pk, "paper": opened, "rows": receipt_rows(opened["receipt"]), "work": opened["deliveries"][0],
        "is_whole": sealing.fingerprint(opened["receipt"]) == opened["receipt_hash"], "statements": _statements(opened)})


@require_GET
def copied_file(request, pk: int, file_pk: int):
    """A file that was handed over, or put beside the words about a difference, opened in memory and given back as a download."""
    return _file(*_opened(request, f"contract:{pk}"), file_pk)


@require_GET
def entry_file(request, pk: int, file_pk: int):
    """A file of the work that won, the same way."""
    return _file(*_opened(request, f"entry:{pk}"), file_pk)


def _file(paper: Paper, opened: dict, file_pk: int) -> HttpResponse:
    for file in (file for part in with_files(opened) for file in part["files"] if file["id"] == file_pk):
        try:
            content = sealing.unseal_file(keys.read(paper.key.stored_as), file["sealed_as"])
        except KeyGone:
            break
        return HttpResponse(content, content_type="application/octet-stream", headers={
            "Content-Disposition": content_disposition_header(True, file["name"]), "X-Content-Type-Options": "nosniff"})
    raise Http404


def _statements(opened: dict) -> list[tuple[dict, datetime.date]]:
    return [(one, datetime.date.fromisoformat(one["paid_on"] or one["pay_on"])) for one in opened["statements"]]


def _days(opened: dict) -> dict:
    """The due date and the day of payment that hold: of the last addition, if there is one."""
    holds = opened["additions"][-1]["addition"] if opened["additions"] else opened["terms"]
    days = {name: holds[name] for name in ("due_on", "pay_on")}
    return {name: datetime.date.fromisoformat(text) for name, text in days.items()}


def _opened(request, about: str) -> tuple[Paper, dict]:
    paper = copy_of(request.user, about)
    if paper is None:
        raise Http404
    try:
        return paper, open_paper(paper)
    except KeyGone:
        raise Http404 from None
