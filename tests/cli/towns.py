"""A whole town for tests that start and kill things: `machi up` in a folder of its own, on a free port."""
import contextlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from machi.cli.environment import ROOT
from machi.cli.postgres import Server


class Town:
    """`machi up` and everything it started."""

    def __init__(self, home: pathlib.Path, **settings: str):
        self.home, self.port = home, free_port()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MACHI_") and name != "DATABASE_URL"}
        self.environment = inherited | {"MACHI_HOME": str(home), "MACHI_PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "",
                                        "PYTHONUNBUFFERED": "1"} | settings
        self.said = home / "said"
        self.process: subprocess.Popen | None = None

    @property
    def server(self) -> Server:
        return Server(self.home)

    def start(self, *command: str) -> "Town":
        """`machi up`, or another command of its own words."""
        with open(self.said, "ab") as said:
            self.process = subprocess.Popen([sys.executable, *(command or ("-m", "machi.cli.main", "up"))], cwd=ROOT, env=self.environment,
                                            stdout=said, stderr=said)
        return self

    def is_open(self) -> bool:
        """Does the first page come, whatever it says?"""
        return self.ask("/") is not None

    def ask(self, path: str) -> int | None:
        """The status of the answer; None when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            answer.close()
            return answer.code
        except (OSError, http.client.HTTPException):
            return None

    def wait_until_open(self, seconds: float = 240) -> "Town":
        assert eventually(lambda: self.is_open() or self.process.poll() is not None, seconds), self.words()
        assert self.process.poll() is None, self.words()
        return self

    def words(self) -> str:
        return self.said.read_text()

    def ask_to_stop(self, kind: int = signal.SIGINT) -> int:
        self.process.send_signal(kind)
        return self.process.wait(30)

    def processes(self, *words: str) -> list[int]:
        """Every living process of this town, or those whose command holds one of the words."""
        mark, found = f"MACHI_HOME={self.home}\0".encode(), []
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes() + b"\0":
                    command = (entry / "cmdline").read_text(errors="replace")
                    if not words or any(word in command for word in words):
                        found.append(int(entry.name))
        return found

    def everything(self) -> list[int]:
        return self.processes() + self.server.processes.all()

    def kill_all(self) -> None:
        kill(*self.everything())
        if self.process:
            self.process.wait()


def run(town: Town, *words: str, home: pathlib.Path | None = None) -> subprocess.CompletedProcess:
    """`machi` with these words, in the town or in another folder."""
    return subprocess.run([sys.executable, "-m", "machi.cli.main", *map(str, words)], cwd=ROOT, capture_output=True, text=True,
                          env=town.environment | ({"MACHI_HOME": str(home)} if home else {}))


def inside(town: Town, code: str, *, home: pathlib.Path | None = None) -> dict:
    """What a function of moving.py says, called within the town's own Django."""
    done = run(town, "manage", "shell", "-v0", "-c", f"from tests.cli import moving; moving.{code}", home=home)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@contextlib.contextmanager
def a_folder():
    """A folder that every account may enter; root's own database account too."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="machi-town-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kill(*processes: int) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def free_port() -> int:
    """One that nobody gets by chance: while a town is down, whoever calls it again and again from the range of outgoing connections may
    be given its very port, and answers themselves.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


def eventually(check, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.05)
    return False
