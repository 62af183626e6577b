"""A client writes a batch: what it is for, the form, and how long an answer takes."""
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.accounts.queries import has_power
from machi.activity import actions as activity
from machi.jobs.wordings import check_said
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.tasks import facts, forms, policies
from machi.tasks.actions.media import lay_out
from machi.tasks.forms.settings import Line, Options
from machi.tasks.lifecycle import BATCH_LIFECYCLE
from machi.tasks.models import Batch, BatchForm
from machi.tasks.prices import seconds_of_trial
from machi.tasks.queries import form_of, golds_unfit, is_tried, kinds_used, lacks_media
from machi.taxonomy.actions import topic_named

WRITABLE = {"title", "body", "category", "topic", "price_yen", "answers_each", "most_each", "extra_percent", "gold_percent",
            "threshold_percent", "is_for_newcomers", "record_needed", "trial_golds", "trial_percent", "hold_hours", "acceptance_days"}
TRIALS_KEPT = 20


@deed
def draft_batch(*, client: Party, by, **values) -> Batch:
    """Begin a batch. It is nobody else's to see until it is out. A topic is said by its name, or given."""
    if not has_power(by, client.pk, Power.MEMBER):
        raise NotAllowed(_("tasks.batch.not_yours"))
    batch = Batch(client=client, contact=by if client.is_organisation else None, drafted_at=clock.now(), changed_at=clock.now())
    _write(batch, values)
    activity.record(actor=by, fact=facts.BATCH_DRAFTED, about=batch.reference)
    return batch


@deed
def edit_batch(*, batch: Batch, by, version: int | None = None, **values) -> Batch:
    """Change a draft. Raises DomainError when it changed meanwhile."""
    batch = Batch.objects.locked().get(pk=batch.pk)
    if not policies.can_edit_batch(by, batch):
        raise NotAllowed(_("tasks.batch.edit_refused"))
    if version is not None and version != batch.version:
        raise DomainError(_("job.changed_meanwhile"))
    batch.state = BATCH_LIFECYCLE.next(batch.state, "edit")
    batch.version += 1
    _write(batch, values)
    return batch


@deed
def save_form(*, batch: Batch, by, said: Mapping, guide: str = "", examples: Sequence[Mapping] = ()) -> BatchForm:
    """What is shown and asked. Of a draft the form is written over; while people answer it is a new version, and who has taken a bundle
    goes on with theirs. Raises forms.Refused with what must be changed, part by part; and WordsStopped.
    """
    batch = Batch.objects.locked().get(pk=batch.pk)
    if not policies.can_change_form(by, batch):
        raise NotAllowed(_("tasks.batch.edit_refused"))
    form = forms.parse(said, batch.columns)
    if batch.is_out:
        kinds = kinds_used(batch)
        if any(kinds.get(part.name, part.kind) != part.kind for part in form.parts):
            raise DomainError(_("tasks.form.kind_stays"))
        check_said(_words(form, guide), "job")
        if lacks_media(batch, form):
            raise DomainError(_("tasks.media.out"))
        if batch.trial_golds and not is_tried(form):        # whoever comes would try for ever
            raise DomainError(_("tasks.batch.missing.tried"))
        if words := golds_unfit(batch, form):
            raise DomainError(words)
    last = form_of(batch)
    content = {"parts": form.on_paper(), "guide": guide, "examples": list(examples), "made_by": by, "made_at": clock.now()}
    if batch.is_out and last and (last.parts, last.guide, last.examples) == (content["parts"], guide, content["examples"]):
        return last
    if last and not batch.is_out:
        BatchForm.objects.filter(pk=last.pk).update(**content)
        last.refresh_from_db()
    else:
        last = BatchForm.objects.create(batch=batch, version=last.version + 1 if last else 1, **content)
    batch.version += 1
    if not batch.is_out:
        batch.trial_seconds, batch.seconds_each = [], None      # another form takes another time
    batch.changed_at = clock.now()
    batch.save(update_fields=["version", "changed_at", "trial_seconds", "seconds_each"])
    if not batch.is_out:
        lay_out(batch, form, by=by)
    activity.record(actor=by, fact=facts.BATCH_FORM_CHANGED, about=batch.reference, version=last.version)
    return last


@deed
def note_trial(*, batch: Batch, by, seconds: int) -> Batch:
    """Somebody of the client has answered one item as a worker would, and it took so long."""
    batch = Batch.objects.locked().get(pk=batch.pk)
    if not policies.can_edit_batch(by, batch):
        raise NotAllowed(_("tasks.batch.edit_refused"))
    batch.trial_seconds = [*batch.trial_seconds, max(1, min(seconds, 3600))][-TRIALS_KEPT:]
    batch.seconds_each = seconds_of_trial(batch.trial_seconds)
    batch.save(update_fields=["trial_seconds", "seconds_each"])
    return batch


def check_words(batch: Batch, form: BatchForm) -> None:
    """Raises WordsStopped where words that everybody would read must be changed first."""
    check_said("\n".join((batch.title, batch.body, _words(forms.parse(form.parts), form.guide))), "job")


def _words(form: forms.Form, guide: str) -> str:
    return "\n".join((guide, *_texts(form)))


def _texts(form: forms.Form) -> Iterator[str]:
    """What people wrote into it: two days, one after the other, are no number of a telephone."""
    for part in form.parts:
        for name, setting in part.settings().items():
            if isinstance(setting, Line):
                yield getattr(part, name)
            elif isinstance(setting, Options):
                yield from getattr(part, name)


def _write(batch: Batch, values: Mapping) -> None:
    if unknown := set(values) - WRITABLE:
        raise TypeError(f"a batch has no {', '.join(sorted(unknown))} to write")
    if isinstance(values.get("topic"), str):
        values = {**values, "topic": topic_named(values["topic"])}
    for name, value in values.items():
        setattr(batch, name, value)
    batch.changed_at = clock.now()
    batch.clean_fields(exclude=[field.name for field in Batch._meta.fields if field.name not in values])
    batch.save()
