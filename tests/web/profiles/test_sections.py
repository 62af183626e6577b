"""The sections of my page: names, conditions, pay, availability, more entries, order (F09, F66, F67, F73, F80, F91)."""
import re

import pytest
from django.test import Client

from machi.accounts.models import User
from machi.profiles.actions import add_strength, say_pay, write_conditions, write_names, write_profile
from machi.profiles.models import (
    Availability,
    Certificate,
    KnownSkill,
    Language,
    Names,
    Pay,
    PrivateConditions,
    Strength,
    Unsaved,
    WorkingConditions,
)
from tests.people import a_person

HTMX = {"HTTP_HX_REQUEST": "true"}
NAMES = {"call_name": "葵", "call_reading": "あおい", "legal_name": "髙﨑 德𠮷", "legal_reading": "たかさき のりよし", "shown": "call"}


@pytest.fixture
def worker(db, browser) -> User:
    person = a_person("みどり")
    browser.force_login(person)
    return person


def plain(answer) -> str:
    return answer.content.decode().replace("<wbr>", "")


def others_see(person) -> str:
    return plain(Client().get(f"/people/{person.pk}/", HTTP_USER_AGENT=str(id(object()))))


def seal_in(answer) -> str:
    return re.search(r'name="seen" value="(\w*)"', answer.content.decode())[1]


# ---- names --------------------------------------------------------------------------------------

def test_only_the_chosen_name_is_seen_by_others_and_it_is_read_as_its_person_reads_it(worker, browser):
    browser.post("/me/write/name/", NAMES)

    page = others_see(worker)
    assert "<ruby>葵<rp>（</rp><rt>あおい</rt><rp>）</rp></ruby>さん" in page
    assert "髙﨑" not in page and "たかさき" not in page


def test_the_legal_name_can_be_the_one_that_others_see(worker, browser):
    browser.post("/me/write/name/", NAMES | {"shown": "legal"})

    worker.refresh_from_db()
    page = plain(browser.get("/me/preview/"))
    assert worker.display_name == "髙﨑 德𠮷" and "<ruby>髙﨑 德𠮷<rp>（</rp><rt>たかさき のりよし</rt>" in page
    assert "葵" not in page.partition("<main")[2] and "あおい" not in page
    assert "呼び名：<ruby>葵" in plain(browser.get("/me/"))

    browser.post("/me/write/name/", NAMES)
    worker.refresh_from_db()
    assert (worker.display_name, worker.name_reading) == ("葵", "あおい")


@pytest.mark.parametrize("reading, kept", [
    ("あおい", "あおい"), ("ｱｵｲ", "アオイ"), ("アオイ・ミドリ", "アオイ・ミドリ"), (" たか\u3000さき ", "たか さき"),
    ("ー" * 60, "ー" * 60), ("", ""), ("ｶﾞｷﾞ", "ガギ")])
def test_a_reading_is_kana_of_either_kind(worker, browser, reading, kept):
    assert browser.post("/me/write/name/", NAMES | {"legal_reading": reading}).status_code == 302

    assert Names.objects.get().legal_reading == kept


@pytest.mark.parametrize("reading, sentence", [
    ("高崎", "漢字は、名前の欄に残っています"), ("たか崎", "漢字は"), ("Aoi", "ひらがなかカタカナで"), ("😀", "ひらがなか"),
    ("あ" * 61, "60文字まで"), ("<b>あ</b>", "ひらがなか"), ("あ1", "ひらがなか")])
def test_what_is_no_reading_gets_a_sentence_and_everything_typed_stays(worker, browser, reading, sentence):
    answer = browser.post("/me/write/name/", NAMES | {"call_reading": reading})

    assert answer.status_code == 422 and sentence in plain(answer) and "髙﨑 德𠮷" in plain(answer)
    assert not Names.objects.exists()


@pytest.mark.parametrize("name", ["李", "𠮷" * 60, "鷗", "寿限無" * 20])
def test_names_on_papers_of_one_character_and_of_sixty(worker, browser, name):
    assert browser.post("/me/write/name/", NAMES | {"legal_name": name, "shown": "legal"}).status_code == 302

    assert f"<ruby>{name}<rp>" in others_see(worker)


