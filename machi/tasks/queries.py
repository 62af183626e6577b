"""Questions about batches, bundles and answers."""
import datetime
import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from machi.notifications.words import yen
from machi.payments.queries import held_for_batch, paid_works_count
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks import forms, policies, prices
from machi.tasks.forms import Unit, unit
from machi.tasks.lifecycle import IS_OPEN, AnswerState
from machi.tasks.models import Answer, AnswerFile, Batch, BatchForm, Bundle, Closing, Import, Item, Outcome, Parcel, Piece, Slots

UNFIT_NAMED, UNFIT_KEPT = 5, 10_000                 # golds: so many are named; texts that are read once


class Missing(NamedTuple):
    """What must be there before a batch goes out: on which step of the way, and in words."""

    step: str
    words: str


_STILL_FREE = """
    SELECT (SELECT coalesce(sum(places_free), 0) FROM tasks_item WHERE batch_id = %(batch)s AND places_free > 0)
         + (SELECT count(*) FROM tasks_answer a JOIN tasks_bundle u ON u.id = a.bundle_id
             WHERE u.batch_id = %(batch)s AND u.state = 'open' AND a.state IN ('held', 'given'))
         + (SELECT count(*) FROM tasks_answer WHERE batch_id = %(batch)s AND state = 'flagged')"""


def may_be_free(batch: Batch) -> int:
    """Answers that nobody has taken, or whose place may be free again: somebody can still step over them, leave them, or take them back.
    Counted at one moment: what is given back meanwhile is counted once.
    """
    with connection.cursor() as db:
        db.execute(_STILL_FREE, {"batch": batch.pk})
        return int(db.fetchone()[0]) + batch.extra_left


def form_of(batch: Batch) -> BatchForm | None:
    """The newest version."""
    return BatchForm.objects.filter(batch=batch).order_by("-version").first()


def forms_of(batch: Batch) -> dict[int, forms.Form]:
    """All versions, the newest first: by each of them somebody may have answered."""
    versions = BatchForm.objects.filter(batch=batch).order_by("-version").values_list("version", "parts")
    return {version: forms.parse(parts) for version, parts in versions}


def kinds_used(batch: Batch) -> dict[str, str]:
    """Of what kind each part was that people have answered by: name -> kind. A name keeps its kind, or old answers could not be read."""
    versions = BatchForm.objects.filter(batch=batch).order_by("version").values_list("parts", flat=True) if batch.is_out else ()
    return {part["name"]: part["kind"] for form in versions for part in form.get("parts", ())}


def import_of(batch: Batch) -> Import | None:
    """The file that was brought last."""
    return Import.objects.filter(batch=batch).order_by("-pk").first()


def unpublishable(batch: Batch) -> list[Missing]:
    """What is missing, in the order of the way to publishing."""
    found = []
    if not batch.title or not batch.category_id:
        found.append(Missing("about", _("tasks.batch.missing.about")))
    if not batch.items_count or batch.imports.filter(state="waiting").exists():
        found.append(Missing("items", _("tasks.batch.missing.items")))
    if form_of(batch) is None:
        found.append(Missing("form", _("tasks.batch.missing.form")))
    elif lacks_media(batch, forms.parse(form_of(batch).parts)):
        found.append(Missing("media", _("tasks.batch.missing.media")))
    elif batch.seconds_each is None:
        found.append(Missing("trial", _("tasks.batch.missing.trial") % {"n": prices.LEAST_TRIAL}))
    elif not batch.price_yen:
        found.append(Missing("price", _("tasks.batch.missing.price")))
    elif batch.price < (least := prices.least_price(batch.seconds_each)):
        found.append(Missing("price", _("tasks.batch.price.floor") % {"least": yen(least), "n": batch.seconds_each}))
    if batch.trial_golds and batch.golds_count < batch.trial_golds:
        found.append(Missing("items", _("tasks.batch.missing.golds") % {"n": batch.trial_golds}))
    elif batch.trial_golds and (form := form_of(batch)) and not is_tried(forms.parse(form.parts)):
        found.append(Missing("price", _("tasks.batch.missing.tried")))
    if words := golds_unfit(batch):
        found.append(Missing("items", words))
    if not (batch.client.name or not batch.client.is_organisation) or not batch.client.address:
        found.append(Missing("client", _("tasks.batch.missing.client")))
    return found


