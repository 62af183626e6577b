"""What ruff forbids, what a module may not be called, and how long a file may be: the rule, and beside it its plant."""
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.reading import PYPROJECT, ROOT, files, name_of

RUFF = Path(sys.executable).parent / "ruff"
ROOM, PAGE, ADDRESSES = "machi/jobs/planted.py", "machi/web/pages/jobs/planted.py", "config/urls.py"
BANS = [
    # where,  what,                                                                                     the rule,  what it says
    (ROOM, "from django.http import HttpResponse\n\nprint(HttpResponse)\n", "TID251", "HTTP lives in machi.web only"),
    (ROOM, "from django.shortcuts import get_object_or_404\n\nprint(get_object_or_404)\n", "TID251", "HTTP lives in machi.web only"),
    (ROOM, "from django.urls import reverse\n\nprint(reverse)\n", "TID251", "Addresses live in machi.web only"),
    (ROOM, "from django.db.models.signals import post_save\n\nprint(post_save)\n", "TID251", "No signals"),
    (ROOM, "from django.dispatch import receiver\n\nprint(receiver)\n", "TID251", "No signals"),
    (ROOM, "from django.utils import timezone\n\nprint(timezone.now())\n", "TID251", "Ask machi.shared.clock"),
    (ROOM, "import datetime\n\nprint(datetime.datetime.now())\n", "DTZ005", "without a `tz`"),
    (ROOM, "import datetime\n\nprint(datetime.date.today())\n", "DTZ011", "datetime.date.today()"),
    (ROOM, "def late():\n    import json\n    return json\n", "PLC0415", "top-level"),
    (ROOM, "from .models import Job\n\nprint(Job)\n", "TID252", "relative"),
    (PAGE, "def late():\n    import json\n    return json\n", "PLC0415", "top-level"),
    (PAGE, "from django.db.models.signals import post_save\n\nprint(post_save)\n", "TID251", "No signals"),
    (PAGE, "from django.dispatch import receiver\n\nprint(receiver)\n", "TID251", "No signals"),
    (PAGE, "from django.utils import timezone\n\nprint(timezone.now())\n", "TID251", "Ask machi.shared.clock"),
    (PAGE, "from .views import job\n\nprint(job)\n", "TID252", "relative"),
    (ADDRESSES, "from django.dispatch import receiver\n\nprint(receiver)\n", "TID251", "No signals"),
]


@pytest.mark.parametrize(("where", "what", "rule", "says"), BANS)
def test_ruff_refuses_what_is_planted(where, what, rule, says):
    found = json.loads(ruff("--output-format=json", f"--stdin-filename={where}", "-", text=what).stdout)

    assert [one["code"] for one in found] == [rule]
    assert says in found[0]["message"]


def test_pages_may_speak_http():
    assert ruff(f"--stdin-filename={PAGE}", "-", text="from django.http import HttpResponse\n\nprint(HttpResponse)\n").returncode == 0


def test_in_the_web_everything_is_banned_that_is_banned_in_a_room_except_http():
    room, web = (one["lint"]["flake8-tidy-imports"]["banned-api"] for one in (
        PYPROJECT["tool"]["ruff"], tomllib.loads((ROOT / "machi/web/ruff.toml").read_text())))

    assert web == {name: ban for name, ban in room.items() if name not in ("django.http", "django.shortcuts", "django.urls")}


def test_the_house_is_clean():
    found = ruff("--output-format=concise", ".")

    assert found.returncode == 0, found.stdout


def ruff(*arguments: str, text: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([RUFF, "check", "--no-cache", *arguments], cwd=ROOT, input=text, capture_output=True, text=True)


# ---- names ----------------------------------------------------------------------------------------------------------

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "manager", "managers", "service", "services"}


def empty_names(paths: list[str]) -> list[str]:
    """Modules whose name says nothing about what they hold: everything ends up in them."""
    return [path for path in paths if EMPTY_NAMES & {Path(path).stem, *Path(path).parts[:-1]}]


def test_every_module_says_what_it_holds():
    assert empty_names([name_of(path) for path in files("machi", "config", "tests", "tools", "bench")]) == []


@pytest.mark.parametrize("planted", ["machi/jobs/utils.py", "machi/core/models.py", "machi/services/__init__.py"])
def test_an_empty_name_is_found(planted):
    assert empty_names(["machi/jobs/models.py", planted, "machi/web/templates.py"]) == [planted]


# ---- length ---------------------------------------------------------------------------------------------------------

LONGEST_FILE = 500


def too_long(paths) -> list[str]:
    return [f"{path}: {count} lines" for path in paths if (count := len(path.read_text().splitlines())) > LONGEST_FILE]


def test_no_file_is_longer_than_anybody_reads():
    written = files("machi", "config", "tests", "tools", "bench", endings=(".py", ".sql", ".html", ".js", ".css"))

    assert too_long(written) == []


def test_a_long_file_is_found(tmp_path):
    (tmp_path / "long.py").write_text("x = 1\n" * (LONGEST_FILE + 1))
    (tmp_path / "right.py").write_text("x = 1\n" * LONGEST_FILE)

    assert too_long(sorted(tmp_path.iterdir())) == [f"{tmp_path}/long.py: 501 lines"]
