"""Many rows: what the clock does to each of them in a transaction of its own, so that one that fails holds up nobody behind it; and
many that are written at once.
"""
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, connection, models, transaction

from machi.shared.errors import Paused

log = logging.getLogger(__name__)


def each(rows: Iterable, act: Callable[[Any], object], *, unless: tuple[type[Exception], ...] = ()) -> int:
    """Do this for each row; return for how many the answer was yes. A row that fails is logged, nothing of it stays written, and the
    next turn of the clock tries it again. A database that does not answer ends the turn, and so does what the town has paused, and what
    `unless` names (a bank that does not answer): there every row would fail.
    """
    done = 0
    for row in list(rows):
        try:
            with transaction.atomic():
                done += bool(act(row))
        except (OperationalError, InterfaceError, Paused, *unless):
            raise
        except Exception:
            log.exception("%s %s failed, and the others go on", type(row).__name__, getattr(row, "pk", getattr(row, "key", row)))
    return done


def save_all(rows: Sequence[models.Model], *, fields: Sequence[str]) -> None:
    """`save(update_fields=fields)` for many rows of one table, in one statement. (`bulk_update` asks of each row which of the thousand it
    is, so twice as many rows take four times as long.)
    """
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    columns = [meta.get_field(name) for name in fields]
    known = ", ".join(f"{quote(field.column)} {field.rel_db_type(connection) if field is meta.pk else field.db_type(connection)}"
                      for field in (meta.pk, *columns))
    said = ", ".join(f"{quote(field.column)} = told.{quote(field.column)}" for field in columns)
    with connection.cursor() as db:
        db.execute(
            f"UPDATE {quote(meta.db_table)} AS kept SET {said} FROM json_to_recordset(%s::json) AS told ({known}) "
            f"WHERE kept.{quote(meta.pk.column)} = told.{quote(meta.pk.column)}",
            [json.dumps([{field.column: getattr(row, field.attname) for field in (meta.pk, *columns)} for row in rows],
                        default=lambda value: value.isoformat(), ensure_ascii=False)])
