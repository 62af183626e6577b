"""The first words of a page: three questions, each alone on its screen; and one form for whoever has much to say at once."""
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from machi.profiles.models import Hobby, KnownSkill, Pay
from machi.shared.japanese import folded
from machi.taxonomy.models import Skill
from machi.web.frame.fields import CleanText, TopicField, YenField, offering
from machi.web.frame.sections import SectionForm
from machi.web.pages.jobs.fields import ChoiceOfOne
from machi.web.pages.portfolio.forms import LinkField
from machi.web.pages.profiles.forms.conditions import PayForm
from machi.web.pages.profiles.forms.entries import SkillForm, skill_called
from machi.web.pages.profiles.forms.fields import HoursField, ReadingField, YearsField, words_or_link
from machi.web.pages.profiles.forms.words import CallNameForm

WORK = "work"                                       # したことのある仕事: becomes a past job, everything else a hobby
STRENGTHS = (1, 2, 3)


class CallForm(CallNameForm):
    """What to be called, and how it is read."""

    call_reading = ReadingField(label=_("me.call_reading.label"), help_text=_("me.call_reading.tip"))


class OneStrengthForm(SectionForm):
    statement = CleanText(max_length=80, label=_("begin.strength.label"), help_text=_("me.statement.tip"))


class HeartForm(SectionForm):
    """One thing somebody loves, or one thing they did for a living; years and the way are all that is asked."""

    words = TopicField(label=_("begin.heart.label"), help_text=_("begin.heart.tip"))
    how = ChoiceOfOne(label=_("me.depth.label"), help_text=_("me.depth.tip"), choices=[(WORK, _("begin.heart.work")), *Hobby.Depth.choices])
    years = YearsField(label=_("me.hobby_years.label"), help_text=_("me.hobby_years.tip"))


class ExpertForm(CallNameForm):
    """A whole page in one form (F08). Only the headline and one strength are needed."""

    PIECE = ("piece_title", "piece_part", "piece_link")
    FOLDED = ("statement_2", "evidence_2", "hand_me_2", "statement_3", "evidence_3", "hand_me_3")

    headline = CleanText(max_length=60, label=_("me.headline.label"), help_text=_("me.headline.tip"))
    skill = CleanText(max_length=60, required=False, label=_("me.skill.label"), help_text=_("me.skill.tip"), widget=offering("skills"))
    skill_level = ChoiceOfOne(required=False, label=_("me.skill_level.label"), help_text=_("me.skill_level.tip"),
                              choices=KnownSkill.Level.choices, initial=KnownSkill.Level.ALONE)
    role = CleanText(max_length=80, required=False, label=_("me.role.label"), help_text=_("me.role.tip"))
    role_years = YearsField(required=False, label=_("me.career_years.label"), help_text=_("me.career_years.tip"))
    topic = TopicField(required=False, label=_("expert.topic.label"), help_text=_("me.topic.tip"))
    topic_years = YearsField(required=False, label=_("me.hobby_years.label"), help_text=_("me.hobby_years.tip"))
    depth = ChoiceOfOne(required=False, label=_("me.depth.label"), help_text=_("me.depth.tip"), choices=Hobby.Depth.choices,
                        initial=Hobby.Depth.DOING)
    piece_title = CleanText(max_length=80, required=False, label=_("piece.title"), help_text=_("piece.title.tip"))
    piece_part = CleanText(max_length=300, required=False, lines=True, rows=3, label=_("piece.part"), help_text=_("piece.part.tip"))
    piece_link = LinkField(label=_("piece.link"), help_text=_("piece.link.tip"))
    hours = HoursField(required=False, label=_("me.hours.label"), help_text=_("me.hours.tip"))
    amount_yen = YenField(required=False, label=_("expert.pay.label"), help_text=_("expert.pay.tip"))
    tax = ChoiceOfOne(required=False, label=_("me.pay.tax.label"), help_text=_("me.pay.tax.tip"), choices=Pay.Tax.choices,
                      initial=Pay.Tax.INCLUDED)
    is_public = ChoiceOfOne(required=False, label=_("me.pay.seen.label"), choices=PayForm.SEEN, initial=True)
    is_scoutable = forms.BooleanField(required=False, label=_("me.scoutable.label"), help_text=_("me.scoutable.tip"), initial=True)

    def __init__(self, *args, has_strength: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        for n in STRENGTHS:
            self.fields[f"statement_{n}"] = CleanText(
                max_length=80, required=n == 1 and not has_strength, label=_("me.statement.label"),
                help_text=_("me.statement.tip") if n == 1 else "")
            self.fields[f"evidence_{n}"] = CleanText(
                max_length=200, required=False, label=_("expert.evidence.label"), help_text=_("expert.evidence.tip") if n == 1 else "")
            self.fields[f"hand_me_{n}"] = CleanText(
                max_length=120, required=False, label=_("me.hand_me.label"), help_text=_("me.hand_me.tip") if n == 1 else "")

    known = staticmethod(SkillForm.known)

    def clean_skill(self) -> Skill | None:
        return skill_called(self.cleaned_data["skill"]) if self.cleaned_data["skill"] else None

    def clean(self) -> dict:
        values = super().clean()
        for n in STRENGTHS:
            if (values.get(f"evidence_{n}") or values.get(f"hand_me_{n}")) and values.get(f"statement_{n}") == "":
                self.add_error(f"statement_{n}", ValidationError(gettext("expert.statement.missing")))
        for what, years in (("role", "role_years"), ("topic", "topic_years")):
            if values.get(what) and years in values and values[years] is None:
                self.add_error(years, ValidationError(gettext("expert.years.missing")))
        if len(folded(values.get("topic") or "")) > 80:
            self.add_error("topic", ValidationError(gettext("me.topic.too_long")))
        if any(values.get(name) for name in self.PIECE):        # a piece is a title and a part; the link may be missing
            for name, sentence in (("piece_title", gettext("expert.piece.title.missing")), ("piece_part", gettext("piece.part.required"))):
                if values.get(name) == "":
                    self.add_error(name, ValidationError(sentence))
        return values

    def said(self) -> dict:
        """What the action wants to know."""
        values = self.cleaned_data
        return {"call_name": values["call_name"], "headline": values["headline"], "hours": values["hours"],
                "strengths": [{"statement": values[f"statement_{n}"], "hand_me": values[f"hand_me_{n}"]}
                              | words_or_link(values[f"evidence_{n}"]) for n in STRENGTHS if values[f"statement_{n}"]],
                "skill": (values["skill"], values["skill_level"] or KnownSkill.Level.ALONE) if values["skill"] else None,
                "career": (values["role"], values["role_years"]) if values["role"] else None,
                "hobby": (values["topic"], values["topic_years"], values["depth"] or Hobby.Depth.DOING) if values["topic"] else None,
                "piece": tuple(values[name] for name in self.PIECE) if values["piece_title"] else None,
                "pay": (values["amount_yen"], values["tax"] or Pay.Tax.INCLUDED, values["is_public"] == "True"),
                "is_scoutable": values["is_scoutable"]}
