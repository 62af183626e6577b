"""Questions about batches, bundles and answers."""
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from machi.notifications.words import yen
from machi.payments.queries import paid_works_count
from machi.tasks import policies, prices
from machi.tasks.models import Answer, Batch, BatchForm, Bundle, Import, Item


class Counted(NamedTuple):
    """A batch in numbers: its items without golds, its golds, and the answers that nobody has taken yet."""

    items: int
    golds: int
    free: int


class Missing(NamedTuple):
    """What must be there before a batch goes out: on which step of the way, and in words."""

    step: str
    words: str


def counted(batch: Batch) -> Counted:
    """As it stands now, asked of the items."""
    found = Item.objects.filter(batch=batch).aggregate(
        items=Count("pk", filter=Q(truth__isnull=True)), golds=Count("pk", filter=Q(truth__isnull=False)), free=Sum("places_free"))
    return Counted(found["items"], found["golds"], (found["free"] or 0) + batch.extra_left)


def form_of(batch: Batch) -> BatchForm | None:
    """The newest version."""
    return BatchForm.objects.filter(batch=batch).order_by("-version").first()


def import_of(batch: Batch) -> Import | None:
    """The file that was brought last."""
    return Import.objects.filter(batch=batch).order_by("-pk").first()


def unpublishable(batch: Batch) -> list[Missing]:
    """What is missing, in the order of the way to publishing."""
    found = []
    if not batch.title or not batch.category_id:
        found.append(Missing("about", _("tasks.batch.missing.about")))
    if not Item.objects.filter(batch=batch, truth__isnull=True).exists() or batch.imports.filter(state="waiting").exists():
        found.append(Missing("items", _("tasks.batch.missing.items")))
    if form_of(batch) is None:
        found.append(Missing("form", _("tasks.batch.missing.form")))
    elif batch.seconds_each is None:
        found.append(Missing("trial", _("tasks.batch.missing.trial") % {"n": prices.LEAST_TRIAL}))
    elif not batch.price_yen:
        found.append(Missing("price", _("tasks.batch.missing.price")))
    elif batch.price < (least := prices.least_price(batch.seconds_each)):
        found.append(Missing("price", _("tasks.batch.price.floor") % {"least": yen(least), "n": batch.seconds_each}))
    if batch.trial_golds and counted(batch).golds < batch.trial_golds:
        found.append(Missing("items", _("tasks.batch.missing.golds") % {"n": batch.trial_golds}))
    if not (batch.client.name or not batch.client.is_organisation) or not batch.client.address:
        found.append(Missing("client", _("tasks.batch.missing.client")))
    return found


def open_bundle(batch: Batch, worker) -> Bundle | None:
    return Bundle.objects.filter(batch=batch, worker=worker, state="open").first()


def bundles_under_way(worker):
    """What somebody has taken and not finished, the one touched last first."""
    return Bundle.objects.filter(worker=worker, state="open").select_related("batch", "batch__client", "form").order_by("-seen_at", "-pk")


def answers_of(bundle: Bundle):
    """In their order, with their items."""
    return Answer.objects.filter(bundle=bundle).select_related("item").order_by("position")


class Standing(NamedTuple):
    """May somebody take a bundle of this batch now, and is it their trial?"""

    refusal: str                        # in words; empty where they may
    is_trial: bool = False


def standing_in(batch: Batch, worker) -> Standing:
    """By what the batch asks of those who answer, and by how this person did in their trial."""
    if prices.is_below_floor(batch):
        return Standing(_("tasks.bundle.below_floor"))
    if batch.is_for_newcomers and not policies.has_no_record(worker):
        return Standing(_("tasks.bundle.for_newcomers"))
    if batch.record_needed and paid_works_count(worker, at_most=batch.record_needed) < batch.record_needed:
        return Standing(_("tasks.bundle.record_needed") % {"n": batch.record_needed})
    if not batch.trial_golds:
        return Standing("")
    tried = Answer.objects.filter(batch=batch, worker=worker, bundle__is_trial=True).exclude(is_right=None)
    numbers = tried.aggregate(all=Count("pk"), right=Count("pk", filter=Q(is_right=True)))
    if not numbers["all"]:
        return Standing("", is_trial=True)
    if numbers["right"] * 100 < numbers["all"] * batch.trial_percent:
        return Standing(_("tasks.bundle.trial_not_enough") % {"right": numbers["right"], "n": numbers["all"]})
    return Standing("")


def cells_of(item: Item, batch: Batch) -> dict[str, str]:
    """What stands in the columns of an item."""
    return dict(zip(batch.columns, item.cells, strict=False))         # of somebody who has left nothing stands there
