"""Posts that somebody of the town reads before they open: only where a rule about words asks for it (ひと目)."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.jobs import actions
from machi.jobs.looks import JobLook
from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned
from machi.web.desk.posts.forms import ReturnForm
from machi.web.desk.posts.showing import history, parts
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent

PER_PAGE, LONGEST = 20, 500


@at_desk("moderator")
@require_GET
def posts(request):
    """What waits, the oldest first."""
    waiting = JobLook.objects.waiting().select_related("job", "job__client", "job__client__person", "job__category")
    return page(request, "desk/posts/list.html", {"pages": Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))})


@at_desk("moderator")
@require_http_methods(["GET", "POST"])
def post(request, pk):
    """One post with the words that were found; sending it back with words of one's own."""
    look, form = _look(request, pk), ReturnForm(sent(request))
    if look.answer:
        return _over(request, look)
    if not form.is_valid():
        return _post(request, look, form, status=422 if form.is_bound else 200)
    try:
        actions.return_look(look=look, by=request.user, words=form.cleaned_data["words"])
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _post(request, look, form, status=409)
    messages.success(request, _("desk.post.returned") % {"title": look.job.title})
    return redirect("desk:posts")


@at_desk("moderator")
@require_POST
def pass_post(request, pk):
    """It opens as it stands."""
    look = _look(request, pk)
    if look.answer:
        return _over(request, look)
    try:
        actions.pass_look(look=look, by=request.user)
    except DomainError as refusal:
        return _post(request, look, ReturnForm(), refusal=str(refusal), status=409)
    messages.success(request, _("desk.post.passed") % {"title": look.job.title})
    return redirect("desk:posts")


def _look(request, pk: int) -> JobLook:
    """What waits; and for a page that is old, what waited when it was opened."""
    looks = JobLook.objects.all() if request.method == "POST" else JobLook.objects.waiting()
    return get_object_or_404(looks.select_related("job", "job__client", "job__client__person", "job__category"), pk=pk)


def _over(request, look: JobLook):
    """Its client has written on, or a colleague was first: nothing is done, what was typed stays, and the post is nobody's to read now."""
    return page(request, "desk/posts/over.html", {"reading": look, "typed": cleaned(request.POST.get("words", ""))[:LONGEST]}, status=409)


def _post(request, look: JobLook, form: ReturnForm, *, refusal: str = "", status: int = 200):
    return page(request, "desk/posts/post.html", {"reading": look, "form": form, "refusal": refusal, "parts": parts(look.job),
                                                  "history": history(look.job)}, status=status)
