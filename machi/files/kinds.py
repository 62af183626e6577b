"""What a file is, by its content: names and what a browser claims are never believed, and nothing is unpacked."""
import zipfile

from PIL import Image

# What a file may be, by how it begins. Office papers are ZIP archives with a known part inside.
_BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif",
               b"ID3": "mp3", b"\xff\xfb": "mp3", b"OggS": "ogg", b"fLaC": "flac"}
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx", "mimetype": "odf"}
PICTURES = {"png", "jpeg", "gif", "webp"}
PIXELS_AT_MOST = 50_000_000
UNPACKED_AT_MOST = 500_000_000          # bytes: a ZIP that would grow beyond this is refused unopened


def kind_of(upload) -> str | None:
    """What a file is, judged by its content; None for what the town does not take."""
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind if kind not in PICTURES or _is_picture(upload, kind) else None
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp" if _is_picture(upload, "webp") else None
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"PK\x03\x04"):
        return _archive_kind(upload)
    return "text" if _is_text(upload) else None


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
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
            if len(parts) > 10_000 or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
                return None
            names = {part.filename for part in parts}
            return next((kind for part, kind in _OFFICE.items() if part in names), "zip")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):      # the last: an archive of a kind zipfile does not open
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