@pytest.mark.parametrize("name", ["李", "𠮷" * 40, "鷗", "寿限無" * 13])
def test_call_names_of_one_character_and_of_forty(worker, browser, name):
    assert browser.post("/me/write/name/", NAMES | {"call_name": name}).status_code == 302

    assert f"<ruby>{name}<rp>" in others_see(worker)


def test_a_call_name_of_more_than_forty_is_kept_beside_a_sentence(worker, browser):
    answer = browser.post("/me/write/name/", NAMES | {"call_name": "あ" * 41})

    assert answer.status_code == 422 and "40文字まで" in plain(answer) and "あ" * 41 in plain(answer)


def test_a_legal_name_that_is_not_there_cannot_be_shown(worker, browser):
    answer = browser.post("/me/write/name/", NAMES | {"legal_name": "", "shown": "legal"})

    assert answer.status_code == 422 and 'id="id_legal_name_error"' in plain(answer)


def test_a_new_call_name_from_the_gate_is_the_one_my_page_knows(worker, browser):
    write_names(by=worker, **NAMES)
    browser.post("/welcome/", {"call_name": "ひなた"})

    page = plain(browser.get("/me/write/name/"))

    assert 'value="ひなた"' in page and 'value="あおい"' not in page


@pytest.mark.parametrize("shown", ["call", "legal"])
def test_pressing_the_button_at_the_gate_without_another_name_keeps_how_it_is_read(worker, browser, shown):
    write_names(by=worker, **NAMES | {"shown": shown})

    assert browser.post("/welcome/", {"call_name": NAMES["call_name"]}).status_code == 302

    worker.refresh_from_db()
    assert Names.objects.get().call_reading == NAMES["call_reading"]
    assert worker.name_reading == NAMES["call_reading" if shown == "call" else "legal_reading"]


# ---- conditions ---------------------------------------------------------------------------------

def test_conditions_are_chosen_and_read_by_everybody(worker, browser):
    browser.post("/me/write/conditions/", {"hours": "週１０時間", "bands": ["weekend", "weekday_night"], "blocks": ["30", "15"],
                                           "channels": ["text_only", "no_camera"], "conditions": "返事は夜になります"})

    page = others_see(worker)
    assert "約10時間" in page and "平日の夜（20時から）、土日" in page and "15分ずつ、30分ずつ" in page
    assert "文字だけで連絡する、カメラは使わない" in page and "返事は夜になります" in page


def test_what_is_mine_alone_is_seen_by_nobody_else(worker, browser):
    browser.post("/me/write/conditions/", {"hours": "10", "may_leave_suddenly": "on", "slack_days": "3日"})

    own, page = plain(browser.get("/me/")), others_see(worker)
    assert "急に席を離れることがある" in own and "納期のゆとりは3日ほしい" in own and "あなただけに見えます" in own
    assert "急に" not in page and "ゆとり" not in page and "あなただけ" not in page
    assert "急に" not in plain(browser.get("/me/preview/")).partition("<main")[2]


def test_weekday_nights_and_weekends_are_one_tap_and_nothing_else_changes(worker, browser):
    write_conditions(by=worker, hours=8, may_leave_suddenly=True)

    assert browser.post("/me/evenings/").status_code == 302

    written = WorkingConditions.objects.get()
    assert written.bands == ["weekday_night", "weekend"] and written.hours == 8 and PrivateConditions.objects.get().may_leave_suddenly
    assert "平日の夜と土日にする" not in plain(browser.get("/me/"))


def test_hours_that_another_window_chose_are_not_written_over_by_the_one_tap(worker, browser):
    write_conditions(by=worker, hours=8, bands=["weekday_morning"], blocks=[15], may_leave_suddenly=True)

    answer = browser.post("/me/evenings/")

    page = plain(answer)
    assert answer.status_code == 409 and WorkingConditions.objects.get().bands == ["weekday_morning"]
    assert page.partition('class="theirs')[2].partition("</section>")[0].count("<strong>") == 1 and "平日の朝" in page
    typed = {name: re.findall(rf'name="{name}" value="(\w+)"[^>]* checked', page) for name in ("bands", "blocks")}
    assert typed == {"bands": ["weekday_night", "weekend"], "blocks": ["15"]}

    saved = {"hours": "8", "may_leave_suddenly": "on", "seen": re.search(r'name="seen" value="(\w+)"', page)[1]}
    assert browser.post("/me/write/conditions/", typed | saved).status_code == 302
    written = WorkingConditions.objects.get()
    assert (written.bands, written.blocks, written.hours) == (["weekday_night", "weekend"], [15], 8)


