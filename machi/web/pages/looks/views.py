"""How the town looks to one person, and where its own source is."""
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from machi.accounts import actions
from machi.web.frame.look import THEMES
from machi.web.frame.sent import onward
from machi.web.pages.looks import sourcecode

A_YEAR = 365 * 24 * 3600


@csrf_exempt        # the form stands on public pages, which carry no token; the browser says where it comes from
@require_POST
@login_not_required
def choose(request):
    """Language, ふりがな and light: one form in the header, plain cookies; the account remembers the language."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise PermissionDenied
    response = HttpResponse(status=303, headers={"Location": onward(request) or "/"})
    keep = {"max_age": A_YEAR, "samesite": "Lax", "httponly": True, "secure": settings.TLS}
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **keep)
        if request.user.is_authenticated:
            actions.speak(by=request.user, language=language)
    if request.POST.get("furigana") in {"on", "off"}:
        response.set_cookie("furigana", request.POST["furigana"], **keep)
    if request.POST.get("theme") in THEMES:
        response.set_cookie("theme", request.POST["theme"], **keep)
    return response


@require_GET
@login_not_required
def source(request):
    """The very program that runs here, for anybody who uses it (AGPL, section 13)."""
    return FileResponse(sourcecode.archive(), as_attachment=True, filename="machi-source.zip")
