"""A file from a bank, before anybody looks for money in it: what it is, in which letters it is written, and its rows of cells."""
import codecs
import csv
import os
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from machi.shared.errors import DomainError

MOST_BYTES = 200_000_000                            # about two million lines: years of a busy account
MOST_OF_A_LINE = 100_000
_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHERS = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"<!DO", b"<htm")    # zip and xlsx, pdf, xls, gz, pages


class Unreadable(DomainError):
    """This file is no statement, or a cell of it cannot be understood; nothing of it was taken."""


def rows(file: BinaryIO, *, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The number of a line (1 for the first), and its cells. Raises Unreadable."""
    reader = csv.reader(_lines(file, encoding_of(file)), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(_("banking.csv.shape") % {"line": f"{reader.line_num:,}"}) from None
        yield reader.line_num, cells


def encoding_of(file: BinaryIO) -> str:
    """By its mark, by its NUL bytes, or by what the whole of it can be. Raises Unreadable for what is no text or too long."""
    if (size := file.seek(0, os.SEEK_END)) > MOST_BYTES:
        raise Unreadable(_("banking.csv.big") % {"n": f"{MOST_BYTES // 1_000_000:,}"})
    file.seek(0)
    start = file.read(4096)
    if size == 0:
        raise Unreadable(_("banking.csv.empty"))
    if start.startswith(_OTHERS):
        raise Unreadable(_("banking.csv.kind"))
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


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Line by line, each decoded alone, so that a letter that cannot be read has a number. Their ends stay: a cell may hold one."""
    file.seek(0)
    raw_lines = _of_two_bytes(file, encoding) if encoding.startswith("utf-16") else iter(lambda: file.readline(MOST_OF_A_LINE), b"")
    for number, raw in enumerate(raw_lines, 1):
        if len(raw) >= MOST_OF_A_LINE:
            raise Unreadable(_("banking.csv.shape") % {"line": f"{number:,}"})
        try:
            text = raw if isinstance(raw, str) else raw.decode("utf-8-sig" if encoding == "utf-8-sig" and number == 1 else
                                                               encoding.removesuffix("-sig"))
        except UnicodeDecodeError:
            raise Unreadable(_("banking.csv.letters") % {"line": f"{number:,}"}) from None
        yield text


def _of_two_bytes(file: BinaryIO, encoding: str) -> Iterator[str]:
    """UTF-16 has no byte that is a line's end by itself: it is decoded as it comes, and cut then."""
    decoder, rest, number = codecs.getincrementaldecoder(encoding)(), "", 0
    while True:
        chunk = file.read(_CHUNK)
        try:
            rest += decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            raise Unreadable(_("banking.csv.letters") % {"line": f"{number + rest.count(chr(10)) + 1:,}"}) from None
        *whole, rest = rest.split("\n")
        for line in whole:
            number += 1
            yield line + "\n"
        if not chunk:
            if rest:
                yield rest
            return
        if len(rest) >= MOST_OF_A_LINE:
            raise Unreadable(_("banking.csv.shape") % {"line": f"{number + 1:,}"})
