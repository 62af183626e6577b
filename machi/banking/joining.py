"""Where a new file joins what is already known of an account, so that files may overlap and no line is taken twice or left out.

A line has no number of the bank's. With balances the account is one chain: a file either repeats the end of it and goes on, or goes on from
its last balance. Several equal lines on one day are told apart by their place in the chain. Without balances they are counted day by day,
from the last known day on, so that no day is left out unseen.
"""
import datetime
import itertools
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.banking.reading import Line, Statement, shown_day, shown_yen
from machi.shared.errors import DomainError


class NotJoined(DomainError):
    """The file does not continue what is known of the account; nothing of it was taken."""


class Known(NamedTuple):
    """A line that was taken from an earlier file. `kana` is None when its words were forgotten after the years of the law."""

    day: datetime.date
    amount: int
    balance: int | None
    kana: str | None


Since = Callable[[datetime.date], Iterator[Known]]


def new_lines(statement: Statement, *, first_on: datetime.date | None, last: Known | None, since: Since) -> Iterator[Line]:
    """The lines of a file that are not known yet, the oldest first. Raises NotJoined, at the latest when the last one was asked for.

    first_on: the day of the first known line; last: the last known one; both None for a new account.
    since: the known lines from a day on, in their order.
    """
    if last is None or first_on is None:
        return iter(statement)
    if (last.balance is None) == statement.has_balances:
        raise NotJoined(_("banking.join.balances"))
    if statement.first.day < first_on:
        raise NotJoined(_("banking.join.older") % {"line": f"{statement.first.line:,}", "day": shown_day(statement.first.day),
                                                   "first": shown_day(first_on)})
    if statement.has_balances:
        return itertools.islice(iter(statement), _overlap(statement, last, since), None)
    if statement.first.day > last.day:                  # nothing else would show that days between them are left out
        raise NotJoined(_("banking.join.no_overlap") % {"line": f"{statement.first.line:,}", "day": shown_day(statement.first.day),
                                                        "last": shown_day(last.day)})
    return _by_days(statement, since)


def _overlap(statement: Statement, last: Known, since: Since) -> int:
    """How many lines at the head of the file are known."""
    first = statement.first
    for start, known in enumerate(since(first.day)):
        if known.day != first.day:
            break
        if _is_same(first, known) and (matched := _matched(statement, itertools.islice(since(first.day), start, None))) is not None:
            return matched                          # the earliest place: a file begins with a whole day
    if first.day >= last.day and statement.opening_yen == last.balance:
        return 0
    raise NotJoined(_why(statement, last, since))


def _matched(statement: Statement, known: Iterator[Known]) -> int | None:
    """How many lines both have, when one of them ends with all before it the same."""
    count = 0
    for line, one in zip(statement, known, strict=False):
        if not _is_same(line, one):
            return None
        count += 1
    return count


def _why(statement: Statement, last: Known, since: Since) -> str:
    start = next(since(statement.first.day), None)
    if start is None or statement.first.day == last.day and statement.opening_yen != start.balance - start.amount:
        return _("banking.join.gap") % {"day": shown_day(last.day), "balance": shown_yen(last.balance), "line": f"{statement.first.line:,}",
                                        "other_day": shown_day(statement.first.day), "opening": shown_yen(statement.opening_yen)}
    for line, known in zip(statement, since(statement.first.day), strict=False):
        if not _is_same(line, known):
            break
    if (line.day, line.amount, line.balance) == known[:3]:
        return _("banking.join.renamed") % _both(line, known)
    return _("banking.join.changed") % _both(line, known)


def _by_days(statement: Statement, since: Since) -> Iterator[Line]:
    """Without balances: of each day, the lines that are there more often than they are known."""
    last_day = statement.last.day
    days = itertools.groupby(since(statement.first.day), key=lambda known: known.day)
    known_day, known = next(days, (None, iter(())))
    for day, lines in itertools.groupby(statement, key=lambda line: line.day):
        if known_day is not None and known_day < day:
            raise NotJoined(_("banking.join.missing") % {"day": shown_day(known_day)})
        same_day = list(known) if known_day == day else []
        is_forgotten = any(one.kana is None for one in same_day)
        left = Counter((one.amount, None if is_forgotten else _folded(one.kana)) for one in same_day)
        for line in lines:
            if left[key := (line.amount, None if is_forgotten else _folded(line.kana))] > 0:
                left[key] -= 1
            else:
                yield line
        if day < last_day and left.total():         # of its last day a file may know less than the one before
            raise NotJoined(_("banking.join.missing") % {"day": shown_day(day)})
        if known_day == day:
            known_day, known = next(days, (None, iter(())))


def _is_same(line: Line, known: Known) -> bool:
    """The same line of the account. What the account's holder may write beside it (memo) is not asked."""
    return (line.day, line.amount, line.balance) == known[:3] and (known.kana is None or _folded(line.kana) == _folded(known.kana))


def _folded(words: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", words or "").split())


def _both(line: Line, known: Known) -> dict[str, str]:
    return {"line": f"{line.line:,}", "day": shown_day(line.day), "amount": shown_yen(line.amount), "balance": shown_yen(line.balance),
            "other_day": shown_day(known.day), "other_amount": shown_yen(known.amount), "other_balance": shown_yen(known.balance)}
