"""The disk: files are taken by their content and kept under a name of ours.

What is handed over stays byte for byte and is given back as a download only. What is shown is redrawn (`pictures.py`): of a
picture nothing but the redrawn one is kept, without the place and the camera that a photograph carries.
"""
import codecs
import contextlib
import errno
import hashlib
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from machi.files import kinds
from machi.files.kinds import PICTURES, kind_of
from machi.files.pictures import Busy, CannotDraw, Drawn, draw
from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned

SHOWN = PICTURES | {"pdf", "mp3", "ogg", "flac", "wav", "m4a", "mp4", "text"}     # nothing that may hold programs: no archives, no papers
VIEWS = ("small", "large")
SWEPT_AFTER = 24 * 3600                     # seconds: what is on its way into a deed is never that old
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class UnfitFile(DomainError):
    """It is about the file itself: another one could be taken."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the disk of the town. `name` is what its person called it, ending as its content does; it is only ever shown."""

    name: str
    stored_as: str
    kind: str
    size: int
    sha256: str
    width: int | None = None                # of the large picture that shows it
    height: int | None = None
    has_original: bool = True


def store_all(uploads: Iterable) -> list[StoredFile]:
    """Keep uploaded files as they are. Raises DomainError as `kinds_of` does, or when the disk is full; then none is kept."""
    uploads = list(uploads)
    kept = []
    try:
        for upload, kind in zip(uploads, kinds_of(uploads), strict=True):
            kept.append(_store(upload, kind))
    except BaseException:
        _forget_all(kept)
        raise
    return kept


def store_shown(upload) -> StoredFile:
    """Keep one file that everybody may look at. A picture is redrawn, the first page of a PDF drawn beside the PDF. Raises
    DomainError for what `shown_kind_of` refuses, for a picture that cannot be redrawn, and when the disk is full.
    """
    kind = shown_kind_of(upload)
    drawn = None
    try:
        drawn = draw(upload, kind) if kind in PICTURES or kind == "pdf" else None
    except CannotDraw as refusal:
        if isinstance(refusal, Busy):
            raise DomainError(str(refusal)) from None
        if kind in PICTURES:                # a PDF is a PDF without its picture too
            raise UnfitFile(str(refusal) % {"name": called(upload)}) from None
    return _store_drawn(upload, kind, drawn) if drawn else _store(upload, kind)


def store_given(upload) -> StoredFile:
    """Keep one file that somebody hands over to others. A picture is redrawn, so that it tells nobody where it was taken; all else stays
    as it came. Raises DomainError as `store_shown` and `store_all`.
    """
    [kind] = kinds_of([upload])
    return store_shown(upload) if kind in PICTURES else _store(upload, kind)


@contextlib.contextmanager
def stored(uploads: Iterable) -> Iterator[list[StoredFile]]:
    """Files that stay only if what they are handed over for is done: a delivery that is refused leaves none behind."""
    files = store_all(uploads)
    with _only_if_done(files):
        yield files


@contextlib.contextmanager
def shown(upload=None) -> Iterator[list[StoredFile]]:
    """The same for one file that is shown, or none."""
    files = [store_shown(upload)] if upload else []
    with _only_if_done(files):
        yield files


