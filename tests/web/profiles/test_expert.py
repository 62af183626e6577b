"""A whole page in one form (F08): nothing that is typed is lost, and nothing that another window saved is written over."""
import re

import pytest

from machi.portfolio.actions import PIECES_AT_MOST, add_piece, remove_piece
from machi.portfolio.models import Piece
from machi.profiles.actions import (
    LINES_AT_MOST,
    add_career,
    add_hobby,
    add_strength,
    say_availability,
    say_pay,
    write_conditions,
    write_names,
    write_profile,
)
from machi.profiles.models import Availability, Career, Hobby, KnownSkill, Pay, PrivateConditions, Profile, Strength, WorkingConditions
from machi.profiles.queries import completeness, page_of
from machi.taxonomy.actions import merge_topics, topic_named
from tests.people import a_staff_member
from tests.web.profiles.newcomers import EXPERT, plain, seal_in


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


def test_what_is_typed_beside_a_line_that_is_there_is_not_lost(newcomer, browser):
    add_strength(by=newcomer, statement=EXPERT["statement_1"])
    add_piece(by=newcomer, title="決算のまとめ", part="本文は私です", topics=["簿記"])

    assert "まとめて保存しました" in plain(browser.post("/me/expert/", EXPERT, follow=True))

    strength, piece = Strength.objects.get(), Piece.objects.get()
    assert (strength.evidence_link, strength.hand_me) == ("https://example.jp/works", "決算の要約、1社1枚")
    assert piece.link == "https://example.jp/matome" and piece.piece_topics.get().topic.name == "簿記"


def test_what_a_line_says_otherwise_stays_and_the_new_words_stand_beside_it(newcomer, browser):
    add_strength(by=newcomer, statement=EXPERT["statement_1"], evidence="20社", evidence_link="https://example.jp/before")
    add_piece(by=newcomer, title="決算のまとめ", part="表だけ")
    add_career(by=newcomer, role="経理", years=3)

    assert browser.post("/me/expert/", EXPERT).status_code == 302

    assert list(Strength.objects.values_list("evidence", "evidence_link")) == [
        ("20社", "https://example.jp/before"), ("", "https://example.jp/works")]
    assert set(Piece.objects.values_list("part", flat=True)) == {"表だけ", "本文は私です"}
    assert list(Career.objects.values_list("years", flat=True)) == [3, 12]


def test_what_a_page_can_say_only_once_stays_and_is_named(newcomer, browser):
    browser.post("/me/expert/", EXPERT)

    page = plain(browser.post("/me/expert/", EXPERT | {"skill_level": "teaching", "topic_years": "5"}, follow=True))

    assert "まとめて保存しました" in page and "「校正」「簿記」" in page and "前に書いたまま" in page
    assert (KnownSkill.objects.get().level, Hobby.objects.get().years) == ("alone", 20)


SAVED_MEANWHILE = [
    (lambda by: write_profile(by=by, headline="ほかの窓の一行"), "ほかの窓の一行"), (lambda by: write_conditions(by=by, hours=33), "33"),
    (lambda by: say_pay(by=by, amount_yen=4_444, is_public=True), "4444"),
    (lambda by: say_availability(by=by, standing="resting"), "お声がけ"), (lambda by: write_names(by=by, call_name="ひなた"), "ひなた")]


@pytest.mark.parametrize(("save", "words"), SAVED_MEANWHILE)
def test_what_another_window_saved_meanwhile_is_not_written_over(newcomer, browser, save, words):
    say_availability(by=newcomer, standing="open", is_scoutable=True)
    window = EXPERT | {"seen": seal_in(browser.get("/me/expert/"))}
    save(newcomer)

    answer = browser.post("/me/expert/", window)

    beside = plain(answer).partition('class="theirs')[2].partition("</section>")[0]
    assert answer.status_code == 409 and words in beside and "強み" not in beside and 'value="決算の要約、1社1枚"' in plain(answer)
    assert not Strength.objects.exists()
    assert browser.post("/me/expert/", window | {"seen": seal_in(answer)}).status_code == 302


def test_one_window_sent_twice_is_saved_once_and_refused_never(newcomer, browser):
    window = EXPERT | {"seen": seal_in(browser.get("/me/expert/"))}

    assert [browser.post("/me/expert/", window).status_code for _time in range(2)] == [302, 302]
    assert Strength.objects.count() == Piece.objects.here().count() == 1


@pytest.mark.parametrize(("typed", "words", "link"), [
    ("https://example.jp/works", "", "https://example.jp/works"),
    ("HTTPS://example.jp/a?b=%E5%90%8D#c", "", "https://example.jp/a?b=%E5%90%8D#c"),
    ("表を30枚 https://example.jp/works", "表を30枚 https://example.jp/works", ""),
    ("https://example.jp/worksに作品", "https://example.jp/worksに作品", ""),
    ("http://example.jp", "http://example.jp", ""), ("https://127.0.0.1/x", "https://127.0.0.1/x", ""), ("https://", "https://", "")])
@pytest.mark.parametrize("address", ["/me/expert/", "/me/strength/add/"])
def test_an_address_as_evidence_opens(newcomer, browser, address, typed, words, link):
    evidence = {"evidence_1": typed} if "expert" in address else {"statement": "書けます", "evidence": typed}

    assert browser.post(address, EXPERT | evidence).status_code == 302

    strength = Strength.objects.get()
    assert (strength.evidence, strength.evidence_link) == (words, link)
    assert (f'href="{link}"' in plain(browser.get("/me/preview/"))) == bool(link)


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
