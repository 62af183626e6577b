"""Who has seen what about a person, gathered from facts, contracts and sessions."""
import datetime
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from machi.accounts.facts import LOOKED_AT
from machi.accounts.models import Duty
from machi.activity.models import Fact
from machi.contracts.models import Contract
from machi.notifications.words import called
from machi.privacy import facts
from machi.proposals.models import Proposal

SHOWN = 30
TAKEN = {facts.EXPORT_ASKED: _("seen.export_asked"), facts.EXPORT_TAKEN: _("seen.export_taken")}


class Seen(NamedTuple):
    """One line: when, who, what."""

    at: datetime.datetime
    who: str
    what: str


def everything(user) -> dict:
    """What stands on the page. The newest of each kind; all of it is in the export."""
    about = f"user:{user.pk}"
    taken = Fact.objects.filter(about=about, name__in=TAKEN).order_by("-id")[:SHOWN]
    devices = sorted(UserSession.objects.purge_and_list(user), key=lambda session: session.last_seen_at, reverse=True)[:SHOWN]
    return {"staff": by_duty(about), "clients": by_agreement(user), "shown": SHOWN, "devices": devices,
            "taken": [Seen(fact.happened_at, "", str(TAKEN[fact.name])) for fact in taken]}


def by_duty(about: str) -> list[Seen]:
    """What people of the town looked at: called as they are called here, with their duties, and nothing else about them."""
    duties = Prefetch("actor__duties", Duty.objects.filter(ended_at=None).order_by("pk"), to_attr="held")
    looks = Fact.objects.filter(about=about, name=LOOKED_AT).select_related("actor").prefetch_related(duties).order_by("-id")[:SHOWN]
    words = [(look, look.data["what"]) for look in looks]      # an id of the catalogue, written down with the fact
    return [Seen(look.happened_at, _who(look.actor), gettext(word)) for look, word in words]


def _who(person) -> str:
    duties = "・".join(map(str, person.held))
    return gettext("seen.staff.who") % {"name": called(person.name), "duties": duties} if duties else called(person.name)


def by_agreement(user) -> list[Seen]:
    """Clients who received an application; both sides of a contract, who hold each other's names."""
    sent = (Proposal.objects.filter(worker=user, submitted_at__isnull=False).select_related("job", "job__client", "job__client__person")
            .order_by("-submitted_at")[:SHOWN])
    worked = Contract.objects.filter(worker=user).select_related("client", "client__person").order_by("-pk")[:SHOWN]
    gave = Contract.objects.filter(client__person=user).select_related("worker").order_by("-pk")[:SHOWN]
    found = [Seen(one.submitted_at, str(one.job.client), str(_("seen.proposal")) % {"job": one.job.title}) for one in sent]
    found += [Seen(one.formed_at, str(one.client), str(_("seen.contract")) % {"job": one.title}) for one in worked]
    found += [Seen(one.formed_at, one.worker.name, str(_("seen.contract_client")) % {"job": one.title}) for one in gave]
    return sorted(found, key=lambda seen: seen.at, reverse=True)[:SHOWN]
