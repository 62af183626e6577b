"""An answer becomes a phrase that a sentence can go on from, whatever somebody typed."""
import pytest

from machi.journey.phrasing import LONGEST, as_noun, bare, with_years

TABLE = """
# nouns stay as they are
会議の記録 -> 会議の記録
料理 -> 料理
早起き -> 早起き
正確さ -> 正確さ
手伝い -> 手伝い
Excel -> Excel
Wordでの清書 -> Wordでの清書
髙﨑さんの手伝い -> 髙﨑さんの手伝い
𠮷野さんの代わり -> 𠮷野さんの代わり
整理整頓 -> 整理整頓
細かい数字を確かめること -> 細かい数字を確かめること
犬の散歩（毎朝） -> 犬の散歩（毎朝）
『赤毛のアン』の翻訳 -> 『赤毛のアン』の翻訳
# a verb becomes the doing of it
資料を直す -> 資料を直すこと
資料を直した -> 資料を直したこと
きちんとしている -> きちんとしていること
怒らない -> 怒らないこと
話を聞いてあげる -> 話を聞いてあげること
頼まれたら断れない -> 頼まれたら断れないこと
人を笑わせる -> 人を笑わせること
# です・ます is said to somebody; inside a sentence it is plain
資料を直します。 -> 資料を直すこと
設定します -> 設定すること
約束を守りました -> 約束を守ること
何でもやります -> 何でもやること
人の話を聞けます -> 人の話を聞けること
字がきれいだと言われます -> 字がきれいだと言われること
覚えません -> 覚えないこと
会議の記録です -> 会議の記録
電話を取るのが早いです -> 電話を取るのが早いこと
静かだ -> 静かさ
# an adjective
字がうまい -> 字がうまいこと
やさしい -> やさしいこと
ていねい -> ていねいさ
作業がていねい -> 作業がていねいなこと
早くて正確です -> 早くて正確なこと
# what the sentence around it says anyway is left out
エクセルが得意です -> エクセル
教えるのが好き -> 教えること
読みやすい文を書くことができます -> 読みやすい文を書くこと
文書作成できます -> 文書作成
パソコンの設定をよく頼まれます -> パソコンの設定
# loose ends
資料作りを -> 資料作り
掃除や片づけとか -> 掃除や片づけなど
教えるの -> 教えること
最後まで、やりとげる！ -> 最後まで、やりとげること
料理😀 -> 料理
ピアノを弾けます。楽譜も読めます。 -> ピアノを弾けること
「資料」 -> 資料
メモをとる？ -> メモをとること
# what does not bend is quoted
直して -> 『直して』
ゆっくり -> 『ゆっくり』
I fix tables -> 『I fix tables』
書きません -> 『書きません』
# what says nothing is nothing
・ ->
😀 ->
特にない ->
特にありません。 ->
わからない ->
思いつきません ->
なし ->
です ->
。。。 ->
"""
NOUNS = [tuple(part.strip() for part in line.split("->")) for line in TABLE.splitlines() if "->" in line] + [("", ""), ("あ" * 60, "")]


@pytest.mark.parametrize(("answer", "phrase"), NOUNS)
def test_an_answer_becomes_a_phrase_that_ends_in_a_noun(answer, phrase):
    assert as_noun(answer) == phrase


@pytest.mark.parametrize(("answer", "task"), [
    ("その日のうちに記録を配ったこと", "その日のうちに記録を配ること"), ("記録を配りました", "記録を配ること"),
    ("本を読んだ", "本を読むこと"), ("ていねいに書いた", "ていねいに書くこと"), ("会議の記録", "会議の記録"),
    ("家族に渡していました", "家族に渡すこと"), ("本を読んでいる", "本を読むこと"), ("読んだこと", "読むこと"),
    ("早かった", "早かったこと")])
def test_what_was_done_becomes_what_can_be_asked_for(answer, task):
    assert as_noun(answer, is_task=True) == task


@pytest.mark.parametrize(("answer", "what", "years"), [
    ("店の帳簿、8年", "店の帳簿", 8), ("店の帳簿をつけること、８年です", "店の帳簿をつけること", 8),
    ("8年間、店の帳簿", "店の帳簿", 8), ("日記を10年続けています", "日記", 10), ("サッカー 10年", "サッカー", 10),
    ("町内会の会計 約12年です", "町内会の会計", 12), ("日記", "日記", 0),
    ("店の帳簿，８年", "店の帳簿", 8), ("8年間の経理", "経理", 8), ("約8年、経理", "経理", 8),
    ("8年 経理", "経理", 8), ("日記、80年", "日記", 80),
    ("8年", "", 0), ("", "", 0), ("令和7年の記録", "令和7年の記録", 0)])
def test_years_are_taken_out_of_an_answer(answer, what, years):
    assert with_years(answer) == (what, years)


@pytest.mark.parametrize("answer", [
    "2018年", "店の帳簿、2018年", "1995年", "120年", "老舗の帳場、120年", "3年生に算数", "5年1組", "2年に1度", "2年に1度の展示", "10年前",
    "10年前、店で帳簿", "10年ほど前、店で帳簿", "10年以上前の経験", "8年の担任", "小学3年", "平成10年", "店の帳簿、2.5年",
    "店の帳簿、3〜5年", "日記、81年", "98年、店の帳簿", "0年、店の帳簿"])
def test_what_is_no_length_of_time_stays_as_it_was_said(answer):
    assert with_years(answer) == (answer, 0)


@pytest.mark.parametrize("answer", ["あ" * 200, "ですます", "「", "」」」", "を", "の", "が、", "1", "a b", "\u200d", "<script>",
                                    "%(x)s %s", "年年年", "🎉🎉料理🎉", "ー"])
def test_nothing_that_is_typed_breaks_it(answer):
    phrase = as_noun(answer)

    assert len(phrase) <= LONGEST and as_noun(answer, is_task=True) is not None and with_years(answer)[0] == bare(with_years(answer)[0])
