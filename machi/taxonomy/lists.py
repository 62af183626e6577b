"""The operator's lists: data/*.json and *.csv as rows of the tables. Whoever edits a file runs `machi load-lists` again."""
import csv
import json
from pathlib import Path

from machi.shared.japanese import folded
from machi.taxonomy.marks import marks_of

HERE = Path(__file__).parent / "data"


def categories() -> list[dict]:
    """Kinds of work, in the order of the file."""
    return [{"code": row["code"], "position": position, "name_ja": row["ja"], "name_simple": row["simple"], "name_en": row["en"],
             "reading": row["reading"], "synonyms": row["synonyms"]}
            for position, row in enumerate(json.loads((HERE / "categories.json").read_text()))]


def skills() -> list[dict]:
    """Skills, in the order of the file."""
    return [{"code": row["code"], "category_id": row["category"], "position": position, "name_ja": row["name"]} | _found_by(row)
            for position, row in enumerate(_table("skills.csv"))]


def topics() -> list[dict]:
    """Topics that the town knows before anybody brings one."""
    return [{"name": row["name"], "folded": folded(row["name"])} | _found_by(row) for row in _table("topics.csv")]


def _found_by(row: dict) -> dict:
    """Reading, English, other words and marks. A name in kana is its own reading."""
    reading, synonyms = row["reading"] or folded(row["name"]), [word for word in row["synonyms"].split("/") if word]
    return {"reading": reading, "name_en": row["english"], "synonyms": synonyms,
            "marks": marks_of((row["name"], reading, row["english"]), synonyms)}


def _table(name: str) -> list[dict]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