@contextlib.contextmanager
def _only_if_done(files: list[StoredFile]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _forget_all(files)
        raise


def store_table(upload, kind: str) -> StoredFile:
    """Keep a file of rows that only our own reader opens, and that nobody takes down again: it says itself what it does not take. Raises
    DomainError when the disk is full.
    """
    return _store(upload, kind)


def show_marked(stored_as: str, kind: str, mark: str) -> Drawn:
    """Make the two pictures of a file that lies here untouched, with a mark across them. Raises CannotDraw, Busy, or DomainError when
    the disk is full. Made again, they take the place of the first ones.
    """
    with path_of(stored_as).open("rb") as file:
        drawn = draw(file, kind, mark)
    for view in VIEWS:
        path_of(stored_as, view).unlink(missing_ok=True)
    _write(stored_as, {"small": [drawn.small], "large": [drawn.large]})
    return drawn


def head_of(stored_as: str, letters: int) -> str:
    """How a text that lies here begins."""
    with path_of(stored_as).open("rb") as file:
        data = file.read(letters * 8)
    for encoding in ("utf-8-sig", "cp932"):
        with contextlib.suppress(UnicodeDecodeError):
            return cleaned(codecs.getincrementaldecoder(encoding)().decode(data))[:letters]
    return ""


def kinds_of(uploads: Iterable) -> list[str]:
    """What the files are, by their content. Raises DomainError, in words for the person, when there are too many, or one is
    empty, too large or of a kind the town does not take.
    """
    uploads = list(uploads)
    if len(uploads) > settings.UPLOAD_MAX_COUNT:
        raise UnfitFile(_("file.too_many") % {"n": settings.UPLOAD_MAX_COUNT})
    for upload in uploads:
        if upload.size > settings.UPLOAD_MAX_BYTES:
            raise UnfitFile(_("file.too_large") % {"name": called(upload), "mb": settings.UPLOAD_MAX_BYTES // 1_000_000})
        if getattr(upload, "found_no_room", False):
            raise DomainError(_("file.no_room"))
        if not upload.size:
            raise UnfitFile(_("file.empty") % {"name": called(upload)})
    found = [kind_of(upload) for upload in uploads]
    for upload, kind in zip(uploads, found, strict=True):
        if kind is None:
            raise UnfitFile(_why_not(upload) % {"name": called(upload)})
    return found


def _why_not(upload) -> str:
    """What helps most with a file of a kind that the town does not take."""
    if kinds.is_other_photograph(upload):
        return _("file.other_photograph")
    if kinds.is_other_film(upload):
        return _("file.other_film")
    return _("file.picture_large") if kinds.has_too_many_pixels(upload) else _("file.other_kind")


def shown_kind_of(upload) -> str:
    """What a file is that somebody wants to show. Raises DomainError as `kinds_of`, and for what is not looked at on a page."""
    [kind] = kinds_of([upload])
    if kind not in SHOWN:
        raise UnfitFile(_("file.not_shown") % {"name": called(upload)})
    return kind


def called(upload) -> str:
    """What its person called a file, as short as a sentence can hold."""
    return cleaned(upload.name)[:60]


def path_of(stored_as: str, view: str = "") -> Path:
    """Where a stored file lies, or one of its two pictures. Raises ValueError for a name that is not one of ours."""
    if not (len(stored_as) == 64 and stored_as.isalnum()) or view not in ("", *VIEWS):
        raise ValueError("not a stored file")
    return Path(settings.MEDIA_ROOT) / stored_as[:2] / (f"{stored_as}-{view}" if view else stored_as)


def forget_stored(stored_as: str) -> None:
    """Take a file and its pictures off the disk; what is gone already is no fault."""
    for view in ("", *VIEWS):
        path_of(stored_as, view).unlink(missing_ok=True)


def old_names_on_disk() -> set[str]:
    """Names of everything that has lain on the disk for a day. By the machine's clock: a demo town's may be moved."""
    before, found = time.time() - SWEPT_AFTER, set()
    for path in Path(settings.MEDIA_ROOT).glob("??/*"):
        with contextlib.suppress(OSError):          # gone in this very moment
            name = path.name.partition("-")[0]
            if path.stat().st_mtime < before and len(name) == 64 and name.isalnum():
                found.add(name)
    return found


def _store(upload, kind: str) -> StoredFile:
    """The file as it is, under a new name."""
    stored_as, digest = secrets.token_hex(32), hashlib.sha256()

    def chunks():
        for chunk in upload.chunks():
            digest.update(chunk)
            yield chunk
    _write(stored_as, {"": chunks()})
    return StoredFile(_kept_name(upload, kind), stored_as, kind, upload.size, digest.hexdigest())


def _store_drawn(upload, kind: str, drawn: Drawn) -> StoredFile:
    """A file with its two pictures; of a picture these are all that stays."""
    if kind not in PICTURES:
        file = _store(upload, kind)
        with _only_if_done([file]):
            _write(file.stored_as, {"small": [drawn.small], "large": [drawn.large]})
        return StoredFile(file.name, file.stored_as, kind, file.size, file.sha256, drawn.width, drawn.height)
    stored_as = secrets.token_hex(32)
    _write(stored_as, {"small": [drawn.small], "large": [drawn.large]})
    return StoredFile(_kept_name(upload, kind), stored_as, kind, len(drawn.large), hashlib.sha256(drawn.large).hexdigest(),
                      drawn.width, drawn.height, has_original=False)


def _write(stored_as: str, parts: dict[str, Iterable[bytes]]) -> None:
    """All parts or none. Raises DomainError when the disk is full."""
    try:
        path_of(stored_as).parent.mkdir(parents=True, exist_ok=True)
        for view, chunks in parts.items():
            with open(path_of(stored_as, view), "xb") as file:
                for chunk in chunks:
                    file.write(chunk)
    except BaseException as error:
        with contextlib.suppress(OSError):
            for view in parts:
                path_of(stored_as, view).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in FULL:
            raise DomainError(_("file.no_room")) from None
        raise


def _forget_all(files: Iterable[StoredFile]) -> None:
    for file in files:
        forget_stored(file.stored_as)


def _kept_name(upload, kind: str) -> str:
    name = cleaned(upload.name.replace("/", "_").replace("\\", "_"))[:114]      # and an ending: at most 120
    return kinds.named_by_content(name or "file", kind)
