"""What a text holds that it may not hold, by the pack of a day."""
import datetime
from typing import NamedTuple

from machi.shared import clock
from machi.wording.advice import sentence
from machi.wording.books import LOOK, Find, Pack, Rule, in_force
from machi.wording.plain import END, plain

FEW_MISSES, IN_VAIN = 32, -1
NEAR, MOST = 60, 5                                  # how many letters around a find are read; how many finds of a rule are told


class Finding(NamedTuple):
    """`found` as its writer typed it, from `start` on."""

    rule: str
    kind: str
    weight: str
    found: str
    start: int
    advice_id: str

    @property
    def advice(self) -> str:
        """What to change, why, and how to say it instead, in the language of whoever asks."""
        return sentence(self.advice_id, self.found)

    @property
    def only_looks(self) -> bool:
        """A person of the town decides; nothing must be changed before."""
        return self.weight == LOOK


def screen(text: str, where: str, *, on: datetime.date | None = None, pack: Pack | None = None) -> list[Finding]:
    """What the rules find in a text, in the order in which it stands there: each kind of word once, a few for each rule."""
    made, index = plain(text), (pack or in_force(on or clock.today())).index(where)
    found: list[Finding] = []
    tried: dict[Find, int] = {}
    ended: dict[str, int] = {}                          # a rule goes on where its last find ended
    told: dict[str, set[str]] = {}
    for start, letter in enumerate(made.text):
        for rule, find in (*index.get(letter, ()), *index.get(made.text[start:start + 2], ())):
            if start < ended.get(rule.name, 0) or tried.get(find) == IN_VAIN:
                continue
            if not (match := find.regex.made.match(made.text, start)):
                tried[find] = _after_a_miss(find, made.text, tried.get(find, 0))
                continue
            typed, known = made.typed(*match.span()), told.setdefault(rule.name, set())
            is_new = typed not in known and len(known) < MOST
            if rule.starts_word and made.is_within_word(start) or is_new and _is_spared(rule, made.text, *match.span()):
                continue
            ended[rule.name] = match.end()
            if is_new:
                known.add(typed)
                found.append(Finding(rule.name, rule.kind, rule.weight, typed, made.starts[start], rule.advice))
    return _once(found)


def _once(found: list[Finding]) -> list[Finding]:
    """Where several finds about the same words advise the same, the shortest is told: it names best what to change."""
    def is_within(other: Finding, one: Finding) -> bool:
        return (other.advice_id == one.advice_id and len(other.found) < len(one.found)
                and other.start < one.start + len(one.found) and one.start < other.start + len(other.found))

    shortest = [one for one in found if not any(is_within(other, one) for other in found)]
    return list({(one.advice_id, one.start): one for one in reversed(shortest)}.values())[::-1]


def _after_a_miss(find: Find, text: str, misses: int) -> int:
    """Whoever writes one word ten thousand times: after a few misses it is asked once whether the rest stands anywhere in the text."""
    is_hopeless = misses == FEW_MISSES and any(not need.made.search(text) for need in find.needs)
    return IN_VAIN if is_hopeless else misses + 1


def _is_spared(rule: Rule, text: str, start: int, end: int) -> bool:
    """Read within the sentence, and not further than a few words away."""
    first = max(text.rfind(END, max(0, start - NEAR), start) + 1, start - NEAR, 0)
    last = text.find(END, end, end + NEAR)
    before, after = text[first:start], text[end:last if last >= 0 else end + NEAR]
    whole, beside = text[first:end] + after, text[max(0, start - NEAR):end + NEAR]
    for spare in rule.spares:
        if spare.but and spare.but.made.search(text[end:end + NEAR] if spare.nearby else after):
            continue
        if (spare.before and spare.before.made.search(before) or spare.after and spare.after.made.match(after)
                or spare.around and spare.around.made.search(whole) or spare.nearby and spare.nearby.made.search(beside)):
            return True
    return False
