"""The lists the town begins with: large enough, each row whole, read as it is read; loaded again without losing anything."""
import re
from collections import defaultdict
from functools import cache

import pytest
from sudachipy import Dictionary, SplitMode

from machi.shared.japanese import folded
from machi.shared.romaji import looked_for
from machi.taxonomy import lists
from machi.taxonomy.actions import load_lists, topic_named
from machi.taxonomy.models import Category, Skill, Topic

# Read in another way than the dictionary reads them.
READ_OTHERWISE = {
    "描き文字": "かきもじ", "本文組版": "ほんもんくみはん", "C・C++": "しーしーぷらすぷらす", "菓子・パン作り": "かしぱんづくり",
    "和裁・着つけ": "わさいきつけ", "パン作り": "ぱんづくり", "日本史": "にほんし", "箏": "こと", "絵本作り": "えほんづくり"}


@pytest.fixture(params=["categories", "skills", "topics"])
def rows(request):
    return getattr(lists, request.param)()


def called(row: dict) -> str:
    return row.get("name_ja") or row["name"]


def test_the_lists_are_large_enough_for_real_use():
    assert len(lists.categories()) >= 25 and len(lists.skills()) >= 250 and len(lists.topics()) >= 400


def test_every_row_is_whole(rows):
    for row in rows:
        assert called(row) and row["name_en"] and row["reading"], row
        assert re.fullmatch(r"[ぁ-ゖー・]+", row["reading"]), row
        assert "" not in row["synonyms"] and len(set(row["synonyms"])) == len(row["synonyms"]), row


def test_no_name_stands_twice(rows):
    assert len({folded(called(row)) for row in rows}) == len(rows)


def test_no_topic_is_called_by_another_word_for_a_topic():
    names = {row["folded"] for row in lists.topics()}

    assert [(row["name"], word) for row in lists.topics() for word in row["synonyms"] if folded(word) in names - {row["folded"]}] == []


def test_most_have_another_word_that_people_type():
    assert all(row["synonyms"] for row in lists.categories())
    for rows in (lists.skills(), lists.topics()):
        assert sum(bool(row["synonyms"]) for row in rows) >= 0.75 * len(rows)


def test_another_word_for_a_topic_leads_to_that_one_alone():
    ways = defaultdict(set)
    for row in lists.topics():
        for text in (row["name"], row["reading"], row["name_en"], *row["synonyms"]):
            ways[looked_for(text)].add(row["name"])

    assert {form: names for form, names in ways.items() if len(names) > 1} == {"かがく": {"科学", "化学"}}


def test_every_skill_belongs_to_a_kind_of_work_and_every_kind_has_skills():
    assert {row["category_id"] for row in lists.skills()} == {row["code"] for row in lists.categories()}


@cache
def words_of_the_dictionary():
    return Dictionary(dict="core").tokenizer(SplitMode.A)


def read(text: str) -> str | None:
    """How the dictionary reads it; None when it does not know a part of it."""
    found = words_of_the_dictionary().tokenize(text)
    return None if any(part.is_oov() for part in found) else folded("".join(part.reading_form() for part in found))


def test_readings_are_those_of_the_dictionary_where_it_knows_the_word(rows):
    ours = {called(row): row["reading"].replace("・", "") for row in rows}
    theirs = {name: read(name.replace("・", "")) for name in ours}
    assert sum(reading is not None for reading in theirs.values()) > 0.9 * len(ours)

    otherwise = {name: ours[name] for name in ours if theirs[name] not in (None, ours[name])}
    assert otherwise == {name: reading for name, reading in READ_OTHERWISE.items() if name in ours}


@pytest.mark.django_db
def test_the_town_begins_with_all_of_them():
    assert set(Category.objects.values_list("code", flat=True)) == {row["code"] for row in lists.categories()}
    assert set(Skill.objects.values_list("code", flat=True)) == {row["code"] for row in lists.skills()}
    assert {row["folded"] for row in lists.topics()} <= set(Topic.objects.filter(origin="town").values_list("folded", flat=True))


@pytest.mark.django_db
def test_an_operator_edits_a_file_and_loads_it_again(monkeypatch):
    brought = topic_named("みなとの夕日")
    wished = topic_named("ボサノバ")
    rows = [row for row in lists.topics() if row["name"] != "サッカー"]
    rows += [rows[0] | {"name": "サッカー", "folded": "さっかー", "name_en": "Football", "synonyms": ["足球"]}]
    rows += [rows[0] | {"name": "ボサノバ", "folded": "ぼさのば", "reading": "ぼさのば", "name_en": "Bossa nova", "synonyms": []}]
    skills = [row | {"name_ja": "校正（赤字）"} if row["code"] == "proofreading" else row for row in lists.skills()]
    before = Topic.objects.count()
    monkeypatch.setattr(lists, "topics", lambda: rows)
    monkeypatch.setattr(lists, "skills", lambda: skills)

    load_lists()

    assert Topic.objects.count() == before
    soccer = Topic.objects.get(name="サッカー")
    assert soccer.name_en == "Football" and "~足球" in soccer.marks
    assert Skill.objects.get(code="proofreading").name_ja == "校正（赤字）"
    wished.refresh_from_db()
    brought.refresh_from_db()
    assert (wished.origin, wished.name_en) == ("town", "Bossa nova") and brought.origin == "person"


@pytest.mark.django_db
def test_loading_the_same_lists_again_changes_nothing():
    before = {model: sorted(model.objects.values_list()) for model in (Category, Skill, Topic)}

    load_lists()

    assert {model: sorted(model.objects.values_list()) for model in (Category, Skill, Topic)} == before
