"""The editor of my page: one thing at a time, each line saved by itself (F17, F20, F21, F23)."""
import re

import pytest

from machi.accounts.models import User
from machi.profiles.actions import LINES_AT_MOST, add_career, add_hobby, add_strength, write_profile
from machi.profiles.models import Career, Hobby, Profile, Strength
from tests.people import a_person
from tests.web.contracts.walking import said

HTMX = {"HTTP_HX_REQUEST": "true"}
STRENGTH = {"statement": "だれが読んでも迷わない手順書が書けます", "evidence": "記録を8年", "hand_me": "手順書の書き直し"}
HOBBY = {"topic": "サッカー", "years": "10", "depth": "watching", "note": "試合ノートをつけている"}
CAREER = {"role": "介護施設の記録係", "category": "writing", "years": "8", "note": ""}
ENTRIES = [("strength", STRENGTH, Strength), ("hobby", HOBBY, Hobby), ("career", CAREER, Career)]
LINES = [("name", "call_name"), ("headline", "headline"), ("about", "about"), ("conditions", "conditions")]


@pytest.fixture
def worker(db, browser) -> User:
    person = a_person("みどり")
    browser.force_login(person)
    return person


def plain(answer) -> str:
    return answer.content.decode().replace("<wbr>", "")


def value_of(person, field):
    person = User.objects.get(pk=person.pk)
    return person.display_name if field == "call_name" else getattr(Profile.objects.get(user=person), field)


# ---- writing ------------------------------------------------------------------------------------

@pytest.mark.parametrize("line, field", LINES)
def test_each_line_is_saved_by_itself(worker, browser, line, field):
    write_profile(by=worker, headline="前の一言", about="前の紹介", conditions="前の条件")
    before = {name: value_of(worker, name) for _line, name in LINES}

    answer = browser.post(f"/me/write/{line}/", {field: "新しい言葉"})

    assert answer.status_code == 302 and answer.headers["Location"].startswith("/me/")
    assert {name: value_of(worker, name) for _line, name in LINES} == before | {field: "新しい言葉"}


@pytest.mark.parametrize("kind, values, model", ENTRIES)
def test_an_entry_is_added_changed_removed_and_brought_back(worker, browser, kind, values, model):
    first = next(iter(values))
    browser.post(f"/me/{kind}/add/", values)
    entry = model.objects.get(user=worker)
    browser.post(f"/me/{kind}/{entry.pk}/", values | {first: "園芸"})
    assert str(getattr(model.objects.get(), first)) == "園芸"

    browser.post(f"/me/{kind}/{entry.pk}/remove/")
    assert not model.objects.exists()

    page = plain(browser.get("/me/"))
    assert "元に戻す" in page
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.partition("元に戻す")[0].rpartition("<form")[2]))
    hidden.pop("csrfmiddlewaretoken")
    browser.post(f"/me/{kind}/add/", hidden)

    again = model.objects.get()
    assert str(getattr(again, first)) == "園芸" and {name: hidden[name] for name in values} == values | {first: "園芸"}
    assert "元に戻す" not in plain(browser.get("/me/"))


def test_the_way_back_ends_after_a_while(worker, browser, clock_at):
    clock_at("2026-12-01 10:00")
    entry = add_strength(by=worker, statement="書けます")
    browser.post(f"/me/strength/{entry.pk}/remove/")

    clock_at("2026-12-01 10:11")

    assert "元に戻す" not in plain(browser.get("/me/"))


def test_at_most_one_form_is_open_and_it_holds_what_is_there(worker, browser):
    entry = add_strength(by=worker, **STRENGTH)

    page = plain(browser.get(f"/me/strength/{entry.pk}/"))

    assert page.count('class="line-form') == 1 and f'value="{STRENGTH["statement"]}"' in page


def test_htmx_gets_the_editor_and_nothing_around_it(worker, browser):
    page = plain(browser.get("/me/strength/add/", **HTMX))

    assert page.lstrip().startswith('<div class="wrap page" id="editor">') and "<html" not in page

    saved = plain(browser.post("/me/strength/add/", STRENGTH, follow=True, **HTMX))
    assert "保存しました。" in saved and STRENGTH["statement"] in saved and "<html" not in saved


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["whole", "part"])
def test_that_it_was_saved_is_said_once(worker, browser, headers):
    assert plain(browser.post("/me/strength/add/", STRENGTH, follow=True, **headers)).count(said("me.saved")) == 1


