"""Forms of small work: one with every part there is, as it is answered, and the builder that makes such forms."""
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.files.kinds import kind_of
from machi.tasks.forms import Form, Sent, acted, clean, parse
from machi.tasks.forms.posted import field
from machi.web.frame.jinja import page
from machi.web.frame.media import Shown
from machi.web.pages.tasks.building import Built
from machi.web.pages.tasks.drawing import drawn

COLUMNS = ("文", "画像", "画像の説明", "音声", "話したこと", "ページ", "訳1", "訳2")
# What a file may hold: lines, markup, formulas, letters that run the other way. All of it is text.
ROW = ("港の朝は早い。\n<script>alert(1)</script> =1+1", "harbour.svg", "港に、帆をあげた船が2そう浮かんでいます。", "1.mp3",
       "きょうは風が弱いので、船を出します。", "https://example.jp/harbour", "The harbour wakes early.",
       "\u05e9\u05dc\u05d5\u05dd. Mornings in the port are early.")


@require_http_methods(["GET", "POST"])
@login_not_required
def answering(request):
    """A form with every part, about one item."""
    form, cells = example(), dict(zip(COLUMNS, ROW, strict=True))
    media, posted = {"画像": Shown(static("harbour.svg"))}, dict(request.POST.lists())
    if request.method == "GET" or (changed := acted(form, posted)) is not None:
        shown = drawn(form, cells, posted={} if request.method == "GET" else changed, media=media)
        return page(request, "gallery/answering.html", {"drawn": shown, "values": None})
    answered = clean(form, posted, cells, {name: _sent(upload) for name, upload in _files(form, request.FILES)})
    shown = drawn(form, cells, posted=posted, errors=answered.errors, media=media)
    return page(request, "gallery/answering.html", {"drawn": shown, "values": None if answered.errors else answered.values},
                part="form", status=422 if answered.errors else 200)


@require_http_methods(["GET", "POST"])
@login_not_required
def building(request):
    """The builder, with a part of that form in it: every kind of setting is there."""
    few = Form(tuple(part for part in example().parts if part.kind in {"cell", "choice", "number", "image", "boxes", "date", "file"}))
    file = {"columns": COLUMNS, "rows": [ROW], "media": {"画像": Shown(static("harbour.svg"))}}
    built = Built.posted(request.POST, **file) if request.method == "POST" else Built.of(few, **file)
    status = 422 if built.errors and not request.htmx else 200
    return page(request, "gallery/building.html", {"built": built}, part="preview", status=status)


def _files(form: Form, files):
    return ((block.name, files[field(block)]) for block in form.blocks if field(block) in files)


def _sent(upload) -> Sent:
    return Sent(upload.name, kind_of(upload), upload.size, "0")


def example() -> Form:
    """Every part there is."""
    easy, of_file = {"is_required": False}, {"label": _("gallery.tasks.cell"), "language": "ja"}
    things, labels = _options(_("gallery.tasks.several.options")), _options(_("gallery.tasks.boxes.labels"))
    return parse({"parts": [
        {"kind": "words", "text": _("gallery.tasks.words")}, {"kind": "cell", "column": "文", **of_file},
        {"kind": "link", "column": "ページ", "label": _("gallery.tasks.link")},
        {"kind": "choice", "label": _("gallery.tasks.choice"), "options": _options(_("gallery.tasks.choice.options"))},
        {"kind": "several", "label": _("gallery.tasks.several"), "options": things, "most": 2, **easy},
        {"kind": "choice", "label": _("gallery.tasks.list"), "options": [str(number) for number in range(1, 14)], **easy},
        {"kind": "text", "label": _("gallery.tasks.text"), "most": 100, "hint": _("gallery.tasks.text.hint")},
        {"kind": "text", "label": _("gallery.tasks.postal"), "pattern": "postal", **easy},
        {"kind": "number", "label": _("gallery.tasks.number"), "least": 0, "most": 20, "unit": _("gallery.tasks.number.unit"), **easy},
        {"kind": "scale", "label": _("gallery.tasks.scale"), "low": _("gallery.tasks.scale.low"), "high": _("gallery.tasks.scale.high")},
        {"kind": "date", "label": _("gallery.tasks.date"), "earliest": "2026-01-01", **easy},
        {"kind": "ranking", "label": _("gallery.tasks.ranking"), "options": things},
        {"kind": "comparison", "label": _("gallery.tasks.comparison"), "first": "訳1", "second": "訳2", "can_be_same": True},
        {"kind": "image", "name": "picture", "column": "画像", "label": _("gallery.tasks.image"), "alternative": "画像の説明"},
        {"kind": "boxes", "label": _("gallery.tasks.boxes"), "of": "picture", "labels": labels, "most": 4, **easy},
        {"kind": "audio", "name": "sound", "column": "音声", "label": _("gallery.tasks.audio"), "transcript": "話したこと"},
        {"kind": "transcription", "label": _("gallery.tasks.transcription"), "of": "sound", "language": "ja", **easy},
        {"kind": "video", "column": "音声", "label": _("gallery.tasks.video"), "transcript": "話したこと"},
        {"kind": "file", "label": _("gallery.tasks.file"), "kinds": ["picture", "paper"], "most_mb": 5, **easy},
    ]})


def _options(lines: str) -> list[str]:
    return lines.split("/")
