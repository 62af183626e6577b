"""What somebody fills in around their signed record."""
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.reviews.portable import AT_MOST
from machi.web.frame.fields import CleanText

_MAIL = re.compile(r"\S+@\S+\.\S+")


class IssueForm(forms.Form):
    """By what name the record speaks of its person: any, except an address that the town knows them by."""

    called = CleanText(max_length=80, label=gettext_lazy("portable.called.label"), help_text=gettext_lazy("portable.called.hint"))

    def clean_called(self) -> str:
        called = self.cleaned_data["called"]
        if _MAIL.search(called):
            raise ValidationError(_("portable.called.no_mail"))
        return called


class VerifyForm(forms.Form):
    """A record, pasted or chosen as a file."""

    text = forms.CharField(required=False, max_length=AT_MOST, label=gettext_lazy("verify.text.label"),
                           help_text=gettext_lazy("verify.text.hint"), widget=forms.Textarea(
                               attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
                           error_messages={"max_length": gettext_lazy("verify.too_long")})
    file = forms.FileField(required=False, allow_empty_file=True, label=gettext_lazy("verify.file.label"),
                           help_text=gettext_lazy("verify.file.hint"))

    def clean(self) -> None:
        """The text to be checked stands in `text` afterwards, wherever it came from."""
        upload, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if upload and upload.size > AT_MOST:
            self.add_error("file", _("verify.too_long"))
            return
        if upload and not text.strip():
            text = self.cleaned_data["text"] = upload.read().decode("utf-8", "replace")
        if not text.strip() and not self.errors:
            self.add_error("text", _("verify.nothing"))
