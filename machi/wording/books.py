"""Packs of rules: a file each, valid from the day in its name on until the next one. Read, checked, and kept ready."""
import datetime
import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from machi.wording.advice import ADVICE
from machi.wording.errors import PackError
from machi.wording.patterns import Lists, Pattern, compiled, each_order

PACKS = Path(__file__).parent / "packs"
PLACES = ("job", "message", "profile", "review", "course", "package")
KINDS = ("age_sex", "easy_money", "free_test", "upfront_fee", "seminar_bait", "employment", "outside_contact")
STOP, LOOK = "stop", "look"                         # must be changed first | a person of the town looks first
FIELDS = {"name", "kind", "where", "weight", "advice", "source", "find", "spare", "before", "after", "around", "nearby", "starts_word"}
SPARE_FIELDS = {"before", "after", "around", "nearby", "but"}


class Regex:
    """Compiled when it is first asked: a pack has a thousand of them, and most texts need few."""

    def __init__(self, source: str):
        self.source = source

    @functools.cached_property
    def made(self) -> re.Pattern:
        return re.compile(self.source, re.S)


@dataclass(frozen=True, slots=True, eq=False)
class Find:
    """What a rule looks for: where it can begin, and what a text must hold somewhere to be worth looking."""

    regex: Regex
    firsts: frozenset[str]
    needs: tuple[Regex, ...]


@dataclass(frozen=True, slots=True)
class Spare:
    """When a rule is spared: by what stands just before, just after, or anywhere in the sentence, or nearby, also in the sentence
    beside it; never when a `but` follows in the sentence, and for a `nearby` also in the one beside it."""

    before: Regex | None
    after: Regex | None
    around: Regex | None
    nearby: Regex | None
    but: Regex | None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    name: str
    kind: str
    where: frozenset[str]
    weight: str
    advice: str
    source: str
    find: tuple[Find, ...]
    spares: tuple[Spare, ...]
    starts_word: bool                               # ライン, but not the ライン of オンライン


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    name: str
    valid_from: datetime.date
    rules: tuple[Rule, ...]

    def index(self, where: str) -> dict[str, list[tuple[Rule, Find]]]:
        """For each one or two letters, what may begin with them in a text of this place."""
        return _index(self, where)


@functools.lru_cache(maxsize=32)
def _index(pack: Pack, where: str) -> dict[str, list[tuple[Rule, Find]]]:
    made: dict[str, list[tuple[Rule, Find]]] = {}
    for rule in pack.rules:
        for find in rule.find if where in rule.where else ():
            for letters in find.firsts:
                made.setdefault(letters, []).append((rule, find))
    return made


def pack_on(day: datetime.date) -> Pack:
    """The pack in force on a day. Raises LookupError when the town had none yet."""
    begun = [one for one in days() if one <= day]
    if not begun:
        raise LookupError(f"no pack of wording rules is as old as {day}")
    return _kept(max(begun).isoformat())


@functools.cache
def days() -> tuple[datetime.date, ...]:
    """The days from which the packs of this town are valid."""
    return tuple(sorted(datetime.date.fromisoformat(path.stem) for path in PACKS.glob("*.toml")))


@functools.cache
def _kept(name: str) -> Pack:
    return read(PACKS / f"{name}.toml")


def in_force(day: datetime.date) -> Pack:
    """The pack in force on a day; before the first one, the first."""
    return pack_on(max(day, days()[0]))


