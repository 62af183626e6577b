"""What is filled in about a week of work by the hour. A day of the week and times of that day become moments; nothing is saved here."""
import datetime
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.contracts.models import TimeEntry, Timesheet
from machi.shared import clock
from machi.shared.japanese import cleaned
from machi.web.frame.fields import CleanText
from machi.web.frame.words import day as day_words
from machi.web.pages.contracts.forms import RoundForm

_TIME = re.compile(r"(\d{1,2})(?:[:時](\d{2})?分?)?")
DAY = datetime.timedelta(days=1)


class TimeField(forms.CharField):
    """A time of day as people write it: 9:30, ９：３０, 9時30分, 0930, 24:00. Its value is minutes since midnight."""

    def __init__(self, **options):
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 8}), **options)

    def clean(self, value) -> int | None:
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cleaned(str(super().clean(value)))))
        text = re.sub(r"^(\d{1,2})(\d{2})$", r"\1:\2", text)
        found = _TIME.fullmatch(text)
        minutes = int(found[1]) * 60 + int(found[2] or 0) if found else -1
        if not 0 <= minutes <= 24 * 60 or found and int(found[2] or 0) > 59:
            raise ValidationError(_("week.time.unclear"))
        return minutes


def days_of(sheet: Timesheet) -> list[tuple[str, str]]:
    """The days of this week that have begun."""
    days = [sheet.starts_on + DAY * number for number in range(7)]
    return [(day.isoformat(), day_words(day)) for day in days if day <= clock.today()]


def at(day: str, minutes: int) -> datetime.datetime:
    return clock.start_of(datetime.date.fromisoformat(day)) + datetime.timedelta(minutes=minutes)


def time_words(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(clock.JAPAN):%H:%M}"


class _DayForm(forms.Form):
    day = forms.ChoiceField(label=gettext_lazy("week.day"), error_messages={
        "required": gettext_lazy("week.day.unclear"), "invalid_choice": gettext_lazy("week.day.unclear")})

    def __init__(self, *values, sheet: Timesheet, **named):
        super().__init__(*values, **named)
        self.fields["day"].choices = days_of(sheet)


class AddForm(_DayForm):
    """Hours of one day. What ends before it began, ended after midnight."""

    began = TimeField(label=gettext_lazy("week.began"), help_text=gettext_lazy("week.began.hint"))
    ended = TimeField(label=gettext_lazy("week.ended"))
    note = CleanText(max_length=200, required=False, label=gettext_lazy("week.note"), help_text=gettext_lazy("week.note.hint"))

    def times(self) -> dict:
        values = self.cleaned_data
        began, ended = at(values["day"], values["began"]), at(values["day"], values["ended"])
        return {"started_at": began, "ended_at": ended + DAY if values["ended"] < values["began"] else ended, "note": values["note"]}


class EntryForm(AddForm):
    """An entry that is mended."""

    reason = CleanText(max_length=200, required=False, label=gettext_lazy("week.reason"), help_text=gettext_lazy("week.reason.hint"))

    @staticmethod
    def written(entry: TimeEntry) -> dict:
        return {"day": clock.day_of(entry.started_at).isoformat(), "began": time_words(entry.started_at),
                "ended": time_words(entry.ended_at), "note": entry.note, "reason": entry.mended_reason}

    def times(self) -> dict:
        return super().times() | {"reason": self.cleaned_data["reason"]}


class StopForm(_DayForm):
    """When a clock that was left running should have been stopped."""

    ended = TimeField(label=gettext_lazy("week.ended"), help_text=gettext_lazy("week.began.hint"))
    reason = CleanText(max_length=200, label=gettext_lazy("week.reason"), help_text=gettext_lazy("week.reason.hint"),
                       error_messages={"required": gettext_lazy("week.reason_needed")})

    def times(self) -> dict:
        return {"ended_at": at(self.cleaned_data["day"], self.cleaned_data["ended"]), "reason": self.cleaned_data["reason"]}


class PressForm(forms.Form):
    """One press: start, stop, what was started by mistake, an entry that is taken away or brought back."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("start", "stop", "drop", "remove", "restore")])
    entry = forms.IntegerField(min_value=1, max_value=2**62, required=False)


class SubmitForm(RoundForm):
    """The record of a week is handed over; after a question with the answer to it."""

    words = CleanText(lines=True, rows=4, max_length=3000, label=gettext_lazy("week.answer"), help_text=gettext_lazy("week.answer.hint"),
                      error_messages={"required": gettext_lazy("week.answer_needed")})

    def __init__(self, *values, is_answer: bool, **named):
        super().__init__(*values, **named)
        if not is_answer:
            del self.fields["words"]


class AskForm(RoundForm):
    """The one question about a week."""

    words = CleanText(lines=True, rows=4, max_length=3000, label=gettext_lazy("week.question"),
                      help_text=gettext_lazy("week.question.hint"))
