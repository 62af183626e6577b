"""One private PostgreSQL per town folder: started when needed, shared by every process, stopped without a trace.

    server = Server(".machi")               # data in .machi/postgres/data, a Unix socket only, never a port
    server.ensure_running()                 # any number of processes; the server leaves with the last of them
    python -m machi.cli.postgres start|stop|status|url HOME [--fast]        # `start` keeps it until `stop`

Three file locks in HOME/postgres carry the design; the kernel drops a lock when its last holder dies, however it dies:
  lock    held for a moment by whoever starts or stops: two starters make one server
  alive   opened by the starter, inherited by every server process: held = something of the server still lives.
          Staleness is decided by it and not by process ids, which are reused
  users   shared by every process that called ensure_running; a small watcher waits for it and then stops the server
"""
import contextlib
import errno
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

from machi.cli.environment import ROOT
from machi.cli.postgres_account import Account, DatabaseError, choose_programs, reachable
from machi.cli.postgres_folder import SOCKET, Folder
from machi.cli.postgres_processes import Processes, answer_of, tell

SUPERUSER, DATABASE = "postgres", "machi"
FREE_TO_CREATE, FREE_TO_START = 100 << 20, 32 << 20     # bytes; with less PostgreSQL would stop in the middle of work
SMALL_MACHINE = """
# --- Machi: chosen for a small machine; change freely, this part is written once ---
shared_buffers = 64MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 256MB
min_wal_size = 32MB
wal_level = replica
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
"""
_joined: dict[str, int] = {}                            # HOME/postgres -> this process's shared lock on `users`


