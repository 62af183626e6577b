"""Topics (題材): what people love and what posts are about, to look through without typing and without a script."""
from django.views.decorators.http import require_safe

from machi.taxonomy.queries import topics_like, topics_named_most
from machi.web.frame.jinja import page
from machi.web.frame.public import public

FOUND = 40


@require_safe
@public(seconds=5)
def index(request):
    """What is named most, or what was typed: each leads to its jobs, and to one's own page."""
    words = request.GET.get("q", "")[:40]
    topics = topics_like(words, at_most=FOUND) if words else topics_named_most()
    return page(request, "topics/list.html", {"topics": topics, "words": words}, part="found")
