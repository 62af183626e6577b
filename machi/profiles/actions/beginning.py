"""The first words of a page: one question at a time, or everything at once."""
from django.db import transaction
from django.db.models import Q

from machi.accounts.models import User
from machi.portfolio.actions import add_piece
from machi.portfolio.models import Piece
from machi.profiles.actions.conditions import conditions_as_saved, say_availability, say_pay, write_conditions
from machi.profiles.actions.entries import add_career, add_hobby, add_skill, add_strength
from machi.profiles.actions.person import hold
from machi.profiles.actions.words import write_names, write_profile
from machi.profiles.models import Availability, Career, Entry, Hobby, KnownSkill, Pay, Profile, Strength
from machi.profiles.queries import own_names
from machi.taxonomy.actions import topic_named


@transaction.atomic
def be_called(*, by, call_name: str, call_reading: str | None = None, seen: str | None = None) -> User:
    """Only what to be called. The name on papers stays as it is, and so does which of the two others see.

    Whoever does not say how it is read keeps how it was read; another name has no reading yet.
    """
    by = hold(by)
    names = own_names(by)
    if call_reading is None:
        call_reading = names["call_reading"] if call_name == names["call_name"] else ""
    return write_names(by=by, **names | {"call_name": call_name, "call_reading": call_reading}, seen=seen)


def tell_from_the_heart(*, by, words: str, how: str, years: int) -> Entry:
    """One thing somebody loves, or one thing they did for a living ("work")."""
    if how in Hobby.Depth.values:
        return add_hobby(by=by, topic=words, years=years, depth=how)
    return add_career(by=by, role=words, years=years)


@transaction.atomic
def write_at_once(*, by, call_name: str, headline: str, strengths: list[tuple[str, str, str]], skill: tuple | None = None,
                  career: tuple[str, int] | None = None, hobby: tuple[str, int, str] | None = None,
                  piece: tuple[str, str, str] | None = None, hours: int | None = None, pay: tuple | None = None,
                  is_scoutable: bool = False) -> Profile:
    """A whole page in one deed (F08). What stands on the page already is not written twice; all of it is saved, or nothing.

    `strengths`: statement, evidence, what one can hand them. `skill`: a row of the town's list, and a level.
    `piece`: a piece of work, the part of it that was theirs, a link. `pay`: yen per hour or None, tax, whether everybody may see it.
    """
    by = hold(by)
    if call_name != own_names(by)["call_name"]:
        be_called(by=by, call_name=call_name)
    for statement, evidence, hand_me in strengths:
        if not Strength.objects.filter(user=by, statement=statement).exists():
            add_strength(by=by, statement=statement, evidence=evidence, hand_me=hand_me)
    if skill and not KnownSkill.objects.filter(user=by, skill=skill[0]).exists():
        add_skill(by=by, skill=skill[0], level=skill[1])
    if career and not Career.objects.filter(user=by, role=career[0]).exists():
        add_career(by=by, role=career[0], years=career[1])
    if hobby and not _loves(by, hobby[0]):
        add_hobby(by=by, topic=hobby[0], years=hobby[1], depth=hobby[2])
    if piece and not Piece.objects.here().filter(user=by, title=piece[0]).exists():
        add_piece(by=by, title=piece[0], part=piece[1], link=piece[2])
    if hours:
        write_conditions(by=by, **conditions_as_saved(by) | {"hours": hours})
    if pay and pay[0] is not None:
        say_pay(by=by, amount_yen=pay[0], per=Pay.Per.HOUR, tax=pay[1], is_public=pay[2])
    _stay_available(by, is_scoutable)
    return write_profile(by=by, headline=headline)


def _loves(by, topic: str) -> bool:
    """Does the page name this topic already? After a merge its line may still name one that now stands for the same."""
    named = topic_named(topic)
    return Hobby.objects.filter(Q(topic=named) | Q(topic__merged_into=named), user=by).exists()


def _stay_available(by, is_scoutable: bool) -> None:
    """Whoever said when they can work keeps that; only whether clients may write first changes."""
    when = Availability.objects.filter(user=by).first()
    say_availability(by=by, standing=when.standing if when else Availability.Standing.OPEN, from_on=when.from_on if when else None,
                     is_scoutable=is_scoutable)