class Server(Folder):
    """The server of one folder, and the locks by which its users and its watcher know of each other."""

    def __init__(self, home: str | os.PathLike, *, fast: bool = False):
        """`fast` is for tests: nothing is forced to the disk; the folder is marked so that no real town uses it."""
        super().__init__(home)
        self.fast = fast
        self.processes = Processes(self.data, lambda: self.account)

    # ---- what others call ----------------------------------------------------------------------
    def ensure_running(self, *, hold: bool = True) -> None:
        """Start the server unless it answers; with hold it stays until the last holding process is gone."""
        with self.readable_errors(), self.locked():
            if self.data.exists() and self.fast != self.test_mark.exists():
                raise DatabaseError(f"{self.data} " + (
                    "holds real data: --fast (which may lose it) is for test folders only." if self.fast else
                    "is a test folder that ran without fsync: open it with --fast, keep real data elsewhere."))
            if hold:
                self._join()
                self._spawn_watcher()
            else:
                os.close(self.touch(self.keep))
            if not self._settled():
                self._start()

    def stop(self) -> None:
        """Stop the server and leave no process, socket, shared memory or outside folder."""
        if not self.base.exists():
            return
        with self.readable_errors(), self.locked():
            self.keep.unlink(missing_ok=True)
            self._halt()
            while self.held("watcher"):                # a watcher just born writes its number in a moment
                if (number := (self.base / "watcher").read_text()) and int(number) != os.getpid():
                    tell([int(number)], signal.SIGTERM)
                time.sleep(0.01)

    def release(self) -> None:
        """This process no longer needs the server."""
        if (held := _joined.pop(str(self.base), None)) is not None:
            os.close(held)

    def leave(self) -> None:
        """Release; whoever was the last one waits until the server is really gone."""
        self.release()
        users = self.touch(self.base / "users")
        while self.held("watcher") and not self._others_stay(users):
            time.sleep(0.02)
        os.close(users)

    def _others_stay(self, users: int) -> bool:
        """Does somebody share `users`? The watcher may hold it too, but for itself alone."""
        for kind, answer in ((fcntl.LOCK_EX, False), (fcntl.LOCK_SH, True)):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, kind | fcntl.LOCK_NB)
                fcntl.flock(users, fcntl.LOCK_UN)
                return answer
        return False

    def answers(self) -> bool:
        return self._answer() == "ready"

    def url(self, role: str = SUPERUSER, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={urllib.parse.quote(str(self.socket_folder()), safe='')}"

    def status(self) -> dict:
        if not self.base.exists():
            return {"running": False, "data": str(self.data)}
        with self.readable_errors(), self.locked():
            running = self.held("alive") and self._answer() == "ready"
            return {"running": running, "pid": self.processes.leader if running else None,
                    "url": self.url() if running else None, "data": str(self.data), "version": self.version(),
                    "test_only": self.test_mark.exists(), "log": str(self.log),
                    "account": self.account.number if self.data.exists() else None}

    # ---- locks ---------------------------------------------------------------------------------
    def _join(self) -> None:
        if str(self.base) not in _joined:
            _joined[str(self.base)] = handle = self.touch(self.base / "users")
            fcntl.flock(handle, fcntl.LOCK_SH)

    def _spawn_watcher(self) -> None:
        watcher = self.touch(self.base / "watcher")
        with contextlib.suppress(BlockingIOError):      # there is one
            fcntl.flock(watcher, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.truncate(watcher, 0)
            self._orphan([sys.executable, "-m", "machi.cli.postgres", "watch", self.home, watcher], cwd="/",
                         handles=(watcher,), env=os.environ | {"PYTHONPATH": str(ROOT)})
        os.close(watcher)                               # the watcher inherited the lock

    def watch(self, watcher: int) -> None:
        """Sleep until no process holds `users`, then stop the server unless `start` asked to keep it."""
        os.pwrite(watcher, str(os.getpid()).encode(), 0)
        users = self.touch(self.base / "users")
        while True:
            fcntl.flock(users, fcntl.LOCK_EX)           # sleeps here
            fcntl.flock(users, fcntl.LOCK_UN)           # give way before asking for the main lock: no deadlock
            with self.locked(), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not self.keep.exists():
                    self._halt()
                return

    # ---- start ---------------------------------------------------------------------------------
    def _start(self) -> None:
        major, original = choose_programs(self.data, self.version())
        account, handles = self.account, []
        if shutil.disk_usage(self.base).free < (FREE_TO_START if self.data.exists() else FREE_TO_CREATE):
            raise OSError(errno.ENOSPC, "disk full")
        if not self.root and not os.access(self.base, os.W_OK):
            raise DatabaseError(f"{self.base} is not writable for {account}.")
        try:
            programs = reachable(original, account, self.outside)
            handles.append(alive := self.touch(self.base / "alive"))
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)       # inherited by the server; we only close our copy
            if self.place.exists():                     # a locked folder is left alone by systemd-tmpfiles
                handles.append(os.open(self.outside(create=True), os.O_RDONLY | os.O_DIRECTORY))
                fcntl.flock(handles[-1], fcntl.LOCK_SH)
            if not self.data.exists():
                self._create_data(major, programs, account, alive)
            if strangers := self.processes.all():
                raise DatabaseError(f"{self.data} is in use by a PostgreSQL that Machi did not start "
                                    f"(process {strangers[0]}). Stop it first.")
            begin = self._launch(programs, account, handles)
        finally:
            for handle in handles:
                os.close(handle)
        if not self._settled():
            self.fail("PostgreSQL did not start", self.log.read_bytes()[begin:].decode(errors="replace"))

    def _launch(self, programs: pathlib.Path, account: Account, handles: list[int]) -> int:
        """Start the server; return where its part of the log begins."""
        run = self.socket_folder()
        run.mkdir(mode=0o700, exist_ok=True)
        account.own(run)
        for stale in (self.data / "postmaster.pid", run / SOCKET, run / f"{SOCKET}.lock"):
            stale.unlink(missing_ok=True)               # `alive` was free: whoever wrote them is dead
        durable = "off" if self.test_mark.exists() else "on"
        settings = {"listen_addresses": "", "port": "5432", "unix_socket_permissions": "0700",
                    "unix_socket_directories": account.path_to(run, handles), "dynamic_shared_memory_type": "mmap",
                    "max_connections": "300" if self.fast else "100",
                    "fsync": durable, "full_page_writes": durable, "synchronous_commit": durable,
                    "logging_collector": "off",         # a refused row is full of somebody's words: only the rule is named
                    "log_error_verbosity": "terse", "log_min_error_statement": "panic"}
        command = [programs / "postgres", "-D", account.path_to(self.data, handles)]
        if self.log.exists() and self.log.stat().st_size > 8 << 20:
            self.log.replace(self.log.with_suffix(".log.1"))
        log = self.touch(self.log)
        begin = os.lseek(log, 0, os.SEEK_END)
        fcntl.fcntl(log, fcntl.F_SETFL, os.O_APPEND)
        self._orphan(command + [word for name, value in settings.items() for word in ("-c", f"{name}={value}")],
                     cwd=self.data, output=log, handles=tuple(handles), **account.manner())
        os.close(log)
        return begin

    def _orphan(self, command, *, cwd, output=subprocess.DEVNULL, handles=(), **more) -> None:
        """Start a process that belongs to nobody (init), so that no caller keeps a zombie or takes it along."""
        subprocess.run(["/bin/sh", "-c", '"$@" &', "sh", *map(str, command)], stdin=subprocess.DEVNULL, stdout=output,
                       stderr=output, cwd=cwd, pass_fds=handles, start_new_session=True, check=True, **more)

    def _create_data(self, major: int, programs: pathlib.Path, account: Account, alive: int) -> None:
        """initdb into data.new, then rename: a data folder is complete or absent."""
        new, handles = self.base / "data.new", [alive]
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        maker = account if account.listed else Account.with_a_name()
        if not self.root and not account.listed:
            raise DatabaseError(f"{account} is not in /etc/passwd, and initdb wants a name. Use a listed account.")
        maker.own(new)
        path = maker.path_to(new, handles)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
        made = maker.call([programs / "initdb", "-D", path, "-U", SUPERUSER, "-E", "UTF8", "--locale=C", *locale,
                           "--auth-local=trust", "--auth-host=reject", "--data-checksums",
                           *(["--no-sync"] if self.fast else [])], tuple(handles), cwd=new)
        if made.returncode == 0:
            with open(new / "postgresql.conf", "a") as settings:
                settings.write(SMALL_MACHINE)
            made = maker.call([programs / "postgres", "--single", "-j", "-D", path, "postgres"], tuple(handles),
                              cwd=new, input=f"CREATE DATABASE {DATABASE};\n\n")
        for handle in handles[1:]:
            os.close(handle)
        if made.returncode or "ERROR" in made.stderr:
            shutil.rmtree(new, ignore_errors=True)
            self.fail("The data folder could not be made", made.stderr)
        for folder, _folders, files in os.walk(new):
            account.own(*(os.path.join(folder, name) for name in [".", *files]))
        if self.fast:
            os.close(self.touch(self.test_mark))
        new.rename(self.data)

    # ---- wait and stop -------------------------------------------------------------------------
    def _settled(self) -> bool:
        """True: a server answers. False: none of its processes is left. Waits in between, and ends what hangs."""
        patience = time.monotonic() + 30
        while self.held("alive"):
            if (answer := self._answer()) == "ready":
                return True
            late = time.monotonic() > patience
            if answer == "busy":                        # recovering after a crash: as long as it takes
                patience = time.monotonic() + 30
            elif not self.processes.leader and time.monotonic() > patience - 29 and self.data.exists():
                tell(self.processes.all(), signal.SIGKILL)     # orphans of a killed postmaster
            elif late or (self.processes.leader and not self.socket_folder().exists()):
                tell(self.processes.all(), signal.SIGKILL if time.monotonic() > patience + 10 else signal.SIGQUIT)
                if late and not self.processes.all():
                    (self.base / "alive").unlink()      # held by a stray copy of the handle, not by a server
            time.sleep(0.02)
        return False

    def _halt(self) -> None:
        if (self.data / "postmaster.pid").exists() and not self.held("alive"):
            with contextlib.suppress(DatabaseError, OSError):
                self._start()                           # it crashed: let PostgreSQL recover and clear its own remains
        for kind, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            end, told = time.monotonic() + patience, False
            while self.held("alive") and time.monotonic() < end:
                if not told:
                    leader = self.processes.leader
                    tell([leader] if leader and kind != signal.SIGKILL else self.processes.all(), kind)
                    told = bool(leader)
                time.sleep(0.02)
        if self.held("alive") and self.processes.all():
            raise DatabaseError(f"PostgreSQL does not end: processes {self.processes.all()}")
        if outside := self.outside(create=False):
            shutil.rmtree(outside, ignore_errors=True)

    def _answer(self) -> str:
        return answer_of(self.socket_folder() / SOCKET, SUPERUSER, DATABASE)

def main(arguments: list[str]) -> int:
    fast = "--fast" in arguments
    verb, home, *handle = [*(word for word in arguments if word != "--fast"), "", ""][:3]
    server = Server(home, fast=fast)
    verbs = {"start": lambda: server.ensure_running(hold=False), "stop": server.stop,
             "watch": lambda: server.watch(int(handle[0])), "status": lambda: json.dumps(server.status(), indent=1),
             "url": lambda: server.status().get("url")}
    if verb not in verbs or not home:
        sys.exit(__doc__)
    try:
        answer = verbs[verb]()
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return 1
    if answer is not None:
        print(answer)
    return 1 if verb == "url" and answer is None else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
