"""What somebody hands over is known by its content: names are never believed, bombs are never opened, nothing breaks the town."""
import hashlib
import io
import os
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext
from hypothesis import example, given, settings
from hypothesis import strategies as some
from PIL import Image

from machi.files import kinds
from machi.files.actions import forget, sweep, take_in
from machi.files.kinds import PIXELS_AT_MOST, UNPACKED_AT_MOST, kind_of
from machi.files.models import File
from machi.files.storing import path_of, store_all, store_shown, stored
from machi.shared.errors import DomainError
from machi.tasks.parcels import look_into
from machi.tasks.sheets import sheet_rows
from tests.people import a_person


def upload(content: bytes, name: str = "draft.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(form: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (3, 2)).save(file, form)
    return file.getvalue()


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in parts.items():
            bundle.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + b"\0\0\0\0IEND\xaeB`\x82"


GOOD = {
    "text": "週末の試合は、後半の15分で動いた。\r\n\t𠮷田が見ていた。👍".encode(), "jpeg": picture("JPEG"), "png": picture("PNG"),
    "gif": picture("GIF"), "webp": picture("WEBP"), "pdf": b"%PDF-1.7\n%\xe2\xe3", "zip": archive(readme=b"hello"),
    "docx": archive(word__document_xml=b"<w/>"), "xlsx": archive(xl__workbook_xml=b"<x/>"), "pptx": archive(ppt__presentation_xml=b"<p/>"),
    "odf": archive(mimetype=b"application/vnd.oasis.opendocument.text"), "mp4": b"\0\0\0\x18ftypmp42rest",
    "m4a": b"\0\0\0\x18ftypM4A rest", "mp3": b"ID3\x04rest",
    "wav": b"RIFF\x24\0\0\0WAVEfmt ", "ogg": b"OggS\0", "flac": b"fLaC\0"}
REFUSED = {
    "a program": b"\x7fELF\x02\x01\x01" + bytes(20), "a Windows program": b"MZ\x90\0\x03" + bytes(20), "nothing known": bytes(range(256)),
    "NUL in a text": b"abc\0def", "half a picture": b"\x89PNG\r\n\x1a\nnot a picture",
    "a picture of pixels without end": png_that_claims(60_000, 60_000),
    "a broken archive": b"PK\x03\x04" + bytes(40),
    "an archive cut off": archive(a=b"x" * 900)[:60], "a broken webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "a box of no known kind": b"\0\0\0\x14ftypwhat\0\0\0\0isom",
    "a photograph called a film": b"\0\0\0\x18ftypisom\0\0\0\0heicmif1",
    "a script with escapes": b"#!/bin/sh\n\x1b[2J", "UTF-16": "言葉".encode("utf-16")}


@pytest.mark.parametrize("kind", GOOD)
def test_a_file_is_what_it_holds(kind):
    for name in ("draft.txt", "../../etc/passwd", "photo.exe", ""):
        assert kind_of(upload(GOOD[kind], name or "x")) == kind


def test_japanese_text_of_older_machines_is_text():
    assert kind_of(upload("週末の試合。髙橋".encode("cp932"))) == "text"
    assert kind_of(upload("\ufeff先頭に印のある文章".encode())) == "text"


@pytest.mark.parametrize("brand", ["isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash"])
def test_a_film_is_a_film_by_its_brand(brand):
    assert kind_of(upload(b"\0\0\0\x14ftyp" + brand.encode() + b"\0\0\x02\0isom" + bytes(80), "a.mov")) == "mp4"


@pytest.mark.parametrize(("brand", "why"), [
    *((brand, "file.other_photograph") for brand in ("heic", "heix", "avif", "mif1", "msf1")),
    ("qt  ", "file.other_film"), ("3gp5", "file.other_film"), ("XXXX", "file.other_kind")])
@pytest.mark.parametrize("taken", [store_shown, lambda file: store_all([file])])
def test_a_photograph_of_a_telephone_is_never_kept_as_a_film_and_its_sentence_says_what_helps(brand, why, taken):
    photograph = b"\0\0\0\x18ftyp" + brand.encode() + b"\0\0\0\0" + b"miafMiHB" + b"\0\0\x10\0meta Exif GPSLatitude 35.68"

    with pytest.raises(DomainError) as refusal:
        taken(upload(photograph, "旅.mp4"))

    assert str(refusal.value) == gettext(why) % {"name": "旅.mp4"} and kind_of(upload(photograph)) is None
    assert not list(path_of("0" * 64).parent.parent.glob("*/*"))


def test_markup_is_only_text():
    for markup in (b"<script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<!DOCTYPE html>"):
        assert kind_of(upload(markup, "page.html")) == "text"


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_town_does_not_take_is_refused_in_words(what):
    assert kind_of(upload(REFUSED[what], "photo.png")) is None
    with pytest.raises(DomainError, match="photo.png"):
        store_all([upload(REFUSED[what], "photo.png")])


def test_an_archive_that_would_grow_without_end_is_refused_unopened():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("a", b"x")
    bomb = bytearray(file.getvalue())
    at = bomb.index(b"PK\x01\x02") + 24                                         # what the list of contents claims
    bomb[at:at + 4] = struct.pack("<I", UNPACKED_AT_MOST + 1)

    assert kind_of(upload(bytes(bomb))) is None
    assert PIXELS_AT_MOST < 60_000 ** 2


def test_kept_files_have_a_name_of_ours_and_their_own_fingerprint():
    kept = store_all([upload(GOOD["text"], "..\\..\\a/b\u202egpj.txt"), upload(GOOD["png"], "\0")])

    for file, content in zip(kept, (GOOD["text"], GOOD["png"]), strict=True):
        assert path_of(file.stored_as).read_bytes() == content
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert kept[0].name == "bgpj.txt" and kept[1].name
    assert kept[0].stored_as != kept[1].stored_as


@pytest.mark.parametrize(("name", "kind", "kept"), [
    ("請求書.pdf.bat", "text", "請求書.pdf.bat.txt"), ("page.html", "text", "page.html.txt"), ("app.jar", "zip", "app.jar.zip"),
    ("名前だけ", "pdf", "名前だけ.pdf"), ("写真.PNG", "png", "写真.PNG"), ("表.csv", "text", "表.csv"), ("x.bat.", "text", "x.bat..txt"),
    ("a" * 300 + ".png", "png", "a" * 114 + ".png")])
def test_no_name_makes_a_machine_carry_out_what_a_file_does_not_hold(name, kind, kept):
    file, = store_all([upload(GOOD[kind], name)])

    assert file.name == kept and len(file.name) <= 120


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "a" * 62 + "/b", "." * 64])
def test_a_name_that_is_not_ours_opens_nothing(name):
    with pytest.raises(ValueError, match="not a stored file"):
        path_of(name)


