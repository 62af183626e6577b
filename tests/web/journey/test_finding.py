"""The strength finder and the way from a career to what one can be handed: drafts to edit, answers that stay private (F21, F22)."""
import re

import pytest

from machi.journey.actions import answer
from machi.journey.models import Answer, Question
from machi.journey.queries import answers_of
from machi.portfolio.actions import add_piece
from machi.profiles.actions import LINES_AT_MOST, add_career, add_strength
from machi.profiles.models import Strength
from tests.people import a_person
from tests.web.contracts.walking import signed_in

START, SENTENCES = "/me/strengths/find/", "/me/strengths/find/sentences/"
TEXTS = {"asked": "資料を直します", "thanked": "記録をその日に配ったこと", "kept": "店の帳簿、8年", "easy": "細かい数字",
         "careful": "時間を守る", "shown": "手順書12本"}


@pytest.fixture
def worker(db, browser):
    person = a_person("みどり")
    browser.force_login(person)
    return person


def text_of(answer) -> str:
    return answer.content.decode().replace("<wbr>", "")


def main_of(answer) -> str:
    return text_of(answer).partition("<main")[2].partition("</main>")[0]


def typed(page: str) -> dict[str, str]:
    """What stands in the fields of the drafts."""
    fields = re.findall(r'name="(\d-(?:evidence|hand_me))" value="([^"]*)"', page)
    return dict(fields + re.findall(r'name="(\d-statement)"[^>]*>\s*([^<]*)</textarea>', page))


def test_six_questions_one_a_screen_lead_to_three_strengths(worker, browser):
    address = re.search(r'class="btn solid block" href="([^"]+)"', main_of(browser.get(START)))[1]
    for number, (question, text) in enumerate(TEXTS.items(), 1):
        screen = main_of(browser.get(address))
        assert f"質問{number}（全6問）" in screen and str(Question(question).label) and screen.count("<textarea") == 1
        address = browser.post(address, {"text": text}).headers["Location"]

    page = main_of(browser.get(address))
    assert address == SENTENCES and answers_of(worker) == TEXTS
    assert [value for name, value in typed(page).items() if name.endswith("statement")] == [
        "資料を直すことが得意です", "記録をその日に配ったことで、喜んでもらったことがあります", "店の帳簿を、8年続けてきました"]


def test_what_was_answered_survives_leaving(worker, browser):
    browser.post(f"{START}asked/", {"text": "資料を直します"})

    later = signed_in(worker)

    start = main_of(later.get(START))
    assert "続きから答える" in start and f'href="{START}thanked/"' in start and "資料を直します" in start
    assert "資料を直します</textarea>" in main_of(later.get(f"{START}asked/"))


def test_a_question_may_be_passed_over_and_one_can_go_back(worker, browser):
    first = browser.post(f"{START}asked/", {"text": "資料を直します"})
    again = browser.post(f"{START}asked/", {"text": "", "skip": "1"})       # passing over forgets nothing
    browser.post(f"{START}thanked/", {"skip": "1"})

    assert first.headers["Location"] == again.headers["Location"] == f"{START}thanked/"
    assert answers_of(worker) == {"asked": "資料を直します", "thanked": ""}
    assert f'href="{START}asked/"' in main_of(browser.get(f"{START}thanked/"))


def test_two_windows_on_one_question_keep_both_texts(worker, browser):
    address, window = f"{START}asked/", {"text": "あちらの窓"}
    window["seen"] = re.search(r'name="seen" value="(\w+)"', text_of(browser.get(address)))[1]
    browser.post(address, {"text": "こちらの窓"})

    answered = browser.post(address, window)

    page = main_of(answered)
    assert answered.status_code == 409 and "別の画面で保存した内容" in page
    assert "<p>こちらの窓</p>" in page and "あちらの窓</textarea>" in page and answers_of(worker) == {"asked": "こちらの窓"}
    passed = browser.post(address, window | {"skip": "1"})
    assert passed.status_code == 302 and answers_of(worker) == {"asked": "こちらの窓"}                # passing over writes over nothing
    again = window | {"seen": re.search(r'name="seen" value="(\w+)"', page)[1]}
    assert browser.post(address, again).status_code == 302 and answers_of(worker) == {"asked": "あちらの窓"}


