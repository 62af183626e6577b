"""Looking for topics among ten thousand (or --size): everything a person may type, letter by letter, as the suggestions ask it.

p95 of one look <= 20 ms on the clock of the wall, because the database does the work. Beside it, by turns: the plain way to find
the same, one scan of all names with LIKE on both sides, which must not be quicker.
"""
import sys
from random import Random
from time import perf_counter

from bench import ground
from bench.measure import Result, Times, by_turns, ratio, report, size
from machi.shared.japanese import folded
from machi.simulation.crowd import tales
from machi.taxonomy import lists
from machi.taxonomy.marks import marks_of
from machi.taxonomy.models import Topic
from machi.taxonomy.queries import skills_like, topics_beside, topics_like

MOST_MS = 20
JOBS, ROUNDS = 1_000, 400
BATCH = 1_000
TYPED = ("sakkaa shougi tetsudou toukyou engei ryouri soccer football kome zzz a サッカー しょうぎ てつどう きょうどし フットボール "
         "みなとの夕日 ー さ 郷土史 鉄道模型 写真 港の花 山").split()
TYPED_OF_SKILLS = "kousei excel エクセル こうせい 校正 honyaku translation 写真の補正 zzz a".split()


def main(arguments: list[str]) -> bool:
    topics = size(arguments, 10_000)
    with ground.town(jobs=JOBS).here():
        _fill(topics)
        there = Topic.objects.count()
        asked, asked_of_skills = _letter_by_letter(TYPED), _letter_by_letter(TYPED_OF_SKILLS)
        dice = Random(1)
        for word in asked:
            topics_like(word)
        looks = Times([_took(lambda: topics_like(dice.choice(asked))) for _ in range(ROUNDS)])
        skills = Times([_took(lambda: skills_like(dice.choice(asked_of_skills))) for _ in range(ROUNDS)])
        newest = list(Topic.objects.to_look_at().order_by("-pk")[:20])
        ours, plain = by_turns(lambda: topics_like(dice.choice(asked)), lambda: _plain(dice.choice(asked)), clock=perf_counter)
        near = Times([_took(lambda: topics_beside(newest)) for _ in range(15)])
    slower, spread = ratio(ours, plain)
    share = [round(near.p95 / 1000, 2)] * 2
    return report("taxonomy", [
        Result("taxonomy: a look, p95", there, round(looks.p95, 2), "ms", "one scan with LIKE", slower, spread,
               f"p95 <= {MOST_MS} ms", looks.p95 <= MOST_MS, ground.memory_mb()),
        Result("taxonomy: a look, p50", there, round(looks.p50, 2), "ms", "one scan with LIKE", slower, spread,
               f"<= {MOST_MS} ms", looks.p50 <= MOST_MS, ground.memory_mb()),
        Result("taxonomy: a skill, p95", len(lists.skills()), round(skills.p95, 2), "ms", "a topic", round(skills.p95 / looks.p95, 2),
               [round(skills.p95 / looks.p95, 2)] * 2, f"p95 <= {MOST_MS} ms", skills.p95 <= MOST_MS, ground.memory_mb()),
        Result("taxonomy: 20 new, similar beside", there, round(near.p95, 2), "ms", "one second", share[0], share,
               "an editor's page <= 1 s", near.p95 <= 1000, ground.memory_mb())], arguments)


def _letter_by_letter(words: list[str]) -> list[str]:
    return [word[:length] for word in words for length in range(1, len(word) + 1)]


def _fill(topics: int) -> None:
    """Invented topics that look like those of people: 港の花火大会, サッカー観戦. Kept for the next time."""
    known = set(Topic.objects.values_list("folded", flat=True))
    dice, rows = Random(1), []
    names, one = [row["name"] for row in lists.topics()], dice.choice
    while len(known) < topics:
        name = one((f"{one(tales.PLACES)}の{one(names)}", f"{one(names)}と{one(names)}", f"{one(names)}{one(tales.PLACES)}会",
                    f"{one(tales.KANJI)}{one(tales.KANJI)}{one(names)}"))[:40]
        if folded(name) not in known:
            known.add(folded(name))
            reading = f"{one(names)}の{len(known)}" if dice.random() < 0.2 else ""
            rows.append(Topic(name=name, folded=folded(name), marks=marks_of([name, reading], []), people_count=int(dice.paretovariate(1))))
    for at in range(0, len(rows), BATCH):
        Topic.objects.bulk_create(rows[at:at + BATCH])
    with ground.owner() as db:
        db.execute("VACUUM ANALYZE taxonomy_topic")


def _plain(words: str) -> list[str]:
    return list(Topic.objects.filter(folded__contains=folded(words)).order_by("-people_count").values_list("name", flat=True)[:8])


def _took(call) -> float:
    begin = perf_counter()
    call()
    return (perf_counter() - begin) * 1000


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
