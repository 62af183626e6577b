"""The fingerprint of an aggregation: whoever has the answers can put them together once more and must come to the same."""
import hashlib
import json
from collections.abc import Iterable


def digest(*, kind: str, version: int, parameters: dict, rows: Iterable[tuple], golds: Iterable[tuple] = ()) -> str:
    """SHA-256, in hex, of the kind of answer, the version of its module, what it was asked with, and all rows in any order.

    Names and answers are what JSON can hold; each row is one line, and the lines are sorted as text.
    """
    head = _line({"kind": kind, "version": version, "parameters": parameters})
    lines = [head, *sorted(map(_line, rows)), "golds", *sorted(map(_line, golds))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
