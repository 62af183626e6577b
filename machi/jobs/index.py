"""What a post is found by (its marks): two and three neighbouring characters of its words, each kanji, and some facts.

サッカー asks for さっか and っかー, 仕事 for 仕事, 猫 for 猫. Among the facts are the hour and the day of publication. They are
there for common words: 「お願い」 stands in every second post, and a list shows the newest. Without them all those posts
would have to be looked at to know which are the newest.
"""
import datetime
import re

from machi.shared.japanese import folded, pairs

REWARD_STEPS = (3_000, 10_000, 30_000, 100_000)     # 「報酬が10,000円から」
FOR_NEWCOMERS, TEXT_ONLY = "seat:newcomer", "sync:none"
MOST_WORDS = 8
_KANJI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々]")


def found_by(job) -> list[str]:
    """All marks of a post. Those of facts are longer than three characters, so that no text can hold them."""
    return sorted(marks_of_text(f"{job.title} {job.body} {_topics(job)}") | marks_of_facts(
        category=job.category_id, sync=job.sync, reward_yen=job.reward_yen, newcomer_seats_count=job.newcomer_seats_count,
        published_at=job.published_at))


def _topics(job) -> str:
    """Its topic; and the client's own word for it, when that was merged into another."""
    return f"{job.topic or ''} {job.topic_before.own_name if job.topic_before else ''}"


def marks_of_text(text: str) -> set[str]:
    """By every word that begins anywhere in the text, and is no longer than three characters."""
    return pairs(text).union(_KANJI.findall(folded(text)), *map(_threes, folded(text).split()))


def marks_of_facts(*, category, sync, reward_yen, newcomer_seats_count, published_at) -> set[str]:
    marks = {kind(category), f"sync:{sync}", *(reward(step) for step in REWARD_STEPS if step <= (reward_yen or 0))}
    if newcomer_seats_count:
        marks.add(FOR_NEWCOMERS)
    if published_at:
        marks |= {hour(hour_of(published_at)), day(hour_of(published_at) // 24)}
    return marks


def needed_for(words: str) -> set[str]:
    """The marks of a post that holds all these words. A single kana or letter is a word half typed: it narrows nothing."""
    needed = set()
    for word in folded(words).split()[:MOST_WORDS]:
        if len(word) == 1:
            needed.update(_KANJI.findall(word))
        else:
            needed.update(_threes(word) or {word})
    return needed


def kind(category: str | None) -> str:
    return f"kind:{category}"


def reward(step: int) -> str:
    return f"yen:{step}"


def hour_of(moment: datetime.datetime) -> int:
    """Hours since 1970. Hour and day are those of UTC: they only cut time into pieces, nobody reads them."""
    return int(moment.timestamp()) // 3600


def hour(number: int) -> str:
    return f"hour:{number}"


def day(number: int) -> str:
    return f"day:{number}"


def _threes(word: str) -> set[str]:
    return {word[i:i + 3] for i in range(len(word) - 2)}
