"""What a text holds that it may not hold, by the pack of a day."""
import datetime
from typing import NamedTuple

from machi.shared import clock
from machi.wording.advice import sentence
from machi.wording.books import LOOK, Pack, Rule, in_force
from machi.wording.plain import END, plain

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
    ended: dict[str, int] = {}                          # a rule goes on where its last find ended
    told: dict[str, set[str]] = {}
    for start, letter in enumerate(made.text):
        for rule, regex in index.get(letter, ()):
            if start < ended.get(rule.name, 0) or not (match := regex.match(made.text, start)):
                continue
            if rule.starts_word and made.is_within_word(start) or _is_spared(rule, made.text, *match.span()):
                continue
            ended[rule.name], typed = match.end(), made.typed(*match.span())
            if typed not in told.setdefault(rule.name, set()) and len(told[rule.name]) < MOST:
                told[rule.name].add(typed)
                found.append(Finding(rule.name, rule.kind, rule.weight, typed, made.starts[start], rule.advice))
    return found


def _is_spared(rule: Rule, text: str, start: int, end: int) -> bool:
    """Read within the sentence, and not further than a few words away."""
    first = max(text.rfind(END, max(0, start - NEAR), start) + 1, start - NEAR, 0)
    last = text.find(END, end, end + NEAR)
    before, after = text[first:start], text[end:last if last >= 0 else end + NEAR]
    whole, beside = text[first:end] + after, text[max(0, start - NEAR):end + NEAR]
    for spare in rule.spares:
        if spare.but and spare.but.search(after):
            continue
        if (spare.before and spare.before.search(before) or spare.after and spare.after.match(after)
                or spare.around and spare.around.search(whole) or spare.nearby and spare.nearby.search(beside)):
            return True
    return False
