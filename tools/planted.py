"""`make planted`: a check that cannot fail proves nothing. Each patch in tests/planted plants one bug; its test must find it.

    python -m tools.planted                     all of them
    python -m tools.planted fee refund          only those whose name holds one of these words

A patch begins with what it is: Name, Design (the figure of trust.md or money.md), What, Killer (the node id of a test), and, where not
an assertion but the town itself refuses, Refused (the name of the exception). Everything happens in a copy of the checkout (git worktree).
"""
import contextlib
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree
from collections.abc import Iterator
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = ROOT / "tests/planted"
HEADS = ("Name", "Design", "What", "Killer", "Refused")
LONGEST_SECONDS = 300                                   # a test that hangs has found nothing
LONGEST_FAULT = 300                                     # letters of what pytest said
# How the words begin that pytest has for an assertion which does not hold; anything else is an accident of the patch.
ASSERTIONS = ("AssertionError", "assert ", "Failed: DID NOT RAISE", 'failed on teardown with "AssertionError',
              'failed on teardown with "assert ')


@dataclass(frozen=True)
class Plant:
    """One bug, and the test that must find it."""

    file: pathlib.Path
    name: str
    design: str
    what: str
    killer: str
    refused: str = ""


def plants(place: pathlib.Path = PLACE) -> list[Plant]:
    """Every patch with its head. Raises ValueError when one does not say what it is."""
    return [_read(file) for file in sorted(place.glob("*.patch"))]


def _read(file: pathlib.Path) -> Plant:
    head = file.read_text().partition("\ndiff --git ")[0]
    said = dict(re.findall(rf"^({'|'.join(HEADS)}): (.+)$", head, re.M))
    if missing := [word for word in HEADS[:-1] if not said.get(word)]:
        raise ValueError(f"{file.name} does not say: {', '.join(missing)}")
    return Plant(file, *(said.get(word, "") for word in HEADS))


def does_apply(plant: Plant, where: pathlib.Path = ROOT) -> str:
    """Why git cannot apply it; nothing where it can."""
    return _git(where, "apply", "--check", str(plant.file)).stderr.strip()


def verdict(answer: subprocess.CompletedProcess | None, report: str, refused: str = "") -> str:
    """What a run of the killer says about the patch: nothing where it was found, else why not."""
    if answer is None:
        return f"the test never ended ({LONGEST_SECONDS} s)"
    cases = [*xml.etree.ElementTree.fromstring(report).iter("testcase")] if report else []
    if not cases:
        return "no test ran: " + _end(answer)
    wrong = [fault for case in cases for kind in ("failure", "error") for fault in case.iter(kind)]
    if not wrong:
        return "NOT FOUND: the test passes" if answer.returncode == 0 else "no test ran: " + _end(answer)
    said = [fault.get("message", "") for fault in wrong]
    if refused:
        return "" if any(refused in one for one in said) else f"not refused by {refused}, but: {said[0][:LONGEST_FAULT]}"
    return "" if any(one.startswith(ASSERTIONS) for one in said) else f"no assertion failed, but: {said[0][:LONGEST_FAULT]}"


def main(words: list[str]) -> int:
    chosen = [plant for plant in plants() if not words or any(word in plant.file.stem for word in words)]
    if not chosen:
        sys.exit(f"no patch in tests/planted is called so: {' '.join(words)}")
    with a_copy() as copy:
        if not _clean(copy, chosen):
            return 1
        lines, found = [], 0
        for plant in chosen:
            began = time.monotonic()
            fault = _plant(copy, plant)
            found += not fault
            lines.append(f"{plant.file.stem:42} {plant.design:12} {time.monotonic() - began:5.1f} s  {fault or 'found'}")
            print(lines[-1], flush=True)
    print(f"{found} of {len(chosen)} planted bugs were found")
    return 0 if found == len(chosen) else 1


def _clean(copy: pathlib.Path, chosen: list[Plant]) -> bool:
    """On the clean tree every killer passes: else what it finds would be no bug of ours."""
    began = time.monotonic()
    answer, _report = _run(copy, *dict.fromkeys(plant.killer for plant in chosen), seconds=LONGEST_SECONDS * 6)
    is_good = answer is not None and answer.returncode == 0
    print(f"{'the clean tree':42} {'':12} {time.monotonic() - began:5.1f} s  {'passes' if is_good else 'FAILS'}", flush=True)
    if not is_good and answer:
        print(answer.stdout[-4_000:], answer.stderr[-2_000:])
    return is_good


def _plant(copy: pathlib.Path, plant: Plant) -> str:
    if _git(copy, "apply", str(plant.file)).returncode:
        return "the patch does not apply any more: " + does_apply(plant, copy)
    try:
        return verdict(*_run(copy, plant.killer), plant.refused)
    finally:
        _git(copy, "apply", "-R", str(plant.file)).check_returncode()


def _run(copy: pathlib.Path, *tests: str, seconds: int = LONGEST_SECONDS) -> tuple[subprocess.CompletedProcess | None, str]:
    report = copy / "report.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-x", f"--junitxml={report}", *tests]
    try:
        answer = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None, ""
    return answer, report.read_text() if report.exists() else ""


@contextlib.contextmanager
def a_copy() -> Iterator[pathlib.Path]:
    """What was committed last, in a folder of its own: nobody's tree is touched, and what is half done is not judged."""
    with tempfile.TemporaryDirectory(prefix="machi-planted-") as place:
        copy = pathlib.Path(place) / "town"
        _git(ROOT, "worktree", "add", "--detach", "-q", str(copy)).check_returncode()
        try:
            yield copy
        finally:
            _git(ROOT, "worktree", "remove", "--force", str(copy))


def _git(where: pathlib.Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(["git", *words], cwd=where, capture_output=True, text=True)


def _end(answer: subprocess.CompletedProcess) -> str:
    return " ".join((answer.stdout + answer.stderr).split())[-LONGEST_FAULT:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