def test_an_answer_that_another_window_deleted_is_not_brought_back_in_silence(worker, browser):
    answer(by=worker, question="asked", text="資料を直します")
    seen = re.search(r'name="seen" value="(\w+)"', text_of(browser.get(f"{START}asked/")))[1]
    browser.post(f"{START}forget/")

    answered = browser.post(f"{START}asked/", {"text": "資料を直すこと", "seen": seen})

    assert answered.status_code == 409 and "何も書いてありません" in text_of(answered) and not Answer.objects.exists()


def test_only_what_is_ticked_goes_on_the_page_as_it_was_edited(worker, browser):
    for question, text in TEXTS.items():
        answer(by=worker, question=question, text=text)
    fields = typed(main_of(browser.get(SENTENCES)))

    done = browser.post(SENTENCES, fields | {"0-use": "on", "0-statement": "資料を、読む人のために直せます", "2-use": "on"})

    assert done.headers["Location"] == "/me/#strength"
    assert list(Strength.objects.order_by("pk").values_list("statement", "evidence", "hand_me")) == [
        ("資料を、読む人のために直せます", "見られるもの：手順書12本", "資料を直すこと"),
        ("店の帳簿を、8年続けてきました", "8年続けています", "店の帳簿の経験が要る仕事")]


def test_pressing_twice_adds_once(worker, browser):
    posted = {"0-use": "on", "0-statement": "聞き書きが得意です", "0-evidence": "", "0-hand_me": ""}
    for _twice in range(2):
        browser.post(SENTENCES, posted)

    assert Strength.objects.count() == 1


@pytest.mark.parametrize("way", ["finder", "career"])
def test_words_that_were_edited_are_never_lost(worker, browser, way):
    """The same sentence a second time: what it left open is filled, and what it says otherwise stands on a line of its own."""
    career = add_career(by=worker, role="記録係", years=8)

    def add(**said):
        posted = {"statement": "聞き書きが得意です", "evidence": "", "hand_me": ""} | said
        if way == "career":
            return browser.post(f"/me/career/{career.pk}/hand-me/", posted | {"did": "記録"})
        return browser.post(SENTENCES, {"0-use": "on"} | {f"0-{name}": text for name, text in posted.items()})
    for said in ({}, {"evidence": "12人分"}, {"hand_me": "録音の文字起こし"}, {"evidence": "20人分"}, {"evidence": "20人分"}, {}):
        assert add(**said).status_code == 302

    assert list(Strength.objects.values_list("evidence", "hand_me")) == [("12人分", "録音の文字起こし"), ("20人分", "")]


@pytest.mark.parametrize(("change", "words"), [
    ({}, "一つ以上印を付けてください"), ({"0-use": "on", "0-statement": ""}, "強み"), ({"0-use": "on", "0-evidence": "あ" * 201}, "裏づけ"),
    ({"0-use": "on", "0-statement": "\0\u202e"}, "強み")])
def test_a_wrong_draft_is_said_next_to_its_field_and_everything_stays_typed(worker, browser, change, words):
    posted = {"0-statement": "聞き書き<b>𠮷😀", "0-evidence": "", "0-hand_me": "録音",
              "1-statement": "二つ目", "1-evidence": "", "1-hand_me": "二つ目の仕事"}

    answered = browser.post(SENTENCES, posted | change)

    page = main_of(answered)
    assert answered.status_code == 422 and words in page and 'value="録音"' in page and 'value="二つ目の仕事"' in page
    assert "<b>𠮷" not in page and not Strength.objects.exists()


def test_a_full_page_refuses_in_words_and_keeps_the_drafts(worker, browser):
    for number in range(LINES_AT_MOST):
        add_strength(by=worker, statement=f"強み{number}")

    answered = browser.post(SENTENCES, {"0-use": "on", "0-statement": "もう一つ", "0-evidence": "", "0-hand_me": ""})

    assert answered.status_code == 409 and "30行まで" in text_of(answered) and "もう一つ</textarea>" in text_of(answered)


def test_answers_are_deleted_at_once_and_strengths_stay(worker, browser):
    answer(by=worker, question="asked", text="資料を直します")
    add_strength(by=worker, statement="資料を直すことが得意です")

    page = text_of(browser.post(f"{START}forget/", follow=True))

    assert not Answer.objects.exists() and Strength.objects.count() == 1 and "資料を直します" not in page


@pytest.mark.parametrize("text", ["あ" * 201, "あ" * 100_000])
def test_an_answer_that_is_too_long_stays_in_its_field(worker, browser, text):
    answered = browser.post(f"{START}asked/", {"text": text})

    assert answered.status_code == 422 and text in text_of(answered) and not Answer.objects.exists()


