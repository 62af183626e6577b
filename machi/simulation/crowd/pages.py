"""What people of the crowd wrote about themselves: every section of my page. The busy one filled them all, with a few lines each;
the fullest page has as many lines of each kind as a page takes.
"""
import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from machi.portfolio.models import Piece, PieceTopic
from machi.profiles.models import (
    Availability,
    Career,
    Certificate,
    Hobby,
    KnownSkill,
    Language,
    Names,
    Pay,
    PrivateConditions,
    Profile,
    Strength,
    WorkingConditions,
)
from machi.simulation.crowd import tales

BUSY_LINES = 5                                      # of each kind
FULLEST, FULLEST_LINES = 2, 30                      # their place among all, and as many lines as a page takes
BUSY_NAME = "佐藤はるか"
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Writers:
    """Who writes, the busy one first and the fullest page third, and what their lines may name."""

    people: Sequence[int]
    pieces: Sequence[int]                           # numbers for their pieces of work, the busy one's first
    topics: Mapping[str, int]
    skills: Sequence[str]
    random: Random
    now: datetime.datetime

    def lines(self, among: Sequence, few: Callable[[int], int]) -> Iterator[tuple[int, dict, object]]:
        """The place of a person among all, what every line has, and what this one says; no two the same where there are enough."""
        for at, pk in enumerate(self.people):
            count = {0: BUSY_LINES, FULLEST: FULLEST_LINES}.get(at) or few(at)
            chosen = self.random.sample(among, count) if count <= len(among) else self.random.choices(among, k=count)
            for position, one in enumerate(chosen):
                yield at, {"user_id": pk, "position": position, "added_at": self.now}, one

    def some(self, every: int) -> Iterator[tuple[int, int]]:
        """The busy one and every so many-th of the others: their place among all, and their number."""
        return ((at, pk) for at, pk in enumerate(self.people) if at % every == 0)


def pieces_of(people: int) -> int:
    """How many pieces of work they have together."""
    return BUSY_LINES + FULLEST_LINES + people // 2


def profiles(of: Writers) -> Iterator[dict]:
    for at, pk in enumerate(of.people):
        topic = of.random.choice(tales.TOPICS)
        about = f"{topic}を長く続けています。\n\n{tales.STRENGTHS[at % len(tales.STRENGTHS)][0]}。"
        yield {"user_id": pk, "headline": f"{topic}のことなら、はじめての人にも伝わるように書けます", "about": about,
               "conditions": "平日の夜と、週末" if at % 5 != 4 else "", "changed_at": of.now}


def names(of: Writers) -> Iterator[dict]:
    yield {"user_id": of.people[0], "call_name": BUSY_NAME, "legal_name": "佐藤 遥", "legal_reading": "さとう はるか"}


def conditions(of: Writers) -> Iterator[dict]:
    for at, pk in of.some(every=2):
        bands = WorkingConditions.Band.values[at % 2:] if at else WorkingConditions.Band.values
        yield {"user_id": pk, "hours": 5 + at % 30, "bands": tales.array(bands), "blocks": tales.array(["30", "60"]),
               "channels": tales.array(["text_only"] if at % 3 == 0 else [])}


def private_conditions(of: Writers) -> Iterator[dict]:
    return ({"user_id": pk, "may_leave_suddenly": at % 2 == 0, "slack_days": 3} for at, pk in of.some(every=7))


def pays(of: Writers) -> Iterator[dict]:
    for at, pk in of.some(every=3):
        yield {"user_id": pk, "amount_yen": 1_200 + 100 * (at % 20), "per": "hour", "tax": "included", "is_public": at % 2 == 0}


def availabilities(of: Writers) -> Iterator[dict]:
    for at, pk in of.some(every=2):
        standing = ("open", "later", "resting")[at % 3]
        yield {"user_id": pk, "standing": standing, "from_on": of.now.date() + 20 * DAY if standing == "later" else None,
               "is_scoutable": standing == "open"}


def pieces(of: Writers) -> Iterator[dict]:
    numbers = iter(of.pieces)
    for at, line, topic in of.lines(tales.TOPICS, lambda at: at % 2):
        yield line | {"id": next(numbers), "position": line["position"] + 1, "changed_at": of.now, "title": f"{topic}の読みもの",
                      "part": "取材と文章は私です。写真は友人が撮りました。", "category_id": tales.CATEGORIES[at % 3],
                      "link": f"https://example.jp/{line['user_id']}/{line['position']}", "year": 2015 + at % 11}


def piece_topics(of: Writers) -> Iterator[dict]:
    there = list(of.topics.values())
    return ({"piece_id": piece, "topic_id": there[piece % len(there)]} for piece in of.pieces)


def strengths(of: Writers) -> Iterator[dict]:
    for at, line, (statement, evidence, hand_me) in of.lines(tales.STRENGTHS, lambda at: at % 4):
        shown = {"evidence_piece_id": of.pieces[line["position"]]} if at == 0 else {}
        yield line | shown | {"statement": statement, "evidence": evidence if at % 3 else "", "hand_me": hand_me if at % 2 == 0 else "",
                              "evidence_link": "https://example.jp/kiroku" if at % 9 == 0 else ""}


def hobbies(of: Writers) -> Iterator[dict]:
    for _at, line, topic in of.lines(tales.TOPICS, lambda at: 1 + at % 3):
        yield line | {"topic_id": of.topics[topic], "years": of.random.randint(0, 30), "depth": of.random.choice(Hobby.Depth.values)}


def careers(of: Writers) -> Iterator[dict]:
    for _at, line, (role, category) in of.lines(tales.ROLES, lambda at: at % 3):
        yield line | {"role": role, "category_id": category, "years": of.random.randint(1, 25)}


def skills(of: Writers) -> Iterator[dict]:
    for at, line, skill in of.lines(of.skills, lambda at: at % 5):
        yield line | {"skill_id": skill, "level": of.random.choice(KnownSkill.Level.values), "years": at % 20}


def certificates(of: Writers) -> Iterator[dict]:
    for at, line, (name, issuer) in of.lines(tales.CERTIFICATES, lambda at: at % 2):
        yield line | {"name": name, "issuer": issuer, "year": 2000 + at % 25}


def languages(of: Writers) -> Iterator[dict]:
    for _at, line, name in of.lines(tales.LANGUAGES, lambda at: at % 3):
        yield line | {"name": name, "level": of.random.choice(Language.Level.values)}


#: In this order: a line may name what stands above it.
ROWS: dict[type, Callable[[Writers], Iterator[dict]]] = {
    Profile: profiles, Names: names, WorkingConditions: conditions, PrivateConditions: private_conditions, Pay: pays,
    Availability: availabilities, Piece: pieces, PieceTopic: piece_topics, Strength: strengths, Hobby: hobbies, Career: careers,
    KnownSkill: skills, Certificate: certificates, Language: languages}
