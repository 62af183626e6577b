"""Believable Japanese texts in any number, the same for the same seed: what posts, pages and letters of a crowd say.

A post is a title and some sentences. Some sentences stand in a quarter of all posts, the name of a shop in one of some
thousand: so the words that people search for are common, rare, and everything between.
"""
import json
from functools import lru_cache
from pathlib import Path
from random import Random

from machi.jobs.index import marks_of_text

_texts = json.loads(Path(__file__).with_suffix(".json").read_text())
TOPICS, PLACES, SURNAMES, GIVEN_NAMES, LANGUAGES = (_texts[name].split() for name in (
    "topics", "places", "surnames", "given_names", "languages"))
TITLES, ABOUT, USUAL, OUTCOMES, STRENGTHS, ROLES, CERTIFICATES, LETTERS, REVIEWS, KANJI = (_texts[name] for name in (
    "titles", "about", "usual", "outcomes", "strengths", "roles", "certificates", "letters", "reviews", "kanji"))
CATEGORIES = list(TITLES)

_marks = lru_cache(maxsize=50_000)(marks_of_text)


def job_text(random: Random) -> tuple[str, str, str, str, set[str]]:
    """Category, topic, title, body, and the marks of all of it: the same as jobs.index finds, but a sentence that many
    posts share is looked through once.
    """
    category, topic, place = random.choice(CATEGORIES), random.choice(TOPICS), random.choice(PLACES)
    title = random.choice(TITLES[category]).format(topic=topic, place=place)
    shop = f"{place}の「{random.choice(KANJI)}{random.choice(KANJI)}堂」の十周年に配ります。"
    lines = [f"{title}です。", random.choice(ABOUT).format(topic=topic), *random.sample(USUAL, random.randint(5, 12))]
    marks = marks_of_text(shop).union(*map(_marks, (title, topic, *lines)))
    return category, topic, title, "\n".join([*lines, shop]), marks


def array(texts: list[str]) -> str:
    """As PostgreSQL reads it."""
    return "{" + ",".join(map(_quoted, texts)) + "}"


@lru_cache(maxsize=200_000)
def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def name(random: Random) -> str:
    return f"{random.choice(SURNAMES)}{random.choice(GIVEN_NAMES)}"


def client_name(random: Random) -> str:
    return f"{random.choice(PLACES)}{random.choice(TOPICS)}の会"
