"""What came along with a request: a form, and the place where somebody wants to go on to."""
from django.utils.http import url_has_allowed_host_and_scheme


def sent(request):
    """What a form was sent with. A form that was sent empty was sent all the same, and is answered so."""
    return request.POST if request.method == "POST" else None


def onward(request) -> str:
    """Where somebody was going (`next`): an address of this town, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else ""
