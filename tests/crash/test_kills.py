"""kill -9 of anything while clients accept work in the browser's way: what was acknowledged stays, and happens once."""
import http.client
import json
import os
import random
import signal
import threading
import time
import urllib.parse

import pytest

from tests.cli.towns import Town, a_folder, eventually, kill, run

IS_LONG = os.environ.get("MACHI_LONG") == "1"
WAITING, PAYABLE, CLIENTS = (4_000, 300, 4) if IS_LONG else (250, 20, 4)
LEAST_ACKNOWLEDGED = 3_200 if IS_LONG else 200
ROUNDS = 85 if IS_LONG else 2
PAUSE_SECONDS = 0.05                                    # between two acceptances of one client
TOKEN = "c" * 32
KILLED = 256 - signal.SIGKILL                           # what `machi manage` ends with when what it started was killed


class Clients:
    """People who accept one delivery after the other, and try again until they get an answer."""

    def __init__(self, town: Town, contracts: list[int], session: str):
        self.town, self.session, self.waiting, self.lock = town, session, list(contracts), threading.Lock()
        self.acknowledged: list[int] = []
        self.answered_before: list[int] = []            # the answer was lost in a crash, the deed was not
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._accept_all) for _ in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    @property
    def are_done(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)

    def _accept_all(self) -> None:
        while not self.stop.is_set():
            with self.lock:
                if not self.waiting:
                    return
                contract = self.waiting.pop()
            while not self.stop.is_set():
                answer = self._accept(contract)
                if answer in (302, 409):
                    (self.acknowledged if answer == 302 else self.answered_before).append(contract)
                    break
                time.sleep(0.05)
            time.sleep(PAUSE_SECONDS)

    def _accept(self, contract: int) -> int | None:
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, "round": "1"})
        line = http.client.HTTPConnection("127.0.0.1", self.town.port, timeout=20)
        try:
            line.request("POST", f"/contracts/{contract}/accept/", form, {
                "Content-Type": "application/x-www-form-urlencoded", "Host": "localhost",
                "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}"})
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()


@pytest.fixture
def town():
    with a_folder() as folder:
        made = Town(folder)
        yield made
        made.kill_all()


def _inside(town: Town, code: str, *, ends: int = 0) -> dict:
    done = run(town, "manage", "shell", "-v0", "-c", f"from tests.crash import lives, paydays; {code}")
    assert done.returncode == ends, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def _start_again(town: Town) -> None:
    town.process.wait(30)
    assert eventually(lambda: not town.everything(), 30)
    town.start().wait_until_open()


def _kill_the_leader_of_the_database(town):
    kill(town.server.processes.leader)


def _kill_all_of_the_database(town):
    kill(*town.server.processes.all())


def _kill_one_that_serves_pages(town):
    master, *workers = sorted(town.processes("machi.cli.serve"))
    kill(random.choice(workers))


def _kill_the_background(town):
    kill(*town.processes("machi.cli.once"))
    _start_again(town)


def _kill_the_web(town):
    kill(min(town.processes("machi.cli.serve")))
    _start_again(town)


def _kill_everything(town):
    while left := town.everything():                    # whoever was just being started is not in the first list
        kill(*left)
        time.sleep(0.05)
    _start_again(town)


KILLS = (_kill_the_leader_of_the_database, _kill_the_background, _kill_one_that_serves_pages, _kill_all_of_the_database, _kill_the_web,
         _kill_everything)


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(town):
    assert run(town, "migrate").returncode == 0
    given = _inside(town, f"lives.prepare({WAITING}, {PAYABLE})")       # nobody asks the rules while work of another day is written
    town.start().wait_until_open()
    kills = 0
    with Clients(town, given["contracts"], given["session"]) as clients:
        for step in [*KILLS] * ROUNDS:
            before = len(clients.acknowledged)
            assert eventually(lambda before=before: clients.are_done or len(clients.acknowledged) >= before + 4, 40), town.words()[-3000:]
            if clients.are_done:
                break
            step(town)
            kills += 1
        assert eventually(lambda: clients.are_done or town.process.poll() is not None, 120)
    assert town.ask_to_stop() == 0, town.words()[-3000:]

    seen = _inside(town, "lives.look()")

    print(f"{kills} kills, {len(clients.acknowledged)} acknowledged, {len(clients.answered_before)} done but answered only later")
    assert kills >= 10 and len(clients.acknowledged) >= LEAST_ACKNOWLEDGED
    assert set(clients.acknowledged) - set(seen["accepted"]) == set()                   # 0 lost
    assert len(seen["accepted"]) == len(set(seen["accepted"])) == WAITING + PAYABLE
    assert seen["earnings"][0] == seen["earnings"][1] == seen["settled"] == WAITING + PAYABLE       # 0 twice
    assert len(seen["bank_lines"]) == len(set(seen["bank_lines"])) and seen["paid_yen"] == seen["bank_yen"] > 0
    rules = run(town, "check-invariants")
    assert rules.returncode == 0, rules.stdout


def test_money_that_reached_the_bank_before_a_kill_reaches_its_contract(town):
    town.start().wait_until_open()
    contract = _inside(town, "lives.die_while_funding()", ends=KILLED)["contract"]

    assert eventually(lambda: _inside(town, f"lives.look_at_contract({contract})")["state"] == "active", 60), town.words()[-3000:]
    rules = run(town, "check-invariants")
    assert rules.returncode == 0, rules.stdout
    assert town.ask_to_stop() == 0, town.words()[-3000:]
