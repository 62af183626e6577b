"""What goes by the clock: keys and sealed files that an erasing has left on the disk without a row, and names whose years are over."""
import contextlib
import datetime
import re
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from machi.banking import actions as banking
from machi.payments import actions as payments
from machi.privacy import keys, retention, sealing
from machi.privacy.models import Key, Paper
from machi.shared import clock

SWEPT_AFTER = 24 * 3600                     # seconds without a row; no deed takes so long
SWEPT_AT_ONCE = 1000                        # names in one question
OURS = re.compile(r"[0-9a-f]{64}")          # the keys with which the town signs records lie in the same folder: never these


def forget_bank_words() -> int:
    """Delete who paid, and what was said of it, from the lines of the bank that are older than the law asks to keep them; return of how
    many.
    """
    today, rules = clock.today(), retention.rules()
    rule = rules.get("bank_lines", rules["statement"])
    over = [year for year in range(today.year - rule.years - rule.years_later - 1, today.year)
            if rule.until(datetime.date(year, 12, 31)) <= today]
    if not over:
        return 0
    first_kept = datetime.date(max(over) + 1, 1, 1)
    payments.forget_reasons(booked_before=first_kept)
    return banking.forget_words(booked_before=first_kept)


def sweep_sealed() -> int:
    """Destroy what has lain there for a day without a row; return how many files. A key that was destroyed stays so."""
    swept = 0
    for names in _old_names(settings.KEY_FOLDER):
        known = set(Key.objects.to_destroy().filter(stored_as__in=names).values_list("stored_as", flat=True))
        for name in set(names) - known:
            keys.destroy(name)
            swept += 1
    for names in _old_names(settings.SEALED_FOLDER):
        known = {name for files in Paper.objects.filter(files__overlap=names).values_list("files", flat=True) for name in files}
        for name in set(names) - known:
            sealing.sealed_place(name).unlink(missing_ok=True)
            swept += 1
    return swept


def _old_names(folder: Path) -> Iterator[list[str]]:
    """By the machine's clock: a demo town's may be moved."""
    before, names = time.time() - SWEPT_AFTER, []
    for place in Path(folder).glob("*"):
        with contextlib.suppress(OSError):          # gone in this very moment
            if OURS.fullmatch(place.name) and place.stat().st_mtime < before:
                names.append(place.name)
    for start in range(0, len(names), SWEPT_AT_ONCE):
        yield names[start:start + SWEPT_AT_ONCE]
