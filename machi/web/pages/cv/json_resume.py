"""My page in the form that other sites and programs read: JSON Resume 1.0.0 (https://jsonresume.org/schema).

The schema wants dates of a job, which nobody here is asked for: years stand in the summary. Strengths are skills with what
shows them as keywords; what the person loves are interests. What opens stands among the keywords too, with its address: neither of
them has a place for one.
"""
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from machi.contracts.queries import track_record
from machi.portfolio.queries import TO_EVERYBODY, cards_of
from machi.profiles.queries import own_of, page_of
from machi.shared import clock
from machi.web.pages.cv.sheet import Wish, address_of, in_years, opens, some

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"


def json_resume(person, wish: Wish) -> dict:
    """A dictionary that the published schema takes."""
    written, own, record = page_of(person), own_of(person), track_record(person)
    legal = own.names.legal_name if wish.has_legal_name and own.names else ""
    works = cards_of(person.pk, TO_EVERYBODY)
    profile, address = written.profile, settings.SITE_URL + reverse("profiles:public", args=[person.pk])
    return {
        "$schema": SCHEMA,
        "basics": _said({"name": legal or person.name, "label": profile and profile.headline, "summary": profile and profile.about,
                         "email": person.email if wish.has_mail else "", "url": address}),
        "work": [*_here(record, address), *(_said({"position": one.role, "summary": _sentences(in_years(one.years), one.note)})
                                            for one in written.careers)],
        "skills": [*(_said({"name": one.statement, "keywords": some(one.hand_me, one.evidence, *opens(one, works))})
                     for one in written.strengths),
                   *(_said({"name": one.skill.name, "level": str(one.get_level_display()), "keywords": some(in_years(one.years))})
                     for one in written.skills)],
        "interests": [_said({"name": one.topic.name, "keywords": some(
            in_years(one.years), str(one.get_depth_display()), one.note, *opens(one, works))}) for one in written.hobbies],
        "projects": [_said({"name": one.title, "description": one.part, "url": one.link or address_of(one),
                            "endDate": f"{one.year:04}" if one.year else ""}) for one in works],
        "certificates": [_said({"name": one.name, "issuer": one.issuer, "date": f"{one.year:04}" if one.year else ""})
                         for one in written.certificates],
        "languages": [{"language": one.name, "fluency": str(one.get_level_display())} for one in written.languages],
        "meta": {"canonical": address, "version": "v1.0.0", "lastModified": clock.now().strftime("%Y-%m-%dT%H:%M:%S")},
    }


def _here(record, address: str) -> list[dict]:
    """The work of this town, as the town counted it: the only line that is not the person's own word."""
    if not record.completed_count:
        return []
    return [{"name": _("cv.town"), "url": address, "summary": _sentences(
        _("cv.record.finished") % {"n": record.completed_count},
        _("cv.record.on_time") % {"n": record.on_time_count, "of": record.completed_count})}]


def _said(values: dict) -> dict:
    """Without what nobody wrote."""
    return {name: value for name, value in values.items() if value}


def _sentences(*texts: str) -> str:
    return "\n".join(some(*texts))
