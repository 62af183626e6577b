"""The folder of one PostgreSQL: what lies in it, whose it is, its locks, and what is wrong with it in plain words."""
import contextlib
import fcntl
import os
import pathlib
import re
import secrets
import stat
import sys

from machi.cli.postgres_account import Account, DatabaseError

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107 if sys.platform == "linux" else 103
HINTS = {                                               # what PostgreSQL or the system says -> what a person can do
    "No space left on device|disk full":
        "The disk that holds {base} is full. Free at least 100 MB and start again; committed rows are safe.",
    "Read-only file system": "{base} lies on a read-only disk.",
    "Permission denied|not writable": "{me} may not write in {home}. Choose another folder or change its owner.",
    "Operation not permitted|wrong ownership|invalid permissions":
        "The disk that holds {home} does not keep owners and modes, or root may not change accounts here. "
        "Run as an ordinary user, on a Linux disk.",
    "could not create shared memory|could not map": "Not enough memory for PostgreSQL (64 MB of shared memory).",
}


class Folder:
    """HOME/postgres and what stands in it. A lock is a file that somebody holds open."""

    def __init__(self, home: str | os.PathLike):
        self.home = pathlib.Path(os.path.abspath(home))
        self.base = self.home / "postgres"
        self.data, self.run, self.log = self.base / "data", self.base / "run", self.base / "server.log"
        self.keep, self.test_mark, self.place = self.base / "keep", self.base / "TEST-ONLY", self.base / "outside"
        self.root = os.geteuid() == 0

    @property
    def account(self) -> Account:
        return Account.owning(self.data, self.home, self.base)

    def touch(self, path: pathlib.Path) -> int:
        """Open (create) a small file of ours; it belongs to the owner of HOME even when root makes it."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        if self.root:
            os.fchown(handle, self.home.stat().st_uid, self.home.stat().st_gid)
        return handle

    @contextlib.contextmanager
    def locked(self):
        """Alone with the folder: whoever starts or stops the server."""
        self.check_home()
        handle = self.touch(self.base / "lock")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)          # explicit: a child forked meanwhile must not keep it
            os.close(handle)

    def held(self, name: str) -> bool:
        """Does any living process hold this lock?"""
        handle = self.touch(self.base / name)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True
        finally:
            os.close(handle)

    def check_home(self) -> None:
        """Make what is missing; a folder of somebody else is named, with what to do about it."""
        me = Account(os.geteuid())
        with self.readable_errors():
            self.home.mkdir(parents=True, exist_ok=True)
            for folder in (self.home, self.base, self.data):
                if folder.exists() and not self.root and (owner := Account(folder.stat().st_uid)).number != me.number:
                    raise DatabaseError(f"{folder} belongs to {owner}, you are {me}. Run as {owner}, "
                                        f"or hand it over: sudo chown -R {me.number} {self.home}")
            if not self.base.exists():
                self.base.mkdir()
                owner = self.home.stat()
                if self.root:
                    os.chown(self.base, owner.st_uid, owner.st_gid)
                self.base.chmod(0o711 if self.root and owner.st_uid == 0 else 0o700)

    def outside(self, create: bool) -> pathlib.Path | None:
        """A short private folder among the temporary files, its random name kept in HOME: the URL never changes."""
        if not self.place.exists():
            if not create:
                return None
            handle = self.touch(self.place)
            os.write(handle, f"/tmp/machi-{secrets.token_hex(6)}".encode())
            os.close(handle)
        folder = pathlib.Path(self.place.read_text())
        if create:
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o711)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
                raise DatabaseError(f"{folder} is needed for the socket but belongs to {Account(found.st_uid)}; "
                                    f"remove {self.place}")
        return folder

    def socket_folder(self) -> pathlib.Path:
        if len(os.fsencode(self.run / SOCKET)) <= LONGEST_SOCKET_PATH:
            return self.run
        return self.outside(create=not self.place.exists()) / "run"

    def version(self) -> int | None:
        """Which PostgreSQL made the data; None while there is none."""
        with contextlib.suppress(FileNotFoundError):
            return int((self.data / "PG_VERSION").read_text())

    @contextlib.contextmanager
    def readable_errors(self):
        """Errors of the system become sentences."""
        try:
            yield
        except OSError as error:
            self.fail("The database folder cannot be used", f"{error.strerror}: {error.filename or ''}")

    def fail(self, what: str, details: str) -> None:
        """Raise what happened, what a person can do about it, and the last lines of what was said."""
        found = (text for pattern, text in HINTS.items() if re.search(pattern, details, re.I))
        names = {"base": self.base, "home": self.home, "log": self.log, "me": Account(os.geteuid())}
        hint = next(found, "Details: {log}").format(**names)
        last = "\n  ".join(details.strip().splitlines()[-6:])
        raise DatabaseError(f"{what}. {hint}\n  {last}") from None
