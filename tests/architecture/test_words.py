"""Every word of the town in three languages, in the voice of voice.md. Each rule is broken once on purpose, to prove that it can fail."""
import json
import re

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

from tools import catalogues, voice

GOOD = {"job.apply": ("応募する", "", "Apply"), "job.of": ("%(n)s件", "%(n)sつ", "%(n)s of them"),
        "job.left": ("あと%(num)s日", "", ("%(num)s day left", "%(num)s days left"))}

#: Whoever reads a text may have all of it at home, and did not say so. The town does not say it first.
UNSAID = re.compile(r"介護|看病|病気|病人|高齢|障害|障がい"
                    r"|\b(caring|carers?|care (records?|homes?)|ill|illness\w*|sick\w*|elderly|disab\w*|nursing)\b", re.I)
SAID_ALL_THE_SAME = {
    "front.door.text": "says what nobody is asked", "open_door.never.2": "says what nobody is asked",
    "open_door.never.3": "says what nobody is asked", "privacy.never.2": "says what nobody is asked",
    "rules.clients.1": "says by what a client may not choose"}


def shelf(**changes) -> dict[str, Catalog]:
    """Three small catalogues that are whole, with some texts changed: en__job__apply="..."; None takes the id away."""
    made = {locale: Catalog(locale=babel, charset="utf-8") for locale, babel in catalogues.LOCALES.items()}
    for key, texts in GOOD.items():
        for (locale, catalogue), text in zip(made.items(), texts, strict=True):
            text = changes.get(f"{locale}__{key.replace('.', '__')}", text)
            if text is not None:
                plural = isinstance(texts[2], tuple)
                catalogue.add((key, key) if plural else key, (text,) if plural and isinstance(text, str) else text)
    return made


def used(*more) -> Catalog:
    found = Catalog(locale="ja")
    for key, texts in GOOD.items():
        found.add((key, key) if isinstance(texts[2], tuple) else key)
    for key in more:
        found.add(key)
    return found


def complaints(template=None, **changes) -> str:
    return "\n".join(catalogues.problems(shelf(**changes), template or used()))


def test_every_word_is_in_its_place():
    assert "\n".join(catalogues.problems()) == ""


def saying_it(shelf: dict[str, Catalog]) -> set[str]:
    return {message.id if isinstance(message.id, str) else message.id[0] for catalogue in shelf.values() for message in catalogue
            if message.id and UNSAID.search(" ".join([message.string] if isinstance(message.string, str) else message.string))}


def test_no_text_tells_people_of_care_illness_or_age_who_did_not_speak_of_it_first():
    assert saying_it({locale: catalogues.read(locale) for locale in catalogues.LOCALES}) == set(SAID_ALL_THE_SAME)


@pytest.mark.parametrize("change", [{"ja__job__apply": "例：介護の記録を8年"}, {"ja_Simple__job__of": "病気の人が%(n)s人"},
                                    {"en__job__left": ("%(num)s elderly person", "%(num)s elderly people")}])
def test_a_text_that_speaks_of_it_first_is_noticed(change):
    assert len(saying_it(shelf(**change))) == 1 and not saying_it(shelf())


def test_a_whole_shelf_has_no_complaint():
    assert complaints() == ""


@pytest.mark.parametrize(("change", "complaint"), [
    ({"en__job__apply": None}, "en: job.apply is used but not in the catalogue"),
    ({"en__job__apply": ""}, "en: job.apply has no words"),
    ({"ja__job__apply": ""}, "ja: job.apply has no words"),
    ({"en__job__left": ("%(num)s days left", "")}, "en: job.left has no words"),
    ({"en__job__of": "%(count)s of them"}, "other placeholders than in Japanese: %(count)s"),
    ({"ja_Simple__job__of": "たくさん"}, "other placeholders than in Japanese: たくさん"),
    ({"en__job__apply": "100% sure"}, "a bare %"),
    ({"ja__job__apply": "<b>応募</b>"}, "markup"),
    ({"ja__job__apply": "応募してください！"}, "never 「！」"),
    ({"ja__job__apply": "いかがでしたか？"}, "never 「？」"),
    ({"ja__job__apply": "不採用となりました"}, "never 「不採用」"),
    ({"ja__job__apply": "スキマ時間で稼ぐ"}, "never 「スキマ時間」"),
    ({"ja__job__apply": "案件に応募する"}, "never 「案件」"),
    ({"ja__job__apply": "次へ"}, "never 「次へ」"),
    ({"ja__job__apply": "¥8,580"}, "never 「¥」"),
    ({"ja_Simple__job__apply": "お客様にたのむ"}, "ja_Simple: never 「お客様」"),
    ({"en__job__apply": "Your application was rejected"}, "en: never 「rejected」"),
    ({"en__job__apply": "Hurry!"}, "en: never 「Hurry」"),
    ({"ja_Simple__job__apply": "応募" * 20 + "します"}, "ja_Simple: a sentence of"),
    ({"ja_Simple__job__apply": "応募が送られました"}, "passive or causative"),
    ({"ja_Simple__job__apply": "仕事を始めさせます"}, "passive or causative"),
    ({"ja_Simple__job__apply": "名前が書かれています"}, "passive or causative"),
])
def test_a_text_that_is_not_ours_is_noticed(change, complaint):
    assert complaint in complaints(**change)


