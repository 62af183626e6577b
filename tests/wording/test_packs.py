"""A pack is data that somebody writes by hand: each mistake is named in a sentence."""
import datetime

import pytest

from machi.wording import books
from machi.wording.errors import PackError
from machi.wording.queries import screen

WHOLE = """
valid_from = 2027-01-15
[groups]
fruit = ["りんご", "みかん"]
[readings]
"林" = ["はやし"]
[spares.written]
after = ["--8 記事"]
[[rules]]
name = "fruit.sold"
kind = "easy_money"
advice = "post.stop_easy_money"
source = "an example"
find = ["{fruit} を ..4 売"]
spare = ["written"]
"""


@pytest.fixture
def pack(tmp_path):
    def written(text: str = WHOLE) -> books.Pack:
        path = tmp_path / "2027-01-15.toml"
        path.write_text(text, encoding="utf-8")
        return books.read(path)
    return written


def test_a_pack_is_data_that_an_operator_can_write(pack):
    mine = pack()

    found = screen("りんごをたくさん売る仕事。ミカンを売る話の記事。", "job", pack=mine)

    assert [(one.rule, one.found) for one in found] == [("fruit.sold", "りんごをたくさん売")]


def test_two_words_are_found_in_either_order_near_each_other(pack):
    mine = pack(WHOLE.replace("{fruit} を ..4 売", "{fruit} <>4 売"))

    found = screen("りんごを少し売る。売っているりんご。売らないのにりんごがある。", "job", pack=mine)

    assert [one.found for one in found] == ["りんごを少し売", "売っているりんご"]


@pytest.mark.parametrize(("before", "after", "sentence"), [
    ("2027-01-15\n", '"tomorrow"\n', "valid_from should be a day"),
    ('kind = "easy_money"', 'kind = "money"', "says kind = money"),
    ('advice = "post.stop_easy_money"', 'advice = "post.other"', "says advice = post.other"),
    ('source = "an example"', "", "lacks source"),
    ('spare = ["written"]', 'spare = ["quoted"]', "says spare = quoted"),
    ('spare = ["written"]', 'where = ["mail"]', "says where = mail"),
    ('spare = ["written"]', 'weight = "ban"', "says weight = ban"),
    ('spare = ["written"]', "colour = 1", "has colour"),
    ("{fruit} を", "{fish} を", "names the group {fish}"),
    ("{fruit} を", "{fruit を", "no text can hold"),
    ("{fruit} を", "を? ..3", "begins with"),
    ("..4 売", "..99 売", "30 at most"),
    ("..4 売", "..4 。", "no text can hold"),
    ('find = ["{fruit} を ..4 売"]', 'find = "りんご"', "a list of words"),
    ('fruit = ["りんご", "みかん"]', "fruit = []", "a list of words"),
    ("[[rules]]", "[[rule]]", "nothing is called rule"),
    ("[groups]", "[groups", "is no TOML"),
])
def test_a_mistake_in_a_pack_is_named(pack, before, after, sentence):
    assert before in WHOLE
    with pytest.raises(PackError, match="2027-01-15.toml") as told:
        pack(WHOLE.replace(before, after))

    assert sentence in str(told.value)


def test_two_rules_do_not_share_a_name(pack):
    with pytest.raises(PackError, match="two rules are called fruit.sold"):
        pack(WHOLE + WHOLE[WHOLE.index("[[rules]]"):])


def test_a_pack_is_in_force_from_its_day_on():
    first, = books.days()[:1]

    assert books.pack_on(first).valid_from == first == datetime.date.fromisoformat(books.pack_on(first).name)
    with pytest.raises(LookupError):
        books.pack_on(first - datetime.timedelta(days=1))
    assert books.in_force(first - datetime.timedelta(days=1)).valid_from == first
