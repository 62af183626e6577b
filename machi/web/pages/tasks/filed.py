"""Files of answers on their way out: to whoever gave them and to the client, one by one, or all of a batch in a ZIP."""
import zipfile
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.shared import clock
from machi.shared.filenames import in_a_name
from machi.tasks import forms
from machi.tasks.models import AnswerFile, Batch
from machi.tasks.queries import forms_of
from machi.web.frame.archives import Sink, entry
from machi.web.frame.found import one_or_404
from machi.web.frame.given import FOR_SOME, HARMLESS, content_of, handed_over, picture
from machi.web.pages.payments.exports import lines
from machi.web.pages.tasks.way import own_batch

PIECE, AT_A_TIME = 1_000_000, 500                   # bytes that are read at once; rows


@require_GET
def file(request, pk: int):
    """A file that somebody gave: always a download, never something that a browser opens in the town's own name."""
    return handed_over(_one(request, pk).file)


@require_GET
def small(request, pk: int):
    """The picture that the town made of it, to be looked at beside the answer."""
    return picture(request, _one(request, pk).file, "small", is_public=False)


@require_GET
def all_of_a_batch(request, pk: int):
    """Every file that was given in answers, in one ZIP, with a list of them."""
    batch = own_batch(request, pk)
    if not batch.is_out or not forms.with_old(*forms_of(batch).values()).files:
        raise Http404
    called = _("tasks.export.files.name")
    name = f"{in_a_name(batch.title)}-{called}-{clock.today().isoformat()}.zip"
    return StreamingHttpResponse(_zipped(batch), content_type="application/zip", headers=HARMLESS | {
        "Content-Disposition": content_disposition_header(True, name), "Cache-Control": FOR_SOME})


def address(key: str) -> str:
    """Where a file lies for both sides, to be written down elsewhere."""
    return settings.SITE_URL + reverse("tasks:file", args=[key])


def _one(request, pk: int) -> AnswerFile:
    return one_or_404(list(AnswerFile.objects.visible_to(request.user).select_related("file").filter(pk=pk).order_by("pk")))


def _zipped(batch: Batch) -> Iterator[bytes]:
    """Page by page, and each file piece by piece. One that is not on the disk is left out; the list says which there were."""
    sink, rows = Sink(), []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for one in _of(batch):
            name = f"{one.answer.item.number:06}-{one.pk}-{in_a_name(one.file.given_name)}"
            try:
                content = content_of(one.file)
            except Http404:
                continue
            with content, archive.open(entry(name, zipfile.ZIP_STORED), "w", force_zip64=True) as into:
                while piece := content.read(PIECE):
                    into.write(piece)
                    yield sink.taken()
            rows.append([one.answer.item.number, one.answer.item.key, name, one.file.given_name, one.file.size])
        heads = [_("tasks.make.number"), _("tasks.export.key"), _("tasks.export.files.in_zip"), _("tasks.export.files.called"),
                 _("tasks.export.files.bytes")]
        archive.writestr(entry("files.csv"), b"".join(lines(heads, rows)))
    yield sink.taken()


def _of(batch: Batch) -> Iterator[AnswerFile]:
    found = AnswerFile.objects.handed_over(batch).select_related("file", "answer__item").order_by("answer__item__number", "pk")
    return found.iterator(chunk_size=AT_A_TIME)
