"""What is shown is drawn anew by a child that can do little: good pictures come out plain, bad ones end in a sentence."""
import io
import os
import resource
import shutil
import subprocess
import sys
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, ImageCms

from machi.files import pictures, storing
from machi.files.pictures import REDRAWING, CannotDraw, draw
from machi.files.storing import path_of, shown, store_shown
from machi.shared.errors import DomainError
from tests.files.drawn import (
    BLUE,
    PDF_WITH_SCRIPT,
    PDF_WITHOUT_FONTS,
    RED,
    a_pdf,
    encoded,
    looked_at,
    png_that_claims,
    sideways_photograph,
    two_halves,
)

LONG = "MACHI_LONG" in os.environ


def upload(content: bytes, name: str = "絵.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def near(colour, other, by=30) -> bool:
    return all(abs(a - b) <= by for a, b in zip(colour, other, strict=True))


def sixteen_bits() -> bytes:
    return encoded(Image.new("I;16", (40, 30), 0x8000), "PNG")


def animated(form: str) -> bytes:
    return encoded(two_halves(), form, save_all=True, append_images=[Image.new("RGB", (400, 300), (0, 255, 0))], duration=100)


KINDS = {
    "jpeg": encoded(two_halves(), "JPEG", quality=95), "png": encoded(two_halves(), "PNG"),
    "webp": encoded(two_halves(), "WEBP", quality=95),
    "a palette": encoded(two_halves("P"), "PNG"), "a GIF": encoded(two_halves("P"), "GIF"),
    "CMYK": encoded(two_halves("CMYK"), "JPEG", quality=95), "moving GIF": animated("GIF"), "moving WebP": animated("WEBP"),
    "moving PNG": animated("PNG"), "with alpha": encoded(two_halves("RGBA"), "PNG"),
    "progressive": encoded(two_halves(), "JPEG", progressive=True, quality=95), "interlaced": encoded(two_halves(), "PNG")}


@pytest.mark.parametrize("what", KINDS)
def test_a_good_picture_stays_what_it_shows(what):
    content = KINDS[what]
    kind = {b"\x89P": "png", b"\xff\xd8": "jpeg", b"GI": "gif", b"RI": "webp"}[content[:2]]

    drawn = draw(upload(content), kind)

    large = looked_at(drawn.large)
    assert large.size == (drawn.width, drawn.height) == (400, 300)
    assert near(large.getpixel((50, 150)), RED) and near(large.getpixel((350, 150)), BLUE)
    assert Image.open(io.BytesIO(drawn.large)).n_frames == 1


def test_grey_of_sixteen_bits_is_neither_black_nor_white():
    assert near(looked_at(draw(upload(sixteen_bits()), "png").large).getpixel((20, 15)), (128, 128, 128))


def test_what_is_seen_through_lies_on_white():
    assert looked_at(draw(upload(encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG")), "png").large).getpixel((4, 4)) == (255, 255, 255)


def test_a_photograph_stands_upright_and_tells_nothing_of_its_place():
    kept = store_shown(upload(sideways_photograph(), "旅.jpg"))

    assert (kept.width, kept.height) == (300, 400) and not kept.has_original and not path_of(kept.stored_as).exists()
    for view in ("small", "large"):
        content = path_of(kept.stored_as, view).read_bytes()
        assert b"kanari" not in content and b"Exif" not in content and b"EXIF" not in content
        assert not Image.open(io.BytesIO(content)).getexif()
    top = looked_at(path_of(kept.stored_as, "large").read_bytes())
    assert near(top.getpixel((150, 50)), RED) and near(top.getpixel((150, 350)), BLUE)


def test_colours_of_another_profile_are_translated_and_a_broken_profile_is_left_out():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (lab, b"no profile", lab[:200]):
        drawn = draw(upload(encoded(two_halves(), "PNG", icc_profile=profile)), "png")
        assert near(looked_at(drawn.large).getpixel((50, 150)), RED) and b"ICCP" not in drawn.large


def test_the_two_sizes_have_their_limits():
    noise = Image.effect_noise((3000, 2000), 120).convert("RGB")

    drawn = draw(upload(encoded(noise, "JPEG", quality=95)), "jpeg")

    assert len(drawn.small) <= 20_000 and len(drawn.large) <= 500_000 and max(drawn.width, drawn.height) <= 1600
    assert abs(drawn.width / drawn.height - 1.5) < 0.02


def test_a_thin_picture_keeps_at_least_one_pixel():
    assert (draw(upload(encoded(Image.new("RGB", (9000, 1)), "PNG")), "png").height) == 1


# ---- what is meant badly ---------------------------------------------------------------------------------------------

REFUSED = {
    "a head of 50,000 times 50,000": png_that_claims(50_000, 50_000), "cut off": encoded(two_halves(), "PNG")[:300],
    "a photograph cut off": sideways_photograph()[:1500], "a head and nothing else": png_that_claims(40, 30),
    "a script with a false name": b"\x89PNG\r\n\x1a\n<svg onload='alert(1)'/>",
    "NUL": b"\0" * 500, "nothing": b"", "an archive": b"PK\x03\x04" + bytes(60), "a program": b"\x7fELF" + bytes(60)}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_drawn_is_refused_in_words_and_leaves_nothing(what, settings):
    with pytest.raises(DomainError) as refused:
        store_shown(upload(REFUSED[what], "a\0\u202eb.png"))

    assert len(str(refused.value)) > 20 and "%(" not in str(refused.value)
    assert not list(path_of("0" * 64).parent.parent.glob("*/*"))


def test_an_svg_with_script_is_only_text_and_is_never_drawn():
    kept = store_shown(upload(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"))

    assert kept.kind == "text" and kept.width is None and kept.has_original


def test_of_a_picture_with_a_page_or_an_archive_behind_it_only_the_picture_stays():
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("kanari.js", "alert(1)")
    kept = store_shown(upload(encoded(two_halves(), "PNG") + b"<script>kanari</script>" + bundle.getvalue()))

    for view in ("small", "large"):
        content = path_of(kept.stored_as, view).read_bytes()
        assert b"kanari" not in content and b"script" not in content and not zipfile.is_zipfile(io.BytesIO(content))


def test_a_small_file_that_grows_without_end_ends_in_the_child_and_not_here():
    bomb = encoded(Image.new("RGBA", (7000, 7000)), "PNG", compress_level=9)            # 200 kB become 196 MB, twice that when mixed
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(CannotDraw) as refused:
        draw(upload(bomb), "png")

    assert len(bomb) < 400_000 and "4,000" in str(refused.value)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000         # kB: nothing of it was unpacked on this side


# What another process holds can be seen in /proc alone. The limit itself is tried everywhere, by the tests above.
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, which only Linux has")
def test_the_child_never_holds_more_than_its_share(tmp_path):
    for name, content, kind in (("photograph", encoded(two_halves(size=(6000, 4000)), "JPEG"), "jpeg"),
                                ("bomb", encoded(Image.new("RGBA", (7000, 7000)), "PNG"), "png"), ("pdf", a_pdf(), "pdf")):
        (tmp_path / name).write_bytes(content)
        with open(tmp_path / name, "rb") as given, open(tmp_path / "out", "wb") as made:
            child = subprocess.Popen([sys.executable, "-I", "-B", REDRAWING, kind], stdin=given, stdout=made, stderr=subprocess.DEVNULL)
            most = 0
            while child.poll() is None:
                with open(f"/proc/{child.pid}/status") as status:
                    most = max([most, *(int(line.split()[1]) for line in status if line.startswith("VmHWM"))])
                time.sleep(0.005)
        assert 0 < most < 300_000, name                                                 # kB


def test_a_child_that_hangs_is_ended_and_leaves_no_trace(monkeypatch, tmp_path):
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text(f"import time, os\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n")
    monkeypatch.setattr(pictures, "REDRAWING", sleeper)
    monkeypatch.setattr(pictures, "SECONDS_AT_MOST", 2)

    with pytest.raises(CannotDraw):
        draw(upload(KINDS["png"]), "png")

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize("said", ["", "{}", '{"width": 9, "height": 9, "small": 4, "large": 4}\nRIFFxxxx', '[]\n', '{"width": 1e999}\n',
                                  '{"width": 9, "height": 9, "small": -1, "large": 90000000}\n', '{"width": 9, "height": 9, "small": 5, '
                                  '"large": 5}\n<a><b></b></a>'])
def test_a_child_that_lies_is_not_believed(monkeypatch, tmp_path, said):
    liar = tmp_path / "liar.py"
    liar.write_text(f"import sys\nsys.stdout.write({said!r})\n")
    monkeypatch.setattr(pictures, "REDRAWING", liar)

    with pytest.raises(CannotDraw):
        draw(upload(KINDS["png"]), "png")


def test_the_child_can_open_nothing_and_write_nothing():
    """Planted: a picture reader that tries. The limits are those of the real child."""
    attempt = ("import runpy, socket, sys\nchild = runpy.run_path(sys.argv[1])\nchild['rehearse']('png')\n"
               "child['confine'](can_open=False)\n"
               "for deed in (lambda: open('/etc/passwd'), lambda: open('/tmp/kanari', 'w'), lambda: socket.socket()):\n"
               "    try:\n        deed()\n        print('done')\n    except OSError as error:\n        print('refused')\n")
    said = subprocess.run([sys.executable, "-I", "-B", "-c", attempt, REDRAWING], stdin=subprocess.DEVNULL, capture_output=True, text=True)

    assert said.stdout.split() == ["refused"] * 3, said.stderr


ANOTHER_PROCESS = """
import pathlib, sys
from django.conf import settings
settings.configure(MACHI_HOME=pathlib.Path(sys.argv[1]))
from machi.files import pictures
pictures.AT_ONCE = int(sys.argv[2])
with pictures.turn():
    print("drawing", flush=True)
    sys.stdin.read()
"""


def test_when_another_process_draws_somebody_is_asked_to_wait_and_its_turn_ends_with_it(monkeypatch, settings, tmp_path):
    settings.MACHI_HOME = tmp_path
    monkeypatch.setattr(pictures, "AT_ONCE", 1)
    other = subprocess.Popen([sys.executable, "-c", ANOTHER_PROCESS, tmp_path, "1"], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout.readline() == "drawing\n"
    began = time.monotonic()
    try:
        for content in (KINDS["png"], a_pdf()):                 # a PDF is not kept without its picture for that
            with pytest.raises(DomainError) as busy:
                store_shown(upload(content))
            assert str(busy.value) == gettext("file.busy") and not isinstance(busy.value, storing.UnfitFile)
        assert time.monotonic() - began < 30
    finally:
        other.kill()                                            # as the kernel does: nobody is there to give the turn back
        other.communicate()
    assert draw(upload(KINDS["png"]), "png")


def test_there_is_a_turn_less_than_the_web_has_processes():
    assert pictures.AT_ONCE == max(1, os.cpu_count() - 1) and pictures.WAIT_AT_MOST <= 1


# ---- PDF -------------------------------------------------------------------------------------------------------------

def test_the_first_page_of_a_pdf_is_drawn_and_the_pdf_stays_as_it_is():
    for content in (a_pdf(), PDF_WITH_SCRIPT):
        kept = store_shown(upload(content, "見本.pdf"))

        assert kept.kind == "pdf" and kept.has_original and path_of(kept.stored_as).read_bytes() == content
        page = looked_at(path_of(kept.stored_as, "large").read_bytes())
        assert page.size == (kept.width, kept.height) == (1131, 1600)
        assert min(page.convert("L").tobytes()) < 60 < 250 < page.getpixel((5, 5))[0]   # black letters on white
        assert b"JavaScript" not in path_of(kept.stored_as, "large").read_bytes()


def has_japanese_fonts() -> bool:
    return bool(shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=ja"], capture_output=True).stdout)


# `make test` fails where these fonts are missing (tests/run.py); only somebody who runs this file alone passes it over.
@pytest.mark.skipif(not has_japanese_fonts(), reason="borrows the fonts of the machine, and there are none")
def test_a_pdf_without_fonts_of_its_own_borrows_those_of_the_machine():
    drawn = draw(upload(PDF_WITHOUT_FONTS), "pdf")

    assert min(looked_at(drawn.large).convert("L").tobytes()) < 60


def test_the_child_of_a_pdf_has_the_limits_that_are_said_of_it():
    """Fonts are opened when they are met: for a PDF it is few files at once, not none. (For pictures: see above.)"""
    attempt = ("import resource, runpy, sys\nchild = runpy.run_path(sys.argv[1])\nchild['confine'](can_open=True)\n"
               "open('/etc/hosts').close()\nheld = []\n"
               "try:\n    while True:\n        held.append(open('/etc/hosts'))\nexcept OSError:\n    print(len(held) < 16)\n"
               "print(resource.getrlimit(resource.RLIMIT_AS)[1] <= 300_000_000, resource.getrlimit(resource.RLIMIT_CPU)[1] <= 10, "
               "resource.getrlimit(resource.RLIMIT_FSIZE)[1] <= 2_000_000)\n")
    said = subprocess.run([sys.executable, "-I", "-B", "-c", attempt, REDRAWING], stdin=subprocess.DEVNULL, capture_output=True, text=True)

    assert said.stdout.split() == ["True"] * 4, said.stderr


@pytest.mark.parametrize("content", [b"%PDF-1.7\n%\xe2\xe3", a_pdf()[:200], a_pdf(box=b"0 0 0 0"), a_pdf(box=b"0 0 9e9 9e9"),
                                     a_pdf(box=b"0 0 200000 1"), b"%PDF-1.4\n" + b"[" * 100_000])
def test_a_pdf_that_cannot_be_drawn_is_kept_without_a_picture(content):
    kept = store_shown(upload(content, "見本.pdf"))

    assert kept.kind == "pdf" and path_of(kept.stored_as).read_bytes() == content and kept.has_original


# ---- the disk --------------------------------------------------------------------------------------------------------

def test_a_deed_that_is_refused_leaves_no_picture_behind():
    for content in (KINDS["png"], a_pdf(), b"text"):
        with pytest.raises(DomainError), shown(upload(content)):
            raise DomainError("refused")
    assert not list(path_of("0" * 64).parent.parent.glob("*/*"))


def test_a_full_disk_is_said_in_a_sentence_and_nothing_stays(monkeypatch):
    real = open

    class Full:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *problem):
            self.file.close()

        def write(self, chunk):
            self.file.write(chunk[:3])
            raise OSError(28, "No space left on device")
    monkeypatch.setattr(storing, "open", lambda path, how: Full(real(path, how)), raising=False)

    for content in (KINDS["png"], a_pdf(), b"text"):
        with pytest.raises(DomainError) as refused:
            store_shown(upload(content))
        assert "ディスク" in str(refused.value)
    assert not list(path_of("0" * 64).parent.parent.glob("*/*"))


# ---- anything at all -------------------------------------------------------------------------------------------------

WHOLE = [KINDS[what] for what in ("jpeg", "a palette", "moving GIF", "webp", "CMYK")] + [sideways_photograph(), a_pdf(), PDF_WITH_SCRIPT]


@settings(max_examples=400 if LONG else 12)
@given(some.sampled_from(WHOLE), some.lists(some.tuples(some.integers(0, 6_000), some.binary(max_size=8)), max_size=5),
       some.integers(50, 40_000))
def test_a_damaged_file_is_drawn_or_refused_never_an_error(whole, wounds, cut):
    content = bytearray(whole)
    for at, put in wounds:
        at %= len(content) + 1
        content[at:at + len(put)] = put
    try:
        kept = store_shown(upload(bytes(content[:cut])))
    except DomainError as refused:
        assert "%(" not in str(refused)
    else:
        assert kept.width is None or path_of(kept.stored_as, "large").read_bytes()[8:12] == b"WEBP"