def test_the_one_tap_twice_is_in_nobodys_way(worker, browser):
    assert [browser.post("/me/evenings/").status_code for _time in range(2)] == [302, 302]


@pytest.mark.parametrize("field, value", [
    ("hours", "0"), ("hours", "81"), ("hours", "-3"), ("hours", "たくさん"), ("hours", "9" * 30), ("hours", "NaN"), ("slack_days", "61"),
    ("slack_days", "0"), ("slack_days", "😀"), ("bands", "midnight"), ("bands", "\x00"), ("blocks", "45"), ("blocks", "15; DROP"),
    ("channels", "𠮷" * 500), ("conditions", "あ" * 201)])
def test_a_condition_that_does_not_exist_gets_a_sentence(worker, browser, field, value):
    typed = {"hours": "10", "conditions": "返事は夜に"} | {field: value}
    answer = browser.post("/me/write/conditions/", typed)

    assert answer.status_code == 422 and f'id="id_{field}_error"' in plain(answer) and not WorkingConditions.objects.exists()
    assert typed["hours" if field != "hours" else "conditions"] in plain(answer)


def test_the_form_says_who_sees_what_and_asks_no_reason(worker, browser):
    page = plain(browser.get("/me/write/conditions/"))

    assert "だれでも見られる条件" in page and "理由は聞きません" in page
    assert "発注者にも、ほかの方にも見えません。書いてあることも伝わりません" in page
    names = set(re.findall(r'name="(\w+)"', page.partition('class="line-form')[2].partition("</form>")[0]))
    assert names == {"csrfmiddlewaretoken", "seen", "hours", "bands", "blocks", "channels", "conditions", "may_leave_suddenly",
                     "slack_days"}


# ---- pay and availability -----------------------------------------------------------------------

def test_a_desired_pay_is_mine_until_i_show_it(worker, browser):
    browser.post("/me/write/pay/", {"amount_yen": "１,５００円", "per": "hour", "tax": "excluded", "is_public": "False"})
    assert "1,500円" in plain(browser.get("/me/")) and "1,500円" not in others_see(worker)

    browser.post("/me/write/pay/", {"amount_yen": "1500", "per": "hour", "tax": "excluded", "is_public": "True"})
    assert "1時間あたり 1,500円（税別）" in plain(browser.get("/me/preview/"))

    browser.post("/me/write/pay/", {"amount_yen": ""})
    assert not Pay.objects.exists()


@pytest.mark.parametrize("amount", ["0", "-5", "100000001", "9" * 400, "たくさん", "1e9", "\x00あ"])
def test_an_amount_that_is_none(worker, browser, amount):
    answer = browser.post("/me/write/pay/", {"amount_yen": amount, "per": "piece"})

    assert answer.status_code == 422 and 'id="id_amount_yen_error"' in plain(answer) and not Pay.objects.exists()


def test_availability_says_now_or_from_a_day_or_resting(worker, browser, clock_at):
    clock_at("2026-12-01 10:00")
    browser.post("/me/write/availability/", {"standing": "later", "from_on": "2026-12-15", "is_scoutable": "on"})
    page = plain(browser.get("/me/preview/"))
    assert "12月15日（火）から受けられます" in page and "お声がけを受けます" in page

    clock_at("2026-12-15 10:00")
    assert "仕事を受けられます" in plain(browser.get("/me/preview/"))

    browser.post("/me/write/availability/", {"standing": "resting", "from_on": "何か"})
    assert "いまはお休みしています" in plain(browser.get("/me/preview/")) and not Availability.objects.get().is_scoutable


@pytest.mark.parametrize("values", [
    {"standing": "later"}, {"standing": "later", "from_on": "1999-01-01"}, {"standing": "later", "from_on": "9999-12-31"},
    {"standing": "later", "from_on": "31日"}, {}, {"standing": "gone"}])
