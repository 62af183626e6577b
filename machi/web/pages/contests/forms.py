"""What is typed in a contest: an entry, a note, and which entry gets which prize."""
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.files.storing import called
from machi.jobs.contests import Contest
from machi.jobs.models import Job
from machi.portfolio.models import Piece
from machi.proposals.entries import FILES_AT_MOST, Entry, EntryFile
from machi.web.frame.fields import CleanText
from machi.web.frame.words import yen
from machi.web.pages.contracts.forms import FilesField
from machi.web.pages.jobs.fields import VersionField

HINTS = {Contest.Takes.FILES: gettext_lazy("entry.text.hint.files"), Contest.Takes.TEXT: gettext_lazy("entry.text.hint.text"),
         Contest.Takes.EITHER: gettext_lazy("entry.text.hint.either")}
WORDS = ("title", "text", "ai_note")


class EntryFilesField(FilesField):
    """Each file is judged by itself: what is wrong with one is said in a sentence that names it, and the others can stay."""

    def clean(self, data, initial=None) -> list:
        uploads, faults = data if isinstance(data, list | tuple) else [data] if data else [], []
        self.names, self.good = [called(upload) for upload in uploads], []
        for upload in uploads:
            try:
                self.good += super().clean([upload], initial)
            except ValidationError as fault:
                faults += fault.messages
        if faults:
            raise ValidationError(faults)
        return super().clean(uploads, initial)


class EntryForm(forms.Form):
    """An entry: a title, a text, files. What a contest asks for is said by the deed, so that a draft may be anything."""

    title = CleanText(label=gettext_lazy("entry.title"), help_text=gettext_lazy("entry.title.hint"), max_length=80, required=False)
    text = CleanText(label=gettext_lazy("entry.text"), max_length=5000, lines=True, rows=8, required=False)
    files = EntryFilesField(required=False, label=gettext_lazy("deliver.files"))
    ai_note = CleanText(max_length=300, label=gettext_lazy("deliver.ai_note"), help_text=gettext_lazy("entry.ai_note.hint"),
                        error_messages={"required": gettext_lazy("contract.deliver.ai_needed")})
    version = VersionField()
    read = VersionField()

    def __init__(self, data=None, files=None, *, entry: Entry, takes: str):
        self.entry = entry
        super().__init__(data, files, initial={"version": entry.version, "read": entry.job.version, **self.saved()})
        self.fields["text"].help_text = HINTS[takes]
        self.fields["files"].help_text = _("entry.files.hint") % {"n": FILES_AT_MOST}
        self.fields["ai_note"].required = "autosave" not in (data or {})
        if entry.job.ai != Job.AI.DECLARED:
            del self.fields["ai_note"]
        if takes == Contest.Takes.TEXT:
            del self.fields["files"]

    def saved(self) -> dict[str, str]:
        return {name: getattr(self.entry, name) for name in WORDS}

    def words(self) -> dict[str, str]:
        """What was typed."""
        return {name: self.cleaned_data.get(name, "") for name in WORDS}

    def sound_files(self) -> list:
        """What was chosen, and nothing is wrong with it."""
        return getattr(self.fields.get("files"), "good", [])

    def chosen_names(self) -> list[str]:
        return getattr(self.fields.get("files"), "names", [])

    def renew(self) -> None:
        """Whoever has seen both texts may save over the other one."""
        self.entry.refresh_from_db()
        self.data = self.data.copy()
        self.data.update({"version": str(self.entry.version), "read": str(self.entry.job.version)})


class ShowForm(forms.Form):
    """An entry as a work on one's page: what it is called, what part was theirs, what each picture tells whoever cannot see it."""

    title = CleanText(max_length=80, label=gettext_lazy("piece.title"))
    part = CleanText(max_length=300, lines=True, rows=3, label=gettext_lazy("piece.part"), help_text=gettext_lazy("piece.part.tip"),
                     error_messages={"required": gettext_lazy("piece.part.required")})
    shown = forms.ChoiceField(choices=Piece.Shown.choices, widget=forms.RadioSelect, label=gettext_lazy("piece.shown"),
                              error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("piece.shown.choose")))

    def __init__(self, data=None, *, entry: Entry, pictures: Sequence[EntryFile]):
        super().__init__(data, initial={"title": entry.title, "part": _("entry.show.part") % {"job": entry.job.title},
                                        "shown": Piece.Shown.EVERYBODY})
        for one in pictures:
            self.fields[f"alt_{one.pk}"] = CleanText(
                max_length=80, label=_("entry.show.alt") % {"name": one.file.name}, help_text=_("piece.alt.tip"),
                error_messages={"required": _("piece.alt.required")})

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "part", "shown")}

    def alt_of(self, one: EntryFile) -> str:
        return self.cleaned_data.get(f"alt_{one.pk}", "")


class NoteForm(forms.Form):
    """Words that a client writes beside an entry, for themselves."""

    note = CleanText(label=gettext_lazy("entry.note"), help_text=gettext_lazy("entry.note.hint"), max_length=500, lines=True, rows=3,
                     required=False)


class AwardForm(forms.Form):
    """For each prize one entry, or none."""

    def __init__(self, data=None, *, contest: Contest, entries: list[tuple[int, str, bool]], first: str = ""):
        super().__init__(data, initial={"prize_1": first})
        choices = [("", _("award.none")), *((str(number), self._called(number, title, liked)) for number, title, liked in entries)]
        for place, prize in enumerate(contest.prizes, 1):
            self.fields[f"prize_{place}"] = forms.ChoiceField(
                label=_("award.prize") % {"n": place, "sum": yen(int(prize))}, choices=choices, required=False,
                error_messages={"invalid_choice": _("contest.award_unknown")})

    def _called(self, number: int, title: str, liked: bool) -> str:
        text = (_("entry.numbered.title") % {"n": number, "title": title}) if title else _("entry.numbered") % {"n": number}
        return (_("entry.liked") % {"entry": text}) if liked else text

    def clean(self) -> dict:
        chosen = self.winners()
        if not self.errors and not chosen:
            raise ValidationError(_("contest.award_one"))
        if len(set(chosen.values())) != len(chosen):
            raise ValidationError(_("contest.award_twice"))
        return self.cleaned_data

    def winners(self) -> dict[int, int]:
        """Prize -> number of the entry."""
        return {int(name.removeprefix("prize_")): int(number) for name, number in self.cleaned_data.items() if number}
