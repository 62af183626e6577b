"""Pictures and PDFs made for tests: as cameras, drawing programs and people of ill will make them."""
import io
import struct
import zlib

from PIL import Image

RED, BLUE = (200, 30, 30), (20, 60, 200)


def two_halves(mode: str = "RGB", size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Red on the left, blue on the right: what a picture shows can be asked."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    return picture.quantize(8) if mode == "P" else picture.convert(mode)


def encoded(picture: Image.Image, form: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def looked_at(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def sideways_photograph() -> bytes:
    """As a telephone held upright writes it: stored lying, with the turn, the place and the camera in its EXIF."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8769] = 6, "kanari-camera", {0x9286: b"ASCII\0\0\0kanari-note"}
    exif[0x8825] = {1: "N", 2: (35.0, 39.0, 31.0), 3: "E", 4: (139.0, 44.0, 43.0)}
    return encoded(two_halves(), "JPEG", exif=exif, quality=95, comment=b"kanari-comment")


def png_that_claims(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + b"\0\0\0\0IEND\xaeB`\x82"


def a_pdf(text: bytes = b"BT /F1 48 Tf 60 700 Td (Machi) Tj ET", catalogue: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    """One page of A4 with one word. `catalogue` is where a PDF says what it would run."""
    parts = [b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
             b"<< /Type /Page /Parent 2 0 R /MediaBox [" + box + b"] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
             b"<< /Length %d >>\nstream\n" % len(text) + text + b"\nendstream", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    content, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + table + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(content))


PDF_WITH_SCRIPT = a_pdf(catalogue=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
# Japanese in the encoding of older machines, with a font that the PDF names and does not bring along.
PDF_WITHOUT_FONTS = a_pdf(b"BT /F1 48 Tf 60 700 Td <8a44824c8bc3> Tj ET").replace(
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /90ms-RKSJ-H /DescendantFonts [<< /Type /Font "
    b"/Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> "
    b"/FontDescriptor << /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
    b"/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>")
