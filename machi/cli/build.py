"""What is made from other files, and made again only when those changed: the catalogues of words, the static files."""
import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys

from machi.cli.environment import ROOT, Refused

COLLECTED = ROOT / "collected"
STAMP = COLLECTED / "made-from"


def refresh() -> None:
    """Compile and collect what is stale. Two towns of one checkout wait for each other."""
    refresh_words()
    with one_at_a_time():
        if (source := static_source()) != collected_from():
            _run("the static files could not be collected", "manage.py", "collectstatic", "--noinput", "--clear", "-v0")
            STAMP.write_text(source)


def refresh_words() -> None:
    """Compile the catalogues that are stale."""
    with one_at_a_time():
        if stale_catalogues():
            _run("the words could not be compiled", "tools/catalogues.py", "compile")


def stale_catalogues() -> list:
    """Catalogues that were never compiled, or changed since."""
    return [words for words in ROOT.glob("locale/*/LC_MESSAGES/*.po")
            if not (made := words.with_suffix(".mo")).exists() or made.stat().st_mtime < words.stat().st_mtime]


def static_source() -> str:
    """A fingerprint of everything static files come from: the web, whose pages name the icons, and the libraries that bring some."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for file in sorted(path for path in (ROOT / "machi/web").rglob("*") if path.suffix != ".pyc" and path.is_file()):
        facts = file.stat()
        digest.update(f"{file.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collected_from() -> str | None:
    with contextlib.suppress(FileNotFoundError):
        return STAMP.read_text()
    return None


@contextlib.contextmanager
def one_at_a_time():
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _run(problem: str, *command: str) -> None:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Refused(f"{problem}:\n" + "\n".join(done.stdout.strip().splitlines()[-6:]))
