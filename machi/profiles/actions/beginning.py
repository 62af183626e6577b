"""The first words of a page: one question at a time, or everything at once."""
from django.db import transaction
from django.db.models import Q

from machi.accounts.models import User
from machi.portfolio.actions import add_piece, change_piece
from machi.portfolio.models import Piece
from machi.profiles.actions.conditions import conditions_as_saved, say_availability, say_pay, write_conditions
from machi.profiles.actions.entries import add_career, add_hobby, add_skill, line_saying, put_strength
from machi.profiles.actions.person import hold
from machi.profiles.actions.words import write_names, write_profile
from machi.profiles.models import Availability, Career, Entry, Hobby, KnownSkill, Pay
from machi.profiles.queries import own_names, own_of, page_of, said_at_once
from machi.shared.seals import refuse_if_overtaken
from machi.taxonomy.actions import topic_named
from machi.taxonomy.models import Skill


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
def write_at_once(*, by, call_name: str, headline: str, strengths: list[dict[str, str]], skill: tuple | None = None,
                  career: tuple[str, int] | None = None, hobby: tuple[str, int, str] | None = None,
                  piece: tuple[str, str, str] | None = None, hours: int | None = None, pay: tuple | None = None,
                  is_scoutable: bool = False, seen: str | None = None) -> list[str]:
    """A whole page in one deed (F08): all of it is saved, or nothing. What the page says already is not written twice, and what it
    says otherwise stays, with the new line beside it. A skill and a topic stand there once: gives those that stayed as they were.

    `strengths`: as `add_strength` takes them. `skill`: a row of the town's list, and a level. `piece`: a piece of work, the part of it
    that was theirs, a link. `pay`: yen per hour or None, tax, whether everybody may see it. `seen`: the seal of `said_at_once`.
    """
    by = hold(by)
    saved = said_at_once(page_of(by), own_of(by))
    typed = {"call_name": call_name, "headline": headline, "is_scoutable": is_scoutable} | ({"hours": hours} if hours else {})
    if pay and pay[0] is not None:
        typed |= dict(zip(("amount_yen", "tax", "is_public"), pay, strict=True))
    refuse_if_overtaken(seen, saved, saved | typed)
    if call_name != saved["call_name"]:
        be_called(by=by, call_name=call_name)
    for said in strengths:
        put_strength(by=by, **said)
    if career and not Career.objects.filter(user=by, role=career[0], years=career[1]).exists():
        add_career(by=by, role=career[0], years=career[1])
    if piece:
        _put_piece(by, dict(zip(("title", "part", "link"), piece, strict=True)))
    if hours:
        write_conditions(by=by, **conditions_as_saved(by) | {"hours": hours})
    if pay and pay[0] is not None:
        say_pay(by=by, amount_yen=pay[0], per=Pay.Per.HOUR, tax=pay[1], is_public=pay[2])
    _stay_available(by, is_scoutable)
    write_profile(by=by, headline=headline)
    return [*_put_skill(by, *skill or ()), *_put_hobby(by, *hobby or ())]


def _put_piece(by, said: dict[str, str]) -> None:
    there = line_saying(Piece.objects.here().filter(user=by), said)
    if there is None:
        add_piece(by=by, **said)
    elif there.link != said["link"]:
        change_piece(piece=there, by=by, link=said["link"], topics=[one.topic.name for one in there.piece_topics.select_related("topic")])


def _put_skill(by, skill: Skill | None = None, level: str = "") -> list[str]:
    known = KnownSkill.objects.filter(user=by, skill=skill).first()
    if skill and known is None:
        add_skill(by=by, skill=skill, level=level)
    return [known.called] if known and known.level != level else []


def _put_hobby(by, topic: str = "", years: int = 0, depth: str = "") -> list[str]:
    """After a merge the page may still name a topic that now stands for the same."""
    if not topic:
        return []
    named = topic_named(topic)
    loved = Hobby.objects.filter(Q(topic=named) | Q(topic__merged_into=named), user=by).first()
    if loved is None:
        add_hobby(by=by, topic=topic, years=years, depth=depth)
    return [loved.called] if loved and (loved.years, loved.depth) != (years, depth) else []


def _stay_available(by, is_scoutable: bool) -> None:
    """Whoever said when they can work keeps that; only whether clients may write first changes."""
    when = Availability.objects.filter(user=by).first()
    say_availability(by=by, standing=when.standing if when else Availability.Standing.OPEN, from_on=when.from_on if when else None,
                     is_scoutable=is_scoutable)