def test_a_day_that_does_not_fit(worker, browser, values):
    assert browser.post("/me/write/availability/", values).status_code == 422 and not Availability.objects.exists()


# ---- skills -------------------------------------------------------------------------------------

@pytest.mark.parametrize("typed", ["校正", "こうせい", "ｺｳｾｲ", "kousei", "Proofreading"])
def test_a_skill_is_known_by_any_of_its_names(worker, browser, typed):
    assert browser.post("/me/skill/add/", {"skill": typed, "level": "alone", "years": "8年"}).status_code == 302

    assert KnownSkill.objects.get().skill.name == "校正" and "一人でできる" in others_see(worker)


@pytest.mark.parametrize("typed, name", [("エクセル", "表計算の関数"), ("Excel", "表計算の関数"), ("ｴｸｾﾙ", "表計算の関数")])
def test_a_skill_is_known_by_another_word_for_it(worker, browser, typed, name):
    assert browser.post("/me/skill/add/", {"skill": typed, "level": "alone", "years": "8"}).status_code == 302

    assert KnownSkill.objects.get().skill.name == name


@pytest.mark.parametrize("typed", ["レビュー","ない仕事", "\x00x", "<b>", "😀", "' OR 1=1", "%", "\u202e校"])
def test_a_skill_that_is_not_on_the_list_stays_with_a_sentence(worker, browser, typed):
    answer = browser.post("/me/skill/add/", {"skill": typed, "level": "alone", "years": "8"})

    assert answer.status_code == 422 and "街の一覧に、この言葉が見つかりません" in plain(answer) and not KnownSkill.objects.exists()


def test_a_skill_stands_once_and_its_form_offers_the_list(worker, browser):
    browser.post("/me/skill/add/", {"skill": "校正", "level": "alone"})
    answer = browser.post("/me/skill/add/", {"skill": "こうせい", "level": "teaching"})

    assert answer.status_code == 409 and "もうページにあります" in plain(answer) and KnownSkill.objects.count() == 1
    assert plain(answer).partition('<datalist id="skills">')[2].count("<option") > 200
    entry = KnownSkill.objects.get()
    seal = seal_in(browser.get(f"/me/skill/{entry.pk}/"))
    assert browser.post(f"/me/skill/{entry.pk}/", {"skill": "校正", "level": "teaching", "seen": seal}).status_code == 302
    assert KnownSkill.objects.get().level == "teaching"


@pytest.mark.parametrize("typed, name", [("kous", "校正"), ("エク", "表計算の関数"), ("こうせ", "校正"), ("spread", "表計算の関数")])
def test_skills_are_offered_while_one_types(worker, browser, typed, name):
    for form in ("/me/skill/add/", "/me/expert/"):
        assert 'list="skills"' in plain(browser.get(form)) and 'hx-get="/me/skills/"' in plain(browser.get(form))

    offered = plain(browser.get("/me/skills/", {"skill": typed}))
    assert f'<option value="{name}" label="{typed}"></option>' in offered and offered.count("<option") < 20


# ---- certificates and languages -----------------------------------------------------------------

def test_a_certificate_is_shown_as_what_its_person_says(worker, browser):
    browser.post("/me/certificate/add/", {"name": "日商簿記検定2級", "issuer": "商工会議所", "year": "２０１９年"})

    page = others_see(worker)
    assert "日商簿記検定2級" in page and "2019年" in page and "自己申告" in page and "自己申告" in plain(browser.get("/me/"))


@pytest.mark.parametrize("year", ["1899", "3000", "平成3年", "-1", "20", "😀", "99999999"])
def test_a_year_that_is_none(worker, browser, year):
    answer = browser.post("/me/certificate/add/", {"name": "簿記", "year": year})

    assert answer.status_code == 422 and 'id="id_year_error"' in plain(answer) and not Certificate.objects.exists()


def test_a_language_stands_once(worker, browser):
    browser.post("/me/language/add/", {"name": "English", "level": "work"})

    answer = browser.post("/me/language/add/", {"name": "english", "level": "daily"})

    assert answer.status_code == 409 and "もうページにあります" in plain(answer) and Language.objects.count() == 1


