"""Files of people as they leave the town: a download, or a picture that the town made. Never a page, whatever is in them."""
import logging

from django.http import FileResponse, Http404, HttpResponse

from machi.files.models import File
from machi.files.storing import path_of

log = logging.getLogger(__name__)
HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
FOR_EVERYBODY, FOR_SOME = "public, max-age=31536000, immutable", "private, no-store"    # a picture never changes under its address


def attachment(file: File) -> FileResponse:
    """The file as it was handed over, to be kept: never opened by a browser in the town's own name."""
    return FileResponse(_opened(file), as_attachment=True, filename=file.name, content_type="application/octet-stream", headers=HARMLESS)


def picture(file: File, view: str, *, is_public: bool) -> HttpResponse:
    """One of the two pictures that the town made of a file. Browsers may keep what everybody may see."""
    with _opened(file, view) as content:
        kept = {"Cache-Control": FOR_EVERYBODY if is_public else FOR_SOME}
        return HttpResponse(content.read(), content_type="image/webp", headers=HARMLESS | kept)


def _opened(file: File, view: str = ""):
    try:
        return path_of(file.stored_as, view).open("rb")
    except (OSError, ValueError):
        if view and file.is_shown or not view and file.has_original:
            log.error("a file that was kept is not on the disk", extra={"file": file.pk})
        raise Http404 from None
