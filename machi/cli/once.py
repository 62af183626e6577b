"""What Django does for the town when asked once: fill the demo town, do scheduled work, look whether everything is right.

`python -m machi.cli.once fill|demo|background|check_invariants|export_ledger|stop_money WHY|resume_money|replay_erasures|wake_restored|
load_lists|operator EMAIL|generate_town --workers N ...`,
with the environment that `machi` has prepared.
"""
import importlib
import os
import sys

import django
from django.core.management import CommandError, call_command

from machi.cli.family import leave_with_parent


def fill() -> int:
    """The invented people and their lives; does nothing where it was done."""
    call_command("fill_demo_town")
    return 0


def demo() -> int:
    """The same, and who of them one can be."""
    fill()
    call_command("demo_people")
    return 0


def background() -> int:
    leave_with_parent()
    call_command("background")
    return 0


def check_invariants(*arguments: str) -> int:
    """Every rule with the rows that break it; 1 when one is broken. What is only late is named, and breaks nothing."""
    report = importlib.import_module("machi.checks.report")
    lines = report.report()
    print(report.as_json(lines) if "--json" in arguments else report.as_text(lines))
    return int(report.is_broken(lines))


def export_ledger() -> int:
    """The whole books as they stand at one moment, for a program that we did not write."""
    sys.stdout.writelines(importlib.import_module("machi.payments.queries.journal").books_as_journal())
    return 0


def stop_money(*words: str) -> int:
    """No yen moves any more, from this moment on."""
    stop = importlib.import_module("machi.payments.actions").stop_money(why=" ".join(words))
    print(f"money stands still since {stop.raised_at:%Y-%m-%d %H:%M} UTC: {stop.why}\n"
          "reading, drafts, letters and handing work over go on; machi resume-money lets it move again")
    return 0


def resume_money() -> int:
    """Every rule is asked; what is clean is lifted. 1 while something keeps money still: two people of the finance desk can decide."""
    checks, errors = importlib.import_module("machi.checks.actions"), importlib.import_module("machi.shared.errors")
    kept = 0
    for stop in importlib.import_module("machi.payments.models").MoneyStop.objects.standing().order_by("pk"):
        try:
            checks.lift(stop=stop)
            print(f"lifted: {stop.rule or stop.why}")
        except errors.DomainError:
            kept += 1
            print(f"still stopped: {stop.rule or stop.why}. machi check-invariants names the rows; when they cannot be mended, "
                  "two people of the finance desk lift it at /desk/safety/ with a reason")
    print("money stands still" if kept else "money moves")
    return int(bool(kept))


def replay_erasures() -> int:
    """After a restore; 1 while somebody waits for money that is still under way in the restored books, or could not be erased."""
    done, waiting, failed = importlib.import_module("machi.privacy.actions").replay_erasures()
    print(f"erased once more: {done}")
    if waiting:
        print(f"not yet, because money or a contract is open in the restored books: {', '.join(map(str, waiting))}. "
              "Let the background run until it is settled, then do this again.")
    if failed:
        print(f"not yet, because something broke, as the log says: {', '.join(map(str, failed))}. Mend it, then do this again.")
    return int(bool(waiting or failed))


def wake_restored() -> int:
    """A town was just restored: money stands still, whoever was erased since is erased, every rule is asked; 1: somebody must look."""
    payments, checks = importlib.import_module("machi.payments.actions"), importlib.import_module("machi.checks.actions")
    payments.stop_money(why="the town was restored from a backup, and nobody has looked yet")
    payments.rewind_play_bank()
    kept = replay_erasures()
    found = checks.check(is_full=True)
    for rule, rows in found.items():
        print(f"BROKEN {rule.name}: {', '.join(map(str, rows))}")
    print("some rules are broken: machi check-invariants" if found else "every rule of money holds")
    return int(kept or bool(found))


def operator(email: str) -> int:
    """Somebody who has joined becomes an operator; 1 when nobody joined with this address."""
    try:
        duty = importlib.import_module("machi.accounts.actions").name_operator(email=email)
    except importlib.import_module("machi.shared.errors").DomainError as refusal:
        print(f"machi: {refusal}", file=sys.stderr)
        return 1
    print(f"{duty.person.name} ({email}): {duty}")
    return 0


def load_lists() -> int:
    """The operator's lists, after an edit."""
    loaded = importlib.import_module("machi.taxonomy.actions").load_lists()
    print(", ".join(f"{count} {name}" for name, count in loaded.items()))
    return 0


def generate_town(*arguments: str) -> int:
    """A crowd; 1 when it may not move in."""
    try:
        call_command("generate_town", *arguments)
    except CommandError as refusal:
        print(f"machi: {refusal}", file=sys.stderr)
        return 1
    return 0


def main(name: str, *arguments: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.umask(0o077)                                     # mails and papers are nobody else's on this machine
    django.setup()
    return {"fill": fill, "demo": demo, "background": background, "check_invariants": check_invariants, "export_ledger": export_ledger,
            "stop_money": stop_money, "resume_money": resume_money, "replay_erasures": replay_erasures,
            "wake_restored": wake_restored, "operator": operator,
            "load_lists": load_lists, "generate_town": generate_town}[name](*arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
