"""Files of people as they leave the town: a download, or a picture that the town made. Never a page, whatever is in them."""
import logging

from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from machi.files.models import File
from machi.files.storing import path_of

log = logging.getLogger(__name__)
HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
# A picture never changes under its address, but who may see it may: a browser keeps it for itself, and after an hour it asks.
FOR_EVERYBODY, FOR_SOME = "private, max-age=3600, must-revalidate", "private, no-store"


def attachment(file: File) -> FileResponse:
    """The file as it was handed over, to be kept: never opened by a browser in the town's own name."""
    return FileResponse(_opened(file), as_attachment=True, filename=file.name, content_type="application/octet-stream", headers=HARMLESS)


def picture(request, file: File, view: str, *, is_public: bool) -> HttpResponse:
    """One of the two pictures that the town made of a file. Where everybody may see it, a browser keeps it for a while."""
    if not is_public:
        return _picture(file, view, {"Cache-Control": FOR_SOME})
    etag = quote_etag(f"{file.sha256[:32]}-{view}")
    kept = {"Cache-Control": FOR_EVERYBODY, "ETag": etag}
    answer = get_conditional_response(request, etag=etag) or _picture(file, view, kept)
    for name, value in kept.items():
        answer.headers[name] = value
    return answer


def _picture(file: File, view: str, kept: dict[str, str]) -> HttpResponse:
    with _opened(file, view) as content:
        return HttpResponse(content.read(), content_type="image/webp", headers=HARMLESS | kept)


def _opened(file: File, view: str = ""):
    try:
        return path_of(file.stored_as, view).open("rb")
    except (OSError, ValueError):
        if view and file.is_shown or not view and file.has_original:
            log.error("file %s was kept and is not on the disk", file.pk)
        raise Http404 from None
