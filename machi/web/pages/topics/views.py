"""Topics (題材): what people love and what posts are about, to look through without typing and without a script. Whoever types
finds kinds of work and skills beside them.
"""
from django.views.decorators.http import require_safe

from machi.shared.japanese import cleaned
from machi.taxonomy.queries import categories_like, skills_like, topics_like, topics_named_most
from machi.web.frame.jinja import page
from machi.web.frame.public import public

FOUND = 40


@require_safe
@public(seconds=5)
def index(request):
    """The topics named most, or what is found by what was typed: each leads to its jobs, and to one's own page."""
    words = cleaned(request.GET.get("q", ""))[:40]
    topics = topics_like(words, at_most=FOUND) if words else topics_named_most()
    kinds, skills = (like(words, at_most=FOUND) for like in (categories_like, skills_like))
    return page(request, "topics/list.html", {"topics": topics, "kinds": kinds, "skills": skills, "words": words}, part="found")
