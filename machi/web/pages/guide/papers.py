"""The papers of the town, section by section, as words of the catalogues: so the three languages hold the same.

Their versions stand in machi/web/data/papers.json, where the sign-up form reads them. Who changes a paper raises its version.
"""
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from machi.accounts import roles
from machi.contracts.queries import NEWCOMER_UNTIL
from machi.web.frame import papers


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs; `points` are lines of a list after them."""

    title: str
    texts: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its sections. `is_draft`: an operator must have it checked before real people rely on it."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    is_draft: bool = False


def _by_which_right() -> str:
    """The legal form in which this town holds money, as its operator says (MACHI_MONEY_BASIS)."""
    return {"agent_receipt": _("terms.basis.agent_receipt"), "licensed": _("terms.basis.licensed"),
            "provider": _("terms.basis.provider")}.get(settings.MONEY_BASIS, _("terms.money_flow.3"))


def _on_cards() -> str:
    """Who a card's number goes to, what happens when its company takes a payment back, and who bears its fees: where clients pay so."""
    return str(_("terms.by_card")) if settings.MONEY_MODE == "provider" else ""


_cards = lazy(_on_cards, str)
_basis = lazy(lambda: str(_by_which_right()), str)
_with = lazy(lambda text, **numbers: text % numbers, str)       # the language is that of the page


def version_of(name: str) -> dict | None:
    """The version in force and the day it began, for the papers that somebody agrees to when they join."""
    return papers.in_force().get(name)


PAPERS = {
    "open_door": Paper(_("open_door.title"), _("open_door.lead"), (
        Section(_("open_door.who"), (_("open_door.who.1"), _("open_door.who.2"))),
        Section(_("open_door.never"), (), (_("open_door.never.1"), _("open_door.never.2"), _("open_door.never.3"), _("open_door.never.4"))),
        Section(_("open_door.instead"), (), (_("open_door.instead.1"), _with(_("open_door.instead.2"), n=NEWCOMER_UNTIL),
                                             _("open_door.instead.3"), _("open_door.instead.4"))),
        Section(_("open_door.limits"), (_("open_door.limits.1"), _("open_door.limits.2"))),
    )),
    "terms": Paper(_("terms.title"), _("terms.intro"), (
        Section(_("terms.who"), (_("terms.who.1"), _("terms.who.2"))),
        Section(_("terms.join"), (_("terms.join.1"), _("terms.join.2"))),
        Section(_("terms.work"), (_("terms.work.1"), _("terms.work.2"), _("terms.work.3"))),
        Section(_("terms.money_flow"), (_("terms.money_flow.1"), _("terms.money_flow.2"), _basis(), _cards())),
        Section(_("terms.made"), (_("terms.made.1"), _("terms.made.2"))),
        Section(_("terms.acts"), (_("terms.acts.1"), _("terms.acts.2"))),
        Section(_("terms.limits"), (_("terms.limits.1"), _("terms.limits.2"))),
        Section(_("terms.end"), (_("terms.end.1"), _("terms.end.2"))),
        Section(_("terms.law"), (_("terms.law.1"),)),
    ), is_draft=True),
    "privacy": Paper(_("privacy.title"), _("privacy.intro"), (
        Section(_("privacy.have"), (), (_("privacy.have.1"), _("privacy.have.2"), _("privacy.have.3"), _("privacy.have.4"),
                                        _("privacy.have.5"))),
        Section(_("privacy.never"), (), (_("privacy.never.1"), _("privacy.never.2"), _("privacy.never.3"))),
        Section(_("privacy.seen"), (_("privacy.seen.1"), _("privacy.seen.2"), _("privacy.seen.3"))),
        Section(_("privacy.cookie"), (_("privacy.cookies"),)),
        Section(_("privacy.given"), (_("privacy.given.1"),)),
        Section(_("privacy.kept"), (_("privacy.kept.1"), _("privacy.kept.2"))),
        Section(_("privacy.yours"), (_("privacy.yours.1"), _("privacy.yours.2"))),
    ), is_draft=True),
    "rules": Paper(_("rules.title"), _("rules.lead"), (
        Section(_("rules.each"), (), (_("rules.each.1"), _("rules.each.2"), _("rules.each.3"), _("rules.each.4"))),
        Section(_("rules.clients"), (), (_("rules.clients.1"), _("rules.clients.2"), _("rules.clients.3"), _("rules.clients.4"),
                                         _("rules.clients.5"), _("rules.clients.6"))),
        Section(_("rules.workers"), (), (_("rules.workers.1"), _("rules.workers.2"), _("rules.workers.3"), _("rules.workers.4"))),
        Section(_("rules.then"), (_("rules.then.1"), _("rules.then.2"))),
    )),
    "roles": Paper(_("roles.title"), _("roles.lead"), tuple(
        Section(role.name, (role.may, role.never)) for role in (*roles.EVERYBODY.values(), *roles.SEATS.values()))),
    "accessibility": Paper(_("access.title"), _("access.lead"), (
        Section(_("access.aim"), (_("access.aim.1"),)),
        Section(_("access.can"), (), (_("access.can.1"), _("access.can.2"), _("access.can.3"), _("access.can.4"), _("access.can.5"),
                                      _("access.can.6"))),
        Section(_("access.how"), (_("access.how.1"),)),
        Section(_("access.not_yet"), (_("access.not_yet.1"), _("access.not_yet.2"))),
    )),
}
