"""Three questions make a page that can apply; and a whole page in one form (F08, F17, F20, F23)."""
import re

import pytest

from machi.accounts.models import User
from machi.profiles.actions import LINES_AT_MOST, add_strength, say_availability, write_conditions, write_names
from machi.profiles.models import Availability, Career, Hobby, Pay, PrivateConditions, Profile, Strength, WorkingConditions
from machi.profiles.queries import completeness, page_of
from tests.people import a_person

EXPERT = {
    "call_name": "みどり", "headline": "決算書を読める文にします", "statement_1": "決算の要点を一枚にまとめられます",
    "evidence_1": "https://example.jp/works", "hand_me_1": "決算の要約、1社1枚", "skill": "こうせい",
    "role": "経理", "role_years": "12年", "topic": "簿記",
    "topic_years": "20", "depth": "teaching", "hours": "週15時間", "amount_yen": "３,０００円", "tax": "included", "is_public": "True",
    "is_scoutable": "on"}


@pytest.fixture
def newcomer(db, browser) -> User:
    person = a_person("")
    User.objects.filter(pk=person.pk).update(display_name="")
    person.refresh_from_db()
    browser.force_login(person)
    return person


def plain(answer) -> str:
    return answer.content.decode().replace("<wbr>", "")


# ---- three questions ----------------------------------------------------------------------------

def test_three_answers_make_a_page_that_can_apply(newcomer, browser):
    assert browser.get("/me/begin/").headers["Location"] == "/me/begin/name/"
    assert browser.post("/me/begin/name/", {"call_name": "葵", "call_reading": "あおい"}).headers["Location"] == "/me/begin/strength/"
    assert browser.post("/me/begin/strength/", {"statement": "手順書が書けます"}).headers["Location"] == "/me/begin/heart/"
    done = browser.post("/me/begin/heart/", {"words": "サッカー", "how": "watching", "years": "１０年"})

    page = plain(browser.get(done.headers["Location"]))
    assert "応募できるページになりました" in page and "手順書が書けます" in page and "<ruby>葵" in page
    assert (Strength.objects.get().user, Hobby.objects.get().years) == (newcomer, 10)


def test_a_job_is_as_good_as_a_hobby(newcomer, browser):
    browser.post("/me/begin/heart/", {"words": "介護施設の記録係", "how": "work", "years": "8"})

    assert Career.objects.get().role == "介護施設の記録係" and not Hobby.objects.exists()


def test_every_question_can_be_passed_and_taken_up_again(newcomer, browser):
    assert 'href="/me/begin/strength/"' in plain(browser.get("/me/begin/name/")) and "いまはとばす" in plain(browser.get("/me/begin/name/"))
    browser.post("/me/begin/strength/", {"statement": "書けます"})
    page = plain(browser.get("/me/begin/done/"))

    assert "ここまで、取ってあります" in page and "今日はここまででもかまいません" in page
    assert browser.get("/me/begin/").headers["Location"] == "/me/begin/name/"

    browser.post("/me/begin/name/", {"call_name": "あおい"})
    assert browser.get("/me/begin/").headers["Location"] == "/me/begin/heart/"


def test_the_first_step_at_home_is_the_first_question(newcomer, browser):
    assert 'href="/me/begin/"' in plain(browser.get("/home/")) and 'href="/me/begin/"' in plain(browser.get("/me/"))

    add_strength(by=newcomer, statement="書けます")
    assert 'href="/me/begin/"' not in plain(browser.get("/home/"))


@pytest.mark.parametrize("step, typed, field", [
    ("name", {"call_name": " "}, "call_name"), ("name", {"call_name": "あ" * 41}, "call_name"),
    ("name", {"call_name": "葵", "call_reading": "葵"}, "call_reading"), ("strength", {"statement": ""}, "statement"),
    ("strength", {"statement": "強" * 100_000}, "statement"), ("heart", {"words": "釣り", "how": "loving", "years": "1"}, "how"),
    ("heart", {"words": "釣り", "how": "doing", "years": "-1"}, "years"),
    ("heart", {"words": "㍿" * 40, "how": "doing", "years": "1"}, "words"),
    ("heart", {"words": "", "how": "work", "years": "1"}, "words")])
def test_an_answer_that_does_not_fit_stays_with_its_sentence(newcomer, browser, step, typed, field):
    answer = browser.post(f"/me/begin/{step}/", typed)

    assert answer.status_code == 422 and f'id="id_{field}_error"' in plain(answer)
    assert all(value in plain(answer) for name, value in typed.items() if name not in ("how", "call_name"))
    assert not Strength.objects.exists() and not Hobby.objects.exists()


