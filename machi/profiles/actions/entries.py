"""Strengths, hobbies, past work, certificates, languages. Every entry is saved by itself: a life with interruptions loses nothing."""
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Model, QuerySet
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.portfolio.models import Piece
from machi.profiles import facts, policies
from machi.profiles.actions.person import hold
from machi.profiles.models import Career, Certificate, Entry, Hobby, KnownSkill, Language, Strength
from machi.profiles.queries import values_as_chosen
from machi.shared import clock, order
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.seals import refuse_if_overtaken, values_of
from machi.taxonomy.actions import topic_named
from machi.taxonomy.models import Skill, Topic

LINES_AT_MOST = 30                  # of one kind: enough for a long life, too few to fill a disk


def add_strength(*, by, statement: str, evidence: str = "", hand_me: str = "", evidence_link: str = "",
                 evidence_piece_id: int | None = None, place: int | None = None) -> Strength:
    """What somebody is good at (強み), with what shows it: a sentence, a link, one of their own pieces of work."""
    _refuse_piece_of_others(by, evidence_piece_id)
    return add_entry(Strength(user=by, statement=statement, evidence=evidence, hand_me=hand_me, evidence_link=evidence_link,
                              evidence_piece_id=evidence_piece_id), by, place)


@transaction.atomic
def add_hobby(*, by, topic: str, years: int, depth: str, note: str = "", evidence_link: str = "",
              evidence_piece_id: int | None = None, place: int | None = None) -> Hobby:
    """What somebody loves (趣味): the topic becomes the same row that posts name; with a link or a piece of work that shows it.

    Refuses a topic that is there already with other words (the same words twice are one line).
    """
    hold(by)                                        # before the topics, and the topics until the line is written
    _refuse_piece_of_others(by, evidence_piece_id)
    return add_entry(Hobby(user=by, topic=topic_named(topic), years=years, depth=depth, note=note, evidence_link=evidence_link,
                           evidence_piece_id=evidence_piece_id), by, place)


def add_career(*, by, role: str, years: int, category=None, note: str = "", place: int | None = None) -> Career:
    """Past work (経歴), in the person's own words."""
    return add_entry(Career(user=by, role=role, years=years, category=category, note=note), by, place)


def add_skill(*, by, skill: Skill, level: str, years: int | None = None, place: int | None = None) -> KnownSkill:
    """A skill (スキル) from the town's list. Refuses one that is there already."""
    return add_entry(KnownSkill(user=by, skill=skill, level=level, years=years), by, place)


def add_certificate(*, by, name: str, issuer: str = "", year: int | None = None, place: int | None = None) -> Certificate:
    """A qualification (資格), as the person says."""
    return add_entry(Certificate(user=by, name=name, issuer=issuer, year=year), by, place)


def add_language(*, by, name: str, level: str, place: int | None = None) -> Language:
    """A language somebody works in. Refuses one that is there already."""
    return add_entry(Language(user=by, name=name, level=level), by, place)


@transaction.atomic
def add_entry(entry: Entry, by, place: int | None = None) -> Entry:
    """Put an entry on the page: at the end, or where it stood before. A line that says exactly this is there once, however often
    somebody presses. Raises DomainError where the page is full, or has another line about what can only stand there once.
    """
    hold(by)
    own = type(entry).objects.filter(user=by)
    if there := own.filter(**values_of(entry, entry.said_by())).first():
        return there
    if own.count() >= LINES_AT_MOST:
        raise DomainError(_("profile.full") % {"most": LINES_AT_MOST})
    if place is None:
        last = own.aggregate(last=Max("position"))["last"]
        entry.position = 0 if last is None else last + 1
    else:
        own.filter(position__gte=place).update(position=F("position") + 1)
        entry.position = place
    entry.added_at = clock.now()
    _save(entry)
    activity.record(actor=by, fact=facts.ENTRY_ADDED, about=f"user:{by.pk}", kind=type(entry).__name__.lower())
    return entry


@transaction.atomic
def put_strength(*, by, **said) -> Strength:
    """A strength, where no line says it yet. A line that says the same takes what it had left empty; nothing is written over."""
    hold(by)
    there = line_saying(Strength.objects.filter(user=by), said)
    return change_entry(entry=there, by=by, **_words(said)) if there else add_strength(by=by, **said)


def line_saying(lines: QuerySet, said: dict) -> Model | None:
    """The line that says this already, or as much of it as it says at all."""
    words = _words(said)
    there = [(values_of(line, words), line) for line in lines]
    agreeing = [(_words(saved), line) for saved, line in there if _words(saved).items() <= words.items()]
    return max(agreeing, key=lambda one: len(one[0]), default=(None, None))[1]


def _words(said: dict) -> dict:
    return {name: value for name, value in said.items() if value not in ("", None)}


@transaction.atomic
def change_entry(*, entry, by, seen: str | None = None, **values):
    """Change one entry. Raises NotAllowed for somebody else's, Overtaken where another window changed it meanwhile, DomainError where
    one took it off the page.
    """
    entry = type(entry).objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if entry is None:
        raise DomainError(_("me.gone"))
    if not policies.can_change_entry(by, entry):
        raise NotAllowed(_("profile.not_yours"))
    names = list(values)
    if "topic" in values:
        values |= _chosen(entry, topic_named(values["topic"]))
    _refuse_piece_of_others(by, values.get("evidence_piece_id"))
    saved = values_as_chosen(entry, names)
    for name, value in values.items():
        setattr(entry, name, value)
    refuse_if_overtaken(seen, saved, values_as_chosen(entry, names))
    _save(entry)
    return entry


@transaction.atomic
def move_entry(*, entry, by, up: bool) -> None:
    """One place up or down. At either end nothing happens."""
    if not policies.can_change_entry(by, entry):
        raise NotAllowed(_("profile.not_yours"))
    hold(by)
    own = list(type(entry).objects.filter(user=by).order_by("position", "pk"))
    if order.step(own, entry.pk, up=up):
        type(entry).objects.bulk_update(own, ["position"])


@transaction.atomic
def remove_entry(*, entry, by) -> None:
    """Take an entry off the page."""
    if not policies.can_change_entry(by, entry):
        raise NotAllowed(_("profile.not_yours"))
    number = entry.pk
    entry.delete()
    activity.record(actor=by, fact=facts.ENTRY_REMOVED, about=f"user:{by.pk}", kind=type(entry).__name__.lower(), entry=number)


def _chosen(hobby: Hobby, topic: Topic) -> dict[str, Topic | None]:
    """Whoever only rewrites a note has chosen no other topic, whatever theirs was merged into since."""
    if topic.pk == hobby.topic.standing_pk:
        return {"topic": hobby.topic, "topic_before": hobby.topic_before}
    return {"topic": topic, "topic_before": None}


def _refuse_piece_of_others(by, number: int | None) -> None:
    """Only what stands on one's own page shows what one can do, or what one loves."""
    if number is not None and not Piece.objects.here().filter(pk=number, user=by).exists():
        raise DomainError(_("evidence.piece_gone"))


def _save(entry: Entry) -> None:
    """Some things stand on a page once: a topic, a language."""
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:
        sentence = {Hobby: _("hobby.there_already"), KnownSkill: _("skill.there_already")}.get(type(entry), _("language.there_already"))
        raise DomainError(sentence) from None
