"""`machi up`: everything starts with one command, and nothing of it stays when it stops, however it stops."""
import json
import signal
import socket
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from machi.cli import up
from machi.cli.environment import ROOT
from tests.cli.towns import Town, a_folder, eventually, free_port, kill


@pytest.fixture(scope="module")
def home():
    """One folder for all these tests: its tables are made once."""
    with a_folder() as folder:
        yield folder


@pytest.fixture
def town(home):
    made = Town(home)
    made.said.unlink(missing_ok=True)
    yield made
    left = made.everything()
    made.kill_all()
    assert not left, made.words()


def test_ctrl_c_stops_all_of_it_cleanly(town):
    town.start().wait_until_open()
    assert eventually(lambda: f"http://localhost:{town.port}" in town.words())
    assert eventually(lambda: town.processes("background"))
    assert (town.home / "secret").stat().st_mode & 0o777 == 0o600

    assert town.ask_to_stop() == 0

    assert town.everything() == []
    assert "Traceback" not in town.words()


def test_the_web_alone_and_the_background_alone_share_the_database(town):
    background = Town(town.home).start("-m", "machi.cli.main", "background")
    try:
        assert eventually(lambda: background.processes("once"), 30)
        town.start("-m", "machi.cli.main", "web").wait_until_open()
        assert town.ask_to_stop(signal.SIGTERM) == 0
        assert town.server.status()["running"]
    finally:
        background.ask_to_stop()
    assert not town.server.processes.all()


def test_a_killed_web_takes_the_town_down_with_a_clear_sentence(town):
    town.start().wait_until_open()
    master = min(town.processes("machi.cli.serve"))

    kill(master)

    assert town.process.wait(30) == 1
    assert "web has ended by itself (status -9), so the whole town stops." in town.words()
    assert eventually(lambda: not town.everything())


def test_a_killed_database_is_started_again_and_the_town_goes_on(town):
    town.start().wait_until_open()

    kill(town.server.status()["pid"])

    assert eventually(town.server.answers)
    assert eventually(town.is_open)
    assert town.process.poll() is None
    assert "starting it again" in town.words()
    assert town.ask_to_stop() == 0


def test_when_the_command_itself_is_killed_nothing_stays_behind(town):
    town.start().wait_until_open()

    kill(town.process.pid)
    town.process.wait()

    assert eventually(lambda: not town.everything())
    town.start().wait_until_open()                      # and the next start finds its port free
    assert town.ask_to_stop() == 0


def test_a_port_in_use_is_named_before_anything_starts(town):
    with socket.socket() as other:
        other.bind(("127.0.0.1", town.port))
        other.listen()

        assert town.start().process.wait(30) == 1

    assert town.words().startswith(f"machi: Port {town.port} cannot be used")
    assert "MACHI_PORT=8001" in town.words()


@pytest.mark.parametrize("setting", [{"MACHI_URL": "https://town.example.jp"}, {"MACHI_BIND": "0.0.0.0"}])
def test_a_demo_town_never_opens_to_the_world(home, setting):
    town = Town(home, MACHI_DEMO_TOWN="1", **setting)
    town.said.unlink(missing_ok=True)

    assert town.start().process.wait(30) == 1

    assert "opens only on this machine" in town.words()


def test_check_invariants_prints_every_rule(town):
    done = subprocess.run([sys.executable, "-m", "machi.cli.main", "check-invariants"], cwd=ROOT, env=town.environment,
                          capture_output=True, text=True)

    assert done.returncode == 0, done
    lines = done.stdout.splitlines()
    assert {int(line[:2]) for line in lines if line[:2].strip()} == set(range(1, 31))
    assert all(line.endswith(": 0 rows") or "no such thing in this town yet" in line for line in lines)


def test_export_ledger_prints_books_that_hledger_accepts(town):
    done = subprocess.run([sys.executable, "-m", "machi.cli.main", "export-ledger"], cwd=ROOT, env=town.environment,
                          capture_output=True, text=True)
    checked = subprocess.run(["hledger", "-f", "-", "check", "-s"], input=done.stdout, capture_output=True, text=True)

    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "commodity 1000. JPY"), done
    assert checked.returncode == 0, checked


def test_money_is_stopped_with_a_reason_and_moves_again_when_every_rule_is_clean(town):
    def machi(*words):
        return subprocess.run([sys.executable, "-m", "machi.cli.main", *words], cwd=ROOT, env=town.environment,
                              capture_output=True, text=True)
    assert machi("stop-money").returncode == 2
    assert "the statement does not fit" in machi("stop-money", "the", "statement", "does", "not", "fit").stdout
    assert (town.home / "money-stopped").exists()

    resumed = machi("resume-money")

    assert resumed.returncode == 0 and "lifted: the statement does not fit" in resumed.stdout and not (town.home / "money-stopped").exists()


def test_djangos_own_commands_find_the_database(town):
    done = subprocess.run([sys.executable, "-m", "machi.cli.main", "manage", "shell", "-v0", "-c",
                           "import json; from machi.accounts.models import User; print(json.dumps(User.objects.count()))"],
                          cwd=ROOT, env=town.environment, capture_output=True, text=True)

    assert json.loads(done.stdout) == 0, done


def test_a_port_that_somebody_is_just_leaving_is_waited_for():
    """A town that was killed gives its port back a moment after it is gone."""
    port = free_port()
    leaving = socket.socket()
    leaving.bind(("127.0.0.1", port))
    leaving.listen()
    threading.Timer(0.5, leaving.close).start()

    up._ask_for_port(SimpleNamespace(address="127.0.0.1", port=port))
