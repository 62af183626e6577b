"""A question to the database that is put into SQL once. Django composes its SQL anew each time, which takes a page longer than
the database takes to answer.

    _hobbies = Question(lambda person: Hobby.objects.filter(user=person).select_related("topic").order_by("pk"))
    _hobbies(7)                                     # a list, the same as list(Hobby.objects.filter(user=7)...)

The answers are what the queryset would give: models or tuples. The gaps are filled with plain values (numbers, texts, days,
moments), and with lists of them where the question says `any_of(column, gap)`; never with None. For pages that are asked for often:
everywhere else a queryset is simpler.
"""
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, F, Field, Func, JSONField, Model, QuerySet, Subquery
from django.db.models.base import ModelState
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, ValuesListIterable
from psycopg.sql import Literal

from machi.shared.prepared import Statement


class Gap(Expression):
    """The place of a value. Among the parameters of the SQL it stands for itself until it is filled."""

    is_authenticated = True                         # it may stand for a person: `visible_to(gap)`; 0 stands for a stranger

    def __init__(self, place: int):
        super().__init__(output_field=Field())
        self.place = place

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        return "%s", [self]

    def get_group_by_cols(self) -> list:
        return []                                   # it is one value for all groups


def any_of(column: str, gap: Gap) -> Func:
    """The column is one of a list: `.filter(any_of("user", people))`."""
    return Func(F(column), gap, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField())


class Lines(Subquery):
    """All answers of a query in one value, in their order: a list of what its only column holds. It is read at once, where the
    answers of an ArraySubquery are read one by one.
    """

    template = "(SELECT COALESCE(jsonb_agg(lines.line), '[]') FROM (%(subquery)s) AS lines(line))"

    def __init__(self, queryset: QuerySet):
        super().__init__(queryset, output_field=JSONField())


class Question:
    """Asked like a function; `obvious` is the slow way to the same answer."""

    def __init__(self, ask: Callable[..., QuerySet]):
        self.obvious, self._statement = ask, None

    def __call__(self, *values: Any) -> list:
        statement, filled = self.about(*values)
        rows = statement.rows(filled)
        if self._converters:
            rows = [self._converted(row) for row in rows]
        return [self._made(row) for row in rows]

    def about(self, *values: Any) -> tuple[Statement, list]:
        """For `asked_together`: what it will ask."""
        if self._statement is None:
            self._settle()
        return self._statement, [_plain(values[place]) for place in self._places]

    def _settle(self) -> None:
        asked = self.obvious(*map(Gap, range(len(inspect.signature(self.obvious).parameters))))
        if not asked.ordered:
            raise TypeError("a question says in which order it wants its answers")
        compiler = asked.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        self._converters = [(place, converter, column) for place, (converters, column) in compiler.get_converters(
            [column for column, *_ in compiler.select]).items() for converter in converters]
        self._made = _maker(asked, compiler)
        self._places = [param.place for param in params if isinstance(param, Gap)]
        # last: to another thread it is the sign that everything is ready
        self._statement = Statement(_with_constants(sql, params))

    def _converted(self, row: tuple) -> tuple:
        values = list(row)
        for place, converter, column in self._converters:
            values[place] = converter(values[place], column, connection)
        return tuple(values)


def _with_constants(sql: str, params: tuple) -> str:
    """What is the same each time is written into the SQL; only the gaps stay open."""
    waiting = iter(params)

    def filled(sign: re.Match) -> str:
        if sign.group() == "%%":
            return "%%"
        param = next(waiting)
        return "%s" if isinstance(param, Gap) else Literal(param).as_string().replace("%", "%%")
    return re.sub("%[s%]", filled, sql)


def _plain(value: Any) -> Any:
    """A list of numbers is sent as one text, which is quicker than number by number."""
    if isinstance(value, list) and all(type(number) is int for number in value):
        return f"{{{','.join(map(str, value))}}}"
    return value


def _maker(asked: QuerySet, compiler) -> Callable[[tuple], Any]:
    """What makes an answer out of a row."""
    if asked._iterable_class is ValuesListIterable:
        return tuple
    if asked._iterable_class is not ModelIterable or asked._known_related_objects or asked._prefetch_related_lookups:
        raise TypeError("a question answers with models or with values_list")
    make, extra = _model_maker(compiler.klass_info, compiler.select), list((compiler.annotation_col_map or {}).items())

    def made(row: tuple):
        one = make(row)
        for name, place in extra:
            setattr(one, name, row[place])
        return one
    return made if extra else make


def as_read(model: type[Model], columns: Iterable[tuple[str, Any]]) -> Model:
    """A model as it lies in the database. A column that is not given is fetched when it is asked for."""
    one, state = model.__new__(model), ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    one.__dict__.update(columns, _state=state)
    return one


def _model_maker(info: dict, select: list) -> Callable[[tuple], Model | None]:
    """As Model.from_db and select_related make it, but without Model.__init__, which looks at every column once more."""
    model, first, last = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in select[first:last]]
    key = first + names.index(model._meta.pk.attname)
    related = [(_model_maker(other, select), other["local_setter"], other["remote_setter"])
               for other in info.get("related_klass_infos", ())]

    def made(row: tuple) -> Model | None:
        if row[key] is None:
            return None
        one = as_read(model, zip(names, row[first:last], strict=True))
        for make, set_here, set_there in related:
            other = make(row)
            set_here(one, other)
            if other is not None:
                set_there(other, one)
        return one
    return made
