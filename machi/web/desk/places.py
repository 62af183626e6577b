"""The desks there are, in the order in which the first page of the desks names them. Whoever builds a desk adds its line."""
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Place(NamedTuple):
    """A desk: its name, what is done there, its address by name, its icon, and the duties for which it is open."""

    name: Promise
    text: Promise
    address: str
    icon: str
    duties: frozenset[str]


PLACES = (
    Place(_("desk.people"), _("desk.people.lead"), "desk:people", "users-round", frozenset({"operator"})),
    Place(_("desk.last_words"), _("desk.last_words.lead"), "desk:last_words", "door-open", frozenset({"operator"})),
    Place(_("desk.sealed.title"), _("desk.sealed.lead"), "desk:sealed", "file-lock", frozenset({"finance", "auditor"})),
    Place(_("desk.held"), _("desk.held.lead"), "desk:held", "shield-check", frozenset({"finance", "auditor"})),
    Place(_("desk.bank"), _("desk.bank.lead"), "desk:bank", "landmark", frozenset({"finance"})),
    Place(_("desk.refunds"), _("desk.refunds.lead"), "desk:refunds", "undo-2", frozenset({"finance"})),
    Place(_("desk.cards"), _("desk.cards.lead"), "desk:cards", "receipt", frozenset({"finance"})),
    Place(_("desk.payouts"), _("desk.payouts.lead"), "desk:payouts", "wallet", frozenset({"finance"})),
    Place(_("desk.adjust"), _("desk.adjust.lead"), "desk:adjustments", "file-pen-line", frozenset({"finance"})),
    Place(_("desk.safety"), _("desk.safety.lead"), "desk:safety", "lock", frozenset({"finance"})),
    Place(_("desk.rates"), _("desk.rates.lead"), "desk:rates", "receipt", frozenset({"finance", "auditor"})),
    Place(_("desk.disputes"), _("desk.disputes.lead"), "desk:disputes", "handshake", frozenset({"moderator", "finance"})),
    Place(_("desk.appeals"), _("desk.appeals.lead"), "desk:appeals", "hand", frozenset({"moderator"})),
    Place(_("desk.posts"), _("desk.posts.lead"), "desk:posts", "scan-eye", frozenset({"moderator"})),
    Place(_("desk.topics"), _("desk.topics.lead"), "desk:topics", "tags", frozenset({"editor"})),
)


def places_for(duties: frozenset[str]) -> list[Place]:
    """The desks that stand open for whoever holds these duties."""
    return [place for place in PLACES if place.duties & duties]
