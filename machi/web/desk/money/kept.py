"""A statement between its preview and the yes: one file for each person of the desk, so that nobody chooses it twice."""
import hashlib
import os
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from machi.banking.actions import PENDING
from machi.banking.profiles import Layout
from machi.banking.queries import last_row, lines_not_known
from machi.banking.reading import Line, read
from machi.shared import clock
from machi.shared.errors import DomainError

SHOWN = 10                                          # of the new lines


class Preview(NamedTuple):
    """What taking in a file would bring."""

    sha256: str
    line_count: int
    new_count: int
    in_yen: int
    out_yen: int
    first: Line
    last: Line
    some: list[Line]


def preview_of(file: BinaryIO, layout: Layout, account: str) -> Preview:
    """Read a file without taking it in. Raises Unreadable or NotJoined in one sentence."""
    with read(file, layout, today=clock.today()) as statement:
        came = went = count = 0
        some: list[Line] = []
        for one in lines_not_known(statement, account):
            count, came, went = count + 1, came + max(one.amount, 0), went - min(one.amount, 0)
            some = [*some, one][:SHOWN]
        file.seek(0)
        return Preview(hashlib.file_digest(file, "sha256").hexdigest(), len(statement), count, came, went, statement.first, statement.last,
                       some)


def keep(file: BinaryIO, user) -> None:
    """Until this person says yes, or chooses another one. Nobody else of this machine may read it."""
    place = _place(user)
    place.parent.mkdir(parents=True, exist_ok=True)
    file.seek(0)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as kept:
        while chunk := file.read(1 << 20):
            kept.write(chunk)


def kept(user, sha256: str) -> BinaryIO:
    """The file that was shown. Raises DomainError when it is gone, or another one was chosen in another window."""
    try:
        file = _place(user).open("rb")
    except FileNotFoundError:
        raise DomainError(_("desk.bank.gone")) from None
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise DomainError(_("desk.bank.gone"))
    file.seek(0)
    return file


def let_go(user) -> None:
    _place(user).unlink(missing_ok=True)


def balance_at_the_bank(account: str) -> int | None:
    """What the bank says lies there, by the last line that was read."""
    last = last_row(account)
    return last.balance_yen if last else None


def _place(user) -> Path:
    return Path(settings.BANK_FOLDER) / f"{PENDING}{user.pk}"
