"""What people wrote as they left the town: read here, as the page of leaving says, and with nobody's name."""
from django.core.paginator import Paginator
from django.views.decorators.http import require_GET

from machi.privacy.queries import last_words
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page

PER_PAGE = 50


@at_desk("operator")
@require_GET
def read(request):
    """Month by month: in which way somebody left, and their words."""
    return page(request, "desk/last_words.html", {"pages": Paginator(last_words(), PER_PAGE).get_page(request.GET.get("page"))})
