"""Results as a file (書き出し): CSV, a spreadsheet, lines of JSON; read from the database as they are written, whatever their number.

No cell becomes a formula: in CSV it gets an apostrophe, in a spreadsheet it is text. Who answered stands in none of them.
"""
import json
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain

from django.contrib import messages
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from machi.shared import clock
from machi.shared.filenames import in_a_name
from machi.shared.formulas import for_a_cell, is_formula
from machi.tasks import forms
from machi.tasks.forms.parts import File
from machi.tasks.lifecycle import AnswerState
from machi.tasks.models import Answer, Batch, Item, Outcome
from machi.tasks.queries import forms_of
from machi.web.pages.payments.exports import lines
from machi.web.pages.tasks.filed import address
from machi.web.pages.tasks.way import own_batch

AT_A_TIME, MOST_IN_A_BOOK = 2_000, 50_000           # rows: a spreadsheet is written whole before its first byte leaves
KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_GET
def export(request, pk: int):
    """`what`: each item with what it is, or each answer as it was given; `as`: csv, xlsx or jsonl."""
    batch, what, kind = own_batch(request, pk), request.GET.get("what", "items"), request.GET.get("as", "csv")
    if not batch.is_out or what not in ("items", "answers") or kind not in KINDS:
        raise Http404
    read = _Items(batch) if what == "items" else _Answers(batch)
    if kind == "xlsx" and read.count() > MOST_IN_A_BOOK:
        messages.warning(request, _("tasks.export.many") % {"n": f"{MOST_IN_A_BOOK:,}"})
        return redirect("tasks:results", pk)
    called = _("tasks.export.items") if what == "items" else _("tasks.export.answers")
    name = f"{in_a_name(batch.title)}-{called}-{clock.today().isoformat()}.{kind}"
    headers = {"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff",
               "Cache-Control": "private, no-store"}
    if kind == "xlsx":
        return FileResponse(_book(read.heads, read.rows()), content_type=KINDS[kind], headers=headers)
    body = lines(read.heads, read.rows()) if kind == "csv" else _json_lines(read.objects())
    return StreamingHttpResponse(body, content_type=KINDS[kind], headers=headers)


class _Items:
    """Each item once, without golds: its own cells, what it is, how sure one may be."""

    def __init__(self, batch: Batch):
        self.batch = batch
        self.form = forms.with_old(*forms_of(batch).values())
        self.labels = _labels(self.form)

    @property
    def heads(self) -> list[str]:
        return [_("tasks.make.number"), _("tasks.export.key"), *self.batch.columns, *self.labels.values(), _("tasks.export.outcome"),
                _("tasks.export.sure")]

    def count(self) -> int:
        return self.batch.items_count

    def rows(self) -> Iterator[list]:
        width, outcomes = len(self.batch.columns), dict(Outcome.choices)
        for number, key, cells, result, outcome, sure in self._read():
            cells = [*cells[:width], *[""] * (width - len(cells))]
            yield [number, key, *cells, *_said(self.form, result), str(outcomes[outcome]), "" if sure is None else round(sure, 4)]

    def objects(self) -> Iterator[dict]:
        for number, key, cells, result, outcome, sure in self._read():
            yield {"number": number, "key": key, "cells": dict(zip(self.batch.columns, cells, strict=False)),
                   "result": {self.labels[name]: _value_of(value) for name, value in (result or {}).items() if name in self.labels},
                   "outcome": outcome, "confidence": sure}

    def _read(self) -> Iterable:
        found = Item.objects.filter(batch=self.batch, truth__isnull=True).order_by("number")
        return found.values_list("number", "key", "cells", "result", "outcome", "confidence").iterator(chunk_size=AT_A_TIME)


class _Answers:
    """Each answer as it was given, in the order of the items; golds too, they were answered."""

    def __init__(self, batch: Batch):
        self.batch, self.versions = batch, forms_of(batch)
        self.form = forms.with_old(*self.versions.values())
        self.labels = _labels(self.form)
        self.found = Answer.objects.filter(batch=batch).exclude(state__in=(AnswerState.HELD, AnswerState.GIVEN_BACK))

    @property
    def heads(self) -> list[str]:
        return [_("tasks.make.number"), _("tasks.export.key"), *self.labels.values(), _("tasks.export.state"), _("tasks.export.flag"),
                _("tasks.export.given_on"), _("tasks.export.seconds")]

    def count(self) -> int:
        return self.found.count()

    def rows(self) -> Iterator[list]:
        states = dict(AnswerState.choices)
        for number, key, values, state, flag, given_at, seconds, version in self._read():
            yield [number, key, *_said(self.form, values, self.versions.get(version)), str(states[state]), flag,
                   clock.day_of(given_at).isoformat(), seconds]

    def objects(self) -> Iterator[dict]:
        for number, key, values, state, flag, given_at, seconds, _version in self._read():
            yield {"number": number, "key": key, "state": state, "flag": flag, "given_on": clock.day_of(given_at).isoformat(),
                   "seconds": seconds,
                   "answer": {self.labels[name]: _value_of(value) for name, value in (values or {}).items() if name in self.labels}}

    def _read(self) -> Iterable:
        return self.found.order_by("item__number", "pk").values_list(
            "item__number", "item__key", "values", "state", "flag", "given_at", "seconds",
            "bundle__form__version").iterator(chunk_size=AT_A_TIME)


def _labels(form: forms.Form) -> dict[str, str]:
    """The name of a block -> its label, each once."""
    found: dict[str, str] = {}
    for block in form.blocks:
        found[block.name] = f"{block.label} ({block.name})" if block.label in found.values() else block.label
    return found


def _said(form: forms.Form, values: dict | None, given_by: forms.Form | None = None) -> list[str]:
    """`given_by`: the form by which it was answered; its blocks know how to read it."""
    return [_cell_of((values or {}).get(block.name), (given_by and given_by.part(block.name)) or block) for block in form.blocks]


def _cell_of(value, block) -> str:
    """Of a file its name and its address."""
    if isinstance(block, File):
        return "; ".join(f"{one.name} {address(one.key)}" for one in forms.files_of(value))
    return forms.plain_of(value, block)


def _value_of(value):
    """As it is; of files what they are called, how large they are and where they lie."""
    files = [{"name": one.name, "size": one.size, "address": address(one.key)} for one in forms.files_of(value)]
    return value if not files else files if isinstance(value, list) else files[0]


def _json_lines(objects: Iterable[dict]) -> Iterator[bytes]:
    return (json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in objects)


def _book(heads: list, rows: Iterable[list]):
    """Row by row to the disk."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in chain([heads], rows):
        sheet.append([_cell(sheet, one) for one in row])
    file = tempfile.TemporaryFile()                 # the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet, value):
    """Text stays text, also when somebody edits the cell."""
    if not isinstance(value, str):
        return value
    text = for_a_cell(value)
    if not is_formula(text):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.quotePrefix = "s", True
    return cell
