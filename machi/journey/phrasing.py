"""An answer, typed as it came to mind, as a phrase that a sentence can go on from: 「資料を直します」 -> 「資料を直すこと」.

Japanese only: a phrase that ends in a noun takes が, を and で alike, so the sentences around it stay grammatical whatever
was typed. What cannot be turned into one is quoted in 『』, and what says nothing (「特にない」, a single 😀) is nothing.
"""
import re
import unicodedata
from functools import cache
from threading import Lock

from sudachipy import Dictionary, SplitMode

LONGEST = 44                                        # letters of a phrase inside a sentence; a longer answer is not put into one
_NOTHING = re.compile(r"[\d０-９]{1,2}\s*年(?:間|ほど|くらい|以上)?(?:です)?|"
                      r"(?:とく|特)?に?(?:ない|無い|なし|ありません|ないです|[わ分]から?ない|[わ分]かりません|思いつ[かき](?:ない|ません))")
_GOOD_AT = re.compile(r"(?:が|は|も)?(?:とても|すごく|けっこう)?(?:得意|好き|上手|じょうず)(?:です|だ)?$")
_CAN = re.compile(r"(?:が|も)(?:でき(?:ます|る)|出来(?:ます|る))$")
_ASKED = re.compile(r"[をは](?:よく|いつも)?(?:たのま|頼ま)れ(?:ます|る|ました|た)$")
_DONE_SURU = re.compile(r"(?<=[一-龠ァ-ヶーA-Za-z])できます$")
# How long something lasted, at the end of an answer or before it. A year of the calendar, of an era or of a school is no length, nor is
# 10年前, 2.5年, 3~5年 or 2年に1度: such an answer stays as it is.
_ABOUT = "間|ほど|くらい|ぐらい|以上"
_YEARS = re.compile(r"[、,\s]*(?:約|およそ)?(?<![\d.~〜―/第-])(?<!\d,)(?<!令和|平成|昭和|大正|小学|中学|高校|大学)"
                    rf"(\d{{1,2}})\s*年(?:{_ABOUT})*(?:です|になります|続けています|やっています|しています|した|しました)?$")
_HEAD_YEARS = re.compile(rf"^(?:約|およそ)?(\d{{1,2}})\s*年(?:(?:{_ABOUT})+(?!{_ABOUT}|前|後|目|ぶり)の?|(?=[、,\s]))[、,\s]*")
YEARS_AT_MOST = 80
_CLOSING = "）」』】〉》)]>"
_lock = Lock()


@cache
def _reader():
    return Dictionary().tokenizer()


def _words(text: str) -> list:
    with _lock:                                     # one reader, one at a time
        return list(_reader().tokenize(text, SplitMode.C))


def bare(answer: str) -> str:
    """The first sentence of an answer without its full stop; nothing where nothing is said."""
    text = unicodedata.normalize("NFC", answer).strip()
    text = re.split(r"[。！!？?\n]", text.strip("。、．，.!?！？・…\n "), maxsplit=1)[0].strip("、，・ \"'")
    if len(text) > 1 and text[0] + text[-1] in ("「」", "『』") and text[0] not in text[1:]:
        text = text[1:-1]
    return "" if not any(c.isalnum() for c in text) or _NOTHING.fullmatch(text) else text


def with_years(answer: str) -> tuple[str, int]:
    """What somebody has kept up, and for how many years (0: they did not say): 「店の帳簿、8年」 -> 「店の帳簿」, 8."""
    text = unicodedata.normalize("NFKC", bare(answer))
    for form in (_YEARS, _HEAD_YEARS):
        if found := form.search(text):
            rest = (text[:found.start()] + text[found.end():]).strip("、, 　をはが")
            is_length = 0 < int(found[1]) <= YEARS_AT_MOST
            return (rest, int(found[1])) if is_length and any(c.isalnum() for c in rest) else (text, 0)
    return bare(answer), 0


def as_noun(answer: str, *, is_task: bool = False) -> str:
    """The answer as a phrase that ends in a noun. Nothing for nothing, and nothing for what is too long for a sentence.

    `is_task`: as something that can be asked for: 「記録を配ったこと」 becomes 「記録を配ること」.
    """
    text = bare(answer)
    for form in (_GOOD_AT, _CAN, _ASKED):
        if (found := form.search(text)) and found.start():
            text = text[:found.start()]
            break
    text = _DONE_SURU.sub("", text)
    phrase = _noun(text) if text else ""
    phrase = _as_task(phrase) if is_task else phrase
    return phrase if len(phrase) <= LONGEST else ""


