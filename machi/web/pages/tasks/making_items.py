"""A file between its choice and the yes: it lies on the disk of the town, and the page carries a signed note of where."""
from typing import NamedTuple

from django.core import signing

from machi.files.storing import StoredFile, path_of
from machi.tasks.intake import Start
from machi.tasks.models import Batch
from machi.web.pages.tasks.making_forms import ColumnsForm

SALT, KEPT_SECONDS = "tasks.items", 20 * 3600       # less than the disk keeps what nobody takes in (files.storing.SWEPT_AFTER)
KEYS = {"番号", "id", "no", "no.", "key", "キー", "商品番号", "管理番号"}
GOLDS = {"答え", "正解", "正答", "answer", "gold", "truth", "label"}
WHYS = {"わけ", "理由", "解説", "why", "reason", "explanation"}


class Waiting(NamedTuple):
    """A file that was looked at and not taken in yet, with its columns."""

    stored: StoredFile
    columns: list[str]


def offered(start: Start, file: StoredFile, batch: Batch, user) -> ColumnsForm:
    """The form about its columns, with what their names tell already."""
    token = signing.dumps({"name": file.name, "as": file.stored_as, "size": file.size, "sha256": file.sha256, "kind": file.kind,
                           "batch": batch.pk, "user": user.pk, "columns": list(start.columns)}, salt=SALT, compress=True)
    gold = _called(start.columns, GOLDS)
    return ColumnsForm(columns=start.columns, initial={
        "token": token, "key_column": _called(start.columns, KEYS), "gold_column": gold,
        "why_column": _called(start.columns, WHYS) if gold else ""})


def stored_of(token: str, batch: Batch, user) -> Waiting | None:
    """Of this very person and batch, as long as it lies there."""
    try:
        said = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    if (said["batch"], said["user"]) != (batch.pk, user.pk) or not path_of(said["as"]).exists():
        return None
    return Waiting(StoredFile(said["name"], said["as"], said["kind"], said["size"], said["sha256"]), said["columns"])


def _called(columns, names: set[str]) -> str:
    return next((column for column in columns if column.strip().lower() in names), "")
