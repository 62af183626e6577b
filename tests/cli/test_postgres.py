"""What the embedded database promises, done for real: processes are killed, disks fill up, folders are closed."""
import contextlib
import fcntl
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import psycopg
import pytest

from machi.cli.environment import ROOT as CHECKOUT
from machi.cli.postgres import Server
from machi.cli.postgres_account import DatabaseError, find_programs
from machi.cli.postgres_folder import SOCKET
from tests.cli.servers import (
    STAY,
    WRITER,
    a_process,
    acknowledged,
    cared_for,
    connect,
    is_complete,
    last_word,
    leftovers,
    processes,
    watchers,
)
from tests.cli.towns import eventually, kill

IS_ROOT = os.geteuid() == 0
NOBODY = 65534


# ---- folders of several kinds -------------------------------------------------------------------

@pytest.fixture
def work():
    """A folder that every account may enter, unlike pytest's own."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="machi-postgres-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(work):
    yield from cared_for(work / "town")


@pytest.fixture(params=["long", "closed"] if IS_ROOT else ["long"])
def odd_home(request, work):
    """A path longer than a socket may have; a project below a folder that only root may enter."""
    folder = work / (("長い道" * 12 + "/" + "x" * 60) if request.param == "long" else "closed/town")
    folder.mkdir(parents=True)
    if request.param == "closed":
        folder.parent.chmod(0o700)
    yield from cared_for(folder)


# ---- starting and stopping ----------------------------------------------------------------------

def test_it_starts_in_any_folder_keeps_its_rows_and_leaves_nothing(odd_home):
    server = Server(odd_home)
    with connect(odd_home) as db:
        db.execute("create table t (n int)")
        db.execute("insert into t values (1)")
        settings = ("listen_addresses", "fsync", "synchronous_commit")
        assert [db.execute(f"show {name}").fetchone()[0] for name in settings] == ["", "on", "on"]
    url = server.url()

    server.stop()

    assert not processes(odd_home)
    with connect(odd_home) as db:
        assert db.execute("select n from t").fetchone() == (1,)
        assert os.stat(f"/proc/{server.status()['pid']}").st_uid != 0                  # never root
    assert server.url() == url


def test_eight_starters_at_the_same_moment_make_one_server(home):
    code = "print(connect().execute('select pg_postmaster_start_time()').fetchone()[0], flush=True); time.sleep(1.5)"
    with contextlib.ExitStack() as stack:
        starters = [stack.enter_context(a_process(home, code)) for _ in range(8)]
        answers = {starter.stdout.readline() for starter in starters}

        assert len(answers) == 1, answers
        assert len(watchers(home)) == 1
        assert [starter.wait() for starter in starters] == [0] * 8
    assert eventually(lambda: not processes(home) and not watchers(home))


@pytest.mark.parametrize("moment", [0.2, 0.6, 1.0])
def test_a_first_start_killed_at_any_moment_can_be_repeated(home, moment):
    with a_process(home, "server.ensure_running(); time.sleep(60)") as starter:
        time.sleep(moment)
        starter.kill()

    with connect(home) as db:
        assert db.execute("select 1").fetchone() == (1,)


def test_the_server_stays_while_one_of_two_users_lives(home):
    with a_process(home, STAY) as second:
        second.stdout.readline()
        with a_process(home, STAY) as first:
            first.stdout.readline()
        time.sleep(0.5)
        assert Server(home).status()["running"]
    assert eventually(lambda: not processes(home) and not watchers(home))


def test_a_server_started_by_the_command_stays_until_stop(home):
    def command(verb):
        return subprocess.run([sys.executable, "-m", "machi.cli.postgres", verb, str(home)], capture_output=True, text=True, cwd=CHECKOUT)
    assert command("start").returncode == 0
    with a_process(home, "connect()") as user:
        user.wait()
    time.sleep(0.5)

    assert "postgresql://" in command("url").stdout
    command("stop")

    assert not processes(home)
    assert command("url").returncode == 1


def test_stop_takes_the_watcher_too_even_while_users_live(home):
    with a_process(home, STAY) as user:
        user.stdout.readline()
        assert eventually(lambda: watchers(home))

        Server(home).stop()

        assert not processes(home) and eventually(lambda: not watchers(home), 2)


def test_whoever_leaves_last_waits_until_the_server_is_gone(home):
    server = Server(home)
    with a_process(home, STAY) as other:
        other.stdout.readline()
        server.ensure_running()
        server.leave()
        assert processes(home)
        server.ensure_running()
    server.leave()

    assert not processes(home)


# ---- kill -9 ------------------------------------------------------------------------------------

def test_kill_9_of_the_leading_process_keeps_every_committed_row(home):
    with a_process(home, WRITER) as writer:
        last = acknowledged(writer, 50)
        kill(Server(home).status()["pid"])
        last = last_word(writer, last)

        assert is_complete(home, last)


def test_kill_9_of_one_connection_is_healed_by_the_server(home):
    with a_process(home, WRITER) as writer:
        last = acknowledged(writer, 20)
        pid = Server(home).status()["pid"]
        with connect(home) as db:
            backend = db.execute("select pid from pg_stat_activity where query like 'insert%'").fetchone()[0]
        kill(backend)
        last = last_word(writer, last)

        assert is_complete(home, last)
        assert Server(home).status()["pid"] == pid


def test_kill_9_of_a_leader_with_a_busy_connection_leaves_no_orphan(home):
    with a_process(home, "c = connect(); print(c.info.backend_pid, flush=True)\n"
                        "c.execute('select count(*) from generate_series(1, 10000000000)')") as busy:
        backend = int(busy.stdout.readline())
        time.sleep(0.3)
        kill(Server(home).status()["pid"])

        with connect(home) as db:
            assert db.execute("select 1").fetchone() == (1,)
        assert eventually(lambda: backend not in processes(home), 3)


def test_kill_9_of_the_owner_ends_the_server_and_keeps_rows(home):
    with a_process(home, WRITER) as writer:
        last = acknowledged(writer, 30)
        writer.kill()
        last = last_word(writer, last)

    assert eventually(lambda: not processes(home) and not watchers(home))
    assert is_complete(home, last)


def test_kill_9_of_everything_keeps_rows_and_stop_cleans_up(odd_home):
    with a_process(odd_home, WRITER) as writer:
        last = acknowledged(writer, 60)
        kill(*watchers(odd_home), *processes(odd_home), writer.pid)
        last = last_word(writer, last)
    assert eventually(lambda: not processes(odd_home))
    assert (odd_home / "postgres/data/postmaster.pid").exists()

    Server(odd_home).stop()                             # even a crashed server is cleared away

    assert not (odd_home / "postgres/data/postmaster.pid").exists() and not leftovers(Server(odd_home))
    assert is_complete(odd_home, last)


def test_a_reused_process_number_does_not_prevent_the_start(home):
    server = Server(home)
    server.ensure_running()
    kill(*watchers(home), *processes(home))
    assert eventually(lambda: not processes(home))
    innocent = subprocess.Popen(["sleep", "60"], **({"user": server.account.number} if IS_ROOT else {}))
    try:
        for name in [home / "postgres/data/postmaster.pid", server.socket_folder() / f"{SOCKET}.lock"]:
            name.write_text("\n".join([str(innocent.pid), *name.read_text().split("\n")[1:]]))

        with connect(home):
            server.stop()

        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


# ---- what it refuses, in words ------------------------------------------------------------------

def test_data_of_another_version_is_named_and_left_alone(home):
    server = Server(home)
    server.ensure_running()
    server.stop()
    version = home / "postgres/data/PG_VERSION"

    for other, word in (("99", "older PostgreSQL cannot open it"), ("9", "pg_upgrade")):
        version.write_text(other + "\n")
        with pytest.raises(DatabaseError, match=word):
            server.ensure_running()
    version.write_text("18\n")


def test_running_without_fsync_is_only_for_test_folders(home):
    server = Server(home, fast=True)
    server.ensure_running()
    with contextlib.closing(psycopg.connect(server.url())) as db:
        assert db.execute("show fsync").fetchone() == ("off",)
    with pytest.raises(DatabaseError, match="test folder"):
        Server(home).ensure_running()
    server.stop()
    server.release()
    shutil.rmtree(home / "postgres")
    Server(home).ensure_running()

    with pytest.raises(DatabaseError, match="real data"):
        Server(home, fast=True).ensure_running()


def test_a_strange_server_on_the_folder_is_not_touched(home):
    server = Server(home)
    server.ensure_running()
    server.stop()
    stranger = subprocess.Popen([find_programs()[18] / "postgres", "-D", server.data, "-c", "listen_addresses=", "-k", server.run],
                                stderr=subprocess.DEVNULL, **server.account.manner())
    try:
        assert eventually((server.run / SOCKET).exists)

        with pytest.raises(DatabaseError, match="did not start"):
            server.ensure_running()

        assert stranger.poll() is None
    finally:
        stranger.send_signal(signal.SIGINT)
        stranger.wait()


def test_the_folder_outside_may_vanish(work):
    for home in cared_for(work / ("y" * 120)):
        server = Server(home)
        server.ensure_running()
        url = server.url()
        shutil.rmtree(server.socket_folder().parent)

        server.ensure_running()

        assert server.url() == url
        with connect(home) as db:
            assert db.execute("select 1").fetchone() == (1,)


FULL_DISK = """
import fcntl, os, psycopg, sys
from machi.cli.postgres import Server
from machi.cli.postgres_account import DatabaseError
server = Server(sys.argv[1])
def attempt():
    try:
        server.ensure_running()
        print("started")
    except DatabaseError as refusal:
        print("refused:", refusal)
