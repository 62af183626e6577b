"""Believable Japanese texts in any number, the same for the same seed: what posts, pages and letters of a crowd say.

A post is a title and some sentences. Some sentences stand in a tenth of all posts, the name of a shop in one of some
thousand: so the words that people search for are common, rare, and everything between.
"""
from functools import lru_cache
from random import Random

from machi.shared.japanese import pairs

TOPICS = tuple("""サッカー 野球 園芸 年金 料理 登山 将棋 囲碁 編み物 釣り 鉄道 写真 映画 落語 書道 茶道 俳句 陶芸 天文 昆虫 野鳥 盆栽 温泉 城めぐり 古本 漫画 アニメ
ピアノ ギター 合唱 太鼓 ダンス ヨガ マラソン 自転車 水泳 卓球 バドミントン 剣道 柔道 子育て 介護 防災 健康 薬膳 発酵 和菓子 パン作り コーヒー 日本酒 猫 犬 金魚 熱帯魚
家庭菜園 キャンプ 手芸 裁縫 折り紙 模型 ラジオ 英会話 中国語 手話 点字 家計 税金 相続 引っ越し 掃除 片づけ 旅行 祭り 民話 地図 着物 香り 石けん 木工 革細工""".split())

PLACES = tuple("""港 青葉 若松 桜台 緑 川口 大町 本町 旭 泉 東山 西野 南条 北浜 松原 竹下 梅田 杉山 高台 谷川 浜松 石川 島田 野田 池上 森下 原町 岡崎 橋本 宮前
栄 寿 幸 平和 光 曙 白川 黒瀬 赤坂 青山 清水 湯沢 滝野 磯部 潮見 汐入 舟橋 鶴見 亀山 鹿島 熊谷 狐塚 鷹野 雁屋 燕 鮎川""".split())

KANJI = "一三千万天空花風月星雪雲海山川森林泉谷原野丘峰岩石金銀銅玉鈴笛琴鼓舞歌詩筆墨紙糸布衣帯笠傘灯炎鏡鍵扉窓門庭園畑田麦稲豆茶梅桃桜柳松竹蘭菊藤椿楓橘柚栗柿桐楠鶴亀鹿馬牛羊猿犬猫兎狐狸熊鷹雀燕鳩鯉鮎鯛鯨蛍蝶"

TITLES = {
    "writing": ("{topic}の入門記事を書く仕事", "{place}の{topic}イベントのレポート", "はじめての人に{topic}を伝える連載記事", "{topic}の道具を比べる記事"),
    "editing": ("{topic}の冊子の校正", "{topic}の会報を読みやすく直す", "{place}の{topic}案内の文章を整える"),
    "transcription": ("{topic}の座談会の文字起こし", "{place}で録音した{topic}の話を文字にする", "{topic}教室の動画に字幕をつける"),
    "translation": ("{topic}の説明書を英語に訳す", "{place}の{topic}案内を中国語にする", "{topic}についての英語の記事を日本語に訳す"),
    "data": ("{topic}の名簿をまとめる", "{topic}の価格を表に入力する", "{place}の{topic}教室の一覧を整理する"),
    "research": ("{topic}を始める人が困ることを調べる", "{place}の{topic}の歴史を調べる", "{topic}の本を十冊くらべる"),
    "illustration": ("{topic}のさし絵を描く", "{place}の{topic}まつりの絵地図", "{topic}のしおりに入れる小さな絵"),
    "design": ("{topic}教室のちらしのデザイン", "{place}の{topic}の会のロゴ", "{topic}の冊子の表紙"),
    "photo": ("{topic}の道具の写真を撮る", "{place}の{topic}の大会の撮影", "{topic}の作品の写真を整える"),
    "audio": ("{topic}の案内を声に出して読む", "{topic}の番組のナレーション", "{place}の{topic}の音を録る"),
    "web": ("{topic}の会のウェブページを直す", "{topic}の予約フォームを作る", "{place}の{topic}教室のページを新しくする"),
    "office": ("{topic}の会の事務を手伝う", "{topic}の問い合わせに返事を書く", "{place}の{topic}大会の受付の準備"),
    "teaching": ("{topic}をはじめから教える", "{topic}の質問に文章で答える", "{place}で{topic}の相談にのる"),
    "handwork": ("{topic}に使う小物を試しに作る", "{topic}の飾りを十個作る", "{topic}の道具を直す"),
}
CATEGORIES = tuple(TITLES)

ABOUT = ("{topic}が好きな方の言葉で書いてください。", "{topic}をしたことのない人にも伝わるようにお願いします。", "{topic}の経験がなくても、調べながら進められます。",
         "{topic}を長く続けている方に、とくにお願いしたい仕事です。", "{topic}の会員に配るもので、年に四回出しています。",
         "{topic}についての資料は、こちらからお渡しします。")
