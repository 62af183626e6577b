"""Everything about one person in one ZIP (お持ち帰り): for every table a JSON and a CSV, the files themselves, and a page to read first.

Written row by row to the disk: a life of a million rows needs no more memory than a short one.
"""
import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from machi.accounts.models import Party
from machi.files.storing import path_of
from machi.privacy import keys, sealing
from machi.privacy.belongings import Belonging, all_of_them, files_of
from machi.privacy.bundles import with_files
from machi.privacy.explained import meaning_of
from machi.privacy.keys import KeyGone
from machi.privacy.models import Paper
from machi.shared import clock
from machi.shared.filenames import in_a_name
from machi.shared.formulas import defused

AT_ONCE = 500                                       # rows in memory
NAMED = {"accounts.User", "accounts.Party", "taxonomy.Topic", "taxonomy.Category"}      # told by their name, everything else by its number


class Stopped(Exception):
    """Nobody waits for this export any more."""


def write(place: Path, person, tell: Callable[[int, int], None]) -> int:
    """Write the ZIP to this place; return its size in bytes. `tell(done, of)` hears how far it is, and may raise Stopped."""
    steps = list(_steps(person))
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        tell(0, len(steps) + 1)
        counts = {}
        for number, (one, step) in enumerate(steps, 1):
            counts[one.label] = counts.get(one.label, 0) + step(archive, lambda number=number: tell(number - 1, len(steps) + 1))
            tell(number, len(steps) + 1)
        _put(archive, "README.txt", _readme(person, counts))
        tell(len(steps) + 1, len(steps) + 1)
    return place.stat().st_size


def _steps(person) -> Iterator[tuple[Belonging, Callable]]:
    for one in all_of_them().values():
        yield one, lambda archive, breathe, one=one: _table(archive, one, person, breathe)
    for one in all_of_them().values():
        if one.table is not Paper and any(files_of(one)) and one.label != "privacy.Export" and one.label != "privacy.Key":
            yield one, lambda archive, breathe, one=one: _files(archive, one, person, breathe)
    yield all_of_them()["privacy.Paper"], lambda archive, breathe: _papers(archive, person, breathe)


def _table(archive: zipfile.ZipFile, one: Belonging, person, breathe: Callable) -> int:
    """The same rows twice: for programs, and for people with a spreadsheet. Returns how many."""
    fields = one.taken_home()
    names, count = [field.name for field in fields], 0
    stem = f"data/{one.label.lower().replace('.', '_')}"
    with archive.open(_entry(f"{stem}.json"), "w", force_zip64=True) as file:
        file.write(b"[")
        for row in _rows(one, person, fields):
            line = json.dumps({field.name: _value(row, field) for field in fields}, ensure_ascii=False)
            file.write((",\n" if count else "\n").encode() + line.encode())
            count += 1
            if count % AT_ONCE == 0:
                breathe()
        file.write(b"\n]\n")
    with archive.open(_entry(f"{stem}.csv"), "w", force_zip64=True) as file:
        file.write("\ufeff".encode() + csv_line(names))
        for row in _rows(one, person, fields):
            file.write(csv_line(_cell(_value(row, field)) for field in fields))
    return count


def _files(archive: zipfile.ZipFile, one: Belonging, person, breathe: Callable) -> int:
    for row in one.known_to(person).iterator(chunk_size=AT_ONCE):
        places = [path_of(row.stored_as, view) for view in ("", "large")]      # of a picture only the redrawn one is kept
        if source := next((place for place in places if place.exists()), None):
            archive.write(source, f"files/{row.pk}_{in_a_name(row.name)}")
        breathe()
    return 0


def _papers(archive: zipfile.ZipFile, person, breathe: Callable) -> int:
    """Their own copies of contracts with people who have left: opened for them, with the files. What nobody can open any more
    says so in its place, and holds up nothing else."""
    copies = Paper.objects.visible_to(person).filter(holder__person=person).select_related("key").order_by("pk")
    for paper in copies.iterator(chunk_size=20):
        stem = f"papers/{in_a_name(paper.about.replace(':', '_'))}{'_documents' if paper.kind == Paper.Kind.DOCUMENTS else ''}"
        try:
            opened = open_paper(paper)
        except KeyGone:
            _put(archive, f"{stem}.txt", _closed())
            continue
        _put(archive, f"{stem}.json", json.dumps(opened, ensure_ascii=False, indent=1))
        for part in with_files(opened):
            for file in part["files"]:
                _paper_file(archive, paper, file, f"{stem}/{file['id']}_{in_a_name(file['name'])}")
        breathe()
    return 0


def _paper_file(archive: zipfile.ZipFile, paper: Paper, file: dict, name: str) -> None:
    try:
        content = sealing.unseal_file(keys.read(paper.key.stored_as), file["sealed_as"])
    except KeyGone:
        _put(archive, f"{name}.txt", _closed())
    else:
        archive.writestr(_entry(name), content)


def _closed() -> str:
    """That something can be opened by nobody, in the languages of the town."""
    said = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.append(_("copy.closed"))
    return "\ufeff" + "\r\n".join(dict.fromkeys(said)) + "\r\n"


def open_paper(paper: Paper) -> dict:
    """What stands in a sealed paper. Raises KeyGone when its key was destroyed."""
    return json.loads(sealing.unseal(keys.read(paper.key.stored_as), paper.sealed, bound=bound_to(paper)))


def bound_to(paper: Paper) -> str:
    """What a paper is, bound into its seal."""
    return " ".join((f"{paper.holder_id} {paper.kind} {paper.about}", *([paper.part] if paper.part else ())))


def _rows(one: Belonging, person, fields: list[models.Field]) -> Iterator[models.Model]:
    related = [field.name for field in fields if _is_named(field)]
    people = [f"{name}__person" for name in related if one.table._meta.get_field(name).related_model is Party]
    rows = one.known_to(person)
    return (rows.select_related(*related, *people) if related else rows).iterator(chunk_size=AT_ONCE)


def _is_named(field: models.Field) -> bool:
    return field.is_relation and field.related_model._meta.label in NAMED


def _value(row: models.Model, field: models.Field):
    """A value as JSON knows it; people, parties, topics and kinds of work by their names."""
    if _is_named(field):
        to = getattr(row, field.name)
        return None if to is None else str(to)
    value = getattr(row, field.attname)
    if isinstance(value, datetime.datetime):
        return value.astimezone(clock.JAPAN).isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return f"{len(bytes(value))} bytes"
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)


def _cell(value):
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else "" if value is None else value


def csv_line(cells: Iterable) -> bytes:
    """One line for a spreadsheet. A text that it would take for a formula gets an apostrophe in front; numbers stay numbers."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return line.getvalue().encode()


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(_entry(name), text)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, clock.now().astimezone(clock.JAPAN).timetuple()[:6])
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _readme(person, counts: dict[str, int]) -> str:
    """What lies here, in the three languages of the town, one after the other."""
    parts = []
    for language, name in settings.LANGUAGES:
        with translation.override(language):
            lines = [f"== {name} ==", "", _("export.readme.title"), _("export.readme.text"), _("export.readme.kinds"), ""]
            for label, count in counts.items():
                lines.append(f"- {label.lower().replace('.', '_')} ({count}): {meaning_of(label)}")
            parts.append("\n".join([*lines, "", _("export.readme.others"), _("export.readme.secrets")]))
    return "\ufeff" + "\n\n\n".join(parts).replace("\n", "\r\n") + "\r\n"
