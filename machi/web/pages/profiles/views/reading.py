"""A person as everybody sees them."""
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from machi.accounts.models import User
from machi.packages.queries import about_packages, open_packages_of
from machi.portfolio.queries import TO_CLIENTS, about_cards, cards_of
from machi.profiles.queries import Page, about_somebody, page_of, page_of_somebody
from machi.reviews.queries import all_reviews_of_worker, all_thanks_to
from machi.shared import clock
from machi.shared.prepared import asked_together
from machi.taxonomy.queries import category_names
from machi.web.frame.jinja import page
from machi.web.frame.public import public as kept_for_everybody
from machi.web.pages.portfolio.seeing import works_for
from machi.web.pages.profiles.sections import FOR_OTHERS, about_others_page, reviews_in_words, shown, thanks_in_words

HERE = "profiles/public.html"


@require_GET
@kept_for_everybody(seconds=5)
def public(request, pk):
    """A person as everybody sees them: strengths first, what was counted apart from what they say themselves."""
    with asked_together(*about_somebody(pk), *about_others_page(pk), *about_cards(pk), *about_packages(pk)):
        written = page_of_somebody(pk)
        if written is None:
            raise Http404
        seen = _read(written, request.user, is_own=written.user == request.user)
    return page(request, HERE, seen)


@require_GET
@kept_for_everybody(seconds=5)
def reviews(request, pk):
    """Everything that clients wrote about a person, page by page."""
    somebody = _here_or_404(pk)
    pages = all_reviews_of_worker(somebody, request.GET.get("page"))
    return page(request, "profiles/reviews.html", {"somebody": somebody, "pages": pages, "reviews": reviews_in_words(pages)})


@require_GET
@kept_for_everybody(seconds=5)
def thanks(request, pk):
    """Every thanks that a person received, page by page."""
    somebody = _here_or_404(pk)
    pages = all_thanks_to(somebody, request.GET.get("page"))
    return page(request, "profiles/thanks.html", {"somebody": somebody, "pages": pages, "thanks": thanks_in_words(pages)})


def _here_or_404(pk: int) -> User:
    return get_object_or_404(User, pk=pk, is_active=True, closed_at=None)


@require_GET
def preview(request):
    """My page with the eyes of others: of anybody, or of a client to whom I have applied (they see the works I show to clients)."""
    seen = _read(page_of(request.user), AnonymousUser(), preview="client" if request.GET.get("as") == "client" else "anybody")
    return page(request, HERE, seen | ({"works": cards_of(request.user.pk, TO_CLIENTS)} if seen["preview"] == "client" else {}))


def _read(written: Page, reader, *, is_own: bool = False, preview: str = "") -> dict:
    person = written.user
    return shown(FOR_OTHERS, person, written) | {
        "works": works_for(reader, person), "packages": open_packages_of(person.pk),
        "kinds_of_work": category_names(), "somebody": person, "written": written,
        "is_own": is_own, "preview": preview, "today": clock.today()}
