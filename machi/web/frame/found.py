"""A thing that a page is about, or no page."""
from django.http import Http404


def one_or_404(found: list):
    """The one answer to a question. Somebody else's thing is answered exactly like a missing one."""
    if not found:
        raise Http404
    return found[0]
