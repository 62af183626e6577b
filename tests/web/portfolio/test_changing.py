"""A piece is changed, taken away, brought back and put in order; nothing typed is lost between two windows."""
import datetime
import re

import pytest

from machi.portfolio import actions
from machi.portfolio.models import Piece, PieceFile
from machi.profiles.models import Certificate
from machi.shared import clock
from tests.people import a_person
from tests.portfolio.test_pieces import a_piece, picture
from tests.web.contracts.walking import said, signed_in, text_of, upload
from tests.web.portfolio.test_showing import WORDS, added


def seal_in(answer) -> str:
    return re.search(r'name="seen" value="(\w*)"', answer.content.decode())[1]


def test_two_windows_and_the_second_sees_all_that_the_first_saved_beginning_with_who_may_see_it(db):
    piece = a_piece(shown="everybody")
    browser, there = signed_in(piece.user), f"/portfolio/{piece.pk}/change/"
    words, seen = WORDS | {"part": "はじめの文"}, seal_in(browser.get(there))
    browser.post(there, words | {"seen": seen, "part": "一つ目の窓", "shown": "me", "year": "2020", "topics": "海、港", "category": ""})

    late = browser.post(there, words | {"seen": seen, "part": "二つ目の窓"})
    theirs = re.search(r'<section class="theirs.*?</section>', late.content.decode(), re.DOTALL)[0]

    assert late.status_code == 409 and said("me.overtaken") in text_of(late) and "二つ目の窓</textarea>" in late.content.decode()
    for label, saved in ((said("piece.shown"), str(Piece.Shown.ME.label)), (said("piece.part"), "一つ目の窓"), (said("piece.year"), "2020"),
                         (said("piece.topics"), "海、港"), (said("me.category.label"), said("me.category.none"))):
        assert label in theirs and saved in theirs[theirs.index(label):], label
    assert said("piece.title") not in theirs and theirs.index(said("piece.shown")) < theirs.index(said("piece.part"))
    again = browser.post(there, words | {"seen": seal_in(late), "part": "二つ目の窓", "shown": "me"})
    piece.refresh_from_db()
    assert again.status_code == 302 and (piece.part, piece.shown) == ("二つ目の窓", "me")


def test_what_is_the_same_in_both_windows_does_not_stand_there(db):
    piece = a_piece()
    browser, there = signed_in(piece.user), f"/portfolio/{piece.pk}/change/"
    browser.post(there, WORDS | {"seen": (seen := seal_in(browser.get(there)))})

    late = browser.post(there, WORDS | {"seen": seen, "title": "二つ目の窓"})

    theirs = re.search(r'<section class="theirs.*?</section>', late.content.decode(), re.DOTALL)[0]
    assert theirs.count("<strong>") == 1 and WORDS["title"] in theirs       # example.jp, 、 and ２０２４年 are what was saved


@pytest.mark.parametrize(("typed", "year"), [("2019", 2019), ("２０１９", 2019), ("2019年", 2019), ("2019年度", 2019), ("", None)])
def test_a_year_is_taken_as_people_write_it_beside_a_piece_and_a_certificate(db, typed, year):
    person = a_person()

    added(person, year=typed)
    signed_in(person).post("/me/certificate/add/", {"name": "図書館司書", "year": typed})

    assert (Piece.objects.get().year, Certificate.objects.get().year) == (year, year)


@pytest.mark.parametrize("seen", ["x", "0" * 900, "\0", "髙"])
def test_a_window_with_a_strange_seal_keeps_the_words(db, seen):
    piece = a_piece()

    answer = signed_in(piece.user).post(f"/portfolio/{piece.pk}/change/", WORDS | {"seen": seen, "part": "ここまで"})

    assert answer.status_code == 409 and "ここまで</textarea>" in answer.content.decode()


LONG = "夜ごとに、少しずつ書きました。" * 20


