"""Files that people hand over: taken by their content, kept under a name of ours, given back as attachments only."""
import contextlib
import hashlib
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned

# What a file may be, by how it begins. Office papers are ZIP archives with a known part inside.
_BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif",
               b"ID3": "mp3", b"\xff\xfb": "mp3", b"OggS": "ogg", b"fLaC": "flac"}
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx", "mimetype": "odf"}
PICTURES = {"png", "jpeg", "gif", "webp"}
PIXELS_AT_MOST = 50_000_000
UNPACKED_AT_MOST = 500_000_000          # bytes: a ZIP that would grow beyond this is refused unopened


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the disk of the town. `name` is what its person called it, and is only ever shown."""

    name: str
    stored_as: str
    kind: str
    size: int
    sha256: str


def store_all(uploads: Iterable) -> list[StoredFile]:
    """Keep uploaded files. Raises DomainError as `kinds_of` does; then none is kept."""
    uploads = list(uploads)
    return [_store(upload, kind) for upload, kind in zip(uploads, kinds_of(uploads), strict=True)]


@contextlib.contextmanager
def stored(uploads: Iterable) -> Iterator[list[StoredFile]]:
    """Files that stay only if what they are handed over for is done: a delivery that is refused leaves none behind."""
    files = store_all(uploads)
    try:
        yield files
    except BaseException:
        for file in files:
            path_of(file.stored_as).unlink(missing_ok=True)
        raise


def kinds_of(uploads: Iterable) -> list[str]:
    """What the files are, by their content. Raises DomainError, in words for the person, when there are too many, or one is
    empty, too large or of a kind the town does not take.
    """
    uploads = list(uploads)
    if len(uploads) > settings.UPLOAD_MAX_COUNT:
        raise DomainError(_("file.too_many") % {"n": settings.UPLOAD_MAX_COUNT})
    for upload in uploads:
        if upload.size > settings.UPLOAD_MAX_BYTES:
            raise DomainError(_("file.too_large") % {"name": cleaned(upload.name)[:60], "mb": settings.UPLOAD_MAX_BYTES // 1_000_000})
        if not upload.size:
            raise DomainError(_("file.empty") % {"name": cleaned(upload.name)[:60]})
    kinds = [kind_of(upload) for upload in uploads]
    for upload, kind in zip(uploads, kinds, strict=True):
        if kind is None:
            raise DomainError(_("file.other_kind") % {"name": cleaned(upload.name)[:60]})
    return kinds


def path_of(stored_as: str) -> Path:
    """Where a stored file lies. Raises ValueError for a name that is not one of ours."""
    if not (len(stored_as) == 64 and stored_as.isalnum()):
        raise ValueError("not a stored file")
    return Path(settings.MEDIA_ROOT) / stored_as[:2] / stored_as


def kind_of(upload) -> str | None:
    """What a file is, judged by its content; None for what the town does not take."""
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind if kind not in PICTURES or _is_picture(upload) else None
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp" if _is_picture(upload) else None
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"PK\x03\x04"):
        return _archive_kind(upload)
    return "text" if _is_text(upload) else None


def _is_picture(upload) -> bool:
    """A picture that opens, and is not a bomb of pixels."""
    try:
        with Image.open(upload) as picture:
            return picture.width * picture.height <= PIXELS_AT_MOST
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    finally:
        upload.seek(0)


def _archive_kind(upload) -> str | None:
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
            if len(parts) > 10_000 or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
                return None
            names = {part.filename for part in parts}
            return next((kind for part, kind in _OFFICE.items() if part in names), "zip")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    finally:
        upload.seek(0)


def _is_text(upload) -> bool:
    """UTF-8 or Shift_JIS without control characters. Text is given back as a download, so markup in it does nothing."""
    data = upload.read()
    upload.seek(0)
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(c < " " and c not in "\t\r\n\f" for c in text)
    return False


def _store(upload, kind: str) -> StoredFile:
    stored_as = secrets.token_hex(32)
    place = path_of(stored_as)
    place.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with open(place, "xb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
    name = cleaned(upload.name.replace("/", "_").replace("\\", "_"))[:120] or "file"
    return StoredFile(name, stored_as, kind, upload.size, digest.hexdigest())
