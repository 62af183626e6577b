"""Showing work on the page: what was typed stays, what is hidden is missing, nothing of a person's file is ever a page."""
import re

import pytest

from machi.files import storing
from machi.files.models import File
from machi.files.storing import path_of
from machi.portfolio import actions
from machi.portfolio.models import Piece
from tests.files.drawn import PDF_WITH_SCRIPT, a_pdf, encoded, png_that_claims, sideways_photograph, two_halves
from tests.people import a_client, a_job, a_person, a_proposal
from tests.portfolio.test_pieces import a_piece, picture
from tests.web.contracts.walking import HTMX, queries_of, said, signed_in, text_of, upload

WORDS = {"title": "少年サッカーの観戦記", "part": "取材と本文は私です。", "link": "example.jp/report", "category": "writing",
         "topics": "サッカー、地域", "year": "２０２４年", "shown": "everybody", "alt": ""}


def added(person, file=None, headers=None, **values):
    data = WORDS | values | ({"file": file} if file else {})
    return signed_in(person).post("/portfolio/add/", data, **(headers or {}))


def on_disk() -> list:
    return sorted(path_of("0" * 64).parent.parent.glob("*/*"))


def test_a_piece_with_a_picture_is_shown_with_its_words_to_everybody(db, browser):
    person = a_person("街田さん")

    answer = added(person, upload("旅.jpg", sideways_photograph()), alt="円になって話す子どもたち")
    piece = Piece.objects.get()
    text = browser.get(answer.headers["Location"])

    assert answer.headers["Location"] == f"/portfolio/{piece.pk}/" and piece.year == 2024
    for words in (WORDS["title"], WORDS["part"], "円になって話す子どもたち", "example.jp",
                  "サッカー", "地域", "2024年", said("me.self_reported")):
        assert words in text_of(text), words
    assert 'alt="円になって話す子どもたち"' in text.content.decode() and 'width="300" height="400"' in text.content.decode()
    assert '<a href="https://example.jp/report" rel="noopener nofollow ugc">example.jp</a>' in text.content.decode()


def test_the_piece_stands_on_its_persons_page_and_leads_to_itself(db, browser):
    person = a_person()
    piece = a_piece(person, content=picture(), link="https://example.jp/x")

    for answer in (browser.get(f"/people/{person.pk}/"), signed_in(person).get("/me/")):
        page = answer.content.decode()
        assert f'href="/portfolio/{piece.pk}/"' in page and f'/portfolio/{piece.pk}/files/{piece.files.get().pk}/small.webp"' in page
        assert "観戦記" in text_of(answer) and "example.jp" in text_of(answer)


def test_pictures_come_from_here_in_two_sizes_and_can_do_nothing(db, browser):
    piece = a_piece(content=sideways_photograph())
    for view, most in (("small", 20_000), ("large", 500_000)):
        answer = browser.get(f"/portfolio/{piece.pk}/files/{piece.files.get().pk}/{view}.webp")

        assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/webp" and 0 < len(answer.content) <= most
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, max-age=3600, must-revalidate"
    assert browser.get(f"/portfolio/{piece.pk}/files/{piece.files.get().pk}/original.webp").status_code == 404
    assert browser.get(f"/portfolio/{piece.pk}/files/{piece.files.get().pk}/").status_code == 404      # of a picture nothing else was kept


def test_a_picture_that_was_kept_is_asked_for_again_and_is_gone_once_its_person_hides_it(db, browser):
    piece = a_piece(content=picture())
    address = f"/portfolio/{piece.pk}/files/{piece.files.get().pk}/large.webp"
    mark = {"If-None-Match": browser.get(address).headers["ETag"]}

    same = browser.get(address, headers=mark)
    other = browser.get(address.replace("large", "small"), headers=mark)
    actions.change_piece(piece=piece, by=piece.user, shown="me")

    assert (same.status_code, same.content, other.status_code) == (304, b"", 200) and "private" in same.headers["Cache-Control"]
    assert browser.get(address, headers=mark).status_code == 404


