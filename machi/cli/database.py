"""The database a town runs on: the embedded one of its folder, or the server that DATABASE_URL names."""
import os

import psycopg

from machi.cli import town
from machi.cli.environment import Environment, Refused
from machi.cli.postgres import Server

# Lines of the play bank; those of a town's own account are called otherwise (payments.invariants).
PLAY_MONEY = "SELECT EXISTS (SELECT FROM payments_statementline WHERE key NOT LIKE 'row:%' AND key NOT LIKE 'opening:%')"
OLDEST = 15                                             # the PostgreSQL that tables can be made on


class Database:
    """Open, and known to every process started from here through DATABASE_URL."""

    def __init__(self, here: Environment):
        self.server: Server | None = None
        self.town_url = self.owner_url = here.database_url or ""
        if here.database_url:
            self.owner_url = os.environ.get("MACHI_MIGRATE_URL", here.database_url)
            _knock(self.town_url, "DATABASE_URL, or leave it out to use the database that comes with Machi")
            if self.owner_url != self.town_url:
                _knock(self.owner_url, "MACHI_MIGRATE_URL, which names the role that owns the tables")
        else:
            self.server = town.embedded(here.home)
            self.town_url, self.owner_url = self.server.url(town.TOWN), self.server.url(town.OWNER)
            os.environ["DATABASE_URL"] = self.town_url

    def migrate_once(self) -> None:
        """Bring the tables up to date if something changed; say who may do it when this role may not."""
        if town.is_migrated(self.town_url):
            return
        with psycopg.connect(self.owner_url) as db:
            may_create = db.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone()[0]
        if may_create:
            print("The tables of the town are being made or brought up to date. The first time this takes a minute or two.", flush=True)
            town.migrate_once(self.owner_url)
        elif not town.nothing_to_migrate(self.town_url):
            raise Refused("The tables are older than this program, and this role may not change them: "
                          "run `machi migrate` with MACHI_MIGRATE_URL naming the role that owns them (machi_migrate).")

    def play_money(self, money_mode: str) -> str:
        """Where money is real, nothing lies in the books that the play bank made: people would be owed real money for it. What is wrong,
        in a sentence; empty where nothing is.
        """
        with psycopg.connect(self.town_url) as db:
            if money_mode == "demo" or not db.execute(PLAY_MONEY).fetchone()[0]:
                return ""
        return (f"MACHI_MONEY_MODE is {money_mode!r}, and in the books of this town lies play money of the mode 'demo', which no bank has: "
                "begin with an empty town, a new folder in MACHI_HOME and, where DATABASE_URL names one, a new database. "
                "This town stays as it is, and opens with MACHI_MONEY_MODE=demo.")

    def awaits_its_past(self) -> bool:
        """Nobody lives here yet, or the making of a demo town was interrupted: its past must be over before its present begins."""
        with psycopg.connect(self.town_url) as db:
            return db.execute("""
                SELECT NOT EXISTS (SELECT FROM accounts_user) OR EXISTS (SELECT FROM activity_fact WHERE name = 'demo.lived')
                   AND NOT EXISTS (SELECT FROM activity_fact WHERE name = 'demo.filled')""").fetchone()[0]

    def leave(self) -> None:
        """This process needs it no longer; the embedded server ends with the last who does."""
        if self.server:
            self.server.leave()


def _knock(url: str, place: str) -> None:
    """Does it answer, and can a town live there? The address itself is never said: a password may stand in it."""
    try:
        with psycopg.connect(url, connect_timeout=5) as db:
            version, letters = db.info.server_version // 10000, db.info.parameter_status("server_encoding")
    except (psycopg.ProgrammingError, UnicodeError):
        raise Refused("The address of the database cannot be read: it looks like postgresql://role:password@db.example.jp/machi, "
                      f"and in a password % is written %25, @ is %40, / is %2F. Look at {place}.") from None
    except psycopg.Error as error:
        raise Refused(f"The database does not answer: {str(error).splitlines()[0]}. Look at {place}.") from None
    if version < OLDEST:
        raise Refused(f"The database is PostgreSQL {version}; Machi needs {OLDEST} or newer.")
    if letters != "UTF8":
        raise Refused(f"The database keeps text as {letters}, where Japanese does not fit: "
                      "make it anew with ENCODING 'UTF8' (docs/operations/database.md).")
