"""Readings that a dictionary gets wrong, written by hand. Each group of kanji is followed by its reading in brackets."""
import re

_WORDS = (
    # the town's own words
    "仮払(かりばら)い", "検収(けんしゅう)", "手取(てど)り", "納品日(のうひんび)", "受(う)け取(と)り日(び)",
    "支払日(しはらいび)", "直(なお)し", "税抜(ぜいぬ)き", "税込(ぜいこ)み", "税抜(ぜいぬき)", "税込(ぜいこみ)",
    # people: 方 is かた in this town (nobody compares with の方が)
    "初(はじ)めての方(かた)", "働(はたら)き方(かた)", "書(か)き方(かた)", "考(かんが)え方(かた)",
    "歩(ある)き方(かた)", "使(つか)い方(かた)", "読(よ)み方(かた)",
    # small words whose reading depends on their neighbour
    "一歩(いっぽ)", "一行(いちぎょう)", "一言(ひとこと)", "日本(にほん)", "日本語(にほんご)", "今日(きょう)",
    "明日(あした)", "一日(いちにち)", "二日(ふつか)", "一日中(いちにちじゅう)",
    "間(あいだ)に入(はい)る", "間(あいだ)に入(はい)って", "何(なに)が", "何(なに)か",
    "何(なに)も", "何(なに)を", "何(なん)と", "何(なん)です", "何件(なんけん)",
    "お金(かね)", "四(よっ)つ", "一(いっ)か所(しょ)", "少(すこ)し間(ま)", "年月(ねんげつ)", "店番(てんばん)", "で開(ひら)けます",
    "半年(はんとし)", "真(ま)ん中(なか)", "夜中(よなか)", "一人(ひとり)", "二人(ふたり)", "一番(いちばん)",
)
_GROUP = r"([^ぁ-ん()]+)\((.*?)\)"

#: A phrase, and the phrase with its readings above it.
PHRASES = {re.sub(r"\(.*?\)", "", word): re.sub(_GROUP, r"<ruby>\1<rt>\2</rt></ruby>", word) for word in _WORDS}
#: A word that stands alone, between two others.
ALONE = {"街": "マチ", "方": "カタ", "額": "ガク", "版": "ハン"}
#: 7日: the number and the word are read as one.
DAYS = {"2": "ふつか", "3": "みっか", "4": "よっか", "5": "いつか", "6": "むいか", "7": "なのか", "8": "ようか", "9": "ここのか",
        "10": "とおか", "14": "じゅうよっか", "20": "はつか", "24": "にじゅうよっか"}
#: 本, by the last digit before it; everything else is ほん.
PIECES = {"1": "ぽん", "3": "ぼん", "6": "ぽん", "8": "ぽん", "0": "ぽん"}
#: 分, likewise.
MINUTES = {"1": "ぷん", "3": "ぷん", "4": "ぷん", "6": "ぷん", "8": "ぷん", "0": "ぷん"}
#: （水）: a day of the week, as it stands behind a date.
WEEKDAYS = dict(zip("月火水木金土日", ("げつ", "か", "すい", "もく", "きん", "ど", "にち"), strict=True))
