"""The signed record: made and taken back by its person, checked by anybody, with the keys and the lists that other programs ask for."""
import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from machi.reviews import actions
from machi.reviews.models import IssuedRecord
from machi.reviews.portable import LIST_SIZE, content_of, enveloped, status_list, verdict
from machi.reviews.queries import has_record, issued_to
from machi.reviews.townkeys import key_set, public_keys
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.problems import limited
from machi.web.frame.sent import sent
from machi.web.pages.record.forms import IssueForm, VerifyForm
from machi.web.pages.record.reading import pdf_of, told, where_checked


def _mine(request, pk: int) -> IssuedRecord:
    return get_object_or_404(IssuedRecord.objects.in_use().filter(user=request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def mine(request):
    """What would stand in the record, those that were made, and one more."""
    form = IssueForm(sent(request), initial={"called": request.user.display_name})
    if not form.is_valid():
        return _show(request, form, 422 if form.is_bound else 200)
    try:
        issued = actions.issue_record(by=request.user, called=form.cleaned_data["called"])
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, form, 409)
    return redirect("record:paper", issued.pk)


def _show(request, form: IssueForm, status: int) -> HttpResponse:
    return page(request, "record/mine.html", {"form": form, "issued": issued_to(request.user),
                                            "has_record": has_record(request.user)}, status=status)


@require_GET
def paper(request, pk: int):
    """One record in words, to read and to print, with the files beside it."""
    issued = _mine(request, pk)
    return page(request, "record/paper.html", {"issued": issued, "told": told(content_of(issued)), "where": where_checked()})


@require_GET
def token(request, pk: int):
    """The signed text."""
    return _download(_mine(request, pk).jwt, "application/vc+jwt", "machi-record.jwt")


@require_GET
def envelope(request, pk: int):
    """The same in the envelope that wallets read."""
    return _download(json.dumps(enveloped(_mine(request, pk).jwt), indent=1), "application/json", "machi-record.json")


@limited("set_sheet", counts_looks=True)
@require_GET
def pdf(request, pk: int):
    """The paper copy, for a printer and for a screen reader."""
    return _download(pdf_of(told(content_of(_mine(request, pk)))), "application/pdf", "machi-record.pdf")


def _download(text: str | bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"',
                                                          "Cache-Control": "private, no-store"})


@require_http_methods(["GET", "POST"])
def revoke(request, pk: int):
    """Take a record back: from then on the town says so to everybody who checks it."""
    issued = _mine(request, pk)
    if request.method == "GET":
        return page(request, "record/revoke.html", {"issued": issued})
    actions.revoke_record(record=issued, by=request.user)
    return redirect("record:mine")


@login_not_required
@require_http_methods(["GET", "POST"])
def verify(request):
    """Is this a record of this town, unchanged, and not taken back? For anybody, and nothing of it is kept."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    if not form.is_valid():
        return page(request, "record/verify.html", {"form": form, "found": None}, status=422 if form.is_bound else 200)
    found = verdict(form.cleaned_data["text"])
    return page(request, "record/verify.html", {"form": form, "found": found, "told": told(found.paper) if found.paper else None})


@login_not_required
@require_GET
def status(request, number: int):
    """One status list, signed anew each time it is asked for."""
    if not IssuedRecord.objects.filter(pk__gte=number * LIST_SIZE, pk__lt=(number + 1) * LIST_SIZE).exists():
        raise Http404
    return HttpResponse(status_list(number), content_type="application/vc+jwt")


@login_not_required
@require_GET
def keys(request):
    """The public halves of the town's keys (JWKS)."""
    return JsonResponse(key_set())


@login_not_required
@require_GET
def key(request, kid: str):
    """One public key, at the address that a record names."""
    if kid not in public_keys():
        raise Http404(_("error.404"))
    return JsonResponse(public_keys()[kid].as_dict(private=False))
