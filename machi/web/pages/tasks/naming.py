"""What the builder calls the parts of a form and their settings."""
from django.utils.translation import gettext as _

from machi.tasks.forms.parts import LANGUAGES, Asked, Part
from machi.web.pages.tasks.drawing import kind_names


def kind_name(kind: str) -> str:
    """What a kind of part is called."""
    return {
        "words": _("tasks.block.words"), "cell": _("tasks.block.cell"), "image": _("tasks.block.image"), "audio": _("tasks.block.audio"),
        "video": _("tasks.block.video"), "link": _("tasks.block.link"), "choice": _("tasks.block.choice"),
        "several": _("tasks.block.several"), "text": _("tasks.block.text"), "number": _("tasks.block.number"),
        "scale": _("tasks.block.scale"), "date": _("tasks.block.date"), "ranking": _("tasks.block.ranking"),
        "comparison": _("tasks.block.comparison"), "transcription": _("tasks.block.transcription"), "boxes": _("tasks.block.boxes"),
        "file": _("tasks.block.file")}[kind]


def label_of(kind: type[Part], name: str) -> str:
    """What a setting is called; where two kinds mean different things by one name, each has its own words."""
    own = {
        ("several", "least"): _("tasks.form.set.several.least"), ("several", "most"): _("tasks.form.set.several.most"),
        ("text", "least"): _("tasks.form.set.text.least"), ("text", "most"): _("tasks.form.set.text.most"),
        ("transcription", "most"): _("tasks.form.set.text.most"), ("number", "least"): _("tasks.form.set.number.least"),
        ("number", "most"): _("tasks.form.set.number.most"), ("boxes", "least"): _("tasks.form.set.boxes.least"),
        ("boxes", "most"): _("tasks.form.set.boxes.most"), ("ranking", "options"): _("tasks.form.set.ranking.options"),
        ("boxes", "of"): _("tasks.form.set.boxes.of")}
    if (kind.kind, name) in own:
        return own[kind.kind, name]
    if name == "label":
        return _("tasks.form.set.question") if issubclass(kind, Asked) else _("tasks.form.set.heading")
    return {
        "text": _("tasks.form.set.text"), "column": _("tasks.form.set.column"), "hint": _("tasks.form.set.hint"),
        "is_required": _("tasks.form.set.is_required"), "options": _("tasks.form.set.options"), "language": _("tasks.form.set.language"),
        "alternative": _("tasks.form.set.alternative"), "alternative_text": _("tasks.form.set.alternative_text"),
        "transcript": _("tasks.form.set.transcript"), "pattern": _("tasks.form.set.pattern"), "step": _("tasks.form.set.step"),
        "unit": _("tasks.form.set.unit"), "points": _("tasks.form.set.points"), "low": _("tasks.form.set.low"),
        "high": _("tasks.form.set.high"), "earliest": _("tasks.form.set.earliest"), "latest": _("tasks.form.set.latest"),
        "first": _("tasks.form.set.first"), "second": _("tasks.form.set.second"), "shown_as": _("tasks.form.set.shown_as"),
        "first_alternative": _("tasks.form.set.first_alternative"), "second_alternative": _("tasks.form.set.second_alternative"),
        "can_be_same": _("tasks.form.set.can_be_same"), "of": _("tasks.form.set.of"), "labels": _("tasks.form.set.labels"),
        "kinds": _("tasks.form.set.kinds"), "most_mb": _("tasks.form.set.most_mb")}[name]


def hint_of(kind: type[Part], name: str) -> str:
    """What one may want to know about a setting; mostly nothing."""
    return {
        "options": _("tasks.form.hint.options"), "labels": _("tasks.form.hint.labels"), "alternative": _("tasks.form.hint.alternative"),
        "transcript": _("tasks.form.hint.transcript"), "language": _("tasks.form.hint.language")}.get(name, "")


def choices_of(kind: type[Part], name: str) -> dict[str, str]:
    """The words of a setting that is one of a few, or some of them."""
    match name:
        case "language":
            return LANGUAGES | {"": _("tasks.form.language.any")}
        case "shown_as":
            return {"text": _("tasks.form.shown_as.text"), "image": _("tasks.form.shown_as.image")}
        case "kinds":
            return kind_names()
        case _:
            return {
                "": _("tasks.form.pattern.any"), "digits": _("tasks.form.pattern.digits"), "phone": _("tasks.form.pattern.phone"),
                "postal": _("tasks.form.pattern.postal"), "email": _("tasks.form.pattern.email"),
                "address": _("tasks.form.pattern.address"), "katakana": _("tasks.form.pattern.katakana"),
                "hiragana": _("tasks.form.pattern.hiragana"), "latin": _("tasks.form.pattern.latin")}