@pytest.mark.parametrize("text", ["😀", "𠮷", "\0", "<script>alert(1)</script>", "%(what)s", "特にない", "-1", "９" * 200, "a\u202eb"])
def test_nothing_that_is_answered_breaks_the_sentences(worker, browser, text):
    for question in Question.values:
        assert browser.post(f"{START}{question}/", {"text": text}).status_code == 302

    answered = browser.get(SENTENCES)
    assert answered.status_code == 200 and "<script>alert" not in text_of(answered)


def test_nobody_else_reads_an_answer(worker, browser):
    answer(by=worker, question="asked", text="わたしだけの答え")
    other = signed_in(a_person())

    for address in (START, f"{START}asked/", SENTENCES, f"/people/{worker.pk}/"):
        assert "わたしだけの答え" not in text_of(other.get(address))


def test_no_question_of_that_name(worker, browser):
    assert browser.get(f"{START}age/").status_code == 404


def test_the_help_of_a_supporter_is_not_promised_before_there_is_a_desk(worker, browser):
    answer(by=worker, question="asked", text="資料を直します")
    for address in (START, f"{START}asked/", SENTENCES, "/me/"):
        assert "相談員" not in main_of(browser.get(address))


# ---- a page with nothing but a career (F21) --------------------------------------------------------

def test_a_career_alone_is_told_what_is_missing_and_led_to_it(worker, browser):
    career = add_career(by=worker, role="介護施設の記録係", years=8, note="毎日30人分の記録をつけること")

    page = main_of(browser.get("/me/"))

    assert "だから何をお願いできるか" in page and f'href="/me/career/{career.pk}/hand-me/"' in page
    add_strength(by=worker, statement="記録が得意です")
    assert "だから何をお願いできるか" not in main_of(browser.get("/me/"))


def test_one_line_of_a_career_becomes_what_one_can_be_handed(worker, browser):
    career = add_career(by=worker, role="施設の記録係", years=8, note="毎日30人分の記録をつけること")
    address = f"/me/career/{career.pk}/hand-me/"
    assert "毎日30人分の記録をつけること" in main_of(browser.get(address))

    draft = main_of(browser.post(address, {"did": "記録をまとめて家族に渡していました"}))
    fields = dict(re.findall(r'name="(statement|evidence|hand_me)" value="([^"]*)"', draft))

    assert fields == {"statement": "記録をまとめて家族に渡していることが得意です", "evidence": "施設の記録係を8年",
                      "hand_me": "記録をまとめて家族に渡すこと"}
    assert not Strength.objects.exists()                                        # a draft is only shown
    done = browser.post(address, fields | {"did": "記録", "statement": "家族に伝わる記録が書けます"})
    assert done.headers["Location"] == "/me/#strength" and Strength.objects.get().evidence == "施設の記録係を8年"


def test_a_piece_of_work_can_show_the_new_strength(worker, browser):
    career, piece = add_career(by=worker, role="記録係", years=8), add_piece(by=worker, title="記録の手引き", part="全部")
    address, posted = f"/me/career/{career.pk}/hand-me/", {"did": "記録", "statement": "記録が書けます"}
    assert f'<option value="{piece.pk}">記録の手引き</option>' in main_of(browser.post(address, {"did": "記録"}))
    assert f'<option value="{piece.pk}" selected>記録の手引き' in main_of(browser.post(address, posted | {
        "statement": "", "evidence_piece_id": piece.pk}))

    browser.post(address, posted | {"evidence_piece_id": piece.pk})

    assert Strength.objects.get().evidence_piece == piece


def test_without_any_piece_nothing_empty_is_offered(worker, browser):
    career = add_career(by=worker, role="記録係", years=8)

    assert "evidence_piece_id" not in main_of(browser.post(f"/me/career/{career.pk}/hand-me/", {"did": "記録"}))


@pytest.mark.parametrize("posted", [{"did": ""}, {"did": "あ" * 201}, {"did": "記録", "statement": "", "evidence": "", "hand_me": ""}])
def test_what_is_missing_is_said_and_what_was_typed_stays(worker, browser, posted):
    career = add_career(by=worker, role="記録係", years=0)

    answered = browser.post(f"/me/career/{career.pk}/hand-me/", posted)

    assert answered.status_code == 422 and posted["did"] in text_of(answered) and not Strength.objects.exists()


def test_somebody_elses_career_does_not_exist(worker, browser):
    career = add_career(by=a_person(), role="記録係", years=8)

    assert browser.get(f"/me/career/{career.pk}/hand-me/").status_code == 404
