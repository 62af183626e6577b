"""Service packages: the list anybody can search, the page of one, and how its worker writes, opens and pauses it."""
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from machi.accounts.models import User
from machi.jobs.errors import WordsStopped
from machi.packages import actions, policies
from machi.packages.models import AT_MOST, Package
from machi.packages.queries import own_packages, search_packages
from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned
from machi.shared.seals import seal, values_of
from machi.taxonomy.queries import category_names
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import lead, page
from machi.web.frame.public import public
from machi.web.frame.sent import sent
from machi.web.pages.packages.forms import PackageForm
from machi.web.pages.packages.showing import both_sides

LONGEST = 100                               # characters of a search


@require_safe
@public(seconds=5)
def index(request):
    """Services that are open, the newest first, by words and by kind of work."""
    names, number = category_names(), request.GET.get("page", "")
    words = " ".join(cleaned(request.GET.get("q", "")).split())[:LONGEST]
    category = request.GET.get("category", "") if request.GET.get("category") in names else ""
    found = search_packages(words, category, page=int(number) if number.isdecimal() and len(number) < 6 else 1)
    query = urlencode({name: value for name, value in (("q", words), ("category", category)) if value})
    return page(request, "packages/list.html", {"found": found, "words": words, "category": category, "names": names, "query": query},
                part="results")


@require_safe
def mine(request):
    """What I have prepared, each with what can be done with it."""
    packages = own_packages(request.user)
    return page(request, "packages/mine.html", {"packages": packages, "is_full": len(packages) >= AT_MOST, "most": AT_MOST})


@require_safe
@public(seconds=5)
def detail(request, pk: int):
    """One service, as anybody reads it: what is in it, both sides' money, and by when."""
    package = one_or_404(list(Package.objects.visible_to(request.user).filter(pk=pk).select_related("worker", "category")))
    return page(request, "packages/detail.html", both_sides(package, request.user) | {
        "package": package, "is_own": package.worker_id == request.user.pk,
        "can_open": policies.can_open_package(request.user, package), "can_pause": policies.can_pause_package(request.user, package)})


@require_http_methods(["GET", "POST"])
def new(request):
    """Prepare a service. It stands nowhere until it is opened."""
    form = PackageForm(sent(request))
    if not form.is_valid():
        return _form(request, form, 422 if form.is_bound else 200)
    try:
        package = actions.write_package(by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, 409)
    return _saved(request, package)


@require_http_methods(["GET", "POST"])
def change(request, pk: int):
    """Other words. Whoever has asked already keeps their terms."""
    package = _own(request.user, pk)
    form = PackageForm(sent(request), initial=_written(package)).read(seal(_written(package)))
    if not form.is_valid():
        return _form(request, form, 422 if form.is_bound else 200, package)
    try:
        actions.change_package(package=package, by=request.user, seen=form.seal, **form.cleaned_data)
    except WordsStopped as stop:
        return _stopped(request, form, stop, package)
    except DomainError as refusal:
        form.refuse(refusal, _written(_own(request.user, pk)))
        return _form(request, form, 409, package)
    return _saved(request, package)


@require_POST
def open_(request, pk: int):
    """From now on anybody can ask for it; or the words that must be changed first stand beside their fields."""
    try:
        return _moved(request, pk, actions.open_package, _("package.opened"))
    except WordsStopped as stop:
        package = _own(request.user, pk)
        form = PackageForm({name: str(value) for name, value in _written(package).items()})
        form.is_valid()
        form.seal = seal(_written(package))
        return _stopped(request, form, stop, package)


@require_POST
def pause(request, pk: int):
    """Nobody can ask for it for a while."""
    return _moved(request, pk, actions.pause_package, _("package.paused"))


def _moved(request, pk: int, deed, said: str):
    try:
        deed(package=_own(request.user, pk), by=request.user)
        messages.success(request, said)
    except WordsStopped:
        raise
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("packages:detail", pk)


def _own(user: User, pk: int) -> Package:
    return one_or_404(list(Package.objects.filter(worker=user, pk=pk).select_related("category", "worker")))


def _written(package: Package) -> dict:
    """As the form shows it, and as its seal is taken."""
    return {name.removesuffix("_id"): value for name, value in values_of(package, actions.WORDS).items()}


def _stopped(request, form: PackageForm, stop: WordsStopped, package: Package):
    """422: each sentence beside its field; what was typed stays, and so does what others read."""
    for field, findings in stop.found.items():
        form.add_error(field, [finding.advice for finding in findings])
    return _form(request, form, 422, package)


def _form(request, form: PackageForm, status: int, package: Package | None = None):
    return page(request, "packages/form.html", {"form": form, "package": package}, part="form", status=status)


def _saved(request, package: Package):
    messages.success(request, _("me.saved"))
    address = reverse("packages:detail", args=[package.pk])
    return lead(request, address)