def _as_task(phrase: str) -> str:
    """What was done, or is being done, as what can be done: 「配ったこと」 and 「配っていること」 become 「配ること」."""
    deed = phrase.removesuffix("こと")
    if deed == phrase:
        return phrase
    words = _words(deed)
    for tails in (["て", "いる"], ["で", "いる"], ["た"], ["だ"]):
        number = len(tails)
        if len(words) > number and [word.surface() for word in words[-number:]] == tails and _kind(words[-number - 1]) == "動詞":
            verb = words[-number - 1]
            return f"{deed[:verb.begin()]}{verb.dictionary_form()}こと"
    return phrase


def _noun(text: str) -> str:
    if _is_foreign(text):
        return f"『{text}』" if " " in text else text
    words = _words(text)
    while words and _kind(words[-1]) in ("補助記号", "記号", "空白") and words[-1].surface() not in _CLOSING:
        words.pop()
    if not words or len(words) == 1 and _kind(words[0]) == "助動詞":
        return ""
    text = text[:words[-1].end()]
    if words[-1].surface() in _CLOSING:
        return text
    if _word(words[-1]) in ("です", "だ") and len(words) > 1 and _kind(words[-2]) not in ("動詞", "助動詞"):
        text, words = text[:words[-1].begin()], words[:-1]
    return _polite(text, words) or _ending(text, words)


def _polite(text: str, words: list) -> str:
    """「直します」 and 「直しました」 -> 「直すこと」."""
    tail = [word.surface() for word in words[-2:]]
    number = 2 if tail in (["まし", "た"], ["ませ", "ん"]) else 1 if tail and tail[-1] == "ます" else 0
    if not number or len(words) <= number or _kind(words[-number - 1]) not in ("動詞", "助動詞"):
        return ""
    verb = words[-number - 1]
    if tail[0] == "ませ":
        is_regular = f"{verb.surface()}る" == verb.dictionary_form()
        return f"{text[:verb.end()]}ないこと" if is_regular else f"『{text}』"
    return f"{text[:verb.begin()]}{verb.dictionary_form()}こと"


def _ending(text: str, words: list) -> str:
    last, form = words[-1], words[-1].part_of_speech()
    if form[0] == "助詞":
        return _particle(text, words)
    if form[0] in ("動詞", "形容詞", "助動詞") and form[5].startswith(("終止形", "連体形")):
        return f"{text}こと"
    if form[0] == "形状詞":
        return f"{text}なこと" if len(words) > 1 else f"{text}さ" if form[1] == "一般" else text
    if form[2] == "形状詞可能" and len(words) > 1 and (_kind(words[-2]) == "副詞" or words[-2].surface() in ("て", "が", "で", "も")):
        return f"{text}なこと"
    if form[0] in ("名詞", "代名詞") or form[0] == "接尾辞" and form[1].startswith("名詞") or last.surface().isascii():
        return text
    return f"『{text}』"


def _particle(text: str, words: list) -> str:
    """「教えるの」 -> 「教えること」, 「資料作りを」 -> 「資料作り」; another ending is quoted."""
    last = words[-1]
    if text.endswith("とか") and len(words) > 1:
        return f"{text[:-2]}など"
    if last.surface() == "の" and len(words) > 1 and _kind(words[-2]) in ("動詞", "形容詞", "助動詞"):
        return f"{text[:last.begin()]}こと"
    if last.surface() in ("を", "が", "は", "に", "も", "など", "や", "とか") and len(words) > 1:
        rest = text[:last.begin()]
        return f"{rest}など" if last.surface() in ("など", "や", "とか") else _noun(rest)
    return f"『{text}』"


def _kind(word) -> str:
    return word.part_of_speech()[0]


def _word(word) -> str:
    return word.dictionary_form()


def _is_foreign(text: str) -> bool:
    """No kana and no kanji in it: English, or a name."""
    return not re.search(r"[ぁ-んァ-ヶー一-龠々〆\u3400-\u4dbf\U00020000-\U0003ffff]", text)
