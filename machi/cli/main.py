"""The command `machi`: everything an operator does with a town."""
import argparse
import importlib
import os
import subprocess
import sys

from machi.cli.environment import ROOT, Environment, Refused
from machi.cli.postgres_account import DatabaseError

COMMANDS = {
    "up": "the whole town: database, web and background; Ctrl-C stops all of it",
    "web": "only the web",
    "background": "only the scheduled work",
    "setup-database-roles": "the roles and the database on a server of your own, from three addresses in the environment",
    "migrate": "bring the tables to their newest form",
    "demo": "fill the demo town, once, and say who one can be",
    "operator": "give the duty of an operator: machi operator name@example.jp (the first one comes from here)",
    "load-lists": "categories, skills and topics as the data files say: again after an edit",
    "generate-town": "a crowd for measuring: machi generate-town --workers 10000 --jobs 10000 --seed 1",
    "screen": "try the wording rules on texts of your own: machi screen --where job --file texts.jsonl",
    "doctor": "name every wrong setting in a plain sentence",
    "backup": "a verified copy of the whole town: machi backup --to FOLDER --keys FOLDER",
    "restore": "a town comes back, its money standing still: machi restore BACKUP --into HOME --keys FOLDER",
    "replay-erasures": "after an older backup was put back: erase once more whoever was erased since",
    "check-invariants": "what must always be true of money and contracts, by number; --json for programs",
    "export-ledger": "the books as an hledger journal: machi export-ledger > books.journal",
    "stop-money": "no yen moves any more: machi stop-money why",
    "resume-money": "money moves again, when every rule is clean",
    "manage": "one of Django's own commands, with this town's database: machi manage shell",
}
FREE = ("manage", "operator", "generate-town", "screen", "stop-money", "backup", "restore")
ONLY = {"check-invariants": ["--json"]}                # the one argument of a command


def main() -> int:
    parser = argparse.ArgumentParser(prog="machi", description="街 Machi, a town of work.", formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=COMMANDS, metavar="command",
                        help="\n".join(f"{name:20} {what}" for name, what in COMMANDS.items()))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.rest and wish.command not in FREE and wish.rest != ONLY.get(wish.command):
        parser.error(f"{wish.command} takes no arguments" + (f" but {' '.join(ONLY[wish.command])}" if wish.command in ONLY else ""))
    if wish.command == "stop-money" and not " ".join(wish.rest).strip():
        parser.error("stop-money takes the reason: machi stop-money the statement of the bank does not fit")
    if wish.command == "operator" and len(wish.rest) != 1:
        parser.error("operator takes one e-mail address: machi operator name@example.jp")
    try:
        return run(wish.command, wish.rest)
    except (Refused, DatabaseError) as refusal:
        print(f"machi: {refusal}", file=sys.stderr)
        return 1


def run(command: str, rest: list[str]) -> int:
    """Loads only what the command needs: the second start of a town is quick."""
    if command == "doctor":
        return importlib.import_module("machi.cli.doctor").doctor()
    if command == "setup-database-roles":
        return importlib.import_module("machi.cli.roles").setup()
    if command in ("screen", "backup", "restore"):
        return importlib.import_module(f"machi.cli.{command}").main(rest)
    if command in ("up", "web", "background"):
        names = ("web", "background") if command == "up" else (command,)
        return importlib.import_module("machi.cli.up").up(*names)
    here = Environment()
    here.settle()
    database = importlib.import_module("machi.cli.database").Database(here)
    try:
        if command == "migrate":
            importlib.import_module("machi.cli.town").migrate_and_mark(database.owner_url)
            return 0
        if command == "manage":
            return manage(database, rest)
        database.migrate_once()
        return importlib.import_module("machi.cli.once").main(command.replace("-", "_"), *rest)
    finally:
        database.leave()


def manage(database, arguments: list[str]) -> int:
    """As the town's role; only `migrate` and `flush` need the owner of the tables."""
    is_owner = arguments[:1] in (["migrate"], ["flush"])
    return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT,
                          env=os.environ | ({"DATABASE_URL": database.owner_url} if is_owner else {})).returncode


if __name__ == "__main__":
    sys.exit(main())
