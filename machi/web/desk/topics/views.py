"""The list of topics (題材): what people brought is looked at, named well, and merged where two are one."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned
from machi.taxonomy import actions
from machi.taxonomy.models import Topic
from machi.taxonomy.queries import topics_beside, topics_like
from machi.web.desk.topics.forms import DescribeForm, IntoForm
from machi.web.desk.topics.showing import uses_of
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent

PER_PAGE, BESIDE, FOUND = 20, 6, 20
LISTS = {"new": Topic.objects.to_look_at().for_everybody().order_by("-pk"),
         "merged": Topic.objects.exclude(merged_into=None).select_related("merged_into").defer("marks").order_by("-merged_at", "-pk")}


@at_desk("editor")
@require_GET
def topics(request):
    """What people brought since an editor looked last, each with what may be the same; what was merged; and a search."""
    words, shown = cleaned(request.GET.get("q", ""))[:40], request.GET.get("list")
    shown = shown if shown in LISTS else "new"
    pages = Paginator(topics_like(words, at_most=FOUND) if words else LISTS[shown].all(), PER_PAGE).get_page(request.GET.get("page"))
    beside = topics_beside(list(pages)) if shown == "new" and not words else {}
    return page(request, "desk/topics/list.html", {"pages": pages, "beside": beside, "words": words, "shown": shown}, part="found")


@at_desk("editor")
@require_http_methods(["GET", "POST"])
def topic(request, pk):
    """One topic: how it is called, what may be the same, and what was merged into it."""
    found = _standing_or_404(pk)
    if found.pk != pk:
        return redirect("desk:topic", found.pk)
    form = DescribeForm(sent(request), initial=DescribeForm.of(found))
    if not form.is_valid():
        return _topic(request, found, form, status=422 if form.is_bound else 200)
    try:
        actions.describe_topic(topic=found, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error("name", str(refusal))
        return _topic(request, found, form, status=409)
    messages.success(request, _("desk.topic.saved"))
    return redirect("desk:topic", pk)


@at_desk("editor")
@require_POST
def leave(request, pk):
    """A new topic is good as it is."""
    found = actions.leave_topic(topic=_standing_or_404(pk), by=request.user)
    messages.success(request, _("desk.topic.left") % {"name": found.name})
    return redirect("desk:topics")


@at_desk("editor")
@require_http_methods(["GET", "POST"])
def merge(request, pk):
    """Choose the topic it becomes; see what will follow; do it."""
    found = _standing_or_404(pk)
    form = IntoForm(request.POST if request.method == "POST" else request.GET if "into" in request.GET else None)
    if request.method == "GET" or not form.is_valid():
        return _merge(request, found, form, status=422 if form.is_bound and not form.is_valid() else 200)
    try:
        into = actions.merge_topics(topic=found, into=form.cleaned_data["into"], by=request.user)
    except DomainError as refusal:
        form.add_error("into", str(refusal))
        return _merge(request, found, form, status=409)
    messages.success(request, _("desk.topic.merged") % {"name": found.name, "into": into.name})
    return redirect("desk:topic", into.pk)


@at_desk("editor")
@require_POST
def part(request, pk):
    """Undo a merge."""
    found = get_object_or_404(Topic, pk=pk)
    try:
        found = actions.part_topics(topic=found, by=request.user)
    except DomainError as refusal:
        return _topic(request, _standing_or_404(pk), None, refusal=str(refusal), status=409)
    messages.success(request, _("desk.topic.parted") % {"name": found.name})
    return redirect("desk:topic", pk)


def _standing_or_404(pk: int) -> Topic:
    """A merged topic leads on to the one it was merged into. What only a draft names is its writer's, and no editor's."""
    found = get_object_or_404(Topic.objects.for_everybody().select_related("merged_into"), pk=pk)
    return found.merged_into or found


def _topic(request, found: Topic, form: DescribeForm | None, *, refusal: str = "", status: int = 200):
    return page(request, "desk/topics/topic.html", {
        "topic": found, "form": form or DescribeForm(initial=DescribeForm.of(found)), "refusal": refusal, "uses": uses_of(found),
        "beside": topics_beside([found], at_most=BESIDE)[found.pk], "merged": found.merged.order_by("-merged_at", "pk")}, status=status)


def _merge(request, found: Topic, form: IntoForm, *, status: int):
    words = cleaned(request.GET.get("q", ""))[:40]
    into = form.cleaned_data.get("into") if form.is_bound and form.is_valid() else None
    offered = topics_like(words, at_most=FOUND) if words else topics_beside([found], at_most=BESIDE)[found.pk]
    return page(request, "desk/topics/merge.html", {
        "topic": found, "form": form, "into": into if into != found else None, "uses": uses_of(found, into), "words": words,
        "offered": [other for other in offered if other != found]}, part="offered", status=status)