def test_topics_are_offered_in_the_spelling_that_is_there(worker, browser):
    add_hobby(by=a_person(), topic="サッカー", years=3, depth="doing")

    assert 'value="サッカー"' in plain(browser.get("/me/topics/", {"topic": "さっ"}))
    assert 'value="サッカー" label="sakka"' in plain(browser.get("/me/topics/", {"topic": "sakka"}))
    assert plain(browser.get("/me/topics/", {"topic": ""})).strip() == ""
    assert 'label="&#34;&gt;' not in plain(browser.get("/me/topics/", {"topic": '">'}))


# ---- completeness and help ----------------------------------------------------------------------

def test_completeness_says_how_many_and_what_comes_next(worker, browser):
    assert "10項目のうち1項目" in plain(browser.get("/me/")) and "次の一歩：三つの質問に答える" in plain(browser.get("/me/"))

    write_profile(by=worker, headline="記録を書きます", conditions="文字だけ")
    strength = add_strength(by=worker, statement="書けます")

    page = plain(browser.get("/me/"))
    assert "10項目のうち4項目" in page and f"/me/strength/{strength.pk}/" in page and "強みに裏づけを添える" in page

    browser.post(f"/me/strength/{strength.pk}/", STRENGTH)
    browser.post("/me/hobby/add/", HOBBY)
    browser.post("/me/career/add/", CAREER)
    browser.post("/me/skill/add/", {"skill": "proofreading", "level": "alone"})
    browser.post("/me/write/availability/", {"standing": "open"})
    assert "すべて書けています" in plain(browser.get("/me/"))


def test_whoever_has_nothing_to_say_to_the_next_step_finds_the_others_below_it(worker, browser):
    write_profile(by=worker, headline="記録を書きます")
    add_strength(by=worker, statement="書けます", evidence="記事100本", hand_me="聞き書き")
    browser.post("/me/hobby/add/", HOBBY)

    page = plain(browser.get("/me/"))
    assert "次の一歩：経歴を一つ書く" in page
    for address in ("/me/skill/add/#skill", "/me/write/conditions/#conditions", "/me/write/availability/#availability"):
        assert f'<a href="{address}">' in page
    assert said("foundation.done") not in page and said("foundation.free") in page


def test_a_page_with_a_career_only_is_helped_to_one_line_more(worker, browser):
    add_career(by=worker, role="介護施設の記録係", years=8)

    assert "経歴が1件あります。ここに「だから何をお願いできるか」を一行そえると" in plain(browser.get("/me/"))

    add_strength(by=worker, statement="書けます")
    assert "経歴が1件あります" not in plain(browser.get("/me/"))


def test_no_field_asks_for_a_reason(worker, browser):
    page = "".join(plain(browser.get(f"/me/{place}/")) for place in ("write/conditions", "strength/add", "hobby/add", "career/add"))

    assert "理由ではなく、条件を" in page
    assert not set(re.findall(r'name="(\w+)"', page)) & {"age", "birthday", "sex", "illness", "family", "reason"}


# ---- what does not fit --------------------------------------------------------------------------

@pytest.mark.parametrize("kind, values, model", ENTRIES)
def test_nothing_typed_is_lost_when_something_is_missing(worker, browser, kind, values, model):
    first, second = list(values)[:2]
    answer = browser.post(f"/me/{kind}/add/", values | {first: " \u3000"})

    assert answer.status_code == 422 and not model.objects.exists()
    assert "まだ送っていません" in plain(answer) and f'id="id_{first}_error"' in plain(answer)
    assert values[second] in plain(answer)


TOO_MUCH = [("/me/write/name/", "call_name", 40), ("/me/write/headline/", "headline", 60), ("/me/write/about/", "about", 2000),
            ("/me/write/conditions/", "conditions", 200), ("/me/strength/add/", "statement", 80), ("/me/strength/add/", "evidence", 200),
            ("/me/strength/add/", "hand_me", 120), ("/me/hobby/add/", "topic", 40), ("/me/hobby/add/", "note", 500),
            ("/me/career/add/", "role", 80), ("/me/career/add/", "note", 200)]


@pytest.mark.parametrize("address, field, most", TOO_MUCH)
def test_a_text_that_is_too_long_is_kept_and_its_limit_said(worker, browser, address, field, most):
    whole = {"strength": STRENGTH, "hobby": HOBBY, "career": CAREER}.get(address.split("/")[2], {})

    answer = browser.post(address, whole | {field: "𠮷" * (most + 1)})
    assert answer.status_code == 422 and f"{most}文字まで" in plain(answer) and "𠮷" * (most + 1) in plain(answer)

    assert browser.post(address, whole | {field: "𠮷" * most}).status_code == 302


