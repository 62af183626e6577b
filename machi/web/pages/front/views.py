"""The town's door, the number it is measured by, and the home of whoever is inside."""
from django.views.decorators.http import require_GET

from machi.accounts.queries import chosen_role
from machi.journey.queries import standing_of
from machi.matching import queries as matching
from machi.payments import queries as payments
from machi.profiles.queries import completeness, page_of
from machi.proposals.queries import posts_with_waiting
from machi.shared import clock
from machi.web.frame.jinja import page
from machi.web.frame.look import newest_of, unread
from machi.web.frame.public import public
from machi.web.pages.front import delivered, steps
from machi.web.pages.jobs.cards import job_cards
from machi.web.pages.journey import ways
from machi.web.pages.notices.rows import rows_of


@require_GET
@public(seconds=5)
def front(request):
    """街の入口: what this is, what was delivered, what is open and what is being built."""
    return page(request, "front/front.html", {
        "reward": payments.reward_delivered(), "today": clock.today(), "jobs": job_cards(matching.newest(at_most=4))})


@require_GET
@public(seconds=5)
def reward(request):
    """How the number on the front door is computed, and how it came about."""
    return page(request, "front/reward.html", {
        "reward": payments.reward_delivered(), "this_month": delivered.this_month(), "months": delivered.by_month(),
        "since": payments.delivered_since(), "today": clock.today()})


@require_GET
def home(request):
    """What comes next for this person, on both sides of the work."""
    mine, standing, role = page_of(request.user), standing_of(request.user), chosen_role(request.user)
    posts = posts_with_waiting(request.user, role.party)
    found = [] if role.is_organisation else matching.for_worker(
        request.user, at_most=4, page=mine, leaning=ways.leaning(standing))
    jobs = zip(job_cards(row for row, _reason in found), (reason for _row, reason in found), strict=True)
    payment = payments.next_payment(request.user)
    return page(request, "front/home.html", {
        "todo": steps.next_steps(request.user, mine, posts, role, payment), "jobs": list(jobs), "today": clock.today(),
        "posts": posts, "role": role, "payment": payment, "written": completeness(mine), **ways.at_home(standing, mine, found),
        "notices": rows_of(newest_of(request.user)), "new": unread(request.user)})
