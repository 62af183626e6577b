"""Files become somebody's, and are forgotten. The row and the disk agree: a row is written with the deed, the disk is swept."""
from collections.abc import Iterable, Sequence

from django.db import transaction

from machi.files.models import File
from machi.files.storing import StoredFile, forget_stored, old_names_on_disk
from machi.shared import clock

SWEPT_AT_ONCE = 1000                    # names in one question


def take_in(files: Sequence[StoredFile], *, by) -> list[File]:
    """Files that lie on the disk now belong to a deed of this person; in the order in which they were given."""
    now = clock.now()
    return File.objects.bulk_create(File(
        owner=by, name=file.name, stored_as=file.stored_as, kind=file.kind, size=file.size, sha256=file.sha256, width=file.width,
        height=file.height, has_original=file.has_original, kept_at=now) for file in files)


@transaction.atomic
def forget(files: Iterable[File]) -> None:
    """Nothing points at these files any more: the rows go now, the disk when that is certain."""
    for file in files:
        transaction.on_commit(lambda name=file.stored_as: forget_stored(name))
        file.delete()


def forget_untaken(files: Iterable[StoredFile]) -> None:
    """Of files that lie on the disk those go that no deed has taken in: it was refused, or broke off."""
    names = {file.stored_as for file in files}
    for name in names - set(File.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)):
        forget_stored(name)


def sweep() -> int:
    """Whatever lies on the disk for a day without a row was left by something that broke off. Returns how many were forgotten."""
    names, swept = sorted(old_names_on_disk()), 0
    for start in range(0, len(names), SWEPT_AT_ONCE):
        some = names[start:start + SWEPT_AT_ONCE]
        known = set(File.objects.filter(stored_as__in=some).values_list("stored_as", flat=True))
        for name in set(some) - known:
            forget_stored(name)
            swept += 1
    return swept
