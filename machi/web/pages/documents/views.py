"""The papers of both sides: searched, read, printed, taken along."""
import re
import zipfile
from collections.abc import Iterable, Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from machi.documents.models import Document
from machi.documents.queries import papers_of, versions_of
from machi.shared import clock
from machi.web.frame.archives import Sink, entry
from machi.web.frame.jinja import page
from machi.web.pages.documents.forms import SearchForm
from machi.web.pages.documents.reading import INDEX, Found, cells_of, headers, index_row, line_of, opened, pdf_of
from machi.web.pages.payments.exports import lines

SHOWN = 30
AT_ONCE = 200                       # papers in one archive: each PDF is drawn while it is taken


@require_GET
def papers(request):
    """The newest first. What was typed comes back with what is wrong about it, and then nothing is searched."""
    form = SearchForm(request.GET)
    found = papers_of(request.user, form.search())
    pages = Paginator(found if form.is_valid() else found.none(), SHOWN).get_page(request.GET.get("page"))
    return page(request, "documents/list.html", {
        "form": form, "pages": pages, "lines": [line_of(one, request.user) for one in pages], "is_search": _is_search(form),
        "this_year": clock.today().year, "parts": range(1, -(-pages.paginator.count // AT_ONCE) + 1), "at_once": AT_ONCE},
        status=200 if form.is_valid() else 422)


@require_GET
def paper(request, pk: int):
    """One paper as it was given out, to read and to print."""
    found = _found(request, pk)
    return page(request, "documents/paper.html", {
        "found": found, "document": found.document, "paper": found.payload, "kind": str(found.document.get_kind_display()),
        "versions": [one for one in versions_of(found.document) if one.pk != pk], "work": found.document.dealing.partition(":")})


@require_GET
def pdf(request, pk: int):
    """The same as a PDF that a screen reader can read."""
    found = _found(request, pk)
    return _file(pdf_of(found), found.name, "application/pdf")


@require_GET
def sheet(request, pk: int):
    """The same as lines for a spreadsheet."""
    found = _found(request, pk)
    [heads, *rows] = cells_of(found)
    return _file(b"".join(lines(heads, rows)), f"{found.name.removesuffix('.pdf')}.csv", "text/csv; charset=utf-8")


@require_GET
def index(request):
    """All that was found as one list."""
    found = papers_of(request.user, _search(request)).defer(None)
    rows = (index_row(one) for one in _each(found, request.user))
    return _stream(lines(list(INDEX), rows), f"machi-papers-{clock.today().isoformat()}.csv", "text/csv; charset=utf-8")


@require_GET
def archive(request):
    """What was found as PDFs, with a list: `part` by `part`, so that nobody waits for thousands at once."""
    asked = request.GET.get("part", "1")
    first = (int(asked) - 1) * AT_ONCE if re.fullmatch("[1-9][0-9]{0,5}", asked, re.ASCII) else 0
    found = list(opened(papers_of(request.user, _search(request)).defer(None)[first:first + AT_ONCE], request.user))
    return _stream(_zipped(found), f"machi-papers-{clock.today().isoformat()}.zip", "application/zip")


def _is_search(form: SearchForm) -> bool:
    return not form.is_valid() or any(value not in (None, "") for value in form.cleaned_data.values())


def _search(request):
    form = SearchForm(request.GET)
    if not form.is_valid():
        raise Http404
    return form.search()


def _found(request, pk: int) -> Found:
    document = get_object_or_404(Document.objects.visible_to(request.user).select_related("text"), pk=pk)
    found = next(opened([document], request.user), None)
    if found is None:
        raise Http404
    return found


def _each(found, user) -> Iterator[Found]:
    """Page by page: a list of thousands needs no more memory than a short one."""
    for first in range(0, found.count(), 500):
        yield from opened(found[first:first + 500], user)


def _zipped(found: Iterable[Found]) -> Iterator[bytes]:
    """An archive that is sent while it is made."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(entry("index.csv"), b"".join(lines(list(INDEX), [index_row(one) for one in found])))
        yield sink.taken()
        for one in found:
            zipped.writestr(entry(one.name), pdf_of(one))
            yield sink.taken()
    yield sink.taken()


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers=headers(name))


def _stream(parts: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(parts, content_type=kind, headers=headers(name))
