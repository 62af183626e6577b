"""Six answers become up to three strengths, in good sentences, in three languages (F22)."""
import itertools
import re

import pytest
from django.utils import translation

from machi.journey.finder import EVIDENCE, HAND_ME, STATEMENT, drafts
from machi.journey.models import Question
from tests.journey.test_phrasing import NOUNS

ALL = {"asked": "文章を読みやすく直します", "thanked": "会議の日のうちに記録を配ったこと", "kept": "店の帳簿、8年",
       "easy": "細かい数字を確かめるのが好きです", "careful": "約束の時間を守る", "shown": "ブログの記事12本"}
PARTICLE_TWICE = re.compile(r"[をがは]{2}|ことこと|(?:です|ます|だ)[をがで、]|。|なを|『』")


def said(**answers) -> list[tuple[str, str, str]]:
    with translation.override("ja"):
        return [(draft.statement, draft.evidence, draft.hand_me) for draft in drafts(answers)]


def test_six_answers_become_three_strengths():
    assert said(**ALL) == [
        ("文章を読みやすく直すことが得意です", "見られるもの：ブログの記事12本", "文章を読みやすく直すこと"),
        ("会議の日のうちに記録を配ったことで、喜んでもらったことがあります",
         "「ありがとう」と言われたこと：会議の日のうちに記録を配ったこと", "会議の日のうちに記録を配ること"),
        ("店の帳簿を、8年続けてきました", "8年続けています", "店の帳簿の経験が要る仕事")]


@pytest.mark.parametrize(("answers", "expected"), [
    ({}, []),
    ({"shown": "記事12本"}, []),                                      # something to show, and nothing yet that it shows
    ({"easy": "細かい数字"}, [("細かい数字を、苦にせず続けることができます", "", "細かい数字")]),
    ({"easy": "待つこと", "shown": "表を30枚"}, [("待つことを、苦にせず続けることができます", "見られるもの：表を30枚", "待つこと")]),
    ({"careful": "約束の時間を守る"}, [("約束の時間を守ることを、いつも大事にしています", "", "")]),
    ({"kept": "日記"}, [("日記を、長く続けています", "", "日記の経験が要る仕事")]),
    ({"asked": "特にない", "easy": "早起きです"}, [("早起きを、苦にせず続けることができます", "", "早起き")]),
    ({"asked": "パソコンの設定を5年"}, [("パソコンの設定が得意です", "5年続けています", "パソコンの設定")]),
])
def test_few_answers_become_few_strengths(answers, expected):
    assert said(**answers) == expected


def test_a_long_answer_stands_where_there_is_room():
    long = "毎朝いちばんに来て、きのうの伝票を一枚ずつ確かめ、合わないところに付せんを貼り、だれが見てもわかるように並べ直しておくこと"

    ((statement, evidence, hand_me),) = said(asked=long)

    assert statement == "人からたびたび頼まれることを、引き受けてきました" and evidence == long and hand_me == ""


@pytest.mark.parametrize(("answer", "phrase"), NOUNS)
@pytest.mark.parametrize("question", [question for question in Question.values if question != "shown"])
def test_every_answer_fits_into_the_sentence_of_every_question(question, answer, phrase):
    for statement, evidence, hand_me in said(**{question: answer}):
        assert not PARTICLE_TWICE.search(re.sub(r"『.*?』|「.*?」", "『語』", statement)), statement
        assert statement.endswith(("です", "ます", "ました", "できます", "あります")) and len(statement) <= STATEMENT
        assert len(evidence) <= EVIDENCE and len(hand_me) <= HAND_ME


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_every_set_of_answers_makes_drafts_that_a_page_has_room_for(language):
    answers = ["", "資料を直します", "a" * 200, "𠮷野さんの手伝い😀、3年"]
    with translation.override(language):
        for chosen in itertools.product(answers, repeat=3):
            made = drafts(dict(zip(("asked", "kept", "shown"), chosen, strict=True)))
            assert len(made) == sum(bool(text) for text in chosen[:2])
            for draft in made:
                assert draft.statement and "%(" not in draft.statement + draft.evidence + draft.hand_me
                assert len(draft.statement) <= STATEMENT and len(draft.evidence) <= EVIDENCE and len(draft.hand_me) <= HAND_ME


def test_the_sentences_are_in_the_language_of_the_person():
    with translation.override("en"):
        (draft,) = drafts({"asked": "rewriting manuals."})
        assert (draft.statement, draft.hand_me) == ("I can help with this: rewriting manuals", "rewriting manuals")
    with translation.override("ja-simple"):
        (draft,) = drafts({"easy": "小さい数字を確認します"})
        assert draft.statement == "小さい数字を確認することを、長く続けることができます"