attempt()
if sys.argv[2] == "later":
    with psycopg.connect(server.url(), autocommit=True) as db:
        db.execute("create table t as select 1 as n")
    server.stop()
    with open(server.home / "big", "wb") as big:
        try:
            while True:
                big.write(b"x" * 65536)
        except OSError:
            pass
    attempt()
    (server.home / "big").unlink()
    attempt()
    with psycopg.connect(server.url()) as db:
        print("rows", db.execute("select count(*) from t").fetchone()[0])
server.release()
server.stop()
"""

if IS_ROOT:
    @pytest.mark.parametrize("size, moment, words", [
        ("60m", "first", ["refused: The database folder cannot be used. The disk that holds"]),
        ("200m", "later", ["started", "refused: The database folder cannot be used. The disk that holds", "started", "rows 1"])])
    def test_a_full_disk_is_explained(work, size, moment, words):
        disk = work / "disk"
        disk.mkdir()
        done = subprocess.run(
            ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o size={size} none "{disk}" && exec "{sys.executable}" -c "$0" {disk} {moment}',
             FULL_DISK], capture_output=True, text=True, timeout=60, cwd=CHECKOUT, env=os.environ | {"PYTHONPATH": str(CHECKOUT)})
        lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]

        assert [line[:len(word)] for line, word in zip(lines, words, strict=True)] == words, done

    def test_root_in_somebody_elses_folder_works_as_that_account(home):
        os.chown(home, NOBODY, NOBODY)
        server = Server(home)

        server.ensure_running()

        assert os.stat(f"/proc/{server.status()['pid']}").st_uid == NOBODY
        assert {os.stat(path).st_uid for path in (server.base, server.data, server.base / "lock")} == {NOBODY}

    def test_an_account_that_cannot_reach_the_programs_gets_a_copy_that_stop_removes(home, work, monkeypatch):
        closed = work / "programs"
        install = find_programs()[18].parent
        shutil.copytree(install.parent, closed / install.parent.name, symlinks=True, ignore=shutil.ignore_patterns("*.py", "include"))
        for libraries in install.parent.parent.glob(f"{install.parent.name}.libs"):
            shutil.copytree(libraries, closed / libraries.name)
        closed.chmod(0o700)
        monkeypatch.setattr("machi.cli.postgres_account.find_programs", lambda: {18: closed / install.parent.name / install.name / "bin"})
        server = Server(home)

        server.ensure_running()

        command = pathlib.Path(f"/proc/{server.status()['pid']}/cmdline").read_text()
        assert command.startswith("/tmp/machi-") and closed.stat().st_mode & 0o077 == 0
        server.stop()
        assert not os.path.exists(server.place.read_text())
else:
    def test_somebody_elses_folder_is_named():
        with pytest.raises(DatabaseError, match="belongs to root|may not write"):
            Server("/root/town").ensure_running()

    def test_a_folder_that_cannot_be_written_is_named(home):
        home.chmod(0o500)
        with pytest.raises(DatabaseError, match="may not write"):
            Server(home).ensure_running()
        home.chmod(0o700)


def test_the_locks_are_not_inherited_by_programs_started_meanwhile(home):
    server = Server(home)
    server.ensure_running()
    with subprocess.Popen(["sleep", "60"]) as program:
        server.release()
        try:
            assert eventually(lambda: not processes(home), 5)
        finally:
            program.kill()
    with open(home / "postgres/users") as users:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