def test_one_bad_file_among_good_ones_keeps_none(settings):
    for uploads in ([upload(b"good"), upload(b"\0")], [upload(b"good"), upload(b"")], [upload(b"x")] * (settings.UPLOAD_MAX_COUNT + 1)):
        with pytest.raises(DomainError):
            store_all(uploads)
    settings.UPLOAD_MAX_BYTES = 3
    with pytest.raises(DomainError):
        store_all([upload(b"abcd")])
    assert not list(path_of("0" * 64).parent.parent.glob("*/*"))

    assert len(store_all([upload(b"abc")] * settings.UPLOAD_MAX_COUNT)) == settings.UPLOAD_MAX_COUNT


def test_a_delivery_that_is_refused_leaves_no_file_behind():
    with pytest.raises(DomainError), stored([upload(b"abc")]) as files:
        raise DomainError("refused")

    assert not path_of(files[0].stored_as).exists()


# ---- anything at all -------------------------------------------------------------------------------------------------

@settings(max_examples=400)
@given(some.sampled_from(sorted(GOOD)), some.lists(some.tuples(some.integers(0, 4_000), some.binary(max_size=6)), max_size=6),
       some.integers(0, 4_000))
@example("png", [(8, b"\0\0\0\0")], 4_000)
def test_a_damaged_file_is_known_or_refused_never_an_error(kind, wounds, cut):
    content = bytearray(GOOD[kind])
    for at, put in wounds:
        at %= len(content) + 1
        content[at:at + len(put)] = put

    assert kind_of(upload(bytes(content[:cut]))) in {*GOOD, None}


