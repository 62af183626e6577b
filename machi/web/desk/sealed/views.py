"""Papers under seal (封をした書類): for finance and auditors; whoever opens one leaves a fact."""
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from machi.privacy import actions
from machi.privacy.in_words import additions_in, items_of
from machi.privacy.keys import KeyGone
from machi.privacy.queries import sealed_papers
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page

PER_PAGE = 50


@at_desk("finance", "auditor")
@require_GET
def sealed(request):
    """Which papers there are, of which number, until which day; `of`: of one number alone. What stands in them is not shown here."""
    of = request.GET.get("of", "")
    papers = sealed_papers().filter(holder__person=int(of)) if of.isascii() and of.isdigit() and len(of) < 16 else sealed_papers()
    pages = Paginator(papers, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "desk/sealed.html", {"pages": pages})


@at_desk("finance", "auditor")
@require_POST
def open_sealed(request, pk: int):
    """One paper, opened once more: each time is written down. It asks for a form, so that no link and no reader ahead opens it."""
    paper = get_object_or_404(sealed_papers(), pk=pk)
    try:
        opened, refusal = actions.read_sealed(paper=paper, by=request.user), ""
    except KeyGone:
        opened, refusal = None, _("desk.sealed.gone")
    return page(request, "desk/sealed_paper.html", {
        "paper": paper, "terms": items_of(opened) if opened else [], "additions": additions_in(opened) if opened else [],
        "refusal": refusal}, status=409 if refusal else 200)
