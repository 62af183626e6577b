"""Signs over shops, drawn for the micro-tasks of the demo town: what is sold there, how many of it, and the colour of the board."""
import io
import math
import zipfile

from PIL import Image, ImageDraw

from machi.simulation.drawings import CLAY, DEEP, GREEN, INK, PAPER, SUN

SIZE = 480, 320
BOARDS = {"green": GREEN, "clay": CLAY, "ink": INK, "paper": PAPER}


def sign(said: str) -> bytes:
    """"bread 2 green": as a PNG."""
    what, count, board = said.split()
    picture = Image.new("RGB", SIZE, (206, 214, 212))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((24, 40, 456, 300), 18, fill=BOARDS[board], outline=DEEP, width=6)
    for left in (90, 390):
        pen.line((left, 0, left, 40), fill=INK, width=8)
    for number in range(int(count)):
        THINGS[what](pen, 24 + 432 * (2 * number + 1) // (2 * int(count)), 170)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def packed(signs: dict[str, str]) -> bytes:
    """A ZIP of pictures, by the names of its files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as files:
        for name, said in signs.items():
            files.writestr(name, sign(said))
    return out.getvalue()


def _bread(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.ellipse((x - 62, y - 42, x + 62, y + 46), fill=(214, 154, 82), outline=(120, 74, 30), width=5)
    for left in (-30, 0, 30):
        pen.line((x + left - 10, y - 18, x + left + 10, y + 10), fill=(250, 226, 178), width=7)


def _flower(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.line((x, y, x, y + 95), fill=(120, 170, 90), width=9)
    for petal in range(6):
        left, top = x + 36 * math.cos(petal * math.pi / 3), y - 10 + 36 * math.sin(petal * math.pi / 3)
        pen.ellipse((left - 24, top - 24, left + 24, top + 24), fill=(236, 150, 170), outline=(160, 70, 96), width=4)
    pen.ellipse((x - 20, y - 30, x + 20, y + 10), fill=SUN, outline=(160, 110, 20), width=4)


def _book(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    for side in (-1, 1):
        page = (x, y - 44), (x + 66 * side, y - 58), (x + 66 * side, y + 40), (x, y + 54)
        pen.polygon(page, fill=(255, 255, 255), outline=(60, 60, 60))
        for line in range(3):
            pen.line((x + 12 * side, y - 26 + line * 24, x + 54 * side, y - 35 + line * 24), fill=(150, 155, 150), width=5)
    pen.line((x, y - 44, x, y + 54), fill=(60, 60, 60), width=6)


def _fish(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.polygon(((x + 34, y), (x + 72, y - 36), (x + 72, y + 36)), fill=(120, 160, 190), outline=(40, 70, 96))
    pen.ellipse((x - 66, y - 36, x + 46, y + 36), fill=(150, 190, 214), outline=(40, 70, 96), width=5)
    pen.ellipse((x - 46, y - 14, x - 32, y), fill=INK)
    pen.arc((x - 30, y - 26, x - 6, y + 26), 270, 90, fill=(40, 70, 96), width=5)


THINGS = {"bread": _bread, "flower": _flower, "book": _book, "fish": _fish}
