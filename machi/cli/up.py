"""`machi up`, `machi web`, `machi background`: start what belongs together, watch over it, stop it cleanly."""
import errno
import http.client
import signal
import socket
import subprocess
import sys
import threading
import time

from machi.cli import build
from machi.cli.database import Database
from machi.cli.environment import ROOT, Environment, Refused
from machi.cli.family import with_parent
from machi.cli.postgres_account import DatabaseError

CHILDREN = {"web": ("machi.cli.serve",), "background": ("machi.cli.once", "background")}
POLITE_SECONDS = 12
PATIENCE = 5                                        # seconds, with a port that somebody is just leaving


def up(*names: str) -> int:
    """Run the named children until one of them ends or somebody asks to stop; return the exit status."""
    here = Environment()
    _refuse_danger(here)
    here.settle()
    if "web" in names:
        _ask_for_port(here)
    stop = _asked_to_stop()
    database = Database(here)
    children: dict[str, subprocess.Popen] = {}
    try:
        database.migrate_once()
        if wrong := database.play_money(here.money_mode):
            raise Refused(wrong)
        if "web" in names:
            build.refresh()
        _open(here, database, names, children, stop)
        return _watch_over(database, children, stop)
    finally:
        _end(children)
        database.leave()


def _open(here: Environment, database: Database, names: tuple[str, ...], children: dict, stop: threading.Event) -> None:
    """The page first, because somebody waits for it; then what works behind it."""
    is_whole_demo = here.is_demo and names == ("web", "background")
    if is_whole_demo and database.awaits_its_past():
        print("The demo town is being built, once; this takes a moment ...", flush=True)
        _do("fill", stop)
    for name in names:
        if stop.is_set():
            return
        children[name] = _start(*CHILDREN[name])
        if name == "web" and _wait_for_first_page(here, children["web"], stop):
            print(f"\n  {here.site}\n", flush=True)
    if is_whole_demo and not stop.is_set():
        _do("demo", stop)


def _refuse_danger(here: Environment) -> None:
    if here.is_demo and here.is_public:
        raise Refused("A demo town signs anybody in with one click, so it opens only on this machine: "
                      "leave out MACHI_DEMO_TOWN, or use a MACHI_URL and MACHI_BIND on localhost.")


def _ask_for_port(here: Environment) -> None:
    """Before anything is started: is the port free? A town that was killed gives its port back a moment after it is gone."""
    end = time.monotonic() + PATIENCE
    while (error := _wrong_with_port(here)) and error.errno == errno.EADDRINUSE and time.monotonic() < end:
        time.sleep(0.1)
    if error:
        raise Refused(f"Port {here.port} cannot be used ({error.strerror}): another program, perhaps another town, "
                      "listens there. Stop it, or choose another one: MACHI_PORT=8001 make run")


def _wrong_with_port(here: Environment) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in here.address else socket.AF_INET) as knock:
        knock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            knock.bind((here.address, here.port))
        except OSError as error:
            return error
    return None


def _asked_to_stop() -> threading.Event:
    stop = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, lambda *_: stop.set())
    return stop


def _start(*command: str) -> subprocess.Popen:
    """In a session of its own: Ctrl-C reaches only us, and we stop the others in order."""
    return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True,
                            env=with_parent())


def _do(deed: str, stop: threading.Event) -> None:
    """Something that is done once; whoever asks to stop meanwhile does not wait for it."""
    process = _start("machi.cli.once", deed)
    while process.poll() is None and not stop.wait(0.05):
        pass
    _end({deed: process})


def _wait_for_first_page(here: Environment, web: subprocess.Popen, stop: threading.Event) -> bool:
    """Ask for it until it comes; so the first visitor does not wait for what is loaded at the first request."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(here.address, here.address)
    while web.poll() is None and not stop.wait(0.05):
        try:
            line = http.client.HTTPConnection(address, here.port, timeout=30)
            line.request("GET", "/", headers={"Host": "localhost"})
            if (status := line.getresponse().status) >= 500:
                print(f"machi: the first page answers with an error ({status}); the lines above say why.", file=sys.stderr)
            return True
        except (OSError, http.client.HTTPException):
            continue
    return False


def _watch_over(database: Database, children: dict[str, subprocess.Popen], stop: threading.Event) -> int:
    """Until somebody asks to stop (0) or a child ends (1). A database that was killed is started again."""
    while not stop.wait(0.3):
        for name, child in children.items():
            if (status := child.poll()) is not None:
                print(f"machi: {name} has ended by itself (status {status}), so the whole town stops.", file=sys.stderr)
                return 1
        if database.server and not database.server.answers():
            print("machi: the database is gone; starting it again.", file=sys.stderr)
            try:
                database.server.ensure_running()
            except DatabaseError as error:
                print(f"machi: {error}", file=sys.stderr)
                return 1
    return 0


def _end(children: dict[str, subprocess.Popen]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + POLITE_SECONDS
    for child in children.values():
        try:
            child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