def golds_unfit(batch: Batch, form: forms.Form | None = None) -> str:
    """Which golds cannot be right, in words, as nobody can answer the first question so; empty where all fit. Read as they come, whatever
    their number. `form`: where it is not the newest of the batch.
    """
    last = form_of(batch) if batch.golds_count and form is None else None
    form = form or last and forms.parse(last.parts)
    if form is None or not batch.golds_count:
        return ""
    fits, numbers, count = lru_cache(UNFIT_KEPT)(partial(_fits, form.blocks[0])), [], 0
    golds = Item.objects.filter(batch=batch, truth__isnull=False).order_by("number").values_list("number", "truth")
    for number, truth in golds.iterator(chunk_size=2_000):
        if not fits(truth["text"]):
            count += 1
            numbers += [f"{number:,}"] * (count <= UNFIT_NAMED)
    if count > UNFIT_NAMED:
        return _("tasks.batch.missing.truths.more") % {"rows": " / ".join(numbers), "n": f"{count - UNFIT_NAMED:,}"}
    return _("tasks.batch.missing.truths") % {"rows": " / ".join(numbers)} if count else ""


def _fits(block, text: str) -> bool:
    try:
        forms.truth_in(block, text)
    except forms.Wrong:
        return False
    return True


def is_tried(form: forms.Form) -> bool:
    """Can a trial say who is right? Of boxes and of files nobody knows it by itself."""
    return unit(form.blocks[0]) not in (Unit.BOXES, Unit.NONE)


def lacks_media(batch: Batch, form: forms.Form) -> bool:
    """Is there an item whose picture, sound or film is not in the town? Asked of the items themselves."""
    return _shows_without(batch, form, "AND p.state = 'here'")


def leaves_media_out(batch: Batch, form: forms.Form) -> bool:
    """Do its items name more pictures, sounds and films than a batch may show, so that no row tells of the last ones?"""
    has_all_it_may = Piece.objects.filter(batch=batch, is_wanted=True).count() >= settings.TASK_PIECES     # asked first: it is rare
    return has_all_it_may and _shows_without(batch, form)


def _shows_without(batch: Batch, form: forms.Form, such: str = "") -> bool:
    """Is there an item that shows something for which there is no such piece?"""
    with connection.cursor() as db:
        for column, kind in form.media:
            if column not in batch.columns:
                continue
            db.execute(f"""SELECT FROM tasks_item i WHERE i.batch_id = %s AND i.cells->>%s <> '' AND NOT EXISTS (
                            SELECT FROM tasks_piece p WHERE p.batch_id = i.batch_id AND p.kind = %s {such} AND p.is_wanted
                               AND p.digest = encode(sha256(convert_to(i.cells->>%s, 'UTF8')), 'hex')) LIMIT 1""",
                       [batch.pk, at := batch.columns.index(column), kind, at])
            if db.fetchone() is not None:
                return True
    return False


class MediaCount(NamedTuple):
    """How far the pictures, sounds and films of a batch are."""

    here: int
    waiting: int                        # the town is fetching them
    lacking: int                        # the client has something to do
    addresses: int                      # of these: they can be tried again

    @property
    def all(self) -> int:
        return self.here + self.waiting + self.lacking

    @property
    def is_whole(self) -> bool:
        return not self.waiting and not self.lacking


def media_counted(batch: Batch) -> MediaCount:
    lacking = Q(state__in=("wanted", "faulty"))
    return MediaCount(**Piece.objects.filter(batch=batch, is_wanted=True).aggregate(
        here=Count("pk", filter=Q(state="here")), waiting=Count("pk", filter=Q(state="waiting")), lacking=Count("pk", filter=lacking),
        addresses=Count("pk", filter=lacking & Q(is_address=True) & ~Q(fault="address"))))


def media_lacking(batch: Batch):
    """What is not there, in the order of the items."""
    return Piece.objects.filter(batch=batch, is_wanted=True, state__in=("wanted", "faulty")).order_by("number", "pk")


def parcels_of(batch: Batch):
    """What the client brought, the newest first."""
    return Parcel.objects.filter(batch=batch).order_by("-pk")


