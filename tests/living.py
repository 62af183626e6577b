"""A whole town in processes of its own: database, web, background. Tests walk in through the front door and touch no row.

Its tables are a copy of the migrated ones (tests/database.py), and where several test processes want a filled town, one of them fills it.
"""
import contextlib
import datetime
import fcntl
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from machi.cli.postgres import ROOT, Server
from tests import database


class LivingTown:
    """`machi web` and `machi background` in a folder that is thrown away. Only its clock can be moved from outside."""

    def __init__(self, *, filled: pathlib.Path | None = None):
        """`filled`: the demo town, and the folder in which all processes of this run of the tests find it."""
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="machi-living-"))
        self.home.chmod(0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.log = self.home / "town.log"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("MACHI_", "DATABASE_"))} | {
            "MACHI_HOME": str(self.home), "MACHI_PORT": str(self.port), "MACHI_DEMO_TOWN": "1", "MACHI_STRICT": "1"}
        self.filled = filled
        self.processes: list[subprocess.Popen] = []

    def __enter__(self):
        try:
            if self.filled:
                self._fill()
            else:
                database.copy_template("data", to=Server(self.home))
            self.processes = [self._start(name) for name in ("web", "background")]
            self._wait()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, failure=None, *_more):
        try:
            if failure is None and self.processes:
                self._run("check-invariants")           # whatever was lived here: not one yen may be missing, and no rule broken
        finally:
            self._leave()

    def _leave(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGINT)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def move_clock(self, *, to: datetime.datetime) -> None:
        """The only thing a story may touch: the time. Never backwards."""
        file, now = self.home / "clock", datetime.datetime.now(datetime.UTC)
        new = file.with_suffix(".new")
        new.write_text(str((to - now).total_seconds()))
        new.replace(file)

    def words(self) -> str:
        """What the processes have said, for a failing test."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def _fill(self) -> None:
        """The first who comes lives through the past of the demo town, which takes a while; everybody takes a copy of it."""
        past = self.filled / "demo-town"
        with open(self.filled / "demo-town.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not past.exists():
                database.copy_template("data", to=Server(self.home))
                self._run("demo")
                half = self.filled / "demo-town.half"
                subprocess.run(["cp", "-a", self.home, half], check=True)
                half.rename(past)
                return
        subprocess.run(["cp", "-a", f"{past}/.", self.home], check=True)

    def _run(self, command: str) -> None:
        done = subprocess.run(self.command(command), cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]

    def _start(self, command: str) -> subprocess.Popen:
        with open(self.log, "ab") as log:
            return subprocess.Popen(self.command(command), cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def command(self, command: str) -> list[str]:
        return [sys.executable, "-m", "machi.cli.main", command]

    def _wait(self) -> None:
        end = time.monotonic() + 240
        while time.monotonic() < end:
            assert all(process.poll() is None for process in self.processes), self.words()
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
                try:
                    line.request("GET", "/", headers={"Host": "localhost"})
                    assert line.getresponse().status == 200, self.words()
                    return
                except OSError:
                    time.sleep(0.1)
        raise AssertionError(f"the town did not open: {self.words()}")