def test_answering_twice_is_kind(newcomer, browser):
    for _time in range(2):
        answer = browser.post("/me/begin/heart/", {"words": "釣り", "how": "doing", "years": "3"})

    assert answer.status_code == 409 and "もうページにあります" in plain(answer) and Hobby.objects.count() == 1


def test_there_is_no_fourth_question(newcomer, browser):
    assert browser.get("/me/begin/age/").status_code == 404


def test_a_name_on_papers_stays_when_the_question_is_answered_again(newcomer, browser):
    write_names(by=newcomer, call_name="葵", legal_name="髙﨑 德𠮷", shown="legal")

    browser.post("/me/begin/name/", {"call_name": "あおい"})

    newcomer.refresh_from_db()
    assert newcomer.display_name == "あおい" and newcomer.names.legal_name == "髙﨑 德𠮷"


# ---- one form -----------------------------------------------------------------------------------

def test_one_form_makes_a_whole_page(newcomer, browser):
    answer = browser.post("/me/expert/", EXPERT, follow=True)

    assert "まとめて保存しました" in plain(answer)
    newcomer.refresh_from_db()
    assert completeness(page_of(newcomer)).percent == 100
    page = plain(browser.get("/me/preview/"))
    for words in ("校正", "決算書を読める文にします", "決算の要点を一枚にまとめられます", "決算の要約、1社1枚", "経理", "簿記", "約15時間",
                  "1時間あたり 3,000円（税込）", "お声がけを受けます"):
        assert words in page


@pytest.mark.parametrize("missing, field", [
    ({"headline": ""}, "headline"), ({"statement_1": " "}, "statement_1"), ({"role_years": ""}, "role_years"),
    ({"topic_years": "x"}, "topic_years"),
    ({"evidence_2": "裏づけだけ"}, "statement_2"), ({"hand_me_3": "これだけ"}, "statement_3"), ({"amount_yen": "たくさん"}, "amount_yen"),
    ({"hours": "999"}, "hours"), ({"headline": "長" * 61}, "headline"), ({"depth": "loving"}, "depth"),
    ({"skill": "ない仕事"}, "skill"), ({"topic": "㍿" * 40}, "topic")])
def test_every_field_is_kept_when_one_does_not_fit(newcomer, browser, missing, field):
    typed = EXPERT | missing
    answer = browser.post("/me/expert/", typed)

    page = plain(answer)
    assert answer.status_code == 422 and f'id="id_{field}_error"' in page
    assert not Strength.objects.exists() and not Profile.objects.exists()
    for name in ("statement_1", "evidence_1", "hand_me_1", "role", "topic", "amount_yen", "headline", "evidence_2"):
        if typed.get(name, "").strip():
            assert f'value="{typed[name]}"' in page, name


def test_sent_twice_it_stands_once(newcomer, browser):
    for _time in range(2):
        assert browser.post("/me/expert/", EXPERT).status_code == 302

    assert Strength.objects.count() == Hobby.objects.count() == Career.objects.count() == Pay.objects.count() == 1


def test_what_was_said_before_stays(newcomer, browser):
    write_conditions(by=newcomer, bands=["weekend"], conditions="文字だけ", may_leave_suddenly=True)
    say_availability(by=newcomer, standing="resting")

    browser.post("/me/expert/", EXPERT)

    written = WorkingConditions.objects.get()
    assert written.bands == ["weekend"] and written.hours == 15 and PrivateConditions.objects.get().may_leave_suddenly
    assert Availability.objects.get().standing == "resting" and Profile.objects.get().conditions == "文字だけ"


def test_the_form_shows_what_is_there(newcomer, browser):
    browser.post("/me/expert/", EXPERT)

    page = plain(browser.get("/me/expert/"))

    assert 'value="決算書を読める文にします"' in page and 'value="3000"' in page and "いまの強み1件は、そのまま残ります" in page
    assert not re.search(r'name="statement_1"[^>]*value=', page)
    assert browser.post("/me/expert/", EXPERT | {"statement_1": "", "evidence_1": "", "hand_me_1": ""}).status_code == 302


def test_a_full_page_keeps_everything_typed(newcomer, browser):
    for number in range(LINES_AT_MOST):
        add_strength(by=newcomer, statement=f"強み{number}")

    answer = browser.post("/me/expert/", EXPERT)

    assert answer.status_code == 409 and "30行まで" in plain(answer) and 'value="決算の要約、1社1枚"' in plain(answer)
    assert not Profile.objects.exists() and not Career.objects.exists()
