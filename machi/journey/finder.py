"""From six answers to three sentences that can be put on a page. Our own templates; nothing leaves the town.

Each answer can lead a draft (LEADS), in the order in which it says most to somebody who looks for help. A draft is what one
can do, what shows it, and what one can therefore be handed. Everything is a proposal: the person edits it, or leaves it.
"""
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.journey import phrasing
from machi.journey.models import Question

DRAFTS = 3
STATEMENT, EVIDENCE, HAND_ME = 80, 200, 120         # letters that a page has room for
Q = Question
LEADS = (Q.ASKED, Q.THANKED, Q.KEPT, Q.EASY, Q.CAREFUL)


@dataclass(frozen=True, slots=True)
class Draft:
    """A strength that is not on the page yet."""

    statement: str
    evidence: str
    hand_me: str


def drafts(answers: Mapping[str, str]) -> list[Draft]:
    """Up to three, each led by another answer; fewer when fewer questions were answered."""
    said = {question: phrasing.bare(answers.get(question, "")) for question in Question.values}
    said = {question: text for question, text in said.items() if text}
    leads = [question for question in LEADS if question in said][:DRAFTS]
    support = [question for question in (Q.SHOWN, Q.KEPT, Q.CAREFUL) if question in said and question not in leads]
    return [_draft(lead, said, support) for lead in leads]


def _draft(lead: str, said: Mapping[str, str], support: list[str]) -> Draft:
    """`support` is what no draft leads with: each is used up by the first draft that has nothing of its own to show."""
    what, years = phrasing.with_years(said[lead])
    phrase, task = _phrase(what), _phrase(what, is_task=True)
    own = _own_evidence(lead, said[lead], years)
    evidence = own or (_supporting(support.pop(0), said) if support else "")
    if not phrase:                                  # too long for a sentence: it stands where there is room
        return Draft(_long()[lead], _fitting(said[lead], EVIDENCE), "")
    statement = (_kept_years() % {"what": phrase, "n": years}) if years and lead == Q.KEPT else _statements()[lead] % {"what": phrase}
    return Draft(_fitting(statement, STATEMENT), _fitting(evidence, EVIDENCE), _fitting(_tasks(lead, task), HAND_ME))


def _phrase(text: str, *, is_task: bool = False) -> str:
    if (get_language() or "ja").startswith("en"):
        return text if len(text) <= phrasing.LONGEST else ""
    return phrasing.as_noun(text, is_task=is_task)


def _own_evidence(lead: str, answer: str, years: int) -> str:
    if lead == Q.THANKED:
        return _("finder.evidence.thanked") % {"what": answer}
    if years:
        return _("finder.evidence.years") % {"n": years}
    return ""


def _supporting(question: str, said: Mapping[str, str]) -> str:
    text = said[question]
    if question == Q.KEPT:
        what, years = phrasing.with_years(text)
        return (_("finder.evidence.kept_years") % {"what": what, "n": years}) if years else _("finder.evidence.kept") % {"what": text}
    return (_("finder.evidence.shown") if question == Q.SHOWN else _("finder.evidence.careful")) % {"what": text}


def _tasks(lead: str, task: str) -> str:
    """What one can be handed: a deed as it was named. Care alone is no deed."""
    if not task or lead == Q.CAREFUL:
        return ""
    return (_("finder.hand_me.kept") if lead == Q.KEPT else _("finder.hand_me")) % {"what": task}


def _statements() -> dict[str, str]:
    return {Q.ASKED: _("finder.statement.asked"), Q.THANKED: _("finder.statement.thanked"), Q.KEPT: _("finder.statement.kept"),
            Q.EASY: _("finder.statement.easy"), Q.CAREFUL: _("finder.statement.careful")}


def _kept_years() -> str:
    return _("finder.statement.kept_years")


def _long() -> dict[str, str]:
    return {Q.ASKED: _("finder.long.asked"), Q.THANKED: _("finder.long.thanked"), Q.KEPT: _("finder.long.kept"),
            Q.EASY: _("finder.long.easy"), Q.CAREFUL: _("finder.long.careful")}


def _fitting(text: str, most: int) -> str:
    """A text that a page has room for; a longer one ends at a comma before that."""
    if len(text) <= most:
        return text
    kept = max(text[:most].rfind(mark) for mark in "、，, ")
    return text[:kept if kept > most // 2 else most].rstrip("、，, ")


def from_career(career, did: str) -> dict[str, str]:
    """One line of a career and what was done there, as a strength to edit: "so you can hand me ..." (F21)."""
    what, task = _phrase(did), _phrase(did, is_task=True)
    years = {"role": career.role, "n": career.years}
    return {
        "statement": _fitting(_("finder.statement.asked") % {"what": what}, STATEMENT) if what else "",
        "evidence": _fitting(_("hand.evidence") % years if career.years else career.role, EVIDENCE),
        "hand_me": _fitting(_("finder.hand_me") % {"what": task}, HAND_ME) if task else ""}
