"""What everybody may read before they join: short guides, how money flows, and the papers of the town."""
from django.http import Http404
from django.views.decorators.http import require_GET

from machi.shared import clock
from machi.web.frame.jinja import page
from machi.web.frame.public import public
from machi.web.pages.guide import badges, flow
from machi.web.pages.guide.papers import PAPERS, version_of
from machi.web.pages.guide.tips import TIPS


@require_GET
@public(seconds=5)
def index(request):
    """All of it on one page."""
    return page(request, "guide/index.html", {"tips": TIPS.values()})


@require_GET
@public(seconds=5)
def tip(request, slug):
    """One short guide (コツ)."""
    if slug not in TIPS:
        raise Http404
    others = [other for other in TIPS.values() if other.slug != slug]
    return page(request, "guide/tip.html", {"tip": TIPS[slug], "others": others})


@require_GET
@public(seconds=5)
def money(request):
    """How money flows: every figure here is computed by the function that settles contracts."""
    today = clock.today()
    return page(request, "guide/money.html", {
        "today": today, "examples": flow.examples(today), "plans": flow.plans_of(today),
        "withheld": flow.withheld_examples(today),
        "days": flow.example_days(today)})


@require_GET
@public(seconds=5)
def badge_rules(request):
    """What the record counts, and the rule of each badge, in the numbers that really decide."""
    return page(request, "guide/badges.html", {"of_workers": badges.rules_of_workers(), "of_clients": badges.rules_of_clients()})


@require_GET
@public(seconds=5)
def paper(request, name):
    """One paper of the town, with its version."""
    return page(request, "guide/paper.html", {"paper": PAPERS[name], "name": name, "version": version_of(name)})