@settings(max_examples=200)
@given(some.sampled_from([b"", *(content[:12] for content in GOOD.values())]), some.binary(max_size=300))
def test_any_bytes_are_known_or_refused_never_an_error(beginning, rest):
    assert kind_of(upload(beginning + rest)) in {*GOOD, None}


# ---- the sweep -------------------------------------------------------------------------------------------------------

def _grow_old(stored_as: str) -> None:
    for path in path_of(stored_as).parent.glob(f"{stored_as}*"):
        os.utime(path, (0, 0))


def test_what_lies_on_the_disk_without_a_row_is_forgotten_after_a_day(db):
    left_behind, on_its_way, kept = store_all([upload(b"a"), upload(b"b"), upload(b"c")])
    take_in([kept], by=a_person())
    _grow_old(left_behind.stored_as)
    _grow_old(kept.stored_as)
    stray = path_of(kept.stored_as).with_name("notes.txt")
    stray.write_text("not ours")
    os.utime(stray, (0, 0))

    assert sweep() == 1 and sweep() == 0
    assert [path_of(file.stored_as).exists() for file in (left_behind, on_its_way, kept)] == [False, True, True] and stray.exists()


def test_a_file_is_forgotten_on_the_disk_only_when_its_row_is_gone_for_certain(town):
    [file] = take_in(store_all([upload(b"a")]), by=a_person())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        forget([file])
        raise ZeroDivisionError
    assert path_of(file.stored_as).exists() and File.objects.filter(stored_as=file.stored_as).exists()

    forget(File.objects.filter(stored_as=file.stored_as).order_by("pk"))

    assert not path_of(file.stored_as).exists() and not File.objects.exists()


def with_a_directory_of(parts: int, *, zip64: bool, remark: bytes = b"") -> bytes:
    """A ZIP that says it has one part."""
    start = b"PK\x03\x04" + b"\0" * 40
    directory = (b"PK\x01\x02" + b"\0" * 24 + struct.pack("<3H", 1, 0, 0) + b"\0" * 12 + b"a") * parts
    far = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(directory), len(start)) \
        + struct.pack("<4sLQL", b"PK\x06\x07", 0, len(start) + len(directory), 1) if zip64 else b""
    return start + directory + far + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(start), len(remark)) + remark


@pytest.mark.parametrize("made", [{"zip64": False}, {"zip64": True}, {"zip64": False, "remark": b"so small"}])
@pytest.mark.parametrize("parts", [10_001, 220_000])
def test_a_zip_of_very_many_parts_is_refused_before_anything_of_them_is_held(monkeypatch, made, parts):
    assert zipfile.is_zipfile(io.BytesIO(with_a_directory_of(3, **made)))
    with kinds.opened_zip(io.BytesIO(with_a_directory_of(3, **made))) as few:
        assert len(few.infolist()) == 3
    file = io.BytesIO(with_a_directory_of(parts, **made))
    monkeypatch.setattr(zipfile, "ZipFile", lambda *what, **more: pytest.fail("opened"))
    assert kind_of(file) is None
    for read, refusal in ((lambda: look_into(file, "a.zip", ["a"]), "bomb"), (lambda: list(sheet_rows(file, most_columns=9)), "BIG")):
        with pytest.raises(Exception, match=refusal):
            read()
