"""`make test`: the groups of tests one after the other, the minutes of each, and one line at the end.

    python -m tests.run                 every group
    python -m tests.run trust faces     only these groups, or folders of tests
"""
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
ELSEWHERE = {"trust": ("states", "races", "model"), "crash": ("crash", "cli"), "web": ("web",),
             "browser": ("faces", "stories")}
# As many files at a time as there are cores. Where people wait for mails, pages and doors that take their time, one more finds room.
WAITING = ("web", "browser", "faces", "stories")
# These keep their order: the longest begins first.
IN_ORDER = ("browser", "faces", "stories")
NEEDED = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "hledger": ("hledger",)}
LIMIT = None if "MACHI_LONG" in os.environ or os.environ.get("MACHI_FACES") == "all" else 30 * 60      # seconds for one group
APT = ("chromium", "fontconfig", "fonts-noto-cjk", "hledger")


def main(wanted: list[str]) -> int:
    os.chdir(ROOT)
    groups = {"house": house(), **{name: places(*folders) for name, folders in ELSEWHERE.items()}}
    groups |= {name: places(name) for name in wanted if name not in groups and places(name)}
    if unknown := set(wanted) - set(groups):
        sys.exit(f"no group {', '.join(unknown)}; there are {', '.join(groups)}")
    ask_for_programs()
    passed = failed = 0
    lines = []
    for name in wanted or groups:
        begin = time.monotonic()
        good, bad, left_out = run_pytest(name, groups[name]) if groups[name] else (0, 0, 0)
        passed, failed = passed + good, failed + bad
        skipped = f", {left_out} skipped" if left_out else ""
        lines.append(f"{name:8} {(time.monotonic() - begin) / 60:5.1f} min  {good} passed, {bad} failed{skipped}")
        print(lines[-1], flush=True)
    print("\n" + "\n".join(lines))
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def places(*folders: str) -> list[str]:
    return [f"tests/{folder}" for folder in folders if glob.glob(f"tests/{folder}/**/test_*.py", recursive=True)]


def house() -> list[str]:
    """Everything that is in no other group: the house watching itself, and the units of each room."""
    others = {folder for folders in ELSEWHERE.values() for folder in folders}
    return places(*sorted(path.name for path in pathlib.Path("tests").iterdir() if path.is_dir() and path.name not in others))


def run_pytest(name: str, folders: list[str]) -> tuple[int, int, int]:
    print(f"\n== {name}: {' '.join(folders)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="machi-report-") as place:
        report = pathlib.Path(place) / "report.xml"
        parallel = ["-n", str((os.cpu_count() or 1) + (name in WAITING)), "--dist", "loadfile",
                    *(["--no-loadscope-reorder"] if name in IN_ORDER else [])]
        # a long test is no test that hangs; and to look into it while it runs has broken it off (a fault of CPython 3.11)
        long = ["-o", "faulthandler_timeout=0"] if LIMIT is None else []
        asked = [sys.executable, "-m", "pytest", "-q", *long, "--no-header", "-rfEs", f"--junitxml={report}", *parallel, *folders]
        status = None                                   # stopped, perhaps after its report was written
        try:
            status = subprocess.run(asked, timeout=LIMIT).returncode
        except subprocess.TimeoutExpired:
            print(f"{name} was stopped after {LIMIT // 60} minutes: something in it never ends", flush=True)
        if not report.exists():
            return 0, 1, 0
        suite = xml.etree.ElementTree.parse(report).getroot().find("testsuite").attrib
    bad, left_out = int(suite["failures"]) + int(suite["errors"]), int(suite["skipped"])
    if status not in (0, 1) and not bad:
        bad = 1                                         # pytest itself broke, or never ended
    return max(0, int(suite["tests"]) - bad - left_out), bad, left_out


def ask_for_programs() -> None:
    """A missing browser fails, it is never skipped. Root on Debian gets what is missing; everybody else is told."""
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"[setup] apt-get install {' '.join(APT)}", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *APT], env=quiet, stdout=subprocess.DEVNULL)
    if lacking := missing():
        print(f"Missing for the tests: {', '.join(lacking)}. {how_to_install()}")
        print("0 passed, 1 failed")
        sys.exit(1)


def how_to_install() -> str:
    if shutil.which("apt-get"):
        return f"Install them: sudo apt install {' '.join(APT)}"
    if sys.platform == "darwin":
        return "Install them: brew install hledger fontconfig && brew install --cask chromium font-noto-sans-cjk"
    return "Install them as this system does it: Chromium, fontconfig with the Noto fonts for Japanese, and hledger."


def missing() -> list[str]:
    lacking = [name for name, programs in NEEDED.items() if not any(map(shutil.which, programs))]
    fonts = subprocess.run(["fc-list", ":lang=ja", "family"], capture_output=True, text=True) if shutil.which("fc-list") else None
    if fonts is None or not fonts.stdout.strip():
        lacking.append("Japanese fonts")
    return lacking


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
