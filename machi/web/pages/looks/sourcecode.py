"""The source of the running town as one ZIP. Only named folders and files are read: no state, no secret, no letter."""
import functools
import io
import zipfile
from pathlib import Path

from django.conf import settings

FOLDERS = {"machi", "config", "locale", "tools", "tests", "docs", "bench"}
FILES = {".py", ".toml", ".txt", ".md", ".html", ".css", ".js", ".svg", ".png", ".json", ".jsonl", ".csv", ".typ", ".po", ".sql", ".patch"}
MADE = {"results", "shots"}         # what benches and browsers leave behind
SINGLE = {"LICENSE", "Makefile", "bootstrap.py", "manage.py", "pyproject.toml", "requirements.txt", "requirements-dev.txt",
          "requirements-uv.txt", "README.md", "README.ja.md", "CONTRIBUTING.md", "CHANGELOG.md",
          ".ci/run", ".gitignore", "locale/.gitignore"}


def archive() -> io.BytesIO:
    """A fresh reader of the archive, which is made once per process."""
    return io.BytesIO(_made(settings.BASE))


@functools.cache
def _made(base: Path) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in _files(base):
            bundle.write(file, Path("machi") / file.relative_to(base))
    return into.getvalue()


def _files(base: Path):
    yield from (base / name for name in sorted(SINGLE) if (base / name).is_file())
    for folder in sorted(FOLDERS):
        yield from sorted(file for file in (base / folder).rglob("*")
                          if file.suffix in FILES and not MADE & set(file.relative_to(base).parts) and file.is_file())