def test_a_pdf_is_its_first_page_and_a_download(db, browser):
    piece = a_piece(content=PDF_WITH_SCRIPT, alt="")
    beside = piece.files.get()

    shown, taken = browser.get(f"/portfolio/{piece.pk}/"), browser.get(f"/portfolio/{piece.pk}/files/{beside.pk}/")

    assert f'alt="{said("piece.first_page", name=beside.file.name)}"' in shown.content.decode()
    assert b"".join(taken.streaming_content) == PDF_WITH_SCRIPT and taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["Content-Type"] == "application/octet-stream" and "sandbox" in taken.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("name", "content"), [
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), ("a.html", b"<!doctype html><script>alert(1)</script>"),
    ('a"; filename="b.html', b"text"), ("右\u202etxt.exe", b"a"), ("a" * 240 + ".txt", b"a"), ("破れた.pdf", b"%PDF-1.7\n")])
def test_whatever_a_file_is_it_is_never_served_as_a_page(db, browser, name, content):
    added(a_person(), upload(name, content, "text/html"))
    piece = Piece.objects.get()

    taken = browser.get(f"/portfolio/{piece.pk}/files/{piece.files.get().pk}/")

    assert b"".join(taken.streaming_content) == content
    assert taken.headers["Content-Type"] == "application/octet-stream" and taken.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in taken.headers["Content-Disposition"] and taken.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get(f"/portfolio/{piece.pk}/").status_code == 200


# ---- bad input -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("file", "alt", "why"), [
    (upload("空.png", b""), "x", "file.empty"), (upload("大きい.png", b"\x89PNG" + b"a" * 300_001), "x", "file.too_large"),
    (upload("絵.png", png_that_claims(50_000, 50_000)), "x", "file.picture_large"),
    (upload("絵.png", encoded(two_halves(), "PNG")[:250]), "x", "file.picture_broken"),
    (upload("動く.exe", b"MZ\x90\0\x03" + bytes(9)), "x", "file.other_kind"),
    (upload("束.zip", b"PK\x03\x04" + bytes(40)), "x", "file.other_kind"), (upload("絵.png", b"\0" * 300), "x", "file.other_kind"),
    (upload("絵.png", picture()), "", "piece.alt.required"), (upload("絵.png", picture()), " \u200f\0", "piece.alt.required")])
def test_a_file_that_cannot_be_taken_gets_a_sentence_and_the_words_stay(db, settings, file, alt, why):
    settings.UPLOAD_MAX_BYTES = 300_000
    file.seek(0)

    answer = added(a_person(), file, alt=alt, part="ここまで書きました")

    sentence = re.split(r"%\(\w+\)s」?", said(why))[-1][:30]
    assert answer.status_code == 422 and sentence in text_of(answer), text_of(answer)[:3000]
    assert "ここまで書きました</textarea>" in answer.content.decode() and 'value="example.jp/report"' in answer.content.decode()
    assert not Piece.objects.exists() and not File.objects.exists() and on_disk() == []


@pytest.mark.parametrize("wrong", [
    {"title": ""}, {"title": "あ" * 81}, {"title": "\0\u202e "}, {"part": ""}, {"part": "あ" * 301}, {"link": "javascript:alert(1)"},
    {"link": "http://example.jp"},
    {"link": "x" * 900}, {"category": "nothing"}, {"topics": "一、二、三、四"}, {"topics": "あ" * 41},
    {"topics": "㍿" * 30}, {"year": "1899"}, {"year": "9999"}, {"year": "-5"},
    {"year": "1e9"}, {"year": "二千"}, {"shown": ""}, {"shown": "others"},
    {"alt": "あ" * 81}])
def test_a_wrong_value_gets_a_sentence_and_everything_typed_stays(db, wrong):
    answer = added(a_person(), **({"part": "ここまで"} | wrong))

    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode() or "fieldset" in answer.content.decode()
    assert "error" in answer.content.decode() and not Piece.objects.exists()
    if "part" not in wrong:
        assert "ここまで</textarea>" in answer.content.decode()


def test_letters_of_every_kind_and_markup_stay_what_they_are(db, browser):
    added(a_person(), title="<script>𠮷 👨‍👩‍👧 髙</script>", part="一行目\n<b>二行目</b>\u202e")
    page = browser.get(f"/portfolio/{Piece.objects.get().pk}/").content.decode()

    assert "&lt;script&gt;𠮷" in page and "<script>𠮷" not in page and "\u202e" not in page


def test_with_htmx_a_mistake_brings_back_the_form_alone_and_a_piece_leads_to_its_page(db):
    person = a_person()

    wrong, right = added(person, headers=HTMX, title=""), added(person, headers=HTMX)

    assert wrong.status_code == 422 and wrong.content.decode().strip().startswith("<section") and "<html" not in wrong.content.decode()
    assert right.headers["HX-Redirect"] == f"/portfolio/{Piece.objects.get().pk}/"


