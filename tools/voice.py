"""The rules of voice.md that a machine can check, as sentences about one text."""
import re

# A word, and what the town says instead. Lookarounds spare innocent words (事業者, ブランク).
NEVER_JA = {
    r"落選|不採用|不合格|見送り|お祈り": "ほかの方に決まりました", r"残念ながら|あいにく": "the fact itself",
    r"(?<!事)業者|外注|人材|リソース": "発注者, 働く人", r"人を(?:使|切|採)": "お願いする, 契約を終える",
    r"簡単|誰でもできる|だれでもできる|スキマ時間|楽に(?!なる)": "the steps and minutes",
    r"稼(?!働)|高収入|副収入": "報酬を受け取る", r"障害者の方|健常者|弱者|高齢者|主婦|シニア|外人": "the condition",
    r"未経験|素人|初心者": "はじめての方", r"介護離職者": "name nobody by it", r"脱落|離脱|幽霊": "街を出た方, 休んでいる方",
    r"案件|単価|エントリー|アサイン|コミット": "仕事, 報酬, 応募", r"(?<![ブフ])ランク(?!ス)|上位|勝率|プロ級": "the reason",
    r"頑張|がんば|諦めないで|あきらめないで|努力次第": "the next step", r"今だけ|お急ぎ|残りわずか|見逃": "the date",
    r"不正|無効|違反|エラー|失敗": "what to change", r"ペナルティ|減点": "what stops, until when",
    r"ユーザー|会員様|お客様": "name + さん", r"救う|救い|支えてあげ": "一緒に",
    r"させていただ|ご了承|恐れ入り": "plain です・ます", r"^(?:こちら|詳細|はい|OK|送信|次へ)$": "the deed or the destination",
    r"[！!]": "。", r"[？?]": "。", r"…|【|】|※|〜": "plain punctuation", r"％": "%", r"[¥￥]|\d万": "8,580円",
    r"（書かなくても": "nothing: the form marks what may stay empty",
    r"(?<![仕多模同一])様(?![子式々])": "さん", r"下さい|頂(?:く|き|け)|出来|全て": "kana: ください いただく できる すべて",
}
NEVER_EN = {
    r"\b(?:rejected|failed|invalid|users?|gigs?|talents?|easy money|unfortunately|hurry)\b": "what happened, plainly",
    r"\((?:optional|you may leave)": "nothing: the form marks what may stay empty",
    r"!": ".", r"％": "%", r"\b(?:click here|submit)\b": "the deed", r"¥": "8,580 yen",
}
# Passive and causative as far as an ending tells; everyday verbs that only look like it are spared.
PASSIVE = re.compile(r"(?:[かがさたなばまらわ]れ|させ)(?:る|た|て|ま|な|ば)")
LOOKS_PASSIVE = re.compile(r"[生う]まれ|つかれ|はなれ|なれ|わかれ|たおれ|こわれ|ながれ|あらわれ|まみれ")
LONGEST_SIMPLE = 40
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def complaints(japanese: str, simple: str, english: str):
    """What voice.md would change in one text, in its three languages; `simple` is what a ja-simple reader sees."""
    for language, text, rules in (("ja", japanese, NEVER_JA), ("ja_Simple", simple, NEVER_JA), ("en", english, NEVER_EN)):
        bare = PLACEHOLDER.sub("", text)
        for pattern, instead in rules.items():
            if found := re.search(pattern, bare, re.IGNORECASE):
                yield f"{language}: never 「{found.group()}」, rather: {instead}"
    for sentence in re.split(r"[。\n]", PLACEHOLDER.sub("〇〇", simple)):
        if len(sentence) > LONGEST_SIMPLE:
            yield f"ja_Simple: a sentence of {len(sentence)} characters (at most {LONGEST_SIMPLE}): {sentence}"
    if found := PASSIVE.search(LOOKS_PASSIVE.sub("", simple)):
        yield f"ja_Simple: passive or causative 「{found.group()}」"
