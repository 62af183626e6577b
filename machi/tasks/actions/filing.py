"""Files of answers: kept with a half answer, and gone from the disk as soon as nobody needs them."""
from collections.abc import Mapping

from django.db.models import QuerySet

from machi.files.actions import forget, take_in
from machi.files.storing import StoredFile
from machi.tasks.models import Answer, AnswerFile


def keep_files(answer: Answer, files: Mapping[str, StoredFile]) -> None:
    """Each in the place of the one before it. The answer is locked, and is being written."""
    if not files:
        return
    let_go(AnswerFile.objects.filter(answer=answer, block__in=files))
    kept = take_in(list(files.values()), by=answer.worker)
    AnswerFile.objects.bulk_create(AnswerFile(answer=answer, block=block, file=file) for block, file in zip(files, kept, strict=True))


def let_go(found: QuerySet[AnswerFile]) -> None:
    """Nobody needs these any more: the rows go now, the disk when that is certain."""
    rows = list(found.select_related("file").order_by("pk"))
    if rows:
        AnswerFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
        forget(row.file for row in rows)
