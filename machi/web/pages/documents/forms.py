"""What somebody looks for among their papers. Every field may stay empty; all that are filled in hold together."""
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.documents.kinds import Kind
from machi.documents.queries import Search
from machi.web.frame.fields import CleanText, DayField, YenField

MOST_YEN = 10 ** 12


class SearchForm(forms.Form):
    """By day, by sum, by counterparty, by kind."""

    since = DayField(label=gettext_lazy("document.since"), required=False)
    until = DayField(label=gettext_lazy("document.until"), required=False)
    least_yen = YenField(label=gettext_lazy("document.least"), required=False, at_least=0, at_most=MOST_YEN)
    most_yen = YenField(label=gettext_lazy("document.most"), required=False, at_least=0, at_most=MOST_YEN)
    name = CleanText(label=gettext_lazy("document.counterparty"), help_text=gettext_lazy("document.counterparty.hint"), max_length=80,
                     required=False)
    kind = forms.ChoiceField(label=gettext_lazy("document.kind"), required=False,
                             error_messages={"invalid_choice": gettext_lazy("choice.required")})

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.fields["kind"].choices = [("", _("document.kind.all")), *Kind.choices]

    def clean(self) -> dict:
        told = super().clean()
        for first, last, words in (("since", "until", _("document.days_turned")), ("least_yen", "most_yen", _("document.sums_turned"))):
            low, high = told.get(first), told.get(last)
            if low is not None and high is not None and low > high:
                self.add_error(last, words)
        return told

    def search(self) -> Search:
        """What was said; nothing of it where the form cannot be understood."""
        return Search(**self.cleaned_data) if self.is_valid() else Search()
