"""`make mutants`: mutmut changes one small thing in a function of the arithmetic of money, thousands of times; how many does a test see?

    python -m tools.mutants                     every module named in pyproject.toml
    python -m tools.mutants fees zengin         only these

Prints for each module how many mutants were killed, how many survived, and which (`mutmut show NAME` shows one). Whatever no test runs
counts as survived. Only tests that ask for no database are tried (tests/pure.py): it takes minutes, not days. Everything happens in a
copy of what was committed last.
"""
import fnmatch
import json
import pathlib
import subprocess
import sys
import tomllib
from collections import Counter

from tools.planted import ROOT, a_copy

LEAST_KILLED = 85                                       # percent of each module (trust.md 3.3)
KILLED = {1, 3, 36, 24, -24, 152, 255}                  # exit codes of mutmut: a test failed, or never ended
NICE = ["nice", "-n", "10"]
# Seen, and the same as before for whoever uses it: name of the mutant -> why no test can see it.
EQUIVALENT = json.loads((ROOT / "tests/planted/equivalent.json").read_text())


def main(words: list[str]) -> int:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]["only_mutate"]
    chosen = [path for path in named if not words or pathlib.Path(path).stem in words]
    if not chosen:
        sys.exit(f"no module is called so; there are {', '.join(pathlib.Path(path).stem for path in named)}")
    with a_copy() as copy:
        subprocess.run([sys.executable, "tools/catalogues.py", "compile"], cwd=copy, check=True, stdout=subprocess.DEVNULL)
        patterns = [f"{module_of(path)}.x*" for path in chosen]
        said = subprocess.run([*NICE, sys.executable, "-c", "from mutmut.__main__ import cli; cli()", "run", "--max-children", "1",
                               *(patterns if words else [])], cwd=copy, capture_output=True, text=True)
        found = {path: codes(copy, path) for path in chosen}
        if said.returncode or not all(found.values()):
            print(said.stdout[-3_000:].replace("\r", "\n"), said.stderr[-3_000:])
            return 1
        return 1 if any([not told(path, tried) for path, tried in found.items()]) else 0


def module_of(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def codes(copy: pathlib.Path, path: str) -> dict[str, int | None]:
    """How the tests ended with each mutant of a module."""
    meta = copy / "mutants" / f"{path}.meta"
    return json.loads(meta.read_text())["exit_code_by_key"] if meta.exists() else {}


def told(path: str, tried: dict[str, int | None]) -> bool:
    """One line of the table, and the names of what survived; is it enough?"""
    alive = sorted(name for name, code in tried.items() if code not in KILLED)
    equivalent = [name for name in alive if any(fnmatch.fnmatch(name, known) for known in EQUIVALENT)]
    counted, survived = len(tried) - len(equivalent), len(alive) - len(equivalent)
    percent = 100 * (counted - survived) / counted
    print(f"{path:34} {counted - survived:5} of {counted:5} killed, {percent:5.1f} %   ({len(equivalent)} more are equivalent)", flush=True)
    for name, count in Counter(name.rpartition("__mutmut_")[0] for name in alive if name not in equivalent).items():
        numbers = ", ".join(one.rpartition("_")[2] for one in alive if one.rpartition("__mutmut_")[0] == name and one not in equivalent)
        print(f"    {name}: {count} survived ({numbers})")
    return percent >= LEAST_KILLED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
