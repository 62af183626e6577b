"""Looking at the processes of one PostgreSQL: which are its own, which leads them, does it answer."""
import contextlib
import os
import pathlib
import signal
import socket
import struct
from collections.abc import Callable

from machi.cli.postgres_account import Account

HAS_PROC = os.path.isdir("/proc/self")                  # not on macOS: there only the written process id counts


class Processes:
    """The processes at work in the data folder (or in data.new, while it is made)."""

    def __init__(self, data: pathlib.Path, account: Callable[[], Account]):
        self.data, self._account = data, account

    def all(self) -> list[int]:
        if not HAS_PROC:
            return [self.written] if self.written else []
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and self._is_ours(int(name))]

    @property
    def written(self) -> int | None:
        """The number that PostgreSQL wrote down; it may belong to a stranger by now."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        return None

    @property
    def leader(self) -> int | None:
        return self.written if self.written and (not HAS_PROC or self._is_ours(self.written)) else None

    def _is_ours(self, process: int) -> bool:
        """Is it a PostgreSQL process whose working folder is our data folder? (A number alone proves nothing.)"""
        with contextlib.suppress(OSError, ValueError):
            entry = pathlib.Path(f"/proc/{process}")
            folders = [folder.stat() for folder in (self.data, self.data.with_name("data.new")) if folder.exists()]
            try:
                found = os.stat(entry / "cwd")
                place = found.st_dev, found.st_ino
            except PermissionError:                     # root in a container may not look, the account itself may
                account = self._account()
                if os.geteuid() or entry.stat().st_uid != account.number:
                    return False
                place = tuple(map(int, account.call(["stat", "-L", "-c", "%d %i", entry / "cwd"]).stdout.split()))
            is_postgres = any(name in (entry / "cmdline").read_text() for name in ("postgres", "initdb"))
            return is_postgres and place in [(folder.st_dev, folder.st_ino) for folder in folders]
        return False


def tell(processes: list[int], kind: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, kind)


def answer_of(path: pathlib.Path, role: str, database: str) -> str:
    """Knock at a socket as a visitor does: "ready", "busy" (starting or stopping) or "" (nobody there)."""
    body = struct.pack("!I", 196608) + f"user\0{role}\0database\0{database}\0\0".encode()
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(path))
            line.sendall(struct.pack("!I", len(body) + 4) + body)
            reply = line.recv(1024)
            return "" if not reply else "busy" if reply[:1] == b"E" and b"C57P0" in reply else "ready"
    except OSError:
        return ""
