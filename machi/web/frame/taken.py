"""Files on their way in that are drawn anew: so many in a while from one person, so that everybody gets their turn."""
import contextlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from machi.files.storing import StoredFile, shown
from machi.shared.errors import DomainError
from machi.web.frame import limits


@contextlib.contextmanager
def taken(request, upload) -> Iterator[StoredFile | None]:
    """One file that will be shown, or none; it stays only if what it is handed over for is done. Raises DomainError as `shown` does,
    and when this person handed over many in a short time: what they typed stays, and the sentence says when to go on.
    """
    if upload and not limits.is_allowed(request, "put_file"):
        raise DomainError(_("file.too_often") % {"min": limits.minutes_to_wait(request)})
    with shown(upload) as files:
        yield next(iter(files), None)
