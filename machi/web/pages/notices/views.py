"""What the town has told a person: the list, the way to each thing, and which of it also comes by mail."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.notifications import actions
from machi.notifications.queries import notices_of, unread_count
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.notices import places, rows
from machi.web.pages.notices.forms import MailForm

PER_PAGE = 30


@require_GET
def index(request):
    """Newest first, day by day; what is new is marked with a word."""
    pages = Paginator(notices_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "notices/list.html", {
        "pages": pages, "days": rows.by_day(pages), "new": unread_count(request.user)}, part="results")


@require_GET
def open_notice(request, pk):
    """The link in every mail: the notice is read, and the person stands before the thing itself."""
    notice = get_object_or_404(notices_of(request.user), pk=pk)
    actions.mark_read(by=request.user, notice=notice)
    return redirect(places.place_of(notice, request.user))


@require_POST
def read_all(request):
    """Everything in the list is known."""
    actions.mark_all_read(by=request.user)
    return redirect("notices:list")


@require_http_methods(["GET", "POST"])
def mail(request):
    """One switch for each matter about which the town writes."""
    form = MailForm(sent(request), user=request.user)
    if not form.is_valid():
        return page(request, "notices/mail.html", {"form": form}, part="choices", status=422 if form.is_bound else 200)
    actions.choose_mail(by=request.user, kinds_wanted=form.kinds_wanted())
    messages.success(request, _("notices.mail.saved"))
    return redirect("notices:mail")
