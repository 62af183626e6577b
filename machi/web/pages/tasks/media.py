"""Pictures, sounds and films of items: the step on which a client brings them, and each of them as a page shows it."""
from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.files.storing import VIEWS, store_table
from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned
from machi.tasks import actions, forms
from machi.tasks.models import Batch, Piece
from machi.tasks.policies import can_see_appealed, can_see_piece, keeps_piece
from machi.tasks.queries import form_of, is_reading_parcels, leaves_media_out, media_counted, media_lacking, parcels_of
from machi.web.frame import given, limits
from machi.web.frame.desks import has_used_second_key
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import page
from machi.web.pages.tasks.making_forms import MediaForm
from machi.web.pages.tasks.way import of_a_draft, to_step, way_context

PER_PAGE, PARCELS_SHOWN = 50, 5


@require_http_methods(["GET", "POST"])
@of_a_draft
def media(request, batch):
    """Files or ZIPs are brought; how far the town is with them, and with addresses, htmx asks again and again."""
    form = form_of(batch)
    if form is None or not forms.parse(form.parts).media:
        return to_step(batch, "form" if form is None else "trial")
    if request.method == "GET":
        return _media(request, batch, MediaForm(), part="progress")
    brought = MediaForm(request.POST, request.FILES)
    if not brought.is_valid():
        return _media(request, batch, brought, status=422)
    try:
        _bring(request, batch, brought.cleaned_data["files"])
    except DomainError as refusal:
        brought.add_error("files", str(refusal))
        return _media(request, batch, brought, status=409)
    return to_step(batch, "media")


@require_POST
@of_a_draft
def again(request, batch):
    """Whatever could not be fetched is asked for once more."""
    done = actions.try_media_again(batch=batch, by=request.user)
    messages.success(request, ngettext("tasks.media.again.done", "tasks.media.again.done", done) % {"num": done})
    return to_step(batch, "media")


@require_POST
@of_a_draft
def leave(request, batch):
    """Nothing more is fetched: perhaps the column was the wrong one."""
    actions.leave_media(batch=batch, by=request.user)
    return to_step(batch, "media")


@require_GET
def piece(request, pk: int, piece_pk: int, view: str = "large"):
    """A picture as the town has drawn it, a sound or a film as it was brought. For everybody who is not shown it, it is not here."""
    found = one_or_404(list(Piece.objects.filter(pk=piece_pk, batch=pk, state="here").select_related("file", "batch")))
    is_shown = can_see_piece(request.user, found) or can_see_appealed(request.user, found) and has_used_second_key(request)
    if view not in VIEWS or not is_shown:
        raise Http404
    if found.kind != "picture":
        return given.played(request, found.file)
    return given.picture(request, found.file, view, is_public=keeps_piece(request.user, found))


def _bring(request, batch: Batch, files) -> None:
    if not limits.is_allowed(request, "put_file"):
        raise DomainError(_("file.too_often") % {"min": limits.minutes_to_wait(request)})
    actions.bring_media(batch=batch, by=request.user, files_=[
        replace(store_table(file, "zip"), name=cleaned(file.name)[:120]) for file in files])       # by its name an item finds it


def _media(request, batch: Batch, form: MediaForm, *, part: str | None = None, status: int = 200):
    pages = Paginator(media_lacking(batch), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "tasks/client/media.html", way_context(batch, "media") | {
        "form": form, "counted": media_counted(batch), "pages": pages,
        "is_cut": leaves_media_out(batch, forms.parse(form_of(batch).parts)),
        "parcels": list(parcels_of(batch)[:PARCELS_SHOWN]), "is_reading": is_reading_parcels(batch), "most": settings.TASK_PIECES,
        "most_gb": settings.TASK_PIECES_BYTES // 1_000_000_000}, part=part, status=status)
