"""`machi screen`: what a pack of wording rules would say about texts in a file, before it goes live. No database is asked.

The file is read line by line and never held: {"id": "...", "text": "..."} in each. Prints one line for each that it could read.
"""
import argparse
import datetime
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.utils import translation

from machi.cli.environment import Refused
from machi.shared import clock
from machi.wording import books
from machi.wording.errors import PackError
from machi.wording.queries import Finding, screen

LONGEST = 1_000_000                                     # bytes of a line
MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class Unreadable(Exception):
    """A line that is no text with an id; the others are read on."""


def main(arguments: list[str]) -> int:
    """0: every line was read. 1: some could not be. 2: nothing could be tried."""
    wish = _wish(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        pack, file = _pack(wish), open(wish.file, "rb")
    except (Refused, PackError) as refusal:
        return _refuse(str(refusal))
    except OSError as error:
        return _refuse(f"{wish.file} cannot be read: {error.strerror}.")
    with file, translation.override("ja"):
        try:
            return _tell(wish, pack, file)
        except BrokenPipeError:                         # | head: whoever reads has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except (Refused, OSError) as refusal:
            return _refuse(str(refusal))


def _wish(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="machi screen", description="Try a pack of wording rules on texts of your own.")
    parser.add_argument("--where", required=True, choices=books.PLACES, help="where the texts would stand")
    parser.add_argument("--file", required=True, metavar="X.jsonl", help='lines like {"id": "1", "text": "..."}')
    parser.add_argument("--json", action="store_true", help="one JSON line for each text: id, flag, rules, advice")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--pack", metavar="FILE", help="a pack that is not in force, like one you are writing")
    which.add_argument("--on", metavar="DATE", help="the pack in force on this day, like 2026-12-01; today when left out")
    return parser.parse_args(arguments)


def _pack(wish: argparse.Namespace) -> books.Pack:
    if wish.pack:
        return books.read(Path(wish.pack))
    if not wish.on:
        return books.in_force(clock.today())
    try:
        day = datetime.date.fromisoformat(wish.on)
    except ValueError:
        raise Refused(f"--on is {wish.on!r}: it should be a day like 2026-12-01.") from None
    try:
        return books.pack_on(day)
    except LookupError:
        raise Refused(f"No pack is as old as {day}: the first is valid from {min(books.days())}.") from None


def _refuse(sentence: str) -> int:
    print(f"machi: {sentence}", file=sys.stderr)
    return 2


def _tell(wish: argparse.Namespace, pack: books.Pack, file) -> int:
    read = flagged = unread = 0
    if not wish.json:
        _print(f"{pack.name}, {len(pack.rules)} rules, for a text of the kind {wish.where}")
    for number, line in _lines(file):
        try:
            key, text = _text(line)
        except Unreadable as reason:
            unread += 1
            print(f"machi: line {number} {reason}", file=sys.stderr)
            continue
        found = screen(text, wish.where, pack=pack)
        read, flagged = read + 1, flagged + bool(found)
        _print((_as_json if wish.json else _as_rows)(key, found))
    if not wish.json:
        _print(f"{read} read, {flagged} flagged" + (f", {unread} could not be read" if unread else ""))
    sys.stdout.flush()
    return int(bool(unread))


def _lines(file) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number; None for one that is too long to be a text. Empty lines say nothing."""
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if number == 1:
            if line[:2] in MARKS:
                raise Refused(f"The file is {MARKS[line[:2]]}: save it as UTF-8.")
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) == LONGEST and not line.endswith(b"\n"):
            while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


def _text(line: bytes | None) -> tuple[str | int, str]:
    if line is None:
        raise Unreadable(f"is longer than {LONGEST:,} bytes.")
    try:
        said = json.loads(_decoded(line))
    except (ValueError, RecursionError):
        raise Unreadable('is no JSON: it should look like {"id": "1", "text": "..."}.') from None
    if not isinstance(said, dict) or not isinstance(said.get("text"), str) or type(said.get("id")) not in (str, int):
        raise Unreadable('should have an "id" (a text or a whole number) and a "text" in quotation marks.')
    return said["id"], said["text"]


def _decoded(line: bytes) -> str:
    """UTF-8, or Shift_JIS as older programs write it."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp932")


def _as_json(key: str | int, found: list[Finding]) -> str:
    return json.dumps({"id": key, "flag": bool(found), "rules": list(dict.fromkeys(one.rule for one in found)),
                       "advice": list(dict.fromkeys(one.advice for one in found))}, ensure_ascii=False)


def _as_rows(key: str | int, found: list[Finding]) -> str:
    if not found:
        return f"  {key}"
    told = [f"      {one.rule} ({one.weight}): 「{' '.join(one.found.split())}」\n      {one.advice}" for one in found]
    return "\n".join([f"! {key}", *told])


def _print(text: str) -> None:
    """Half of a letter, as \\ud800 in JSON, stays the sign that it was."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
