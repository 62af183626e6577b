"""Three pages."""
from types import SimpleNamespace

from django.views.decorators.http import require_GET

from bench.peer import asking, people
from bench.peer.engine import FIELDS, page
from bench.peer.plainly import plainly
from machi.accounts.queries import chosen_role
from machi.contracts import queries as contracts
from machi.contracts.policies import can_read_work
from machi.messaging.actions import mark_read
from machi.payments import queries as payments
from machi.portfolio import queries as portfolio
from machi.profiles.queries import completeness
from machi.proposals.queries import posts_with_waiting
from machi.reviews import badges
from machi.reviews import queries as reviews
from machi.shared import clock
from machi.web.frame import look
from machi.web.pages.contracts.forms import MessageForm
from machi.web.pages.contracts.showing import contract_for, fresh_key, has_news, room_context, thread_of
from machi.web.pages.front import steps
from machi.web.pages.journey import ways
from machi.web.pages.notices.rows import rows_of
from machi.web.pages.profiles import undo
from machi.web.pages.profiles.sections import FOR_ME, shown

INSTEAD = {
    steps._in_hand: asking.in_hand, contracts._steps: asking.steps, contracts._newest_rounds: asking.newest_rounds,
    portfolio._cards: people.pieces, reviews._newest_thanks: people.newest_thanks, badges._person: people.earned}


@require_GET
@plainly(INSTEAD)
def home(request):
    user = request.user
    person = people.person(user)
    mine, standing, role = people.page_of(person), asking.standing_of(person), chosen_role(user)
    posts = posts_with_waiting(user, role.party)
    jobs = [] if role.is_organisation else asking.jobs_for(user, mine, ways.leaning(standing))
    rows = [(SimpleNamespace(category=job.category_id), reason) for job, reason in jobs]
    payment = payments.next_payment(user)
    return page(request, "home.html", {
        "todo": steps.next_steps(user, mine, posts, role, payment), "jobs": jobs, "today": clock.today(), "posts": posts, "role": role,
        "payment": payment, "written": completeness(mine), **ways.at_home(standing, mine, rows),
        "notices": rows_of(asking.newest_notices(user))})


@require_GET
@plainly(INSTEAD)
def room(request, pk: int):
    contract, user = contract_for(request, pk), request.user
    thread = thread_of(contract, user) if can_read_work(user, contract) else None
    context = room_context(request, contract, MessageForm(initial={"key": fresh_key()}, renderer=FIELDS), thread=thread)
    if thread and has_news(contract, thread, context["letters"], user):
        mark_read(thread=thread, by=user)
        look.forget_news(user)
    return page(request, "room.html", context)


@require_GET
@plainly(INSTEAD)
def me(request):
    """With no form open."""
    person = people.person(request.user, "names", "private_conditions")
    written, own = people.page_of(person), people.own_of(person)
    return page(request, "me.html", shown(FOR_ME, person, written) | {
        "written": written, "own": own, "today": clock.today(), "removed": undo.remembered(request)})
