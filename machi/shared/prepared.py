"""The short way to the database, for a `Question`: a statement that each connection prepares once, and asks through libpq.

Django's cursor and psycopg's find out anew for every statement what is known here after the first time: where the gaps of its SQL are,
which adapter a value needs, whether it is prepared. That is most of what a small question costs.

It is for what a page reads, outside any transaction: psycopg has the server forget whatever is prepared when something is rolled back,
and a transaction would not survive the answer that there is no such statement. Django's own way is taken there, and wherever
somebody watches the queries (a test, a tracer) or does not want them prepared.

A statement that writes may be asked so where it is a whole deed, and does nothing when it is asked once more: it is, where the line broke.
"""
import contextlib
import datetime
import re
from collections.abc import Iterator
from itertools import count
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Connection
from psycopg.adapt import AdaptersMap, Loader, PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, OperationalError, error_from_result
from psycopg.pq import ExecStatus, PGresult
from psycopg.types.datetime import TimestamptzLoader

_numbers = count()


class Statement:
    """SQL with %s where a value belongs."""

    def __init__(self, sql: str):
        places = count(1)
        self._sql = sql
        self._gapped = re.sub("%[s%]", lambda gap: f"${next(places)}" if gap.group() == "%s" else "%", sql).encode()

    def rows(self, values: list) -> list[tuple]:
        """What the database answers, moments in UTC. Raises what Django raises: django.db.OperationalError and its like."""
        db = connections[DEFAULT_DB_ALIAS]
        db.ensure_connection()
        if not _is_for_pages(db):
            with db.cursor() as cursor:
                cursor.execute(self._sql, values)
                return cursor.fetchall()
        with db.wrap_database_errors:
            try:
                return self._asked(db.connection, values)
            except (InvalidSqlStatementName, FeatureNotSupported):      # forgotten, or for tables that are others by now
                pass
            except OperationalError:
                if db.health_check_done or not db.connection.closed:    # the server was there a moment ago: not for us to hide
                    raise
                db.close()                          # it went away between two pages. Django asks it beforehand whether it is there
                db.ensure_connection()
            return self._asked(db.connection, values)

    def _asked(self, connection: Connection, values: list) -> list[tuple]:
        known = _known_of(connection)
        if known.ahead and (answered := known.ahead.pop(_key(self, values), None)) is not None:
            return answered
        written = known.values.dump_sequence(values, [PyFormat.TEXT] * len(values))
        types = known.values.types if values else ()
        statement = self, types                     # a number of eight bytes is of another type than one of two
        name = known.names.get(statement)
        if name is None:
            name = b"question_%d" % next(_numbers)
            _refuse(connection.pgconn.prepare(name, self._gapped, types), connection)
            known.names[statement] = name
        result = connection.pgconn.exec_prepared(name, written)
        if result.status != ExecStatus.TUPLES_OK:
            del known.names[statement]              # prepared anew the next time
            _refuse(result, connection)
        return known.read(result)


@contextlib.contextmanager
def asked_together(*asked: tuple[Statement, list]) -> Iterator[None]:
    """What will be asked within the block, each with its values: sent at once and answered in one journey to the database, and kept
    for whoever asks it there. The first time a statement goes alone, and so does each of them when one is refused: then whoever
    asks gets the refusal.
    """
    db = connections[DEFAULT_DB_ALIAS]
    db.ensure_connection()
    if not _is_for_pages(db) or db.connection.closed:
        yield
        return
    known = _known_of(db.connection)
    answered = _journey(db.connection, known, asked)
    known.ahead |= answered
    try:
        yield
    finally:
        for key in answered:                        # what was not asked for in the end must not be the answer to a later question
            known.ahead.pop(key, None)


def _journey(connection: Connection, known: "_Known", asked: tuple[tuple[Statement, list], ...]) -> dict[tuple, list[tuple]]:
    ready = []
    for statement, values in asked:
        written = known.values.dump_sequence(values, [PyFormat.TEXT] * len(values))
        if name := known.names.get((statement, known.values.types if values else ())):
            ready.append((_key(statement, values), name, written))
    if not ready:
        return {}
    pipe = connection.pgconn
    pipe.enter_pipeline_mode()
    try:
        for _asked, name, written in ready:
            pipe.send_query_prepared(name, written)
        pipe.pipeline_sync()
        results = [_next(pipe) for _one in ready]
        while (end := pipe.get_result()) is None or end.status != ExecStatus.PIPELINE_SYNC:
            if connection.closed:
                return {}
    except OperationalError:                        # the server is gone: whoever asks first finds it again
        return {}
    finally:
        if not connection.closed:
            pipe.exit_pipeline_mode()
    if any(result is None or result.status != ExecStatus.TUPLES_OK for result in results):
        return {}
    return {key: known.read(result) for (key, _name, _sent), result in zip(ready, results, strict=True)}


def _key(statement: Statement, values: list) -> tuple:
    return statement, *(tuple(value) if type(value) is list else value for value in values)


def _next(pipe) -> PGresult | None:
    """The answer to one of them; after each stands an empty one."""
    result = pipe.get_result()
    if result is not None:
        pipe.get_result()
    return result


def _is_for_pages(db) -> bool:
    return not (db.in_atomic_block or db.queries_logged or db.execute_wrappers or db.connection.prepare_threshold is None)


class _Known:
    """Of one connection: how values are written and rows are read, and what it has prepared by which name."""

    connection = None                               # UTF-8 and UTC, as Django tells every connection

    def __init__(self, adapters: AdaptersMap):
        self.adapters, self.names, self.ahead = AdaptersMap(adapters), {}, {}
        self.adapters.register_loader("timestamptz", TimestamptzLoader)     # psycopg's own in C; Django's is written in Python
        self.adapters.register_loader("date", _DayLoader)
        self.values = Transformer(self)

    def read(self, result: PGresult) -> list[tuple]:
        self.values.set_pgresult(result)
        return self.values.load_rows(0, result.ntuples, tuple)


class _DayLoader(Loader):
    def load(self, data) -> datetime.date:
        return datetime.date.fromisoformat(bytes(data).decode())


_of_connection: WeakKeyDictionary[Connection, _Known] = WeakKeyDictionary()


def _known_of(connection: Connection) -> _Known:
    if (known := _of_connection.get(connection)) is None:
        known = _of_connection[connection] = _Known(connection.adapters)
    return known


def _refuse(result: PGresult, connection: Connection) -> None:
    if connection.closed:
        raise OperationalError(connection.pgconn.get_error_message())
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise error_from_result(result)
