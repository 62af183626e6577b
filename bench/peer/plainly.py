"""While the peer is asked, a Question of the town is the queryset it was made of, composed and read by Django each time.

Where the town's question is a trick in itself (several kinds of rows in one answer, as JSON), what stands in `instead` answers:
the same rows from querysets of models.
"""
from collections.abc import Callable
from contextlib import ContextDecorator

from machi.shared.question import Question

_prepared = Question.__call__


class Number(int):
    """The number of somebody who is signed in: `visible_to` asks whether they are."""

    is_authenticated = True


class plainly(ContextDecorator):  # noqa: N801  it stands above a view like any other decorator
    def __init__(self, instead: dict[Question, Callable]):
        def ask(question: Question, *values) -> list:
            plain = [Number(value) if type(value) is int else value for value in values]
            return list(instead.get(question, question.obvious)(*plain))
        self._ask = ask

    def __enter__(self):
        Question.__call__ = self._ask

    def __exit__(self, *failed):
        Question.__call__ = _prepared
