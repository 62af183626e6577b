"""A spreadsheet (XLSX), read as the ZIP file that somebody may have made to harm: what it unpacks to is looked at before it is unpacked."""
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from machi.files.kinds import ManyParts, opened_zip
from machi.shared.tables import Cause, Spoilt
from machi.tasks.cells import text_of

MOST_UNPACKED, MOST_SHARED = 200_000_000, 60_000_000      # bytes: the whole, and the texts that cells share, which lie in memory
MOST_PARTS = 2_000
# What openpyxl and zipfile raise of a file that is none, whatever stands in it. Of them NotImplementedError is a way of packing that Python
# cannot undo, and RuntimeError a password; zlib.error and LZMAError, of bytes that were changed, are kinds of nothing else. Only
# reading is within: a fault of our own is not called a spoilt file.
_BROKEN = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError, OSError,
           EOFError, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError)


def sheet_rows(file: BinaryIO, *, most_columns: int) -> Iterator[tuple[int, list[str]]]:
    """The number of a row (1 for the first) of the first sheet, and its cells as text. A formula is what it last came to. Raises Spoilt."""
    for number, cells in enumerate(_cells(file, most_columns), 1):
        yield number, [text_of(cell) for cell in cells]


def _cells(file: BinaryIO, most_columns: int) -> Iterator[tuple]:
    try:
        _weigh(file)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        yield from book.worksheets[0].iter_rows(max_col=most_columns, values_only=True)
    except _BROKEN:
        raise Spoilt(Cause.KIND) from None


def _weigh(file: BinaryIO) -> None:
    try:
        packed = opened_zip(file, most_parts=MOST_PARTS)
    except ManyParts:
        raise Spoilt(Cause.BIG) from None
    with packed:
        parts = packed.infolist()
        shared = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if sum(part.file_size for part in parts) > MOST_UNPACKED or shared > MOST_SHARED:
        raise Spoilt(Cause.BIG)
