"""Taking everything home (お持ち帰り), who has seen what, and leaving (退会)."""
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from machi.privacy import actions
from machi.privacy.models import Export
from machi.privacy.queries import export_of, holds, kept_papers
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.web.frame.interrupted import typed_here
from machi.web.frame.jinja import page
from machi.web.frame.proof import is_proven, proven
from machi.web.frame.sent import sent
from machi.web.pages.privacy import watched
from machi.web.pages.privacy.forms import LastWordForm
from machi.web.pages.privacy.held import shown


@require_http_methods(["GET", "POST"])
def export(request):
    """The file with everything: ask for it, see how far it is, take it."""
    if request.method == "POST":
        actions.ask_for_export(by=request.user)
        messages.success(request, _("export.asked"))
        return redirect("privacy:export")
    return page(request, "privacy/export.html", {"export": export_of(request.user), "is_proven": is_proven(request)}, part="standing")


@require_http_methods(["GET", "POST"])
@proven("GET", "POST")
def take(request):
    """Hand the file over, to the person alone, and shortly after they have shown who they are. A look only leads to the proof, and back."""
    if request.method == "GET":
        return redirect("privacy:export")
    found = get_object_or_404(Export.objects.filter(user=request.user), state="ready")
    try:
        place = actions.take_export(export=found, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("privacy:export")
    return FileResponse(open(place, "rb"), as_attachment=True, filename=f"machi-{clock.today().isoformat()}.zip",
                        headers={"X-Content-Type-Options": "nosniff", "Content-Type": "application/zip"})


@require_GET
def seen(request):
    """Who has seen what of this person, and when."""
    return page(request, "privacy/seen.html", watched.everything(request.user))


@require_GET
def leave(request):
    """What has to end first, what can be taken along, and the two ways."""
    return page(request, "privacy/leave.html", _standing(request.user))


@require_http_methods(["GET", "POST"])
def keep(request):
    """Leave, and keep the record for a return."""
    return _go(request, "keep", actions.close_account)


@require_http_methods(["GET", "POST"])
@proven("POST")
def erase(request):
    """Leave for good."""
    return _go(request, "erase", actions.erase_account)


@require_GET
@login_not_required
@never_cache
def left(request):
    """The last page, for somebody who is nobody here any more."""
    return page(request, "privacy/left.html", {"way": "erase" if request.GET.get("way") == "erase" else "keep"})


def _standing(user) -> dict:
    for_now, for_good = (shown(holds(user, is_for_good=for_good)) for for_good in (False, True))
    return {"for_good": for_good, "for_now": for_now, "papers": kept_papers(user), "export": export_of(user), "contact": settings.CONTACT}


def _go(request, way: str, deed: Callable[..., None]):
    """What will happen, the one question, the deed; and out of the door, or what stands in the way."""
    form = LastWordForm(sent(request), initial=typed_here(request))
    if not form.is_valid():
        return _ask(request, way, form)
    try:
        deed(by=request.user, word=form.cleaned_data["word"])
    except DomainError as refusal:                  # something is open, or somebody else was quicker: what they did comes first
        return _ask(request, way, form, refusal)
    return _goodbye(request, way)


def _ask(request, way: str, form: LastWordForm, refusal: DomainError | None = None):
    """The page that asks once more: what will happen, the one question, the deed, and the way back."""
    if refusal:
        form.add_error(None, str(refusal))
    standing = _standing(request.user)
    status = 409 if refusal else 422 if form.is_bound else 200
    held = standing["for_good" if way == "erase" else "for_now"]
    return page(request, "privacy/going.html", standing | {"form": form, "way": way, "held": held}, status=status)


def _goodbye(request, way: str):
    logout(request)
    response = redirect("privacy:left")
    response["Location"] += f"?way={way}"
    return response
