"""Writing, opening and pausing a service package. Locks: the person, then the package, so that twenty are never exceeded."""
from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.jobs.index import kind, marks_of_text
from machi.packages import facts, policies, wordings
from machi.packages.lifecycle import PACKAGE_LIFECYCLE
from machi.packages.models import AT_MOST, Package
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.seals import refuse_if_overtaken, values_of

WORDS = ("title", "body", "needs", "category", "price_yen", "days_count", "revisions_count", "place", "sync", "sync_note", "ai", "rights")


@transaction.atomic
def write_package(*, by, **words) -> Package:
    """Somebody prepares a service. Nobody else sees it until it is opened. The very same words twice are one package."""
    User.objects.select_for_update().get(pk=by.pk)
    if there := Package.objects.filter(worker=by, state="draft", **{name: words[name] for name in WORDS}).first():
        return there
    if Package.objects.filter(worker=by).count() >= AT_MOST:
        raise DomainError(_("package.full") % {"n": AT_MOST})
    now = clock.now()
    package = Package(worker=by, written_at=now, changed_at=now)
    _write(package, words)
    package.save()
    activity.record(actor=by, fact=facts.PACKAGE_WRITTEN, about=package.reference)
    return package


@transaction.atomic
def change_package(*, package: Package, by, seen: str | None = None, **words) -> Package:
    """Other words. Whoever has asked already keeps the terms they asked with. `seen`: the seal of what stood on the screen.
    A service that is open takes no words for which it could not have been opened: WordsStopped, and the old ones stay.
    """
    package = _locked(package, by)
    refuse_if_overtaken(seen, values_of(package, WORDS), {name: getattr(value, "pk", value) for name, value in words.items()})
    before = wordings.words_of(package)
    package.state = PACKAGE_LIFECYCLE.next(package.state, "change")
    package.version += 1
    package.changed_at = clock.now()
    _write(package, words)
    if package.is_open:
        wordings.check_words(package, before)
    package.save()
    activity.record(actor=by, fact=facts.PACKAGE_CHANGED, about=package.reference, version=package.version)
    return package


@transaction.atomic
def open_package(*, package: Package, by) -> Package:
    """From now on it stands on the page and can be asked for (公開). Raises WordsStopped with words that must be changed first."""
    package = _locked(package, by)
    if not policies.can_open_package(by, package):
        raise NotAllowed(_("package.moved_on"))
    wordings.check_words(package)
    return _move(package, "open", facts.PACKAGE_OPENED, by)


@transaction.atomic
def pause_package(*, package: Package, by) -> Package:
    """Nobody can ask for it until it is opened again (お休み). What was asked before goes on."""
    package = _locked(package, by)
    if not policies.can_pause_package(by, package):
        raise NotAllowed(_("package.moved_on"))
    return _move(package, "pause", facts.PACKAGE_PAUSED, by)


def _move(package: Package, move: str, fact: str, by) -> Package:
    package.state = PACKAGE_LIFECYCLE.next(package.state, move)
    package.opened_at = package.opened_at or clock.now()
    package.save(update_fields=["state", "opened_at"])
    activity.record(actor=by, fact=fact, about=package.reference)
    return package


def _write(package: Package, words: dict) -> None:
    for name in WORDS:
        setattr(package, name, words[name])
    package.pairs = sorted(marks_of_text(f"{package.title} {package.body} {package.category.name_ja}") | {kind(package.category_id)})


def _locked(package: Package, by) -> Package:
    if not policies.can_change_package(by, package):
        raise NotAllowed(_("profile.not_yours"))
    return Package.objects.locked().select_related("category").get(pk=package.pk)
