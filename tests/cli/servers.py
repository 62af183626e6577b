"""Database servers for tests that kill them, and processes that use them."""
import contextlib
import glob
import os
import pathlib
import signal
import subprocess
import sys
import textwrap

import psycopg

from machi.cli.environment import ROOT as CHECKOUT
from machi.cli.postgres import Server
from machi.cli.postgres_account import DatabaseError


def cared_for(folder):
    folder.mkdir(exist_ok=True)
    server = Server(folder)
    try:
        yield folder
    finally:
        server = Server(folder, fast=(folder / "postgres/TEST-ONLY").exists())
        server.release()
        with contextlib.suppress(DatabaseError):
            server.stop()
        remaining = processes(folder) + watchers(folder)
        for process in remaining:
            os.kill(process, signal.SIGKILL)
    assert not remaining
    assert not leftovers(server)


def processes(home):
    return Server(home).processes.all()


def watchers(home):
    found = []
    for file in glob.glob("/proc/[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = pathlib.Path(file).read_text(errors="replace")
            if f"watch\0{home}\0" in command and "python" in command.split("\0")[0]:
                found.append(int(file.split("/")[2]))
    return found


def leftovers(server):
    """Shared memory, and a folder outside the project."""
    if not server.base.exists():
        return []
    account = server.account.number
    memory = [line for line in pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()[1:] if int(line.split()[7]) == account]
    outside = server.place.read_text() if server.place.exists() else ""
    return memory + ([outside] if outside and os.path.exists(outside) else [])


# ---- processes that use the server --------------------------------------------------------------

WRITER = """
    c = connect()
    c.execute("create table if not exists t (n bigint primary key)")
    n = c.execute("select coalesce(max(n), 0) from t").fetchone()[0]
    while True:
        n += 1
        c.execute("insert into t values (%s)", (n,))
        print(n, flush=True)"""
STAY = "connect(); print('up', flush=True); time.sleep(60)"


@contextlib.contextmanager
def a_process(home, code):
    """A process of its own that uses the server and prints lines we can wait for."""
    text = f"""
import sys, time, os, psycopg
sys.path.insert(0, {str(CHECKOUT)!r})
from machi.cli.postgres import Server
server = Server({str(home)!r})
def connect():
    server.ensure_running()
    return psycopg.connect(server.url(), autocommit=True)
{textwrap.dedent(code)}"""
    process = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def acknowledged(process, at_least):
    last = 0
    while last < at_least:
        last = int(process.stdout.readline())
    return last


def last_word(process, last):
    """The last number that a dying writer had acknowledged."""
    return max([last, *(int(line) for line in process.stdout.read().split("\n") if line.strip().isdigit())])


def connect(home):
    server = Server(home)
    server.ensure_running()
    return contextlib.closing(psycopg.connect(server.url(), autocommit=True))


def is_complete(home, last):
    with connect(home) as db:
        count, top = db.execute("select count(*), max(n) from t").fetchone()
    return count == top and last <= top <= last + 1     # one may be committed and not yet acknowledged
