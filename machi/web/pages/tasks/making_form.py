"""The form of a batch is built (フォームを作る), with what people will meet beside it in each of the three languages; then tried out."""
from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from jinja2_fragments import render_block
from markupsafe import Markup

from machi.files.kinds import kind_of
from machi.jobs.errors import WordsStopped
from machi.jobs.wages import wage
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.tasks import actions, forms, policies, prices
from machi.tasks.forms.posted import field
from machi.tasks.models import Batch, Item
from machi.tasks.queries import cells_of, form_of, kinds_used
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.media import media_of
from machi.web.pages.tasks.building import Built
from machi.web.pages.tasks.drawing import drawn
from machi.web.pages.tasks.making_forms import GuideForm
from machi.web.pages.tasks.way import after, of_a_draft, own_batch, to_step, way_context

LOOKED_AT, COLUMNS_SHOWN, MOST_OPTIONS = 20, 3, 12
SINCE, LONGEST = "tasks.trial", 3600                # seconds: a page that lay open for longer says nothing about the work


@require_http_methods(["GET", "POST"])
def form(request, pk: int):
    """Also of a batch that is out: then it is a new version, and whoever has a bundle goes on with theirs."""
    batch = own_batch(request, pk)
    if not policies.can_change_form(request.user, batch):
        return to_step(batch, "run" if batch.is_out else "pay")
    before, file = form_of(batch), {"columns": batch.columns, "rows": _rows(batch)}
    file["media"] = _media(batch, before, file["rows"])
    if request.method == "GET":
        built = Built.of(forms.parse(before.parts) if before else _begun(batch), **file)
        return _form(request, batch, built, GuideForm(initial=GuideForm.of(before)))
    built, guide = Built.posted(request.POST, used=kinds_used(batch), **file), GuideForm(request.POST)
    is_kept = wants_part(request) or built.is_pressed or "look" in request.POST       # looked at, and not saved
    if is_kept or not guide.is_valid() or built.form is None:
        return _form(request, batch, built, GuideForm(initial=request.POST.dict()) if is_kept else guide, 200 if is_kept else 422)
    try:
        actions.save_form(batch=batch, by=request.user, said=built.said, guide=guide.cleaned_data["guide"], examples=guide.examples())
    except DomainError as refusal:
        guide.add_error("guide" if isinstance(refusal, WordsStopped) else None, str(refusal))
        return _form(request, batch, built, guide, 422 if isinstance(refusal, WordsStopped) else 409)
    return to_step(batch, "run" if batch.is_out else after(batch, "form"))


@require_http_methods(["GET", "POST"])
@of_a_draft
def trial(request, batch):
    """Somebody of the client answers a few items as a worker would, and reads how long it took and what an hour is worth then."""
    form, item = form_of(batch), _next_item(batch)
    if form is None or item is None:
        return to_step(batch, "items" if form else "form")
    parts, cells = forms.parse(form.parts), cells_of(item, batch)
    posted, media = dict(request.POST.lists()), media_of(parts, cells, batch)
    if request.method == "GET" or (changed := forms.acted(parts, posted)) is not None:
        return _trial(request, batch, form, item, drawn(parts, cells, posted={} if request.method == "GET" else changed, media=media))
    answered = forms.clean(parts, posted, cells, _sent(parts, request.FILES))
    if answered.errors or (seconds := _passed(request.POST.get("since", ""), item)) is None:
        shown = drawn(parts, cells, posted=posted, errors=answered.errors, media=media)
        return _trial(request, batch, form, item, shown, 422 if answered.errors else 200)
    try:
        actions.note_trial(batch=batch, by=request.user, seconds=seconds)
    except DomainError as refusal:                              # it went out, or somebody lost their duty, while this was typed
        messages.warning(request, str(refusal))
    return to_step(batch, "trial")


def _form(request, batch: Batch, built: Built, guide: GuideForm, status: int = 200):
    language = request.POST.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else translation.get_language()
    return page(request, "tasks/client/form.html", way_context(batch, "form") | {
        "built": built, "guide": guide, "language": language, "shown": _in_language(language, built), "is_out": batch.is_out,
        "languages": settings.LANGUAGES}, part="preview", status=status)


def _in_language(language: str, built: Built) -> Markup:
    """The form as somebody meets it who reads this language."""
    with translation.override(language):
        preview = Built(built.said, built.columns, built.rows, media=built.media).preview
        return Markup(render_block(engines["jinja2"].env, "tasks/client/preview.html", "shown", {"preview": preview}))


def _media(batch: Batch, form, rows) -> dict:
    """What the first item shows, as far as it is in the town: for the preview."""
    return media_of(forms.parse(form.parts), dict(zip(batch.columns, rows[0], strict=False)), batch) if form and rows else {}


def _rows(batch: Batch) -> list[list[str]]:
    return list(Item.objects.filter(batch=batch).order_by("number").values_list("cells", flat=True)[:LOOKED_AT])


def _begun(batch: Batch) -> forms.Form:
    """Something to begin with: the first columns are shown, and what is known of some items are the options of one question."""
    known = Item.objects.filter(batch=batch, truth__isnull=False).order_by("truth__text").values_list("truth__text", flat=True).distinct()
    options = list(known[:MOST_OPTIONS + 1])
    shown = [{"kind": "cell", "column": column} for column in _shown_columns(batch)]
    asked = ({"kind": "choice", "label": _("tasks.make.begin.choice"), "options": options} if 2 <= len(options) <= MOST_OPTIONS
             else {"kind": "choice", "label": _("tasks.make.begin.choice"), "options": _("tasks.make.begin.options").split("/")})
    return forms.parse({"parts": [*shown, asked]})


def _shown_columns(batch: Batch) -> list[str]:
    """Without the client's own number of an item."""
    first = Item.objects.filter(batch=batch).exclude(key="").order_by("number").values_list("key", "cells").first()
    is_key = {column for column, cell in zip(batch.columns, first[1], strict=False) if cell.strip() == first[0]} if first else set()
    return [column for column in batch.columns if column not in is_key or len(batch.columns) == 1][:COLUMNS_SHOWN]


def _next_item(batch: Batch) -> Item | None:
    """One after the other; of few items from the beginning again."""
    asked = Item.objects.filter(batch=batch, truth__isnull=True).order_by("number")
    return asked[len(batch.trial_seconds) % max(1, batch.items_count):].first() or asked.first() if batch.items_count else None


def _trial(request, batch: Batch, form, item: Item, shown, status: int = 200):
    done = len(batch.trial_seconds)
    seconds = batch.seconds_each
    return page(request, "tasks/client/trial.html", way_context(batch, "trial") | {
        "form": form, "drawn": shown, "item": item, "done": min(done, prices.LEAST_TRIAL), "needed": prices.LEAST_TRIAL, "tried": done,
        "since": signing.dumps([item.pk, int(clock.now().timestamp())], salt=SINCE), "seconds": seconds, "wage": wage(),
        "least": prices.least_price(seconds) if seconds else None}, status=status)


def _passed(since: str, item: Item) -> int | None:
    """Seconds since this item was drawn; none where that is another one, or was long ago."""
    try:
        of, at = signing.loads(since, salt=SINCE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    passed = int(clock.now().timestamp()) - at
    return max(1, passed) if of == item.pk and passed <= LONGEST else None


def _sent(parts: forms.Form, files: Mapping) -> dict[str, forms.Sent]:
    """Files of a trial are looked at and not kept."""
    return {block.name: forms.Sent(upload.name, kind_of(upload), upload.size, "0") for block in parts.blocks
            if (upload := files.get(field(block)))}
