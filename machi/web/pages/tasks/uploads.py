"""Files that come with an answer: looked at by their content, kept on the disk, and gone again where no deed takes them in."""
import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.files.actions import forget_untaken
from machi.files.kinds import PICTURES
from machi.files.storing import StoredFile, UnfitFile, called, kinds_of, store_given
from machi.shared.errors import DomainError
from machi.tasks import forms
from machi.tasks.forms.parts import File
from machi.tasks.forms.posted import field
from machi.web.frame import limits


class Brought(NamedTuple):
    """By the names of the blocks: what lies on the disk now, and why something does not."""

    files: dict[str, StoredFile]
    unfit: dict[str, str]


@contextlib.contextmanager
def brought(request, form: forms.Form) -> Iterator[Brought]:
    """What came along for the blocks of a form that ask for a file. What no deed has taken in by the end goes again."""
    found = Brought({}, {})
    try:
        for block in form.files:
            if uploads := request.FILES.getlist(field(block)):
                try:
                    found.files[block.name] = _kept(request, block, uploads)
                except DomainError as refusal:
                    found.unfit[block.name] = str(refusal)
        yield found
    finally:
        if found.files:
            forget_untaken(found.files.values())


def _kept(request, block: File, uploads: list) -> StoredFile:
    """Raises DomainError, in words that stand beside the field."""
    if len(uploads) > 1:
        raise UnfitFile(_("tasks.block.file.one"))
    [upload] = uploads
    if wrong := forms.too_big(block, called(upload), upload.size):
        raise UnfitFile(wrong)
    [kind] = kinds_of([upload])
    if wrong := forms.not_taken(block, called(upload), kind):
        raise UnfitFile(wrong)
    if kind in PICTURES and not limits.is_allowed(request, "answer_file"):
        raise DomainError(_("file.too_often") % {"min": limits.minutes_to_wait(request)})
    return store_given(upload)
