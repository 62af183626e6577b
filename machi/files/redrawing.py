"""The child that draws pictures anew: started as a program of its own, never imported by the town.

It takes its limits before it reads a byte: memory, processor time, what it may write, no child (where the town is not run by root, whom
that limit does not bind), and for a picture nothing more to open: no file, no connection. A PDF without fonts of its own borrows those
of the machine, which are opened when they are met: its child may hold a few files or connections at once, with the rights of the
town's account. It reads the standard input and writes two WebP pictures to the standard output, with one line of JSON before them.
Nothing of the original stays: no EXIF, no place, no profile, no second frame, nothing after the end.
"""
import contextlib
import importlib
import io
import json
import os
import resource
import sys

from PIL import (
    Image,
    ImageCms,
    ImageDraw,
    ImageFont,
    MpoImagePlugin,  # noqa: F401 - all that may be needed is loaded before the door closes
    TiffImagePlugin,  # noqa: F401 - reads EXIF
    WebPImagePlugin,  # noqa: F401
)

BROKEN, TOO_LARGE = 3, 4
SMALL, LARGE = 360, 1600                    # pixels of the longer side
MARKED, MARK_SIZE = 800, 34                 # of a picture with a mark across it, which is smaller: it shows the work, and is not the work
SMALL_BYTES, LARGE_BYTES = 20_000, 500_000
PIXELS_AT_MOST = 50_000_000
MEMORY, SECONDS, OUTPUT = 300_000_000, 10, 2_000_000
WHITE = (255, 255, 255)
HELD = 0x0112                               # EXIF: how the camera was held, and what sets it right
UPRIGHT = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
           5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90}


def main(kind: str, mark: str = "") -> int:
    rehearse(kind)
    pdfs = importlib.import_module("pypdfium2") if kind == "pdf" else None      # costs memory: only where it is needed
    confine(can_open=kind == "pdf")
    try:
        picture = first_page(pdfs, sys.stdin.buffer) if pdfs else redrawn(sys.stdin.buffer, kind)
        if picture is None:
            return TOO_LARGE
        if mark:
            picture = marked(picture, mark)
        small, large = packed(picture, SMALL, SMALL_BYTES), packed(picture, LARGE, LARGE_BYTES)
    except (MemoryError, Image.DecompressionBombError):
        return TOO_LARGE
    except Exception:                       # whatever a damaged file makes a reader say: the answer is the same
        return BROKEN
    width, height = Image.open(io.BytesIO(large)).size
    head = json.dumps({"width": width, "height": height, "small": len(small), "large": len(large)})
    sys.stdout.buffer.write(head.encode() + b"\n" + small + large)
    sys.stdout.buffer.flush()
    return 0


def rehearse(kind: str) -> None:
    """Draw a picture of our own once: whatever a reader loads when it is first used is there before files are out of reach."""
    kind = "png" if kind == "pdf" else kind
    for mode in ("L", "RGB", "CMYK" if kind == "jpeg" else "P"):
        own, exif = io.BytesIO(), Image.Exif()
        exif[HELD] = 6
        Image.new(mode, (4, 4)).save(own, kind, exif=exif, icc_profile=sRGB().tobytes())
        packed(marked(redrawn(own, kind), "X"), SMALL, SMALL_BYTES)


def confine(can_open: bool) -> None:
    """From here on there is little that a picture could make this process do. Limits that a system lacks are left out."""
    os.nice(10)                             # whoever asks for a page goes first
    for name, most in (("RLIMIT_AS", MEMORY), ("RLIMIT_CPU", SECONDS), ("RLIMIT_FSIZE", OUTPUT), ("RLIMIT_CORE", 0), ("RLIMIT_NPROC", 0),
                       ("RLIMIT_NOFILE", 16 if can_open else 3)):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most))


def redrawn(file, kind: str) -> Image.Image | None:
    """A picture as it is seen, no larger than needed, in plain colours on white; None if it has too many pixels."""
    picture = Image.open(file, formats=[kind])
    if picture.width * picture.height > PIXELS_AT_MOST:
        return None
    picture.draft(None, (LARGE, LARGE))     # a photograph is read in a half, a quarter, an eighth of its size, if that is enough
    picture.load()
    held, profile = how_held(picture), picture.info.get("icc_profile")
    picture = in_plain_colours(smaller(depth_of_eight(picture), LARGE), profile)
    return picture.transpose(UPRIGHT[held]) if held in UPRIGHT else picture


def how_held(picture: Image.Image) -> int:
    """What the photograph says of its camera; notes that cannot be read say nothing."""
    try:
        return picture.getexif().get(HELD, 1)
    except Exception:
        return 1


def depth_of_eight(picture: Image.Image) -> Image.Image:
    """16 and 32 bits become 8; a palette becomes the colours it names."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    return picture.convert("L") if picture.mode in ("1", "F") else picture


def smaller(picture: Image.Image, side: int) -> Image.Image:
    """At most `side` pixels on the longer side, at least one on the shorter."""
    if max(picture.size) <= side:
        return picture
    scale = side / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)


def in_plain_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """sRGB, on white. The colours of another profile are translated; one that cannot be read is left out."""
    if picture.mode in ("LA", "RGBA"):
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, WHITE)
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return ImageCms.profileToProfile(picture, io.BytesIO(profile), sRGB(), outputMode="RGB") or picture
    return picture.convert("RGB")


def sRGB() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def first_page(pdfs, file) -> Image.Image:
    """The first page of a PDF, drawn. Scripts are not run, fields are not filled in."""
    page = pdfs.PdfDocument(file.read())[0]
    width, height = page.get_size()
    return page.render(scale=min(4, LARGE / max(width, height, 1)), draw_annots=True).to_pil().convert("RGB")


def marked(picture: Image.Image, mark: str) -> Image.Image:
    """A picture that is smaller, with words across all of it, light and dark, so that they are seen on any ground."""
    picture = smaller(picture, min(MARKED, max(picture.size) * 3 // 4)).convert("RGB")
    layer, font = Image.new("RGBA", (picture.width * 2, picture.height * 2)), ImageFont.load_default(MARK_SIZE)
    pen = ImageDraw.Draw(layer)
    step = int(pen.textlength(mark, font)) + 2 * MARK_SIZE
    for row, top in enumerate(range(0, layer.height, 3 * MARK_SIZE)):
        for left in range(-(row % 2) * step // 2, layer.width, step):
            pen.text((left, top), mark, (255, 255, 255, 150), font, stroke_width=1, stroke_fill=(0, 0, 0, 110))
    layer = layer.rotate(24, Image.Resampling.BILINEAR)
    left, top = picture.width // 2, picture.height // 2
    picture.paste(layer, (-left, -top), layer)
    return picture


def packed(picture: Image.Image, side: int, bytes_at_most: int) -> bytes:
    """WebP of at most this side and these bytes: the quality gives way first, then the size."""
    while True:
        view = smaller(picture, side)
        for quality in (80, 60, 40):
            file = io.BytesIO()
            view.save(file, "WEBP", quality=quality, method=4)
            if file.tell() <= bytes_at_most:
                return file.getvalue()
        side = side * 3 // 4


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
