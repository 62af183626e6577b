"""Somebody takes a bundle (束), and gives back what they do not do. Nobody waits for a lock of the batch: places are counted at the items,
and items that another person takes at this very moment are stepped over.
"""
import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each
from machi.tasks import facts, policies, prices
from machi.tasks.actions.filing import let_go
from machi.tasks.lifecycle import ANSWER_LIFECYCLE, BUNDLE_LIFECYCLE, AnswerState, BundleState
from machi.tasks.models import Answer, AnswerFile, Batch, Bundle
from machi.tasks.queries import form_of, open_bundle, standing_in

MINUTES = (15, 30, 60)
BUNDLES_AT_MOST = 3                                 # open at a time: what lies with somebody nobody else can do
# Items with a free place that this person has neither answered nor stepped over, in the order of the file, from behind their last one;
# and golds, in an order that is each person's own. What is taken is counted at the item in the same statement. An answer that they held
# before, and whose time ran out, is theirs again. Their answer to an item is counted, not joined, and looked for among the few to that
# item (`+ 0`): a planner that does not know yet how many answers somebody has would read all of them again for each item.
_TAKE = """
    WITH asked AS MATERIALIZED (
        SELECT i.id, i.number FROM tasks_item i
         WHERE i.batch_id = %(batch)s AND i.places_free > 0 AND i.truth IS NULL AND i.number > %(after)s AND i.number <= %(until)s
           AND (SELECT count(*) FROM tasks_answer a WHERE a.item_id = i.id AND a.worker_id + 0 = %(worker)s
                   AND (a.state <> 'given_back' OR a.is_skipped)) = 0
         ORDER BY i.number LIMIT %(count)s FOR NO KEY UPDATE OF i SKIP LOCKED
    ), golds AS MATERIALIZED (
        SELECT i.id, i.number FROM tasks_item i
         WHERE i.batch_id = %(batch)s AND i.places_free > 0 AND i.truth IS NOT NULL
           AND (SELECT count(*) FROM tasks_answer a WHERE a.item_id = i.id AND a.worker_id + 0 = %(worker)s
                   AND (a.state <> 'given_back' OR a.is_skipped)) = 0
         ORDER BY hashint8extended(i.number, %(worker)s) LIMIT %(golds)s FOR NO KEY UPDATE OF i SKIP LOCKED
    ), taken AS MATERIALIZED (
        SELECT id, number, row_number() OVER (ORDER BY number)::float AS place FROM asked
        UNION ALL SELECT id, 0, random() * (SELECT count(*) + 1 FROM asked) FROM golds
    ), counted AS (
        UPDATE tasks_item i SET places_free = i.places_free - 1 FROM taken WHERE i.id = taken.id
    ), held AS (
        INSERT INTO tasks_answer (batch_id, item_id, bundle_id, worker_id, state, position, is_skipped, flag, seconds, reason,
                                  paid_percent, appeal)
        SELECT %(batch)s, id, %(bundle)s, %(worker)s, 'held', %(before)s + row_number() OVER (ORDER BY place), false, '', 0, '', 100, ''
          FROM taken
            ON CONFLICT (item_id, worker_id) DO UPDATE SET state = 'held', bundle_id = excluded.bundle_id, position = excluded.position
    )
    SELECT (SELECT count(*) FROM taken), coalesce((SELECT max(number) FROM taken), %(after)s)"""
# The last places are waited for: somebody at them may leave some. Golds are chosen first and waited for by number: two who wait for what
# the other has, each in an order of their own, would wait for ever.
_TAKE_IN_LINE = _TAKE.replace(" SKIP LOCKED", "").replace("), golds AS MATERIALIZED (", "), chosen AS MATERIALIZED (").replace(
    "LIMIT %(golds)s FOR NO KEY UPDATE OF i", """LIMIT %(golds)s
    ), golds AS MATERIALIZED (
        SELECT i.id, i.number FROM tasks_item i WHERE i.id IN (SELECT id FROM chosen) AND i.places_free > 0
         ORDER BY i.id FOR NO KEY UPDATE OF i""")
