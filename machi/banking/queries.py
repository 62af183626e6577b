"""Questions about the lines of the town's own bank account; read only."""
import datetime
from collections.abc import Iterator

from django.db import connection
from django.db.models import Q

from machi.banking.joining import Known, new_lines
from machi.banking.models import BankRow, Import
from machi.banking.reading import Line, Statement

_AT_ONCE = 2_000

# Where the bank prints balances, each line continues the one before it to the yen; places count on without a hole.
BROKEN_CHAIN = """
    SELECT id FROM (SELECT id, place, amount_yen, balance_yen, lag(place, 1, 0::bigint) OVER w AS place_before,
                           lag(balance_yen) OVER w AS balance_before
                      FROM banking_bankrow WINDOW w AS (PARTITION BY account ORDER BY place)) AS r
     WHERE place <> place_before + 1 OR place > 1 AND (balance_yen IS NULL) <> (balance_before IS NULL)
        OR balance_yen <> balance_before + amount_yen ORDER BY id"""


def imports(account: str):
    """The files that were read, the newest first, with who brought them."""
    return Import.objects.filter(account=account).select_related("imported_by").order_by("-pk")


def rows_after(account: str, place: int = 0):
    """The lines of an account behind a place, in their order, with their words."""
    return BankRow.objects.filter(account=account, place__gt=place).select_related("words").order_by("place")


def last_row(account: str) -> BankRow | None:
    """The line that was read last; its balance is what the bank says lies there."""
    return BankRow.objects.filter(account=account).select_related("words").order_by("-place").first()


def read_through() -> datetime.date | None:
    """The day of the line that was brought last, of whichever account."""
    return BankRow.objects.order_by("-pk").values_list("booked_on", flat=True).first()


def first_day(account: str) -> datetime.date | None:
    """From this day on the account is known."""
    return BankRow.objects.filter(account=account).order_by("place").values_list("booked_on", flat=True).first()


def lines_not_known(statement: Statement, account: str) -> Iterator[Line]:
    """The lines of a file that are new for an account, the oldest first: what taking it in would bring. Raises NotJoined."""
    last = last_row(account)
    return new_lines(statement, first_on=first_day(account), last=last and as_known(last), since=lambda day: known_since(account, day))


def known_since(account: str, day: datetime.date) -> Iterator[Known]:
    """The lines from a day on, day by day and in their order, without holding them all."""
    rows = BankRow.objects.filter(account=account).select_related("words").order_by("booked_on", "place")
    some = list(rows.filter(booked_on__gte=day)[:_AT_ONCE])
    while some:
        yield from map(as_known, some)
        end = some[-1]
        some = list(rows.filter(Q(booked_on__gt=end.booked_on) | Q(place__gt=end.place), booked_on__gte=end.booked_on)[:_AT_ONCE])


def as_known(row: BankRow) -> Known:
    words = getattr(row, "words", None)             # forgotten when the years of the law are over
    return Known(row.booked_on, row.amount_yen, row.balance_yen, words and words.kana)


def broken_rows() -> list[int]:
    """Lines that do not continue the one before; an invariant: it is always empty."""
    with connection.cursor() as db:
        db.execute(BROKEN_CHAIN)
        return [number for (number,) in db.fetchall()]