def test_words_for_a_piece_that_was_taken_off_elsewhere_stay_and_one_click_brings_it_back_with_them(db):
    piece = a_piece(content=picture())
    browser, there = signed_in(piece.user), f"/portfolio/{piece.pk}/change/"
    seen = seal_in(browser.get(there))
    browser.post(f"/portfolio/{piece.pk}/remove/")

    late = browser.post(there, WORDS | {"part": LONG, "seen": seen})

    assert late.status_code == 409 and said("piece.taken_off") in text_of(late) and f"{LONG}</textarea>" in late.content.decode()
    assert f'href="/portfolio/{piece.pk}/"' not in late.content.decode() and browser.get(there).status_code == 404
    assert 'name="back" value="1"' in late.content.decode() and said("piece.back.save") in text_of(late)
    wrong = browser.post(there, WORDS | {"part": LONG, "title": "", "seen": seal_in(late), "back": "1"})
    assert wrong.status_code == 422 and said("piece.back.save") in text_of(wrong)
    back = browser.post(there, WORDS | {"part": LONG, "seen": seal_in(wrong), "back": "1"})
    piece.refresh_from_db()
    assert back.status_code == 302 and (piece.part, piece.removed_at) == (LONG, None)
    assert piece.files.filter(removed_at=None).count() == 1


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_words_for_a_piece_that_is_gone_for_good_can_be_saved_as_a_new_one(town, clock_stands_at, is_forgotten):
    piece, now = a_piece(), clock.now()
    browser, there = signed_in(piece.user), f"/portfolio/{piece.pk}/change/"
    clock_stands_at(now)
    browser.post(f"/portfolio/{piece.pk}/remove/")
    clock_stands_at(now + actions.BROUGHT_BACK_WITHIN + datetime.timedelta(seconds=1))
    assert not is_forgotten or actions.forget_removed() == 1

    late = browser.post(there, WORDS | {"part": LONG, "seen": "x", "back": "1"})

    assert late.status_code == 409 and said("piece.gone.add") in text_of(late) and f"{LONG}</textarea>" in late.content.decode()
    assert 'action="/portfolio/add/"' in late.content.decode()
    assert browser.post("/portfolio/add/", WORDS | {"part": LONG}).status_code == 302
    assert signed_in(a_person()).post(there, WORDS).status_code == 404      # nobody else's
    assert browser.post("/portfolio/999999999/change/", WORDS).status_code == 404


def test_one_click_takes_a_piece_away_and_one_brings_it_back(db):
    piece = a_piece(content=picture())
    browser = signed_in(piece.user)

    browser.post(f"/portfolio/{piece.pk}/remove/")
    page = text_of(browser.get("/me/"))
    assert said("piece.removed", title="観戦記") in page and browser.get(f"/portfolio/{piece.pk}/").status_code == 404

    browser.post(f"/portfolio/{piece.pk}/back/")
    assert said("piece.brought_back") in text_of(browser.get("/me/")) and browser.get(f"/portfolio/{piece.pk}/").status_code == 200


def test_a_file_is_added_taken_off_and_brought_back(db):
    piece = a_piece()
    browser, there = signed_in(piece.user), f"/portfolio/{piece.pk}/"
    browser.post(f"{there}files/add/", {"file": upload("絵.png", picture()), "alt": "円になって話す子どもたち"})
    beside = PieceFile.objects.get()
    assert "円になって話す子どもたち" in text_of(browser.get(there))

    browser.post(f"{there}files/{beside.pk}/remove/")
    assert said("me.removed") in text_of(browser.get(there)) and browser.get(f"{there}files/{beside.pk}/large.webp").status_code == 404
    browser.post(f"{there}files/{beside.pk}/back/")
    assert browser.get(f"{there}files/{beside.pk}/large.webp").status_code == 200


def test_the_order_is_changed_by_buttons(db):
    person = a_person()
    _one, two = a_piece(person, "港の記事"), a_piece(person, "山の記事")

    signed_in(person).post(f"/portfolio/{two.pk}/move/", {"way": "up"})

    page = text_of(signed_in(person).get("/me/"))
    assert page.index("山の記事") < page.index("港の記事")


def test_that_it_was_saved_is_said_once(db):
    page = signed_in(a_person()).post("/portfolio/add/", WORDS, follow=True)

    assert text_of(page).count(said("me.saved")) == 1