@pytest.mark.parametrize("years", ["たくさん", "-1", "81", "1.5", "1e3", "999999999999999999999", "八年", "\x00", "", "NaN"])
@pytest.mark.parametrize("kind, values", [("hobby", HOBBY), ("career", CAREER)])
def test_years_that_are_no_years(worker, browser, kind, values, years):
    answer = browser.post(f"/me/{kind}/add/", values | {"years": years})

    assert answer.status_code == 422 and 'id="id_years_error"' in plain(answer)


@pytest.mark.parametrize("typed, years", [("8", 8), ("８", 8), ("8年", 8), (" 約１０ 年間 ", 10), ("0", 0), ("80", 80)])
def test_years_as_people_write_them(worker, browser, typed, years):
    browser.post("/me/hobby/add/", HOBBY | {"years": typed})

    assert Hobby.objects.get().years == years


@pytest.mark.parametrize("field, value", [("depth", "loving"), ("depth", ""), ("depth", "\x00"), ("depth", "𠮷" * 500)])
def test_a_choice_that_does_not_exist(worker, browser, field, value):
    answer = browser.post("/me/hobby/add/", HOBBY | {field: value})

    assert answer.status_code == 422 and "四つから一つ選んでください" in plain(answer)


@pytest.mark.parametrize("code", ["nothing", "\x00", "' OR 1=1", "😀"])
def test_a_kind_of_work_that_does_not_exist(worker, browser, code):
    assert browser.post("/me/career/add/", CAREER | {"category": code}).status_code == 422


def test_a_topic_that_grows_when_it_is_searched(worker, browser):
    answer = browser.post("/me/hobby/add/", HOBBY | {"topic": "㍿" * 40})

    assert answer.status_code == 422 and "もう少し短い言葉" in plain(answer)


def test_a_topic_stands_once(worker, browser):
    browser.post("/me/hobby/add/", HOBBY)

    pressed_twice = browser.post("/me/hobby/add/", HOBBY | {"topic": "ｻｯｶｰ"})
    answer = browser.post("/me/hobby/add/", HOBBY | {"topic": "ｻｯｶｰ", "years": "3"})

    assert pressed_twice.status_code == 302
    assert answer.status_code == 409 and "もうページにあります" in plain(answer) and "試合ノート" in plain(answer)
    assert Hobby.objects.count() == 1


def test_a_page_is_long_enough_for_a_life_and_no_longer(worker, browser):
    for number in range(LINES_AT_MOST):
        add_strength(by=worker, statement=f"強み{number}")

    answer = browser.post("/me/strength/add/", STRENGTH)

    assert answer.status_code == 409 and "30行まで" in plain(answer) and Strength.objects.count() == LINES_AT_MOST


# ---- whose page it is ---------------------------------------------------------------------------

@pytest.mark.parametrize("kind, values, model", ENTRIES)
def test_the_lines_of_others_do_not_exist(worker, browser, kind, values, model):
    other = a_person()
    entry = {"strength": lambda: add_strength(by=other, statement="書けます"), "hobby": lambda: add_hobby(
        by=other, topic="釣り", years=1, depth="doing"), "career": lambda: add_career(by=other, role="記録係", years=1)}[kind]()

    for answer in (browser.get(f"/me/{kind}/{entry.pk}/"), browser.post(f"/me/{kind}/{entry.pk}/", values),
                   browser.post(f"/me/{kind}/{entry.pk}/remove/"), browser.get(f"/me/{kind}/999999999999999999999999/")):
        assert answer.status_code == 404
    assert model.objects.filter(user=other).count() == 1


@pytest.mark.parametrize("address", ["/me/write/age/", "/me/badge/add/", "/me/badge/1/"])
def test_lines_that_do_not_exist(worker, browser, address):
    assert browser.get(address).status_code == 404


def test_strangers_are_asked_to_sign_in(db, browser):
    for address in ("/me/", "/me/write/name/", "/me/strength/add/", "/me/topics/"):
        assert browser.get(address).headers["Location"].startswith("/account/login/")


def test_removing_is_no_link(worker, browser):
    entry = add_strength(by=worker, statement="書けます")

    assert browser.get(f"/me/strength/{entry.pk}/remove/").status_code == 405


def test_a_long_page_asks_no_more_questions(worker, browser, django_assert_num_queries, django_assert_max_num_queries):
    add_strength(by=worker, statement="書けます")
    add_hobby(by=worker, topic="釣り", years=1, depth="doing")
    add_career(by=worker, role="記録係", years=1)
    browser.get("/me/")
    with django_assert_max_num_queries(15) as few:
        browser.get("/me/")
    for n in range(1, 6):
        add_strength(by=worker, statement=f"{n}")
        add_hobby(by=worker, topic=f"題材{n}", years=1, depth="doing")
        add_career(by=worker, role=f"{n}", years=1)

    with django_assert_num_queries(len(few)):
        browser.get("/me/")
