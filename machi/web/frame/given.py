"""Files of people as they leave the town: a download, or a picture that the town made. Never a page, whatever is in them."""
import logging
import re

from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from machi.files.models import File
from machi.files.storing import path_of

log = logging.getLogger(__name__)
HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
PLAYED = {"mp3": "audio/mpeg", "ogg": "audio/ogg", "flac": "audio/flac", "wav": "audio/wav", "m4a": "audio/mp4", "mp4": "video/mp4"}
PART_AT_MOST = 2_000_000                            # bytes of one answer
# A picture never changes under its address, but who may see it may: a browser keeps it for itself, and after an hour it asks.
FOR_EVERYBODY, FOR_SOME = "private, max-age=3600, must-revalidate", "private, no-store"


def attachment(file: File) -> FileResponse:
    """The file as it was handed over, to be kept: never opened by a browser in the town's own name."""
    return _attached(_opened(file), file.name)


def handed_over(file: File) -> FileResponse:
    """The same of what was redrawn on its way to others, too: the picture that the town made is what they get."""
    return _attached(content_of(file), file.given_name)


def content_of(file: File):
    """Of what was handed over, to be read. Raises Http404 where it is not on the disk."""
    return _opened(file, "" if file.has_original else "large")


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


def played(request, file: File) -> HttpResponse:
    """A sound or a film, whole or the part that a player asks for: without that, no browser jumps within it, and some do not begin."""
    content, kind = _opened(file), PLAYED[file.kind]
    headers = HARMLESS | {"Cache-Control": FOR_SOME, "Accept-Ranges": "bytes"}
    part = _part_asked(request.headers.get("Range", ""), file.size)
    if part is None:
        return FileResponse(content, content_type=kind, headers=headers | {"Content-Length": str(file.size)})
    first, last = part
    content.seek(first)
    with content:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
        return HttpResponse(content.read(last - first + 1), status=206, content_type=kind, headers=headers)


def _attached(content, name: str) -> FileResponse:
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream", headers=HARMLESS)


def _part_asked(said: str, size: int) -> tuple[int, int] | None:
    """Of a file, at most so much at once; none where no part is asked for, or none that there is."""
    asked = re.fullmatch(r"bytes=(\d{0,12})-(\d{0,12})", said)
    if not asked or not (asked[1] or asked[2]):
        return None
    first = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
    last = int(asked[2]) if asked[1] and asked[2] else size - 1
    last = min(last, size - 1, first + PART_AT_MOST - 1)
    return (first, last) if first <= last else None


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
