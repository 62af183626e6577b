"""Three pages."""
from types import SimpleNamespace

from django.views.decorators.http import require_GET

from bench.peer import asking
from bench.peer.engine import page
from bench.peer.plainly import plainly
from machi.accounts.queries import chosen_role
from machi.payments import queries as payments
from machi.profiles.queries import completeness
from machi.proposals.queries import posts_with_waiting
from machi.shared import clock
from machi.web.pages.front import steps
from machi.web.pages.journey import ways
from machi.web.pages.notices.rows import rows_of

INSTEAD = {steps._in_hand: asking.in_hand}


@require_GET
@plainly(INSTEAD)
def home(request):
    user = request.user
    mine, standing, role = asking.page_of(user), asking.standing_of(user), chosen_role(user)
    posts = posts_with_waiting(user, role.party)
    jobs = [] if role.is_organisation else asking.jobs_for(user, mine, ways.leaning(standing.wishes))
    rows = [(SimpleNamespace(category=job.category_id), reason) for job, reason in jobs]
    return page(request, "home.html", {
        "todo": steps.next_steps(user, mine, posts, role), "jobs": jobs, "today": clock.today(), "posts": posts, "role": role,
        "payment": payments.next_payment(user), "written": completeness(mine), **ways.at_home(standing, mine, rows),
        "notices": rows_of(asking.newest_notices(user))})