_EVERY = 2**31 - 1
STOPPING = 7_016                                    # of the advisory locks of the town: a batch that stops, and whoever gives places back


@transaction.atomic
def take_bundle(*, batch: Batch, by: User, minutes: int) -> Bundle:
    """Items for about so many minutes, at the price of now. Whoever has an open bundle of this batch gets that one.

    Raises NotAllowed for whoever may not, and DomainError where nothing is left for them.
    """
    if before := open_bundle(batch, by):
        return before
    batch = Batch.objects.select_related("client").get(pk=batch.pk)
    if minutes not in MINUTES or not policies.can_take_bundle(by, batch):
        raise NotAllowed(_("tasks.bundle.take_refused"))
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk=by.pk).values_list("pk"))     # their bundles, one by one
    if before := open_bundle(batch, by):
        return before
    if Bundle.objects.filter(worker=by, state=BundleState.OPEN).count() >= BUNDLES_AT_MOST:
        raise DomainError(_("tasks.bundle.too_many") % {"n": BUNDLES_AT_MOST})
    standing = standing_in(batch, by)
    if standing.refusal:
        raise NotAllowed(standing.refusal)
    last = Bundle.objects.filter(batch=batch, worker=by).order_by("-pk").values_list("last_number", flat=True).first() or 0
    now = clock.now()
    bundle = Bundle.objects.create(
        batch=batch, form=form_of(batch), worker=by, minutes=minutes, price_yen=batch.price_yen, is_trial=standing.is_trial, taken_at=now,
        seen_at=now, until_at=now + datetime.timedelta(hours=batch.hold_hours))
    count, bundle.last_number = _fill(bundle, last, standing.trial_count)
    if not count:
        raise DomainError(_("tasks.bundle.nothing_left"))
    bundle.save(update_fields=["last_number"])
    activity.record(actor=by, fact=facts.BUNDLE_TAKEN, about=bundle.reference, batch=batch.pk, answers=count)
    return bundle


@transaction.atomic
def leave_bundle(*, bundle: Bundle, by: User) -> Bundle:
    """What is not answered yet is somebody else's to do; what is answered is paid."""
    bundle = Bundle.objects.locked().get(pk=bundle.pk)
    if not policies.can_answer(by, bundle):
        raise NotAllowed(_("tasks.bundle.not_yours"))
    return _end(bundle, "leave", by)


def lapse_bundles() -> int:
    """By the clock: a bundle that nobody has touched for as long as it was promised to be kept. Returns how many."""
    late = Bundle.objects.filter(state=BundleState.OPEN, until_at__lt=clock.now()).order_by("pk")
    return each(late.values_list("pk", flat=True)[:500], _lapse)


def give_back(bundle: Bundle) -> int:
    """Everything of it that is not answered has its place free again; returns how many. The bundle is locked."""
    held = Answer.objects.locked().filter(bundle=bundle, state=AnswerState.HELD)
    return give_places_back(list(held.values_list("pk", flat=True)), is_skipped=False)


