"""A second reader of 全銀 files, as a bank would have one: from the published layout (data/record_layout.txt), without a line of
the writer's. No file leaves the town that it cannot read.

    check(bytes) -> Answer          or raises Wrong with the record and the column
"""
import datetime
from pathlib import Path
from typing import NamedTuple

LENGTH = 120
KINDS = {0x31: "header", 0x32: "data", 0x38: "trailer", 0x39: "end"}
DIGITS, CAPITALS = set(range(0x30, 0x3A)), set(range(0x41, 0x5B))
SIGNS = {0x20, 0x28, 0x29, 0x2D, 0x2E, 0x2F, 0xA2, 0xA3}                        # space ( ) - . / 「 」
KANA, VOICED, HALF_VOICED = set(range(0xB1, 0xDE)), 0xDE, 0xDF                   # ｱ to ﾝ: no small letters, no ー, no ヲ
TAKES_VOICED = {0xB3} | set(range(0xB6, 0xC5)) | set(range(0xCA, 0xCF))          # ｳ, ｶ to ﾄ, ﾊ to ﾎ
TAKES_HALF_VOICED = set(range(0xCA, 0xCF))
LETTERS = DIGITS | CAPITALS | SIGNS | KANA | {VOICED, HALF_VOICED}


class Wrong(Exception):
    """This is no file a bank would take."""


class Answer(NamedTuple):
    """What a bank reads."""

    header: dict
    items: list[dict]
    line_end: bytes

    @property
    def total(self) -> int:
        return sum(int(item["amount"]) for item in self.items)


class Column(NamedTuple):
    name: str
    start: int
    end: int
    kind: str
    wanted: str


def layout() -> dict[str, list[Column]]:
    """The table of columns; every byte of every record belongs to exactly one of them."""
    table: dict[str, list[Column]] = {}
    for line in (Path(__file__).parent / "data/record_layout.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            record, first, last, name, kind, wanted = line.split()
            table.setdefault(record, []).append(Column(name, int(first) - 1, int(last), kind, wanted))
    for record, columns in table.items():
        edges = [0, *(column.end for column in columns)]
        if edges[-1] != LENGTH or [column.start for column in columns] != edges[:-1]:
            raise Wrong(f"the layout of {record} has a hole")
    return table


def check(data: bytes) -> Answer:
    records, line_end = _records(data)
    names = [KINDS.get(record[0]) for record in records]
    if names != ["header", *["data"] * (len(records) - 3), "trailer", "end"] or len(records) < 4:
        raise Wrong(f"the records come in another order: {names[:3]}...{names[-2:]}")
    table = layout()
    read = [_columns(number, record, table[name]) for number, (record, name) in enumerate(zip(records, names, strict=True), 1)]
    header, items, trailer = read[0], read[1:-2], read[-2]
    if len(items) > 9_999:
        raise Wrong("more than 9,999 items")
    if (int(trailer["count"]), int(trailer["total"])) != (len(items), sum(int(item["amount"]) for item in items)):
        raise Wrong(f"the trailer says {trailer['count']} items and {trailer['total']} yen")
    return Answer(header, items, line_end)


def _records(data: bytes) -> tuple[list[bytes], bytes]:
    for line_end in (b"\r\n", b""):
        width = LENGTH + len(line_end)
        if data and not len(data) % width:
            records = [data[start:start + width] for start in range(0, len(data), width)]
            if all(record.endswith(line_end) for record in records):
                return [record[:LENGTH] for record in records], line_end
    raise Wrong(f"{len(data)} bytes are not records of {LENGTH}, alone or each with CR and LF")


def _columns(number: int, record: bytes, columns: list[Column]) -> dict:
    found = {}
    for column in columns:
        raw = record[column.start:column.end]
        kind = column.kind
        if kind == "X":                                 # with Y in 113 a text of 20 bytes, otherwise two numbers of 10
            kind = "C" if record[112:113] == b"Y" else "N"
        fault = _number_fault(raw) if kind == "N" else _text_fault(raw)
        fault = fault or _wanted_fault(raw, column.wanted)
        if fault:
            raise Wrong(f"record {number}, {column.name} (bytes {column.start + 1}-{column.end}): {fault}")
        found[column.name] = raw.decode("cp932").rstrip(" ")
    return found


def _number_fault(raw: bytes) -> str:
    return "" if set(raw) <= DIGITS else f"{raw!r} is not a number"


def _text_fault(raw: bytes) -> str:
    if strange := set(raw) - LETTERS:
        return f"no letter of the banks: {bytes(strange)!r}"
    if raw.startswith(b" ") and raw.strip(b" "):
        return "it does not begin at the left"
    for before, letter in zip(b" " + raw, raw, strict=False):
        if letter == VOICED and before not in TAKES_VOICED or letter == HALF_VOICED and before not in TAKES_HALF_VOICED:
            return "a mark without its letter"
    return ""


def _wanted_fault(raw: bytes, wanted: str) -> str:
    match wanted:
        case "-":
            return ""
        case "filled":
            return "" if raw.strip(b" ") else "it is empty"
        case "positive":
            return "" if int(raw) > 0 else "it is zero"
        case "day":
            try:
                datetime.datetime.strptime("2028" + raw.decode(), "%Y%m%d")     # noqa: DTZ007  a leap year: 0229 may come
            except ValueError:
                return f"{raw!r} is no day"
            return ""
    allowed = {b" " * len(raw) if choice == "blank" else choice.encode() for choice in wanted.split("|")}
    return "" if raw in allowed else f"{raw!r} instead of {wanted}"