def read(path: Path) -> Pack:
    """A pack from a file. Raises PackError with a sentence that names the place."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PackError(f"The pack {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise PackError(f"The pack {path.name} is not UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"The pack {path.name} is no TOML: {error}.") from None
    try:
        return _pack(path.stem, said)
    except PackError as error:
        raise PackError(f"{path.name}: {error}") from None


def _pack(name: str, said: dict) -> Pack:
    if unknown := said.keys() - {"valid_from", "groups", "readings", "spares", "rules"}:
        raise PackError(f"nothing is called {', '.join(sorted(unknown))}: a pack has valid_from, lists, readings, spares and rules.")
    day = said.get("valid_from")
    if not isinstance(day, datetime.date) or isinstance(day, datetime.datetime):
        raise PackError("valid_from should be a day, like 2026-12-01, without quotation marks.")
    lists = Lists(said.get("groups", {}), said.get("readings", {}))
    for table in ("groups", "readings"):
        for key, words in said.get(table, {}).items():
            _check_words(f"{key} in {table}", words)
    spares = {key: _spare(f"the spare {key}", value, lists) for key, value in said.get("spares", {}).items()}
    rules = tuple(_rule(rule, lists, spares) for rule in said.get("rules", []))
    names = [rule.name for rule in rules]
    if twice := {one for one in names if names.count(one) > 1}:
        raise PackError(f"two rules are called {', '.join(sorted(twice))}.")
    if not rules:
        raise PackError("there is no rule in it.")
    return Pack(name, day, rules)


def _rule(said: dict, lists: Lists, spares: dict[str, Spare]) -> Rule:
    title = f"the rule {said.get('name', 'without a name')}"
    if unknown := said.keys() - FIELDS:
        raise PackError(f"{title} has {', '.join(sorted(unknown))}, which no rule has.")
    if missing := {"name", "kind", "advice", "source", "find"} - said.keys():
        raise PackError(f"{title} lacks {', '.join(sorted(missing))}.")
    where = said.get("where", list(PLACES))
    for field, value, known in (("kind", [said["kind"]], KINDS), ("where", where, PLACES), ("advice", [said["advice"]], ADVICE),
                                ("weight", [said.get("weight", STOP)], (STOP, LOOK)), ("spare", said.get("spare", []), spares)):
        if strange := [str(one) for one in value if one not in known]:
            raise PackError(f"{title} says {field} = {', '.join(strange)}: one of {', '.join(known)} is meant.")
    own = {field: said[field] for field in ("before", "after", "around", "nearby") if field in said}
    spared = [spares[one] for one in said.get("spare", [])] + ([_spare(title, own, lists)] if own else [])
    return Rule(said["name"], said["kind"], frozenset(where), said.get("weight", STOP), said["advice"], said["source"],
                _each(title, said["find"], lists), tuple(spared), bool(said.get("starts_word")))


def _spare(title: str, said: dict, lists: Lists) -> Spare:
    if unknown := said.keys() - SPARE_FIELDS:
        raise PackError(f"{title} has {', '.join(sorted(unknown))}: before, after, around or but is meant.")
    made = {field: _any_of(title, said[field], lists, at_end=field == "before") for field in said}
    return Spare(**{field: made.get(field) for field in SPARE_FIELDS})


def _each(title: str, patterns: list[str], lists: Lists) -> tuple[Find, ...]:
    return tuple(Find(Regex(made.regex), made.firsts, tuple(map(Regex, made.needs))) for made in _made(title, patterns, lists))


def _any_of(title: str, patterns: list[str], lists: Lists, *, at_end: bool = False) -> Regex:
    made = "|".join(pattern.regex for pattern in _made(title, patterns, lists, begins_with_gap=True))
    return Regex(f"(?:{made}){'$' if at_end else ''}")


def _made(title: str, patterns: list[str], lists: Lists, *, begins_with_gap: bool = False) -> list[Pattern]:
    _check_words(title, patterns)
    try:
        return [compiled(one, lists, begins_with_gap=begins_with_gap) for pattern in patterns for one in each_order(pattern)]
    except PackError as error:
        raise PackError(f"{title}: {error}") from None


def _check_words(title: str, words) -> None:
    if not (isinstance(words, list) and words and all(isinstance(word, str) and word.strip() for word in words)):
        raise PackError(f"{title} should have a list of words in quotation marks.")
