"""The forms of my page: one small form for each section. Every field carries its コツ and an example."""
from machi.web.frame.sections import SectionForm
from machi.web.pages.profiles.forms.conditions import AvailabilityForm, ConditionsForm, PayForm
from machi.web.pages.profiles.forms.entries import (
    CareerForm,
    CertificateForm,
    EvidenceForm,
    HobbyForm,
    LanguageForm,
    SkillForm,
    StrengthForm,
)
from machi.web.pages.profiles.forms.words import AboutForm, CallNameForm, HeadlineForm, NamesForm

__all__ = ["AboutForm", "AvailabilityForm", "CallNameForm", "CareerForm", "CertificateForm", "ConditionsForm", "EvidenceForm",
           "HeadlineForm", "HobbyForm", "LanguageForm", "NamesForm", "PayForm", "SectionForm", "SkillForm", "StrengthForm"]