USUAL = (
    "参考になるページの住所を三つお渡しします。", "途中で一度、できたところまで見せてください。", "わからないことは、いつでもメッセージで聞いてください。",
    "見出しは五つほど、ひとつの見出しに三百字ほどを考えています。", "写真はこちらで用意します。", "個人の名前は出さないでください。",
    "最後に、参考にした本とページの名前を書いてください。", "読む人は、六十代から八十代の方が多いです。", "むずかしい言葉には、短い説明をつけてください。",
    "できあがりは、文章のファイルひとつでお願いします。", "直しは、まとめて一度でお伝えします。", "急ぎではありませんので、落ち着いて進めてください。",
    "はじめての方も歓迎します。", "一人で終わらないときは、期限の前に教えてください。", "公開の前に、できあがりをもう一度見ていただきます。",
    "同じ仕事を、来月もお願いするかもしれません。", "電話はかけません。やりとりは文章だけです。", "録音は全部で四十分ほどです。", "表の列は十二あります。",
    "色は二色までにしてください。", "大きさは、はがき一枚ほどです。", "数字は、公の統計から取ってください。", "地元の言い方が残っていてもかまいません。",
    "前の号を三冊お送りします。", "お名前を載せてよいかどうか、お返事のときに教えてください。", "作業の時間は、朝でも夜でもかまいません。",
    "材料の代金は、報酬とは別にお支払いします。", "道具をお持ちでない方には、お貸しします。", "小学校の四年生が読んでわかる文章を目ざしています。",
    "会のみなさんが、できあがりを楽しみに待っています。",
)
SHOP = "{place}の「{shop}堂」の十周年に配ります。"
OUTCOMES = ("1,500字ほどの文章", "表計算のファイルひとつ", "A4で二枚", "絵が三点", "音声のファイル", "ページひとつ")
STRENGTHS = (
    ("専門の言葉を、ふだんの言葉に直せます", "市民講座の教材を六年作りました", "説明書や案内文を、読みやすくします"),
    ("締め切りを守ります", "三年間の連載で、遅れたことはありません", "日が決まっている原稿を、安心して任せられます"),
    ("数字を確かめながら進めます", "経理の仕事を八年していました", "表の数字が合わないところを見つけます"),
    ("聞き取りにくい話も、文字にできます", "方言の記録を手伝っています", "年配の方の話を、そのままの調子で残します"),
    ("写真の光を整えられます", "町の写真展で賞をいただきました", "品物の写真を、同じ明るさにそろえます"),
    ("子どもに伝わる言葉を選びます", "学童保育で十年働きました", "小学生向けの文章を書きます"),
)
ROLES = (("ライター", "writing"), ("校正", "editing"), ("経理", "office"), ("通訳", "translation"), ("デザイナー", "design"), ("教員", "teaching"),
         ("プログラマー", "web"), ("司書", "research"), ("カメラマン", "photo"), ("アナウンサー", "audio"))
SURNAMES = tuple("佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 前田 藤田 後藤 岡田".split())
GIVEN_NAMES = tuple("はるか 健 みどり 大輔 さくら 翔 ゆき 直樹 あおい 誠 かおり 拓也 まゆみ 進 ひろこ 一郎 えり 勇 ともみ 豊".split())
LETTERS = ("資料を受け取りました。三日ほどで最初の案をお見せします。", "ありがとうございます。見出しの順番を、二番目と三番目だけ入れかえてください。",
           "直しました。数字は県の統計から取りました。", "とても読みやすくなりました。このまま進めてください。", "明日の夜に、できたところまでお送りします。")
REVIEWS = ("期限より早く、ていねいに仕上げてくださいました。", "質問が的確で、こちらの考えも整理できました。", "読む人のことを考えた言葉選びでした。", "やりとりが気持ちよく、安心できました。")


@lru_cache(maxsize=50_000)
def _known_pairs(text: str) -> frozenset[str]:
    return frozenset(pairs(text))


def job_text(random: Random) -> tuple[str, str, str, str, str]:
    """Category, topic, title, body, and the pairs of all of it as PostgreSQL reads an array."""
    category, topic, place = random.choice(CATEGORIES), random.choice(TOPICS), random.choice(PLACES)
    title = random.choice(TITLES[category]).format(topic=topic, place=place)
    shop = SHOP.format(place=place, shop=random.choice(KANJI) + random.choice(KANJI))
    lines = [f"{title}です。", random.choice(ABOUT).format(topic=topic), shop, *random.sample(USUAL, random.randint(3, 8))]
    found = pairs(shop).union(*(_known_pairs(line) for line in (title, topic, *lines) if line is not shop))
    return category, topic, title, "\n".join(lines), array(sorted(found))


def array(texts: list[str]) -> str:
    return "{" + ",".join(map(_quoted, texts)) + "}"


@lru_cache(maxsize=100_000)
def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def name(random: Random) -> str:
    return f"{random.choice(SURNAMES)}{random.choice(GIVEN_NAMES)}"


def client_name(random: Random) -> str:
    return f"{random.choice(PLACES)}{random.choice(TOPICS)}の会"