def lacking_pieces(batches: Sequence[int]) -> set[int]:
    """Those of these batches that wait for some of their pieces."""
    found = Piece.objects.filter(batch__in=batches, is_wanted=True).exclude(state="here")
    return set(found.order_by("batch").values_list("batch", flat=True).distinct())


def is_reading_parcels(batch: Batch) -> bool:
    return Parcel.objects.filter(batch=batch, state="waiting").exists()


def pieces_shown(form: forms.Form, cells: Mapping[str, str], batch: Batch) -> dict[str, Piece]:
    """What is there of what an item with these cells shows, by column."""
    named = {column: (hashlib.sha256(cells[column].encode()).hexdigest(), kind) for column, kind in form.media
             if cells.get(column, "").strip()}
    if not named:
        return {}
    found = {(piece.digest, piece.kind): piece for piece in Piece.objects.filter(
        batch=batch, state="here", digest__in=[digest for digest, _kind in named.values()]).select_related("file")}
    return {column: found[key] for column, key in named.items() if key in found}


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
    trial_count: int = 0                # golds that they answer first

    @property
    def is_trial(self) -> bool:
        return self.trial_count > 0


def standing_in(batch: Batch, worker) -> Standing:
    """By what the batch asks of those who answer, and by how this person did in their trial."""
    if prices.is_below_floor(batch):
        return Standing(_("tasks.bundle.below_floor"))
    if batch.is_for_newcomers and not policies.has_no_record(worker):
        return Standing(_("tasks.bundle.for_newcomers"))
    if batch.record_needed and paid_works_count(worker, at_most=batch.record_needed) < batch.record_needed:
        return Standing(_("tasks.bundle.record_needed") % {"n": batch.record_needed})
    return _after_trial(batch, worker) if batch.trial_golds else Standing("")


def _after_trial(batch: Batch, worker) -> Standing:
    """Whoever was called away in the middle goes on with it. What they stepped over, where nothing else is left to try, is not right."""
    tried = Answer.objects.filter(batch=batch, worker=worker, bundle__is_trial=True).exclude(is_right=None)
    numbers = tried.aggregate(all=Count("pk"), right=Count("pk", filter=Q(is_right=True)))
    if (missing := batch.trial_golds - numbers["all"]) > 0:
        seen = Answer.objects.filter(item=OuterRef("pk"), worker=worker).exclude(state=AnswerState.GIVEN_BACK, is_skipped=False)
        golds = Item.objects.filter(batch=batch, truth__isnull=False, places_free__gt=0)
        if not numbers["all"] or golds.exclude(Exists(seen)).exists():
            return Standing("", trial_count=missing)
    count = max(numbers["all"], batch.trial_golds)
    if numbers["right"] * 100 < count * batch.trial_percent:
        return Standing(_("tasks.bundle.trial_not_enough") % {"right": numbers["right"], "n": count})
    return Standing("")


def cells_of(item: Item, batch: Batch) -> dict[str, str]:
    """What stands in the columns of an item."""
    return dict(zip(batch.columns, item.cells, strict=False))         # of somebody who has left nothing stands there


def sent_with(answer: Answer, form: forms.Form) -> dict[str, forms.Sent]:
    """What lies with it, by the blocks of its form that ask for a file."""
    if not form.files:
        return {}
    rows = AnswerFile.objects.filter(answer=answer, block__in=[block.name for block in form.files]).select_related("file").order_by("pk")
    return {row.block: forms.Sent(row.file.given_name, row.file.kind, row.file.size, str(row.pk)) for row in rows}


class Tally(NamedTuple):
    """A batch, counted. Answers are counted once, by what has become of them; its items without golds, by their outcome."""

    outcomes: dict[str, int]
    free: int                           # answers that nobody has taken, without those for disagreements
    held: int                           # taken, and not given yet
    given: int                          # wait to be looked at
    states: dict[str, int]              # refused, appealed, flagged
    to_pay: int                         # approved, and paid with the next closing
    paid: int
    lately: int                         # of all these: given within a day

    @property
    def items(self) -> int:
        return sum(self.outcomes.values())

    @property
    def settled(self) -> int:
        return self.items - self.outcomes[Outcome.WAITING] - self.outcomes[Outcome.PERSON]

    @property
    def answered(self) -> int:
        return self.given + sum(self.states.values()) + self.to_pay + self.paid


