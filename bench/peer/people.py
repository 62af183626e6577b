"""What a person wrote and what the town counted of them, as querysets of models."""
from django.db.models import Count, Prefetch

from machi.accounts.models import User
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import Milestone
from machi.portfolio.models import Piece
from machi.portfolio.queries import whole
from machi.profiles.models import Career, Hobby, KnownSkill, Unsaved
from machi.profiles.queries import Own, Page
from machi.proposals.models import Proposal
from machi.reviews import badges
from machi.reviews.models import Thanks
from machi.reviews.queries import THANKS_ON_A_PAGE, thanks_to
from machi.shared import clock

ONES, OWN = ("profile", "working_conditions", "availability", "pay"), ("names", "private_conditions", "pay")
LINES = ("strengths", Prefetch("hobbys", Hobby.objects.select_related("topic").defer("topic__marks")),
         Prefetch("careers", Career.objects.select_related("category")), "certificates", "languages",
         Prefetch("knownskills", KnownSkill.objects.select_related("skill").defer("skill__marks")))


def person(user: User, *more: str) -> User:
    """Somebody with all that they wrote."""
    return User.objects.select_related(*ONES, *more).prefetch_related(*LINES).get(pk=user.pk)


def page_of(person: User) -> Page:
    """What everybody may read."""
    profile, conditions, availability, pay = (getattr(person, name, None) for name in ONES)
    return Page(person, profile, conditions, availability, pay if pay and pay.is_public else None, list(person.strengths.all()),
                list(person.hobbys.all()), list(person.careers.all()), list(person.certificates.all()),
                list(person.languages.all()), list(person.knownskills.all()))


def own_of(person: User) -> Own:
    """What only the person sees."""
    return Own(*(getattr(person, name, None) for name in OWN), list(Unsaved.objects.filter(user=person).order_by("pk")))


def pieces(owner: int, shown: list[str]) -> list[tuple]:
    """Somebody's works, with their files and topics."""
    return [(piece.pk, piece.title, piece.part, piece.link, piece.category_id, piece.year, piece.shown,
             [{"pk": one.pk, "alt": one.alt, "kind": one.file.kind, "width": one.file.width, "height": one.file.height}
              for one in piece.shown_files], [one.topic.name for one in piece.named_topics])
            for piece in whole(Piece.objects.here().filter(user=owner, shown__in=shown).in_order())]


def newest_thanks(worker: int) -> list[tuple]:
    """Thanks, with the work and the client they came from."""
    return [(one.text, one.contract.title, *_party(one.contract.client)) for one in thanks_to(worker)[:THANKS_ON_A_PAGE + 1]]


def _party(party) -> tuple:
    who = party.person
    return (party.kind, party.trade, party.name, party.person_id,
            *((who.display_name, who.closed_at, who.erased_at) if who else (None, None, None)))


def earned(user: int) -> list[tuple]:
    """What badges are told from: the newest works and answers, and who came back."""
    works, given = (Milestone.objects.filter(state=MilestoneState.ACCEPTED, **whose).order_by("-accepted_at", "-pk")
                    for whose in ({"contract__worker": user}, {"contract__client__person": user}))
    answers = Proposal.objects.filter(job__client__person=user, state__in=badges._ANSWERED).order_by("-answered_at", "-pk")
    return [([clock.day_of(one.first_delivered_at) > one.due_on for one in works[:badges.NEWEST_WORKS]],
             _several(works, "contract__client"), [Thanks.objects.filter(worker=user).count()],
             [one.by_town for one in answers.annotate(by_town=badges._by_town)[:badges.NEWEST_ANSWERS]],
             [one.was_accepted_by_town for one in given[:badges.NEWEST_WORKS]],
             _several(given, "contract__worker"), [Thanks.objects.filter(contract__client__person=user).count()])]


def _several(works, whom: str) -> list:
    return list(works.order_by().values(whom).annotate(n=Count("pk")).filter(n__gt=1))
