"""The first page of the desks: which of them are open for me, and what my duties are."""
from django.views.decorators.http import require_GET

from machi.accounts import roles
from machi.accounts.queries import duties_of
from machi.web.desk.places import places_for
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page


@at_desk(*roles.DUTIES)
@require_GET
def index(request):
    """One's own duties, with what each may do and must never do."""
    held = duties_of(request.user)
    return page(request, "desk/index.html", {
        "places": places_for(held), "duties": [role for key, role in roles.DUTIES.items() if key in held]})
