"""One sheet about me (職務経歴書): to look at, to print, to keep as PDF, to take to another program."""
from urllib.parse import quote

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.profiles.queries import own_of
from machi.shared import clock
from machi.web.frame.jinja import page
from machi.web.frame.problems import limited
from machi.web.pages.cv.forms import WishForm
from machi.web.pages.cv.json_resume import json_resume
from machi.web.pages.cv.sheet import pdf_of, sheet_of


@require_GET
def cv(request):
    """The sheet as it will be, and what may stand on it besides."""
    form = WishForm(request.GET)
    return page(request, "cv/cv.html", {
        "form": form, "sheet": sheet_of(request.user, form.wish()), "asked": request.GET.urlencode(), "own": own_of(request.user)})


@limited("set_sheet", counts_looks=True)
@require_GET
def pdf(request):
    """The sheet on one page of A4."""
    return _file(HttpResponse(pdf_of(request.user, WishForm(request.GET).wish()), content_type="application/pdf"), "pdf")


@require_GET
def resume(request):
    """The same as JSON Resume."""
    made = json_resume(request.user, WishForm(request.GET).wish())
    return _file(JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 2}), "json")


def _file(response: HttpResponse, ending: str) -> HttpResponse:
    called = _("cv.file")
    name = f"{called}-{clock.today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f"attachment; filename=\"machi-cv.{ending}\"; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
