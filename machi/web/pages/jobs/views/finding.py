"""Looking for work, and one post."""
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from machi.journey.queries import own_hours
from machi.matching.queries import PAGE, REWARD_STEPS, search_jobs
from machi.proposals.policies import can_read_post
from machi.shared import clock
from machi.shared.prepared import asked_together
from machi.shared.question import Question
from machi.taxonomy.queries import category_names
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.public import public
from machi.web.pages.jobs import search as searches
from machi.web.pages.jobs import shown
from machi.web.pages.jobs.cards import job_cards
from machi.web.pages.jobs.seeing import paused, readable


@require_safe
@public(seconds=5)
def index(request):
    """The list. htmx gets the results and the new counts; the address always says what is being looked for."""
    names = category_names()
    search = searches.read(request.GET, names)
    found = search_jobs(search.words, search.facets, page=search.page)
    response = page(request, "jobs/list.html", {
        "search": search, "found": found, "names": names, "cards": job_cards(found.rows, names), "today": clock.today(),
        "pages": Paginator(range(found.count), PAGE).get_page(found.number), "steps": REWARD_STEPS,
        "said": searches.sentence(found, search.words), "instead": None if found.count else searches.would_find(search, names),
        "chips": [(text, f"?{search.without(name).query()}") for name, text in search.chosen(names)],
        "kinds": searches.kinds_meant(search), "marks_hours": own_hours(request.user), "is_part": wants_part(request)}, part="results")
    if wants_part(request):
        asked = search.query(page=found.number if found.number > 1 else "")
        response.headers["HX-Replace-Url"] = f"{reverse('jobs:list')}?{asked}" if asked else reverse("jobs:list")
    return response


_seen = Question(lambda pk, user: readable(user).filter(pk=pk).select_related(
    "client", "client__person", "category", "topic").defer("pairs", "topic__marks").order_by("pk"))


@require_safe
@public(seconds=5)
def detail(request, pk):
    """One post. Its client finds a draft where it is written on."""
    job = one_or_404(_seen(pk, request.user.pk or 0))
    if job.published_at is None:
        return redirect("jobs:preview", pk=job.pk)
    if not can_read_post(request.user, job):
        return paused(request, job)
    crumbs = shown.crumbs(job, _("frame.jobs"))
    with asked_together(*shown.about_post(job)):
        told = shown.post(job)
    return page(request, "jobs/detail.html", told | shown.for_one(job, request.user) | {"crumbs": crumbs})
