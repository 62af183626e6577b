"""A file of cells that somebody brings (CSV): in which letters it is written, and its rows, however long it is.

A file is read line by line and never held as a whole. What cannot be read is told as a `Spoilt`, whose cause the room puts into its words.
"""
import codecs
import csv
import os
from collections.abc import Iterator
from enum import Enum
from typing import BinaryIO

MOST_OF_A_LINE = 100_000                            # bytes, of one line of the file
_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHERS = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"<!DO", b"<htm")    # zip and xlsx, pdf, xls, gz, pages


class Cause(Enum):
    """Why a file of cells cannot be read."""

    EMPTY = "empty"
    BIG = "big"
    KIND = "kind"                                   # no text: a spreadsheet's own format, a PDF, a page
    LETTERS = "letters"                             # bytes that are no letter
    SHAPE = "shape"                                 # quotes that never end, a line without an end


class Spoilt(Exception):
    """This file cannot be read, or not from this line on."""

    def __init__(self, cause: Cause, line: int = 0):
        super().__init__(cause, line)
        self.cause, self.line = cause, line         # 1 for the first line; 0: the whole file


def csv_rows(file: BinaryIO, *, delimiter: str, most_bytes: int) -> Iterator[tuple[int, list[str]]]:
    """The number of a line (1 for the first), and its cells. Raises Spoilt."""
    reader = csv.reader(text_lines(file, encoding_of(file, most_bytes=most_bytes)), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Spoilt(Cause.SHAPE, reader.line_num) from None
        yield reader.line_num, cells


def encoding_of(file: BinaryIO, *, most_bytes: int) -> str:
    """By its mark, by its NUL bytes, or by what the whole of it can be. Raises Spoilt for what is no text, or too long."""
    if (size := file.seek(0, os.SEEK_END)) > most_bytes:
        raise Spoilt(Cause.BIG)
    file.seek(0)
    start = file.read(4096)
    if size == 0:
        raise Spoilt(Cause.EMPTY)
    if start.startswith(_OTHERS):
        raise Spoilt(Cause.KIND)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        return "utf-16-be" if start[:1] == b"\0" or start[:400:2].count(0) > start[1:400:2].count(0) else "utf-16-le"
    whole = _readable(file, "utf-8")
    return "utf-8" if whole == size or whole > _readable(file, "cp932") else "cp932"        # one spoilt letter makes no other alphabet


def _readable(file: BinaryIO, encoding: str) -> int:
    """How many bytes of a file can be read so."""
    decoder, count = codecs.getincrementaldecoder(encoding)(), 0
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
            count += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as fault:
        return count + fault.start - (not chunk)    # a letter cut off at the very end is a fault too
    return count


def text_lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Line by line, each decoded alone, so that a letter that cannot be read has a number. Their ends stay: a cell may hold one."""
    file.seek(0)
    raw_lines = _of_two_bytes(file, encoding) if encoding.startswith("utf-16") else iter(lambda: file.readline(MOST_OF_A_LINE), b"")
    for number, raw in enumerate(raw_lines, 1):
        if len(raw) >= MOST_OF_A_LINE:
            raise Spoilt(Cause.SHAPE, number)
        try:
            text = raw if isinstance(raw, str) else raw.decode("utf-8-sig" if encoding == "utf-8-sig" and number == 1 else
                                                               encoding.removesuffix("-sig"))
        except UnicodeDecodeError:
            raise Spoilt(Cause.LETTERS, number) from None
        yield text


def _of_two_bytes(file: BinaryIO, encoding: str) -> Iterator[str]:
    """UTF-16 has no byte that is a line's end by itself: it is decoded as it comes, and cut then."""
    decoder, rest, number = codecs.getincrementaldecoder(encoding)(), "", 0
    while True:
        chunk = file.read(_CHUNK)
        try:
            rest += decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            raise Spoilt(Cause.LETTERS, number + rest.count("\n") + 1) from None
        *whole, rest = rest.split("\n")
        for line in whole:
            number += 1
            yield line + "\n"
        if not chunk:
            if rest:
                yield rest
            return
        if len(rest) >= MOST_OF_A_LINE:
            raise Spoilt(Cause.SHAPE, number + 1)
