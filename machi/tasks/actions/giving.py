"""An answer is given in two short journeys to the database, where nothing stands in the way: the deed that a batch sees most of all.

It is looked at without a lock, judged in Python by the same rules as ever, and then written in one statement, if all that it was judged
by still stands. The statement knows no rule and no state of its own: it compares and writes. Where anything is otherwise (another's bundle,
an answer that is not fit, a file, somebody who was quicker) nothing is written, and the way through the locks says why (`answering`).
"""
import datetime
from collections.abc import Mapping, Sequence
from functools import lru_cache

from psycopg.types.json import Jsonb

from machi.accounts.models import User
from machi.shared import clock
from machi.shared.prepared import Statement
from machi.shared.question import Question
from machi.tasks import forms, policies
from machi.tasks.lifecycle import ANSWER_LIFECYCLE
from machi.tasks.models import Answer, BatchForm, Bundle
from machi.tasks.queries import cells_of
from machi.tasks.together import is_right

MOST_SECONDS = 15 * 60                              # of one answer: whoever went to somebody in between did not work all that time
_SEEN = Question(lambda answer, bundle: Answer.objects.filter(pk=answer, bundle=bundle).select_related(
    "item", "bundle__batch", "bundle__form").only(
    "state", "seconds", "item__cells", "item__truth", "bundle__worker", "bundle__state", "bundle__seconds", "bundle__taken_at",
    "bundle__batch__columns", "bundle__batch__hold_hours", "bundle__form__made_at").order_by("pk"))
# The bundle is locked before its answer, as by whoever gives it back. A row that somebody changed meanwhile is compared as it is by then.
_GIVE = Statement("""
    WITH bundle AS MATERIALIZED (
        SELECT id FROM tasks_bundle WHERE id = %s AND worker_id = %s AND state = %s AND seconds = %s FOR NO KEY UPDATE
    ), given AS (
        UPDATE tasks_answer a SET state = %s, values = %s, given_at = %s, is_right = %s, seconds = %s
          FROM bundle WHERE a.id = %s AND a.bundle_id = bundle.id AND a.state = %s AND a.seconds = %s RETURNING a.bundle_id
    ), touched AS (
        UPDATE tasks_bundle u SET seen_at = %s, until_at = %s, seconds = %s FROM given WHERE u.id = given.bundle_id
    )
    SELECT bundle_id FROM given""")


def give_at_once(*, answer: Answer, by: User, posted: Mapping[str, Sequence[str]], seconds: int) -> Answer | None:
    """The answer, given; None where it was not."""
    seen = next(iter(_SEEN(answer.pk, answer.bundle_id)), None)
    if seen is None or not policies.can_give(by, seen.bundle, seen):
        return None
    form = _form(seen.bundle.form_id, seen.bundle.form.made_at)
    answered = forms.clean(form, posted, cells_of(seen.item, seen.bundle.batch))
    if form.files or answered.errors:
        return None
    was = seen.state, seen.seconds
    return seen if _is_written(seen, *was, columns_given(seen, seen.bundle, form, answered.values, seconds)) else None


def _is_written(answer: Answer, state: str, seconds: int, columns: Mapping) -> bool:
    """With its bundle, which is touched."""
    bundle = answer.bundle
    judged = bundle.pk, bundle.worker_id, bundle.state, bundle.seconds
    answer.state = ANSWER_LIFECYCLE.next(state, "answer")
    for name, value in columns.items():
        setattr(answer, name, value)
    touch(bundle, answer.seconds - seconds)
    return bool(_GIVE.rows([
        *judged, answer.state, Jsonb(answer.values), answer.given_at, answer.is_right, answer.seconds, answer.pk, state, seconds,
        bundle.seen_at, bundle.until_at, bundle.seconds]))


@lru_cache(maxsize=1_000)
def _form(pk: int, made_at: datetime.datetime) -> forms.Form:
    """Nobody writes over a form that a bundle was taken with; `made_at`: and of a draft it would be seen."""
    return forms.parse(BatchForm.objects.values_list("parts", flat=True).get(pk=pk))


def columns_given(answer: Answer, bundle: Bundle, form: forms.Form, values: Mapping, seconds: int) -> dict:
    """What is written of an answer that is given. Of a gold: is it right?"""
    return {"values": values, "given_at": clock.now(), "seconds": answer.seconds + spent(bundle, seconds),
            "is_right": is_right(form, values, answer.item.truth["text"]) if answer.item.is_gold else None}


def spent(bundle: Bundle, seconds: int) -> int:
    """What is said, as far as it can be: answers that waited for a line arrive together and took all the time before, not that since the
    last touch. So all that is said of a bundle is at most the time since it was taken, and of one answer at a time MOST_SECONDS. A script
    that lies gains no yen (an answer has one price), and says no more than whoever waits and says it bit by bit; what is measured is the
    middle of everybody's, which a single bundle hardly moves.
    """
    left = int((clock.now() - bundle.taken_at).total_seconds()) - bundle.seconds
    return max(0, min(seconds, left, MOST_SECONDS))


def touch(bundle: Bundle, seconds: int) -> None:
    """Somebody works on it: from now on it is kept as long as was promised."""
    bundle.seen_at = clock.now()
    bundle.until_at = bundle.seen_at + datetime.timedelta(hours=bundle.batch.hold_hours)
    bundle.seconds += seconds
