"""Pictures for the pages of the demo town, drawn when it is made: shapes and colours only, the same on every machine."""
import io
import math
from collections.abc import Callable

from PIL import Image, ImageDraw

GREEN, DEEP, SUN, PAPER, INK, CLAY = (10, 99, 87), (6, 66, 58), (255, 197, 61), (250, 247, 240), (51, 56, 54), (190, 96, 60)
SIZE = 1200, 800


def drawn(name: str) -> bytes:
    """The picture of this name, as a PNG."""
    picture = Image.new("RGB", SIZE, PAPER)
    DRAWINGS[name](ImageDraw.Draw(picture))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _pitch(pen: ImageDraw.ImageDraw) -> None:
    """A pitch from above, and a circle of small players."""
    for stripe in range(8):
        pen.rectangle((stripe * 150, 0, stripe * 150 + 150, 800), fill=(44, 120, 80) if stripe % 2 else (52, 134, 90))
    for box in ((60, 60, 1140, 740), (60, 240, 220, 560), (980, 240, 1140, 560)):
        pen.rectangle(box, outline=PAPER, width=7)
    pen.line((600, 60, 600, 740), fill=PAPER, width=7)
    pen.ellipse((480, 280, 720, 520), outline=PAPER, width=7)
    for number in range(9):
        x, y = 600 + 200 * math.cos(number * 0.698), 400 + 200 * math.sin(number * 0.698)
        pen.ellipse((x - 24, y - 24, x + 24, y + 24), fill=SUN if number % 2 else CLAY, outline=INK, width=4)


def _flyer(pen: ImageDraw.ImageDraw) -> None:
    """A flyer for a market: a big sun over roofs, lines where the words stand."""
    pen.rectangle((300, 40, 900, 760), fill=(255, 255, 255), outline=INK, width=4)
    pen.ellipse((470, 90, 730, 350), fill=SUN)
    for number, height in enumerate((120, 170, 140, 190)):
        left = 330 + number * 138
        pen.polygon((left, 480 - height + 60, left + 64, 420 - height + 60, left + 128, 480 - height + 60), fill=DEEP)
        pen.rectangle((left + 8, 480 - height + 60, left + 120, 480), fill=GREEN)
    for number, width in enumerate((480, 420, 460, 300)):
        pen.rectangle((350, 540 + number * 48, 350 + width, 562 + number * 48), fill=INK if not number else (150, 155, 150))


def _chart(pen: ImageDraw.ImageDraw) -> None:
    """A sheet with twelve bars, one month each, and the line of their mean."""
    pen.rectangle((80, 60, 1120, 740), fill=(255, 255, 255), outline=(200, 200, 190), width=3)
    for number in range(6):
        pen.line((140, 140 + number * 100, 1080, 140 + number * 100), fill=(228, 226, 218), width=3)
    for number, height in enumerate((210, 260, 240, 320, 380, 300, 420, 360, 400, 450, 390, 470)):
        pen.rectangle((150 + number * 78, 640 - height, 205 + number * 78, 640), fill=GREEN if number != 11 else SUN)
    pen.line((140, 640, 1080, 640), fill=INK, width=6)
    pen.line((140, 290, 1080, 290), fill=CLAY, width=6)


def _shelf(pen: ImageDraw.ImageDraw) -> None:
    """A shelf of three boards with books and a pot."""
    pen.rectangle((0, 620, 1200, 800), fill=(225, 214, 194))
    for board in (180, 390, 600):
        pen.rectangle((220, board, 980, board + 26), fill=CLAY)
    for side in (220, 954):
        pen.rectangle((side, 110, side + 26, 690), fill=CLAY)
    for number in range(14):
        height, left = 110 + (number * 37) % 60, 270 + number * 32
        pen.rectangle((left, 390 - height, left + 26, 390), fill=(GREEN, SUN, DEEP, INK)[number % 4])
    pen.polygon((760, 530, 880, 530, 860, 600, 780, 600), fill=GREEN)
    for angle in range(-60, 61, 30):
        pen.line((820, 530, 820 + 110 * math.sin(math.radians(angle)), 530 - 110 * math.cos(math.radians(angle))), fill=DEEP, width=14)


def _screen(pen: ImageDraw.ImageDraw) -> None:
    """A telephone with a page of large buttons."""
    pen.rectangle((0, 0, 1200, 800), fill=(214, 231, 227))
    pen.rounded_rectangle((420, 40, 780, 760), 48, fill=INK)
    pen.rounded_rectangle((440, 80, 760, 720), 24, fill=(255, 255, 255))
    pen.rectangle((440, 110, 760, 190), fill=GREEN)
    for number in range(4):
        pen.rounded_rectangle((470, 230 + number * 120, 730, 320 + number * 120), 20, fill=SUN if not number else (236, 233, 224))
        pen.ellipse((490, 255 + number * 120, 530, 295 + number * 120), fill=DEEP)


def _harbour(pen: ImageDraw.ImageDraw) -> None:
    """A sun over a lighthouse and the sea."""
    pen.rectangle((0, 0, 1200, 800), fill=(255, 255, 255))
    pen.ellipse((380, 120, 820, 560), fill=SUN)
    pen.polygon((560, 200, 640, 200, 670, 560, 530, 560), fill=DEEP)
    pen.rectangle((540, 160, 660, 205), fill=GREEN)
    pen.rectangle((0, 540, 1200, 800), fill=GREEN)


def _waves(pen: ImageDraw.ImageDraw) -> None:
    """Three waves, one behind the other."""
    pen.rectangle((0, 0, 1200, 800), fill=PAPER)
    for row, colour in enumerate((SUN, GREEN, DEEP)):
        top = 240 + row * 140
        crest = [(x, top + 60 * math.sin(x / 95 + row)) for x in range(0, 1201, 20)]
        pen.polygon([*crest, (1200, 800), (0, 800)], fill=colour)


DRAWINGS: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "pitch": _pitch, "flyer": _flyer, "chart": _chart, "shelf": _shelf, "screen": _screen, "harbour": _harbour, "waves": _waves}