def test_a_word_nobody_says_and_a_word_nobody_wrote_are_noticed():
    assert "ja: job.lost is used but not in the catalogue" in complaints(used("job.lost"))
    nearly = Catalog(locale="ja")
    nearly.add("job.apply")
    assert "ja: job.of is in the catalogue but not used" in complaints(nearly)


def test_a_plain_text_read_by_everybody_is_held_to_the_rules_of_yasashii_nihongo():
    """An empty やさしい日本語 means: the Japanese is plain already. So the Japanese must be."""
    assert "passive or causative" in complaints(ja__job__apply="応募が届けられました")


@pytest.mark.parametrize("innocent", ["特定受託事業者", "ブランクがあっても", "仕様を書く", "多様な", "楽になる",
                                      "稼働している時間", "わかれば", "知らせる", "ことができます", "つかれたとき", "これからのこと",
                                      "それぞれ", "生まれた言葉", "はなれた所", "やめることができます"])
def test_innocent_words_are_spared(innocent):
    assert list(voice.complaints(innocent, innocent, "")) == []


def test_words_are_found_in_python_and_in_templates(tmp_path, monkeypatch):
    (tmp_path / "machi").mkdir()
    page = '{{ ngettext("a.n", "a.n", 3) }}{{ _("a.who", name="B") }}{% call ui.x(_("a.call")) %}{% endcall %}'
    (tmp_path / "machi/a.html").write_text(page)
    (tmp_path / "machi/a.py").write_text('from django.utils.translation import gettext_lazy as _\nX = _("a.py")\n')
    monkeypatch.setattr(catalogues, "BASE", tmp_path)

    assert {message.id for message in catalogues.used() if message.id} == {("a.n", "a.n"), "a.who", "a.call", "a.py"}


def test_words_are_added_replaced_dropped_and_compiled(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(catalogues, "BASE", tmp_path)
    (tmp_path / "machi").mkdir()
    (tmp_path / "machi/a.py").write_text('from django.utils.translation import gettext as _\nX = _("a.one")\n')
    words = tmp_path / "words.json"

    words.write_text(json.dumps({"a.one": ["一つ", "", "One"], "a.two": ["二つ", "", "Two"]}))
    assert catalogues.main("add", str(words)) == 0
    words.write_text(json.dumps({"a.one": ["一つだけ", "1つだけ", "Just one"]}))
    assert catalogues.main("add", str(words)) == 0 and catalogues.main("check") == 1
    assert catalogues.main("update") == 0 and catalogues.main("check") == 0 and catalogues.main("compile") == 0

    assert {locale: catalogues.read(locale).get("a.one").string for locale in catalogues.LOCALES} == {
        "ja": "一つだけ", "ja_Simple": "1つだけ", "en": "Just one"}
    assert catalogues.read("ja").get("a.two") is None and catalogues.path("en").with_suffix(".mo").exists()


@pytest.mark.parametrize("words", [
    {"no-id": ["あ", "", "a"]}, {"a.b": ["あ", ""]}, {"a.b": ["", "", "a"]}, {"a.b": ["%(n)s件", "", "%(m)s"]},
    {"a.b": ["あ", "", "100%"]}, {"a.b": ["<b>", "", "b"]}])
def test_a_text_that_would_break_a_page_is_not_added(words, tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "BASE", tmp_path)
    with pytest.raises(SystemExit):
        catalogues.add(words)
    assert not catalogues.path("ja").exists()


def test_what_is_not_in_our_voice_is_said_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "BASE", tmp_path)
    assert "never 「落選」" in catalogues.add({"a.b": ["落選です", "", "No"]})[0]


def test_ja_simple_falls_back_to_ja_also_for_plurals():
    with translation.override("ja-simple"):
        assert translation.gettext("frame.find") == "仕事をさがす" and translation.gettext("frame.money") == "お金の流れ"
        assert translation.ngettext("count.people", "count.people", 3) == "%(num)s人"
    with translation.override("en"):
        assert translation.ngettext("count.people", "count.people", 1) == "%(num)s person"
