from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.shared.japanese import folded
from machi.shared.romaji import looked_for, sounding
from machi.taxonomy.models import Topic
from machi.web.frame.fields import CleanText

OTHER_WORDS = 12                                    # for one topic


class DescribeForm(forms.Form):
    """How a topic is called, read, and called otherwise."""

    name = CleanText(label=gettext_lazy("desk.topic.name"), max_length=40)
    reading = CleanText(label=gettext_lazy("desk.topic.reading"), help_text=gettext_lazy("desk.topic.reading.hint"), max_length=80,
                        required=False)
    name_en = CleanText(label=gettext_lazy("desk.topic.name_en"), max_length=60, required=False)
    synonyms = CleanText(label=gettext_lazy("desk.topic.synonyms"), help_text=gettext_lazy("desk.topic.synonyms.hint"), max_length=400,
                         lines=True, rows=3, required=False)

    @classmethod
    def of(cls, topic: Topic) -> dict:
        """What the fields say now."""
        return {"name": topic.name, "reading": topic.reading, "name_en": topic.name_en, "synonyms": "\n".join(topic.synonyms)}

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if len(folded(name)) > 80:
            raise ValidationError(_("me.topic.too_long"))
        if not looked_for(name):
            raise ValidationError(_("desk.topic.name.letters"))
        return name

    def clean_reading(self) -> str:
        reading = self.cleaned_data["reading"]
        if reading and not (sounding(reading) and looked_for(reading)[0] > "z"):
            raise ValidationError(_("desk.topic.reading.kana"))
        return reading

    def clean_synonyms(self) -> list[str]:
        words = [word for line in self.cleaned_data["synonyms"].splitlines() if (word := " ".join(line.split()))]
        if too_long := next((word for word in words if len(word) > 40), None):
            raise ValidationError(_("desk.topic.synonyms.long") % {"word": too_long[:20]})
        if len(words) > OTHER_WORDS:
            raise ValidationError(_("desk.topic.synonyms.many") % {"most": OTHER_WORDS})
        return words


class IntoForm(forms.Form):
    """The topic into which another is merged, by its number."""

    into = forms.ModelChoiceField(Topic.objects.for_everybody(), error_messages={
        "required": gettext_lazy("desk.topic.into.choose"), "invalid_choice": gettext_lazy("desk.topic.into.gone")})

    def clean_into(self) -> Topic:
        into = self.cleaned_data["into"]
        return into.merged_into or into             # it may have been merged while it was being chosen
