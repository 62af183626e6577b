"""Three questions make a page that can apply; and a whole page in one form (F08, F17, F20, F23)."""
import re

import pytest

from machi.accounts.models import User
from machi.portfolio.actions import PIECES_AT_MOST, add_piece, remove_piece
from machi.portfolio.models import Piece
from machi.profiles.actions import LINES_AT_MOST, add_hobby, add_strength, say_availability, say_pay, write_conditions, write_names
from machi.profiles.models import Availability, Career, Hobby, Pay, PrivateConditions, Profile, Strength, WorkingConditions
from machi.profiles.queries import completeness, page_of
from machi.taxonomy.actions import merge_topics, topic_named
from tests.people import a_person, a_staff_member

EXPERT = {
    "call_name": "みどり", "headline": "決算書を読める文にします", "statement_1": "決算の要点を一枚にまとめられます",
    "evidence_1": "https://example.jp/works", "hand_me_1": "決算の要約、1社1枚", "skill": "こうせい",
    "role": "経理", "role_years": "12年", "topic": "簿記",
    "topic_years": "20", "depth": "teaching",
    "piece_title": "決算のまとめ", "piece_part": "本文は私です", "piece_link": "example.jp/matome",
    "hours": "週15時間", "amount_yen": "３,０００円", "tax": "included", "is_public": "True",
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


def seal_in(answer) -> str:
    return re.search(r'name="seen" value="(\w+)"', plain(answer))[1]


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


# ---- one form -----------------------------------------------------------------------------------

def test_one_form_makes_a_whole_page(newcomer, browser):
    answer = browser.post("/me/expert/", EXPERT, follow=True)

    assert "まとめて保存しました" in plain(answer)
    newcomer.refresh_from_db()
    assert completeness(page_of(newcomer)).percent == 100
    page = plain(browser.get("/me/preview/"))
    for words in ("校正", "決算書を読める文にします", "決算の要点を一枚にまとめられます", "決算の要約、1社1枚", "経理", "簿記", "約15時間",
                  "1時間あたり 3,000円（税込）", "お声がけを受けます", "決算のまとめ", "本文は私です"):
        assert words in page
    assert Piece.objects.get().link == "https://example.jp/matome" and Piece.objects.get().is_for_everybody


@pytest.mark.parametrize("missing, field", [
    ({"headline": ""}, "headline"), ({"statement_1": " "}, "statement_1"), ({"role_years": ""}, "role_years"),
    ({"topic_years": "x"}, "topic_years"),
    ({"evidence_2": "裏づけだけ"}, "statement_2"), ({"hand_me_3": "これだけ"}, "statement_3"), ({"amount_yen": "たくさん"}, "amount_yen"),
    ({"hours": "999"}, "hours"), ({"headline": "長" * 61}, "headline"), ({"depth": "loving"}, "depth"),
    ({"skill": "ない仕事"}, "skill"), ({"topic": "㍿" * 40}, "topic"), ({"piece_title": ""}, "piece_title"),
    ({"piece_part": " "}, "piece_part"), ({"piece_title": "題" * 81}, "piece_title"), ({"piece_link": "javascript:alert(1)"}, "piece_link"),
    ({"piece_title": "", "piece_part": ""}, "piece_title")])
def test_every_field_is_kept_when_one_does_not_fit(newcomer, browser, missing, field):
    typed = EXPERT | missing
    answer = browser.post("/me/expert/", typed)

    page = plain(answer)
    assert answer.status_code == 422 and f'id="id_{field}_error"' in page
    assert not Strength.objects.exists() and not Profile.objects.exists() and not Piece.objects.exists()
    for name in ("piece_title", "piece_link", "statement_1", "evidence_1", "hand_me_1", "role", "topic", "amount_yen", "headline",
                 "evidence_2"):
        if typed.get(name, "").strip():
            assert f'value="{typed[name]}"' in page, name


def test_sent_twice_it_stands_once(newcomer, browser):
    for _time in range(2):
        assert browser.post("/me/expert/", EXPERT).status_code == 302

    assert Strength.objects.count() == Hobby.objects.count() == Career.objects.count() == Pay.objects.count() == 1
    assert Piece.objects.here().count() == 1


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


def test_a_full_portfolio_keeps_everything_typed_and_saves_nothing(newcomer, browser):
    for number in range(PIECES_AT_MOST):
        last = add_piece(by=newcomer, title=f"作品{number}", part="全部")

    answer = browser.post("/me/expert/", EXPERT)

    page = plain(answer)
    assert answer.status_code == 409 and "30" in page and 'value="決算のまとめ"' in page and "本文は私です</textarea>" in page
    assert not Strength.objects.exists() and not Profile.objects.exists()
    remove_piece(piece=last, by=newcomer)
    assert browser.post("/me/expert/", EXPERT).status_code == 302 and Piece.objects.here().filter(title="決算のまとめ").exists()


def test_a_pay_per_piece_is_never_taken_for_one_per_hour(newcomer, browser):
    say_pay(by=newcomer, amount_yen=5_000, per=Pay.Per.PIECE, tax="excluded")
    page = plain(browser.get("/me/expert/"))
    typed = re.search(r'<input[^>]*name="amount_yen"[^>]*>', page)[0]
    assert "value" not in typed and "いまの希望は「1件あたり 5,000円（税別）」です" in page

    assert browser.post("/me/expert/", EXPERT | {"amount_yen": ""}).status_code == 302
    assert (Pay.objects.get().amount_yen, Pay.objects.get().per) == (5_000, Pay.Per.PIECE)


@pytest.mark.parametrize("written, typed", [("簿記", "帳簿つけ"), ("帳簿つけ", "簿記"), ("帳簿つけ", "帳簿つけ")])
def test_a_topic_that_was_merged_is_not_written_twice(newcomer, browser, written, typed):
    add_hobby(by=newcomer, topic=written, years=3, depth="doing")
    merge_topics(topic=topic_named("帳簿つけ"), into=topic_named("簿記"), by=a_staff_member("editor"))

    assert browser.post("/me/expert/", EXPERT | {"topic": typed}).status_code == 302

    assert Hobby.objects.get().years == 3 and Profile.objects.get().headline == EXPERT["headline"]
