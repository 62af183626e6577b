"""What this town runs with: its folder, its secret, its address and its database."""
import os
import pathlib
import secrets
from urllib.parse import urlsplit

import psycopg

from machi.cli import town
from machi.cli.postgres import ROOT, Server
from machi.cli.postgres_account import DatabaseError

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Refused(Exception):
    """A plain sentence for the person at the keyboard: what is wrong and what to do."""


class Environment:
    """Read from the environment once; `open_database` makes the rest true."""

    def __init__(self):
        self.home = pathlib.Path(os.environ.get("MACHI_HOME", ROOT / ".machi")).absolute()
        self.port = int(os.environ.get("MACHI_PORT", "8000"))
        self.address = os.environ.get("MACHI_BIND", "127.0.0.1")
        self.site = os.environ.get("MACHI_URL", f"http://localhost:{self.port}")
        self.is_demo = os.environ.get("MACHI_DEMO_TOWN") == "1"
        self.given_url = os.environ.get("DATABASE_URL")
        self.server: Server | None = None

    @property
    def is_public(self) -> bool:
        """Can somebody on another machine reach this town?"""
        return (urlsplit(self.site).hostname or "localhost") not in LOOPBACK or self.address not in LOOPBACK

    @property
    def owner_url(self) -> str:
        """With the role that may change tables."""
        return self.server.url(town.OWNER) if self.server else os.environ.get("MACHI_MIGRATE_URL", self.given_url)

    @property
    def town_url(self) -> str:
        return self.server.url(town.TOWN) if self.server else self.given_url

    def settle(self) -> None:
        """Make the folder and the secret; everything started from here finds them."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            secret = self.home / "secret"
            if not secret.exists() and not os.environ.get("MACHI_SECRET"):
                handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                os.write(handle, secrets.token_urlsafe(48).encode())
                os.close(handle)
        except FileExistsError:                         # another process of this town was faster
            pass
        except OSError as error:
            raise Refused(f"The folder {self.home} cannot be written ({error.strerror}): "
                          "give it to this account, or name another one in MACHI_HOME.") from None
        os.environ |= {"MACHI_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "config.settings"}

    def open_database(self, *, hold: bool = True) -> None:
        """Start the embedded server, unless DATABASE_URL names another; DATABASE_URL is set for whoever comes after."""
        if not self.given_url:
            self.server = town.embedded(self.home, hold=hold)
            os.environ["DATABASE_URL"] = self.town_url
            return
        try:
            psycopg.connect(self.given_url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            raise Refused(f"The database does not answer: {str(error).strip().splitlines()[-1]}. "
                          "Look at DATABASE_URL, or leave it out to use the database that comes with Machi.") from None

    def migrate_once(self) -> None:
        """Bring the tables up to date if something changed; say who may do it when this role may not."""
        if town.is_migrated(self.town_url):
            return
        with psycopg.connect(self.owner_url) as db:
            may_create = db.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone()[0]
        if may_create:
            town.migrate_once(self.owner_url)
        elif not town.nothing_to_migrate(self.town_url):
            raise Refused("The tables are older than this program, and this role may not change them: "
                          "run `machi migrate` with MACHI_MIGRATE_URL naming the role that owns them (machi_migrate).")


__all__ = ["DatabaseError", "Environment", "Refused"]
