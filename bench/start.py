"""How long a person waits from `make run` to the first page, when everything was installed and built before.

Beside it, by turns: one bare process that loads the same program and draws the same page, with the database already
running and no server in front. What the whole start costs more is ours: the database, two servers, the looking around.
"""
import os
import pathlib
import subprocess
import sys
import time

import psycopg

from bench.measure import Result, Times, ratio, report
from tests.cli.towns import Town, a_folder

TURNS = 5
PAGES = ("/", "/jobs/", "/welcome/", "/account/login/") * 5
BARE = """
import io, os
import config.wsgi
asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
         "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http"}
b"".join(config.wsgi.application(asked, lambda status, headers: None))
"""


def main(arguments: list[str]) -> bool:
    whole, bare, memory = [], [], 0
    with a_folder() as home:
        town = Town(home, MACHI_DEMO_TOWN="1")
        _open(town)                                 # the first time: tables are made, the demo town is filled
        posts = _posts(town)
        town.ask_to_stop()
        for _turn in range(TURNS):
            whole.append(_open(town))
            bare.append(_bare(town))
            memory = max(memory, _memory(town))
            town.ask_to_stop()
    times, beside = Times(whole), Times(bare)
    slower, spread = ratio(times, beside)
    share = round(memory / 200, 2)
    return report("start", [
        Result("start", posts, round(times.p50 / 1000, 2), "s", "one bare process drawing the page", slower, spread,
               "warm, to the first page <= 5 s", times.p50 <= 5000, memory),
        Result("start: memory of the web", posts, memory, "MB", "the promised 200 MB", share, [share, share],
               "one web process <= 200 MB", memory <= 200, memory),
    ], arguments)


def _open(town: Town) -> float:
    """Milliseconds from the command to the first page, as a person types it."""
    begin = time.perf_counter()
    town.start("bootstrap.py", "run").wait_until_open(600)
    return (time.perf_counter() - begin) * 1000


def _bare(town: Town) -> float:
    settings = town.environment | {"DATABASE_URL": town.server.url("machi_app"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE], env=settings, cwd=pathlib.Path(__file__).parents[1], check=True)
    return (time.perf_counter() - begin) * 1000


def _posts(town: Town) -> int:
    with psycopg.connect(town.server.url("machi_app")) as db:
        return db.execute("SELECT count(*) FROM jobs_job").fetchone()[0]


def _memory(town: Town) -> int:
    """Megabytes of the largest web process, after it has drawn pages. What processes share is counted for each."""
    for path in PAGES:
        town.ask(path)
    sizes = [pathlib.Path(f"/proc/{process}/statm").read_text().split()[1] for process in town.processes("machi.cli.serve")]
    return max(map(int, sizes)) * os.sysconf("SC_PAGE_SIZE") >> 20


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
