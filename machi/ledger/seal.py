"""The daily seal (日次封印): taken after midnight in Japan, chained to the day before; a row altered later is found."""
import datetime
import time

from django.db import connection
from django.utils.translation import gettext as _

from machi.ledger.models import Seal
from machi.shared.clock import JAPAN
from machi.shared.errors import DomainError


def seal_yesterday(*, patience_seconds: float = 60) -> bytes | None:
    """Seal everything up to the last midnight in Japan; return the fingerprint, to be kept outside the database too, or None when that
    is done. By the world's clock, as the entries are written, also where the town's own clock was moved.
    """
    midnight = datetime.datetime.combine(datetime.datetime.now(JAPAN), datetime.time.min, JAPAN)
    if Seal.objects.filter(until_at__gte=midnight).exists():
        return None
    return seal_until(midnight, patience_seconds=patience_seconds)


def seal_until(moment: datetime.datetime, *, patience_seconds: float = 60) -> bytes:
    """Seal everything that happened before the moment. Waits for transactions that began earlier and still run.

    Call it outside a transaction: it would wait for its own.
    """
    if moment > datetime.datetime.now(datetime.UTC):
        raise DomainError(_("ledger.day_not_over"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")       # not pg_snapshot_xmax: that one may be a running writer's
        horizon = cursor.fetchone()[0]
        end = time.monotonic() + patience_seconds
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::text::xid8", (horizon,))
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > end:
                raise DomainError(_("ledger.still_writing"))
            time.sleep(0.05)
        cursor.execute("SELECT ledger_seal_until(%s::timestamptz, %s::text::xid8)", (moment, horizon))
        return bytes(cursor.fetchone()[0])