@pytest.mark.parametrize("kind, values, first", [("certificate", {"name": "簿記", "issuer": "", "year": "2019"}, "name"),
                                                 ("language", {"name": "英語", "level": "work"}, "name")])
def test_what_is_taken_away_comes_back_to_its_place(worker, browser, kind, values, first):
    for name in ("一つ目", "二つ目", "三つ目"):
        browser.post(f"/me/{kind}/add/", values | {first: name})
    model = {"certificate": Certificate, "language": Language}[kind]
    browser.post(f"/me/{kind}/{model.objects.get(name='二つ目').pk}/remove/")
    page = plain(browser.get("/me/"))
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.partition("元に戻す")[0].rpartition("<form")[2]))

    browser.post(f"/me/{kind}/add/", hidden)

    assert [one.name for one in model.objects.all()] == ["一つ目", "二つ目", "三つ目"]


# ---- order --------------------------------------------------------------------------------------

def test_entries_are_put_in_order_with_buttons(worker, browser):
    one, two, three = (add_strength(by=worker, statement=words) for words in ("一", "二", "三"))
    there = browser.post(f"/me/strength/{three.pk}/move/", {"way": "up"}).headers["Location"]
    assert there == f"/me/?moved=strength-{three.pk}-up#strength"
    browser.post(f"/me/strength/{one.pk}/move/", {"way": "up"})                 # it is the first already: nothing happens

    assert [strength.statement for strength in Strength.objects.all()] == ["一", "三", "二"]
    page = others_see(worker)
    assert page.index("<h3>一") < page.index("<h3>三") < page.index("<h3>二")

    browser.post(f"/me/strength/{one.pk}/move/", {"way": "down"})
    assert [strength.statement for strength in Strength.objects.all()] == ["三", "一", "二"]


# ---- a long text --------------------------------------------------------------------------------

def test_what_is_being_typed_is_kept_and_read_by_nobody_else(worker, browser):
    write_profile(by=worker, about="保存した文")
    note = plain(browser.post("/me/unsaved/about/", {"about": "書きかけの", "seen": "x"}, **HTMX))
    assert "保存しました" in note and "<html" not in note

    assert "書きかけの" not in others_see(worker) and "保存した文" in others_see(worker)
    page = plain(browser.get("/me/write/about/"))
    assert "書きかけの</textarea>" in page and "書きかけの文を開きました" in page
    assert "保存した文</textarea>" in plain(browser.get("/me/write/about/?saved=1"))

    browser.post("/me/write/about/", {"about": "書き終えた", "seen": seal_in(browser.get("/me/write/about/"))})
    assert not Unsaved.objects.exists() and "書き終えた" in plain(browser.get("/me/preview/"))


def test_a_text_that_is_too_long_says_so_while_it_is_typed(worker, browser):
    answer = browser.post("/me/unsaved/about/", {"about": "長" * 100_000}, **HTMX)

    assert answer.status_code == 422 and "2,000文字まで" in plain(answer) or "2000文字まで" in plain(answer)
    assert not Unsaved.objects.exists()


@pytest.mark.parametrize("address, field", [("/me/career/add/", "note"), ("/me/write/about/", "about"), ("/me/strength/add/", "statement")])
def test_a_hundred_thousand_characters_come_back_to_their_person(worker, browser, address, field):
    answer = browser.post(address, {"role": "記録係", "years": "8", field: "記" * 100_000})

    assert answer.status_code == 422 and "記" * 100_000 in plain(answer)


# ---- others -------------------------------------------------------------------------------------

def test_my_preview_is_the_page_of_a_stranger(worker, browser):
    say_pay(by=worker, amount_yen=1200, is_public=True)
    add_strength(by=worker, statement="手順書が書けます")
    preview, seen = plain(browser.get("/me/preview/")), others_see(worker)

    def body(page: str) -> str:
        inside = page.partition('<div class="cv"><div class="wrap')[2].partition("</main>")[0]
        return re.sub(r'<div class="toast screen-only">.*?</div>|\s', "", inside)
    assert body(preview) == body(seen) and "ほかの方からは、このように見えます" in preview
    as_client = plain(browser.get("/me/preview/?as=client"))
    assert re.search(r'aria-current="page"[^>]*><span>応募した先の発注者', as_client) and "手順書が書けます" in as_client
