"""What a file is, by its content: names and what a browser claims are never believed, and nothing is unpacked."""
import logging
import struct
import zipfile

from PIL import Image

# Pillow would tell a log, where somebody made it hear everything, what a photograph says of its camera and its place.
logging.getLogger("PIL.TiffImagePlugin").disabled = True
# What a file may be, by how it begins. Office papers are ZIP archives with a known part inside.
_BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif",
               b"ID3": "mp3", b"\xff\xfb": "mp3", b"OggS": "ogg", b"fLaC": "flac"}
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx", "mimetype": "odf"}
PICTURES = {"png", "jpeg", "gif", "webp"}
# How the name of each kind may end, for the machine of whoever opens it goes by the name; the first is put behind all others. Text that a
# machine might carry out (.bat, .js, .html ...) is a .txt; spreadsheets with macros are somebody's work, and their program asks first.
_ENDINGS = {"pdf": ("pdf",), "png": ("png",), "jpeg": ("jpg", "jpeg"), "gif": ("gif",), "webp": ("webp",), "mp3": ("mp3",),
            "ogg": ("ogg", "oga", "opus"), "flac": ("flac",), "wav": ("wav",), "m4a": ("m4a", "m4b"), "mp4": ("mp4", "m4v"),
            "docx": ("docx",), "xlsx": ("xlsx", "xlsm"), "pptx": ("pptx",), "odf": ("odt", "ods", "odp", "odg", "epub"), "zip": ("zip",),
            "text": ("txt", "md", "csv", "tsv", "srt", "vtt", "json", "yaml", "yml", "xml", "tex", "ics", "po", "sql", "css", "rst", "log")}
# The box in which films, sounds and photographs of telephones come says by its brands what is inside (ISO 14496-12, MP4 registration).
_FILMS = {b"isom", *(b"iso%d" % number for number in range(2, 10)), b"mp41", b"mp42", b"mp71", b"avc1", b"hvc1", b"dash", b"MSNV", b"M4V ",
          b"M4VH", b"M4VP", b"f4v "}
_SOUNDS = {b"M4A ", b"M4B "}
_PHOTOGRAPHS = {b"mif1", b"mif2", b"msf1", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs",
                b"avif", b"avis", b"avci", b"avcs", b"crx "}
PIXELS_AT_MOST = 50_000_000
UNPACKED_AT_MOST = 500_000_000          # bytes: a ZIP that would grow beyond this is refused unopened
PARTS_AT_MOST, BYTES_OF_A_PART = 10_000, 1_000      # of a ZIP, and what its directory says of one: its name, when it was made


class ManyParts(Exception):
    """A ZIP of more parts than are read about."""


def kind_of(upload) -> str | None:
    """What a file is, judged by its content; None for what the town does not take."""
    head = _head(upload)
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind if kind not in PICTURES or _is_picture(upload, kind) else None
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp" if _is_picture(upload, "webp") else None
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return _boxed_kind(head)
    if head.startswith(b"PK\x03\x04"):
        return _archive_kind(upload)
    return "text" if _is_text(upload) else None


def named_by_content(name: str, kind: str) -> str:
    """The name as its person wrote it, ending as such a file does: 請求書.pdf.exe that holds text is 請求書.pdf.exe.txt."""
    _stem, dot, ending = name.rpartition(".")
    return name if dot and ending.lower() in _ENDINGS[kind] else f"{name}.{_ENDINGS[kind][0]}"


def is_other_photograph(upload) -> bool:
    """A photograph as telephones keep it, in a form that the town cannot draw anew: HEIC, AVIF."""
    return not _PHOTOGRAPHS.isdisjoint(_brands(_head(upload)))


def is_other_film(upload) -> bool:
    """A film in another box than the town takes: MOV (QuickTime), 3GP."""
    return any(brand == b"qt  " or brand[:2] == b"3g" for brand in _brands(_head(upload))[:1])


def has_too_many_pixels(upload) -> bool:
    """A picture that says of itself that it is larger than the town draws."""
    upload.seek(0)
    try:
        with Image.open(upload, formats=sorted(PICTURES)) as picture:
            return picture.width * picture.height > PIXELS_AT_MOST
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return True
    except (OSError, SyntaxError, ValueError):
        return False
    finally:
        upload.seek(0)


def _head(upload) -> bytes:
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    return head


def _brands(head: bytes) -> list[bytes]:
    """What a box says of itself: the brand first, then all that can be read as well. Nothing for what is no such box."""
    if head[4:8] != b"ftyp":
        return []
    end = min(len(head), int.from_bytes(head[:4], "big"))
    return [head[8:12], *(head[at:at + 4] for at in range(16, end - 3, 4))]


def _boxed_kind(head: bytes) -> str | None:
    """A photograph in a box may tell where it was taken, and cannot be drawn anew: whatever else it says it is, it is not taken."""
    brands = _brands(head)
    if not _PHOTOGRAPHS.isdisjoint(brands):
        return None
    return "mp4" if brands[0] in _FILMS else "m4a" if brands[0] in _SOUNDS else None


def _is_picture(upload, kind: str) -> bool:
    """A picture whose head can be read, and that is not a bomb of pixels. Nothing of it is drawn here."""
    try:
        with Image.open(upload, formats=[kind]) as picture:
            return picture.width * picture.height <= PIXELS_AT_MOST
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    finally:
        upload.seek(0)


def _archive_kind(upload) -> str | None:
    try:
        with opened_zip(upload) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
                return None
            names = {part.filename for part in parts}
            return next((kind for part, kind in _OFFICE.items() if part in names), "zip")
    except (zipfile.BadZipFile, ManyParts, OSError, ValueError, NotImplementedError):      # the last: of a kind that zipfile does not open
        return None
    finally:
        upload.seek(0)


def opened_zip(file, *, most_parts: int = PARTS_AT_MOST) -> zipfile.ZipFile:
    """To open a ZIP is to hold all that its directory says, ten times as large as it is written; so it is counted before. Raises ManyParts,
    and what ZipFile raises.
    """
    end = zipfile._EndRecData(file)                 # Python's own reading, lest ours finds another directory than the one it opens
    if end is not None:
        size, start = end[zipfile._ECD_SIZE], end[zipfile._ECD_LOCATION] - end[zipfile._ECD_SIZE]
        if end[zipfile._ECD_SIGNATURE] == zipfile.stringEndArchive64:
            start -= zipfile.sizeEndCentDir64 + zipfile.sizeEndCentDir64Locator
        if size > most_parts * BYTES_OF_A_PART or _counted(file, start, size) > most_parts:
            raise ManyParts
    file.seek(0)
    return zipfile.ZipFile(file)


def _counted(file, start: int, size: int) -> int:
    """How many parts a directory has, whatever it says of itself. Of a broken one, as many as can be walked through."""
    if start < 0:
        return 0
    file.seek(start)
    data = file.read(size)
    at = count = 0
    while data[at:at + 4] == zipfile.stringCentralDir and at + zipfile.sizeCentralDir <= size:
        at += zipfile.sizeCentralDir + sum(struct.unpack_from("<3H", data, at + 28))        # its name, what is added, a remark
        count += 1
    return count


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
