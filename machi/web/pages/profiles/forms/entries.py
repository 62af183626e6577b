"""The entries of my page, one small form each."""
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from machi.profiles.models import NOTE_AT_MOST, Hobby, KnownSkill, Language
from machi.taxonomy.marks import forms_of
from machi.taxonomy.models import Skill
from machi.web.frame.fields import CalendarYearField, CategoryField, CleanText, TopicField, offering
from machi.web.frame.sections import SectionForm
from machi.web.pages.jobs.fields import ChoiceOfOne
from machi.web.pages.portfolio.forms import LinkField
from machi.web.pages.profiles.forms.fields import YearsField, words_or_link


class OwnPieceField(forms.IntegerField):
    """The number of a piece of work, chosen by its name. Whose it is, the action asks."""

    widget = forms.Select

    def __init__(self, **options):
        super().__init__(required=False, min_value=1, max_value=2**62, error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("evidence.piece_gone")), **options)

    def widget_attrs(self, widget) -> dict:
        return {}


class EvidenceForm(SectionForm):
    """What shows an entry (裏づけ), and opens: a page elsewhere, or one of the person's own pieces of work."""

    evidence_link = LinkField(label=_("evidence.link"), help_text=_("evidence.link.tip"))
    evidence_piece_id = OwnPieceField(label=_("evidence.piece"), help_text=_("evidence.piece.tip"))

    def offer(self, works) -> None:
        """The pieces of work that may be chosen: those on the person's own page. Without any there is nothing to choose."""
        if works:
            self.fields["evidence_piece_id"].widget.choices = [("", _("evidence.piece.none")), *((one.pk, one.title) for one in works)]
            return
        del self.fields["evidence_piece_id"]
        for sentence in self.errors.pop("evidence_piece_id", ()):
            self.add_error(None, sentence)


class StrengthForm(EvidenceForm):
    """強み, 裏づけ, and だから、こんなことをお願いできます."""

    field_order = ["statement", "evidence", "evidence_link", "evidence_piece_id", "hand_me"]

    statement = CleanText(max_length=80, label=_("me.statement.label"), help_text=_("me.statement.tip"))
    evidence = CleanText(max_length=200, required=False, label=_("me.evidence.label"), help_text=_("me.evidence.tip"))
    hand_me = CleanText(max_length=120, required=False, label=_("me.hand_me.label"), help_text=_("me.hand_me.tip"))

    def clean(self) -> dict:
        values = super().clean()
        return values if values.get("evidence_link") else values | words_or_link(values.get("evidence", ""))


class HobbyForm(EvidenceForm):
    """趣味: a topic, for how long, and how."""

    field_order = ["topic", "years", "depth", "note", "evidence_link", "evidence_piece_id"]

    topic = TopicField(label=_("me.topic.label"), help_text=_("me.topic.tip"))
    years = YearsField(label=_("me.hobby_years.label"), help_text=_("me.hobby_years.tip"))
    depth = forms.ChoiceField(label=_("me.depth.label"), help_text=_("me.depth.tip"), choices=Hobby.Depth.choices, widget=forms.RadioSelect,
                              error_messages={"required": _("me.depth.required"), "invalid_choice": _("me.depth.required")})
    note = CleanText(max_length=NOTE_AT_MOST, required=False, label=_("me.hobby_note.label"), help_text=_("me.hobby_note.tip"))


class CareerForm(SectionForm):
    """経歴, in the person's own words."""

    role = CleanText(max_length=80, label=_("me.role.label"), help_text=_("me.role.tip"))
    category = CategoryField(help_text=_("me.category.tip"))
    years = YearsField(label=_("me.career_years.label"), help_text=_("me.career_years.tip"))
    note = CleanText(max_length=200, required=False, label=_("me.career_note.label"), help_text=_("me.career_note.tip"))


def skill_called(words: str) -> Skill:
    """The skill of the town's list with this name, reading or English name, or the only one with this other word for it.

    Raises ValidationError where there is none.
    """
    forms = forms_of(words)
    found = Skill.objects.filter(marks__overlap=[f"={form}" for form in forms]).order_by("position")[:1] or (
        Skill.objects.filter(marks__overlap=[f"~={form}" for form in forms]).order_by("position")[:2])
    if len(found) != 1:
        raise ValidationError(gettext("me.skill.unknown"))
    return found[0]


class SkillForm(SectionForm):
    """スキル from the town's list, typed in kanji, kana, Latin letters or English; how far, and for how long."""

    skill = CleanText(max_length=60, label=_("me.skill.label"), help_text=_("me.skill.tip"), widget=offering("skills"))
    level = ChoiceOfOne(label=_("me.skill_level.label"), help_text=_("me.skill_level.tip"), choices=KnownSkill.Level.choices)
    years = YearsField(required=False, label=_("me.skill_years.label"), help_text=_("me.career_years.tip"))

    def clean_skill(self) -> Skill:
        return skill_called(self.cleaned_data["skill"])

    @staticmethod
    def known() -> list[Skill]:
        """All of them, for a browser without a script."""
        return list(Skill.objects.only("code", "name_ja", "name_simple", "name_en", "reading").order_by("position"))


class CertificateForm(SectionForm):
    """資格: what, from whom, when."""

    name = CleanText(max_length=80, label=_("me.certificate.label"), help_text=_("me.certificate.tip"))
    issuer = CleanText(max_length=80, required=False, label=_("me.issuer.label"), help_text=_("me.issuer.tip"))
    year = CalendarYearField(required=False, label=_("me.year.label"), help_text=_("me.year.tip"))


class LanguageForm(SectionForm):
    """ことば, and how far it goes."""

    name = CleanText(max_length=40, label=_("me.language.label"), help_text=_("me.language.tip"),
                     widget=forms.TextInput(attrs={"list": "languages", "autocomplete": "off"}))
    level = ChoiceOfOne(label=_("me.language_level.label"), help_text=_("me.language_level.tip"), choices=Language.Level.choices)