class Progress(NamedTuple):
    """How far a batch is."""

    tally: Tally
    counted_at: datetime.datetime | None    # of a large one: some minutes ago
    free: int                               # answers that nobody has taken
    people: int                             # have a bundle at this moment
    paid_yen: Yen                           # left the batch, with tax and fees
    back_yen: Yen
    held_yen: Yen


def tally_now(batch: Batch) -> Tally:
    """Every item and every answer that is open is counted: of a million items for more than a second."""
    outcomes = dict(Item.objects.filter(batch=batch, truth__isnull=True).values_list("outcome").annotate(n=Count("pk")).order_by())
    places = Item.objects.filter(batch=batch).aggregate(free=Sum("places_free"), all=Sum("places_count"))
    answers = Answer.objects.filter(batch=batch)
    given = answers.filter(state=AnswerState.GIVEN).count()
    states = dict(answers.filter(state__in=("refused", "appealed", "flagged")).values_list("state").annotate(n=Count("pk")).order_by())
    to_pay = answers.to_be_paid().count()
    free, paid = places["free"] or 0, Closing.objects.filter(batch=batch).aggregate(n=Sum("answers_count"))["n"] or 0
    held = max(0, (places["all"] or 0) - free - given - sum(states.values()) - to_pay - paid)       # people answer while it is counted
    lately = answers.filter(given_at__gt=clock.now() - datetime.timedelta(days=1)).count() if given or to_pay else 0
    return Tally({outcome: outcomes.get(outcome, 0) for outcome in Outcome.values}, free, held, given,
                 {state: states.get(state, 0) for state in ("refused", "appealed", "flagged")}, to_pay, paid, lately)


def tally_of(batch: Batch) -> Tally:
    """As the clock has counted it, where that is too much for a page."""
    return Tally(**batch.tally) if batch.is_large and batch.tally else tally_now(batch)


def progress_of(batch: Batch) -> Progress:
    """A page may ask again and again."""
    tally = tally_of(batch)
    closed = Closing.objects.filter(batch=batch).aggregate(gross=Sum("gross_yen"), back=Sum("back_yen"))
    return Progress(tally, batch.tallied_at if batch.is_large and batch.tally else None, tally.free + batch.extra_left,
                    Bundle.objects.filter(batch=batch, state="open").count(), Yen(closed["gross"] or 0), Yen(closed["back"] or 0),
                    Yen(held_for_batch(batch.pk)))


def settled_in(batches: list[Batch]) -> dict[int, int]:
    """Of each, how many items have their answer: the large ones as the clock has counted, all others in one question."""
    found = {batch.pk: Tally(**batch.tally).settled for batch in batches if batch.is_large and batch.tally}
    rows = Item.objects.filter(batch__in=[batch.pk for batch in batches if batch.pk not in found], truth__isnull=True)
    still = Q(outcome__in=(Outcome.WAITING, Outcome.PERSON))
    return found | dict(rows.values_list("batch").order_by().annotate(n=Count("pk", filter=~still)))


def back_if_stopped(batch: Batch) -> Yen:
    """At the least so much comes back of a batch that is stopped now: what is held, less what is owed for answers and may still be."""
    still = Answer.objects.filter(batch=batch, state__in=IS_OPEN).aggregate(yen=Sum("bundle__price_yen"))["yen"] or 0
    due = Answer.objects.filter(batch=batch).to_be_paid().aggregate(
        yen=Sum(F("bundle__price_yen") * F("paid_percent") / 100))["yen"] or 0
    return Yen(max(0, held_for_batch(batch.pk) - prices.settlement_of(batch, Yen(still + due)).client_pays))


def waiting_slots(batch: Batch) -> Slots | None:
    """What was asked for and has not come in yet."""
    return Slots.objects.filter(batch=batch, held_at=None, refused_at=None).first()


def to_judge(batch: Batch):
    """Answers that may be looked at: nobody can take them back any more."""
    return Answer.objects.filter(batch=batch, state=AnswerState.GIVEN).exclude(bundle__in=undoable()).order_by("pk")


def undoable():
    """Bundles in which somebody may still take an answer back: it is not judged under their hands."""
    return Bundle.objects.filter(state="open", seen_at__gt=clock.now() - policies.UNDOABLE)