def give_places_back(answers: list[int], *, state: str = AnswerState.HELD, move: str = "give_back", is_skipped: bool = True) -> int:
    """These answers, which are locked, are not given; the place of each is free, or goes back to the client of a batch that stops.
    `is_skipped`: their workers are not asked about them again. Words of a half answer wait for its worker; files do not.
    """
    after = ANSWER_LIFECYCLE.next(state, move)
    let_go(AnswerFile.objects.filter(answer__in=answers))
    with connection.cursor() as db:
        # a batch that stops at this moment has stopped, or waits until these places are free: none is forgotten between the two
        db.execute("SELECT pg_advisory_xact_lock_shared(%s, id) FROM (SELECT DISTINCT batch_id::int AS id FROM tasks_answer "
                   "WHERE id = ANY (%s) ORDER BY 1) b", (STOPPING, answers))
        # many who leave hold golds of one another, each in an order of their own: they wait by the numbers of the items
        db.execute("SELECT id FROM tasks_item WHERE id IN (SELECT item_id FROM tasks_answer WHERE id = ANY (%s)) "
                   "ORDER BY id FOR NO KEY UPDATE", (answers,))
        db.execute("""
            WITH back AS (
                UPDATE tasks_answer SET state = %s, values = CASE WHEN %s THEN NULL ELSE values END, is_skipped = %s, given_at = NULL,
                       flag = ''
                 WHERE id = ANY (%s) RETURNING item_id, batch_id
            ), stopped AS (
                SELECT b.id FROM tasks_batch b JOIN back ON back.batch_id = b.id WHERE b.state = 'stopped' GROUP BY b.id
            ), batches AS (
                UPDATE tasks_batch b SET slots_back_count = slots_back_count + (SELECT count(*) FROM back WHERE back.batch_id = b.id)
                  FROM stopped WHERE stopped.id = b.id
            ), items AS (
                UPDATE tasks_item i SET
                    places_count = places_count - CASE WHEN EXISTS (SELECT FROM stopped WHERE stopped.id = i.batch_id) THEN 1 ELSE 0 END,
                    places_free = places_free + CASE WHEN EXISTS (SELECT FROM stopped WHERE stopped.id = i.batch_id) THEN 0 ELSE 1 END
                  FROM back WHERE i.id = back.item_id
            )
            SELECT count(*) FROM back""", (after, is_skipped, is_skipped, answers))
        return db.fetchone()[0]


def _fill(bundle: Bundle, after: int, trial_count: int) -> tuple[int, int]:
    """How many were taken, and the number of the last item. Behind the last one of before first, then from the beginning."""
    batch, is_trial = bundle.batch, trial_count > 0
    wanted = trial_count or prices.answers_in(bundle.minutes, batch.seconds_each)
    golds = wanted if is_trial else round(wanted * batch.gold_percent / 100 + 0.4) if batch.gold_percent else 0
    asked = 0 if is_trial else max(1, wanted - golds)
    before = transaction.savepoint()
    count, number = _take(bundle, after, _EVERY, asked, golds, 0)
    if not count:
        transaction.savepoint_rollback(before)          # rows that were looked at and were gone are still locked: nobody waits with these
        return _take(bundle, 0, _EVERY, asked, golds, 0, _TAKE_IN_LINE)
    if after and count < wanted and not is_trial:
        more, again = _take(bundle, 0, after, asked - min(asked, count), 0, count)
        return count + more, again if more else number
    return count, number


def _take(bundle: Bundle, after: int, until: int, asked: int, golds: int, before: int, statement: str = _TAKE) -> tuple[int, int]:
    if asked + golds <= 0:
        return 0, after
    with connection.cursor() as db:
        db.execute(statement, {"batch": bundle.batch_id, "bundle": bundle.pk, "worker": bundle.worker_id, "after": after, "until": until,
                           "count": asked, "golds": golds, "before": before})
        return db.fetchone()


def _lapse(pk: int) -> bool:
    bundle = Bundle.objects.locked().get(pk=pk)
    if bundle.state != BundleState.OPEN or bundle.until_at >= clock.now():
        return False
    _end(bundle, "lapse", None)
    return True


def _end(bundle: Bundle, move: str, by) -> Bundle:
    """With nothing left to answer it is done, however it ends."""
    is_done = not give_back(bundle)
    bundle.state, bundle.ended_at = BUNDLE_LIFECYCLE.next(bundle.state, "finish" if is_done else move), clock.now()
    bundle.save(update_fields=["state", "ended_at"])
    activity.record(actor=by, fact=facts.BUNDLE_DONE if is_done else facts.BUNDLE_LEFT, about=bundle.reference, batch=bundle.batch_id)
    return bundle
