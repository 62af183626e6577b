"""What a person says about a piece of work, and the file they put beside it. A form turns texts into clean values; it never saves."""
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.files.kinds import PICTURES
from machi.files.storing import shown_kind_of
from machi.portfolio.actions import TOPICS_AT_MOST
from machi.portfolio.links import clean_link
from machi.portfolio.models import Piece
from machi.shared.errors import DomainError
from machi.shared.japanese import folded
from machi.web.frame.fields import CalendarYearField, CategoryField, CleanText
from machi.web.frame.sections import SectionForm

ACCEPTED = "image/png,image/jpeg,image/webp,image/gif,application/pdf,audio/*,video/mp4,text/plain"     # a help for choosing, not the rule
_BETWEEN = re.compile(r"[、,，;；\n]")


class LinkField(forms.CharField):
    """A link as people paste it: with or without https, with blanks around it. Its value begins with https://, or is empty."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
        super().__init__(strip=False, required=False, widget=widget, **options)

    def to_python(self, value) -> str:
        try:
            return clean_link(str(value or ""))
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from None


class FileForm(forms.Form):
    """One file, and what to tell somebody who cannot see it."""

    file = forms.FileField(label=gettext_lazy("piece.file"), help_text=gettext_lazy("piece.file.tip"), max_length=None,
                           widget=forms.FileInput(attrs={"accept": ACCEPTED}), allow_empty_file=True,
                           error_messages={"required": gettext_lazy("piece.file.required")})
    alt = CleanText(max_length=80, required=False, label=gettext_lazy("piece.alt"), help_text=gettext_lazy("piece.alt.tip"))

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            self.kind = shown_kind_of(upload) if upload else ""
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from None
        return upload

    def clean(self) -> None:
        if getattr(self, "kind", "") in PICTURES and not self.cleaned_data.get("alt") and "alt" not in self.errors:
            self.add_error("alt", _("piece.alt.required"))


class WordsForm(SectionForm):
    """What it is, what part was theirs, where it can be seen, and who may look."""

    title = CleanText(max_length=80, label=gettext_lazy("piece.title"), help_text=gettext_lazy("piece.title.tip"))
    part = CleanText(max_length=300, lines=True, rows=3, label=gettext_lazy("piece.part"), help_text=gettext_lazy("piece.part.tip"),
                     error_messages={"required": gettext_lazy("piece.part.required")})
    link = LinkField(label=gettext_lazy("piece.link"), help_text=gettext_lazy("piece.link.tip"))
    category = CategoryField(help_text=gettext_lazy("piece.category.tip"))
    topics = CleanText(max_length=130, required=False, label=gettext_lazy("piece.topics"), help_text=gettext_lazy("piece.topics.tip"))
    year = CalendarYearField(required=False, label=gettext_lazy("piece.year"), help_text=gettext_lazy("piece.year.tip"))
    shown = forms.ChoiceField(choices=Piece.Shown.choices, initial=Piece.Shown.EVERYBODY, widget=forms.RadioSelect,
                              label=gettext_lazy("piece.shown"), error_messages=dict.fromkeys(
                                  ("required", "invalid_choice"), gettext_lazy("piece.shown.choose")))

    def clean_topics(self) -> list[str]:
        names = [name.strip() for name in _BETWEEN.split(self.cleaned_data["topics"]) if name.strip()]
        if len(names) > TOPICS_AT_MOST:
            raise ValidationError(_("piece.topics.too_many") % {"n": TOPICS_AT_MOST})
        if any(len(name) > 40 or len(folded(name)) > 80 for name in names):
            raise ValidationError(_("me.topic.too_long"))
        return names


class AddForm(FileForm, WordsForm):
    """A new piece: the words, and its first file if there is one."""

    field_order = ["title", "part", "file", "alt", "link", "category", "topics", "year", "shown"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False


class ChangeForm(WordsForm):
    """Other words."""

    def meet(self, saved: dict) -> None:
        """Who may see the piece stands first: whoever saves once more decides that again, too."""
        super().meet(saved)
        self.theirs = tuple(sorted(self.theirs, key=lambda line: line[0] != str(self.fields["shown"].label)))


def words_of(piece: Piece) -> dict:
    """A piece as its form shows it."""
    return {"title": piece.title, "part": piece.part, "link": piece.link, "category": piece.category_id or "", "year": piece.year or "",
            "topics": "、".join(one.topic.name for one in piece.named_topics), "shown": piece.shown}
