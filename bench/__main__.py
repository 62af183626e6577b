"""`make bench`: every promise one after the other, or only those named: make bench, python3 bootstrap.py bench start pages."""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main(wanted: list[str]) -> int:
    """Each in a process of its own, as it also runs alone; 1 when a promise is missed."""
    promises = sorted(path.stem for path in HERE.glob("[a-z]*.py") if 'if __name__ == "__main__":' in path.read_text())
    if unknown := set(wanted) - set(promises):
        sys.exit(f"no promise {', '.join(sorted(unknown))}; there are {', '.join(promises)}")
    missed = [name for name in wanted or promises if _measure(name)]
    print(f"\n{len(wanted or promises) - len(missed)} kept" + (f", missed: {', '.join(missed)}" if missed else ""))
    return 1 if missed else 0


def _measure(name: str) -> int:
    print(f"\n== {name}", flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
