"""What a client brings for the names in a column: single files, or a ZIP that somebody may have made to harm. What it would unpack to is
looked at before anything is unpacked, nothing in it says where it is written, and only what an item names is unpacked at all.
"""
import contextlib
import hashlib
import lzma
import tempfile
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from django.core.files.base import File

from machi.files import kinds
from machi.tasks.lifecycle import PieceFault

AT_ONCE, IN_MEMORY = 65_536, 2_000_000
# What zipfile raises of a ZIP that is none, whatever stands in it. Of them NotImplementedError is a way of packing that Python cannot undo,
# and RuntimeError a password that only the part itself tells; zlib.error and LZMAError, of bytes that were changed, are kinds of nothing
# else here. Only reading is within: a fault of our own, or a full disk, is not called a broken file.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_NOBODYS = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")      # what machines put beside people's files


class Spoilt(Exception):
    """Of this parcel nothing can be taken."""

    def __init__(self, fault: PieceFault):
        super().__init__(fault.value)
        self.fault = fault


class Found(NamedTuple):
    """One file of a parcel: what it is called, which of the names that are asked for it answers (none: ""), where it lies in a ZIP."""

    name: str
    answers: str
    part: zipfile.ZipInfo | None = None
    packed: zipfile.ZipFile | None = None           # opened once for all of them: to open it is to read about every part
    is_twice: bool = False


def look_into(file: BinaryIO, name: str, wanted: Sequence[str]) -> list[Found]:
    """The files of a parcel beside the names that are asked for, each time in the same order. Raises Spoilt. Nothing is unpacked."""
    by_path, by_end = {}, {}
    for one in wanted:
        by_path.setdefault(_folded(one), one)
        by_end.setdefault(_folded(one).rpartition("/")[2], one)

    def answered(path: str) -> str:
        return by_path.get(_folded(path)) or by_end.get(_folded(path).rpartition("/")[2], "")
    if not zipfile.is_zipfile(file) or kinds.kind_of(file) not in (None, "zip"):        # a film may end as a ZIP does
        return [Found(name, answered(name))]
    try:
        packed = kinds.opened_zip(file)
    except kinds.ManyParts:
        raise Spoilt(PieceFault.BOMB) from None
    except _BROKEN:
        raise Spoilt(PieceFault.BROKEN) from None
    parts = _parts(packed)
    answers = [answered(path) for path, _part in parts]
    often = Counter(answers)
    return [Found(path, one, part, packed, is_twice=bool(one) and often[one] > 1) for (path, part), one in zip(parts, answers, strict=True)]


def _parts(packed: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    parts = packed.infolist()
    if sum(part.file_size for part in parts) > kinds.UNPACKED_AT_MOST:
        raise Spoilt(PieceFault.BOMB)
    if any(part.flag_bits & 1 for part in parts):
        raise Spoilt(PieceFault.LOCKED)
    named = [(_name_in(part), part) for part in parts if not part.is_dir()]
    return [(path, part) for path, part in named if not _folded(path).startswith(_NOBODYS[0])
            and _folded(path).rpartition("/")[2] not in _NOBODYS[1:] and not path.rpartition("/")[2].startswith("._")]


@contextlib.contextmanager
def unpacked(file: BinaryIO, found: Found, most_bytes: int) -> Iterator[tuple[File, str]]:
    """One of these files to be read, and its digest. Raises Spoilt for one that is larger, or broken inside."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as out:
        digest, size = hashlib.sha256(), 0
        for chunk in _chunks(file, found):
            digest.update(chunk)
            size += len(chunk)
            if size > most_bytes:
                raise Spoilt(PieceFault.BIG)
            out.write(chunk)
        yield as_upload(out, found.name, size), digest.hexdigest()


def as_upload(file: BinaryIO, name: str, size: int) -> File:
    """As the files room takes in what somebody brings."""
    file.seek(0)
    upload = File(file, name=name.replace("\\", "/").rpartition("/")[2] or "file")
    upload.size = size
    return upload


def _chunks(file: BinaryIO, found: Found) -> Iterator[bytes]:
    if found.packed is None:
        file.seek(0)
        yield from iter(lambda: file.read(AT_ONCE), b"")
        return
    try:
        with found.packed.open(found.part) as inside:
            yield from iter(lambda: inside.read(AT_ONCE), b"")
    except _BROKEN:
        raise Spoilt(PieceFault.BROKEN) from None


def _name_in(part: zipfile.ZipInfo) -> str:
    """As its person called it: many programs do not say in which letters they wrote it. On a Mac it is UTF-8, under Windows Shift_JIS."""
    if part.flag_bits & 0x800:
        return part.filename
    for letters in ("utf-8", "cp932"):
        with contextlib.suppress(UnicodeError):
            return part.filename.encode("cp437").decode(letters)
    return part.filename


def _folded(path: str) -> str:
    """One spelling: a Mac writes ガ as two letters, Windows turns the slash around."""
    return unicodedata.normalize("NFC", path.strip()).casefold().replace("\\", "/").removeprefix("./").lstrip("/")