def test_a_full_disk_is_a_sentence(db, monkeypatch):
    def full(path, how):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(storing, "open", full, raising=False)

    answer = added(a_person(), upload("絵.png", picture()), alt="x", part="ここまで書きました")

    assert answer.status_code == 409 and said("file.no_room") in text_of(answer)
    assert "ここまで書きました</textarea>" in answer.content.decode()


def test_the_thirty_first_piece_and_the_seventh_file_get_a_sentence(db, monkeypatch):
    monkeypatch.setattr(actions, "PIECES_AT_MOST", 1)
    monkeypatch.setattr(actions, "FILES_AT_MOST", 1)
    person = a_person()
    added(person, upload("a.txt", b"a"))
    piece = Piece.objects.get()

    more = added(person, part="ここまで書きました")
    file = signed_in(person).post(f"/portfolio/{piece.pk}/files/add/", {"file": upload("絵.png", picture()), "alt": "円になって話す"})

    assert more.status_code == 409 and said("piece.full", n=1) in text_of(more) and "ここまで書きました</textarea>" in more.content.decode()
    assert file.status_code == 409 and said("piece.files_full", n=1) in text_of(file) and 'value="円になって話す"' in file.content.decode()
    assert len(on_disk()) == 1


# ---- who sees what ---------------------------------------------------------------------------------------------------

def everything_of(piece) -> list[str]:
    files = [f"files/{one.pk}/{rest}" for one in piece.files.order_by("pk") for rest in ("", "small.webp", "large.webp")]
    return [f"/portfolio/{piece.pk}/{rest}" for rest in ("", *files)]


@pytest.mark.parametrize("shown", ["me", "clients"])
def test_what_is_hidden_is_as_missing_as_what_never_was(db, browser, shown):
    piece = a_piece(content=a_pdf(), shown=shown)
    stranger = signed_in(a_person())

    for somebody in (browser, stranger):
        for address in everything_of(piece):
            hidden, missing = somebody.get(address), somebody.get(address.replace(f"/{piece.pk}/", "/999999999/", 1))
            assert hidden.status_code == missing.status_code == 404
            assert hidden.content.replace(address.encode(), b"") == missing.content.replace(
                address.replace(f"/{piece.pk}/", "/999999999/", 1).encode(), b"")
    assert "観戦記" not in text_of(browser.get(f"/people/{piece.user.pk}/")) and "観戦記" in text_of(signed_in(piece.user).get("/me/"))
    for address in everything_of(piece):
        answer = signed_in(piece.user).get(address)
        assert not answer.streaming or b"".join(answer.streaming_content)
        assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]


def test_a_client_sees_what_those_who_applied_show_to_them_and_nobody_elses(db):
    client, other = a_client(), a_client()
    proposal = a_proposal(a_job(client))
    for_clients = a_piece(proposal.worker, "相手向け", shown="clients", content=picture())
    for_me = a_piece(proposal.worker, "自分向け", shown="me")

    assert [signed_in(client).get(address).status_code for address in everything_of(for_clients)] == [200, 404, 200, 200]
    assert {signed_in(other).get(address).status_code for address in everything_of(for_clients)} == {404}
    assert {signed_in(client).get(address).status_code for address in everything_of(for_me)} == {404}
    page = text_of(signed_in(client).get(f"/people/{proposal.worker.pk}/"))
    assert "相手向け" in page and "自分向け" not in page
    assert "相手向け" not in text_of(signed_in(other).get(f"/people/{proposal.worker.pk}/"))


def test_a_file_belongs_to_its_own_piece_only(db, browser):
    open_piece, hidden = a_piece(), a_piece(content=picture(), shown="me")

    assert browser.get(f"/portfolio/{open_piece.pk}/files/{hidden.files.get().pk}/large.webp").status_code == 404


def test_pages_with_pieces_ask_the_same_number_of_questions_however_many(db, browser, django_assert_max_num_queries):
    person = a_person()
    asked = []
    for number in range(3):
        a_piece(person, content=picture(), topics=["一", "二"])
        if number != 1:
            asked.append([queries_of(signed_in(person), path, lambda: django_assert_max_num_queries(20))
                          for path in ("/me/", f"/people/{person.pk}/", f"/portfolio/{Piece.objects.order_by('pk').first().pk}/")])
    assert asked[0] == asked[1]
