"""Three questions make a page that can apply (F17, F20, F23)."""
import re

import pytest

from machi.accounts.models import User
from machi.profiles.actions import add_strength, write_names
from machi.profiles.models import Career, Hobby, Strength
from machi.profiles.queries import STEPS, page_of
from machi.web.pages.profiles.words import step_named
from tests.web.contracts.walking import said
from tests.web.profiles.newcomers import EXPERT, plain, seal_in


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


def test_the_topics_of_the_town_are_offered_while_one_types(newcomer, browser):
    assert 'list="topics"' in plain(browser.get("/me/begin/heart/"))

    assert 'value="サッカー"' in plain(browser.get("/me/topics/", {"words": "フットボール"}))


def test_every_question_can_be_passed_and_taken_up_again(newcomer, browser):
    assert 'href="/me/begin/strength/"' in plain(browser.get("/me/begin/name/")) and "いまはとばす" in plain(browser.get("/me/begin/name/"))
    browser.post("/me/begin/strength/", {"statement": "書けます"})
    page = plain(browser.get("/me/begin/done/"))

    assert "ここまで、取ってあります" in page and "今日はここまででもかまいません" in page
    assert browser.get("/me/begin/").headers["Location"] == "/me/begin/name/"

    browser.post("/me/begin/name/", {"call_name": "あおい"})
    assert browser.get("/me/begin/").headers["Location"] == "/me/begin/heart/"


def test_the_first_step_at_home_is_the_first_question(newcomer, browser):
    page = plain(browser.get("/me/"))
    others = page.partition(said("me.next.list"))[2].partition("</details>")[0]
    assert 'href="/me/begin/"' in plain(browser.get("/home/")) and 'href="/me/begin/"' in page
    assert all(step_named(step, page_of(newcomer)).address in others for step in STEPS), "what is not written is written in any order"

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

    assert answer.status_code == 302 and Hobby.objects.count() == 1


def test_there_is_no_fourth_question(newcomer, browser):
    assert browser.get("/me/begin/age/").status_code == 404


@pytest.mark.parametrize("address", ["/me/begin/name/", "/me/expert/"])
def test_whoever_shows_their_legal_name_keeps_both_names(newcomer, browser, address):
    write_names(by=newcomer, call_name="葵", call_reading="あおい", legal_name="髙﨑 德𠮷", shown="legal")
    page = plain(browser.get(address))
    assert 'value="葵"' in page and "いま、ほかの方に見えるのは氏名です" in page and 'href="/me/write/name/"' in page
    assert "ほかの方に見える名前です" not in page

    assert browser.post(address, EXPERT | {"call_name": "葵", "call_reading": "あおい"}).status_code == 302
    newcomer.refresh_from_db()
    assert (newcomer.display_name, newcomer.names.call_name, newcomer.names.call_reading) == ("髙﨑 德𠮷", "葵", "あおい")

    assert browser.post(address, EXPERT | {"call_name": "ひなた"}).status_code == 302
    newcomer.names.refresh_from_db()
    assert User.objects.get(pk=newcomer.pk).display_name == "髙﨑 德𠮷"
    assert (newcomer.names.call_name, newcomer.names.call_reading, newcomer.names.shown) == ("ひなた", "", "legal")


@pytest.mark.parametrize("address", ["/me/begin/name/", "/me/expert/"])
def test_a_legal_name_of_sixty_letters_is_in_nobodys_way(newcomer, browser, address):
    write_names(by=newcomer, call_name="葵", legal_name="寿限無" * 20, shown="legal")
    shown = re.search(r'name="call_name" value="([^"]*)"', plain(browser.get(address)))[1]

    assert browser.post(address, EXPERT | {"call_name": shown}).status_code == 302
    assert User.objects.get(pk=newcomer.pk).display_name == "寿限無" * 20


def test_at_the_gate_too_the_call_name_is_never_the_legal_one(newcomer, browser):
    write_names(by=newcomer, call_name="葵", legal_name="寿限無" * 20, shown="legal")
    page = plain(browser.get("/welcome/"))
    assert 'value="葵"' in page and "いま、ほかの方に見えるのは氏名です" in page

    assert browser.post("/welcome/", {"call_name": "ひなた"}).status_code == 302

    newcomer.refresh_from_db()
    assert (newcomer.display_name, newcomer.names.call_name) == ("寿限無" * 20, "ひなた")


@pytest.mark.parametrize("address", ["/me/begin/name/", "/welcome/"])
def test_a_name_that_another_window_changed_is_not_written_over(newcomer, browser, address):
    write_names(by=newcomer, call_name="葵", call_reading="あおい")
    window = {"call_name": "みどり", "seen": seal_in(browser.get(address))}
    write_names(by=newcomer, call_name="ひなた", call_reading="ひなた")

    answer = browser.post(address, window)

    page = plain(answer)
    assert answer.status_code == 409 and "別の画面で保存した内容" in page and "ひなた" in page and 'value="みどり"' in page
    assert User.objects.get().display_name == "ひなた"
    assert browser.post(address, window | {"seen": seal_in(answer)}).status_code == 302
    assert User.objects.get().display_name == "みどり"


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_no_two_lists_of_the_page_are_called_the_same(newcomer, browser, language):
    User.objects.filter(pk=newcomer.pk).update(language=language)

    lists = re.findall(r"<summary>([^<]+)</summary>", plain(browser.get("/me/")))

    assert len(lists) == len(set(lists)) > 1
