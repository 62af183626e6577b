"""Pieces of work: shown to whom their person says, in their order; what is taken away comes back for ten minutes, then its files go too."""
import datetime
from time import process_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from machi.files.models import File
from machi.files.storing import path_of, shown
from machi.portfolio import actions
from machi.portfolio.links import clean_link, place_of
from machi.portfolio.models import Piece, PieceFile
from machi.portfolio.queries import TO_CLIENTS, TO_EVERYBODY, TO_ME, cards_of
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.seals import Overtaken, seal
from tests.files.drawn import a_pdf, encoded, two_halves
from tests.people import a_person

TEN = datetime.timedelta(minutes=10)


def a_piece(by=None, title="観戦記", *, content: bytes | None = None, alt="雨のグラウンド", **words) -> Piece:
    values = {"title": title, "part": "取材と本文は私です。", "shown": "everybody"} | words
    with shown(SimpleUploadedFile("絵.png", content) if content else None) as files:
        return actions.add_piece(by=by or a_person(), file=next(iter(files), None), alt=alt, **values)


def picture() -> bytes:
    return encoded(two_halves(), "PNG")


def on_disk(file: File) -> list[bool]:
    return [path_of(file.stored_as, view).exists() for view in ("", "small", "large")]


def test_what_is_shown_is_what_its_person_says(db):
    person = a_person()
    for who in ("everybody", "clients", "me"):
        a_piece(person, who, shown=who, topics=["サッカー", "ｻｯｶｰ", "地域"], year=2024, link="https://example.jp/x")

    assert [card.title for card in cards_of(person.pk, TO_EVERYBODY)] == ["everybody"]
    assert [card.title for card in cards_of(person.pk, TO_CLIENTS)] == ["everybody", "clients"]
    assert [card.title for card in cards_of(person.pk, TO_ME)] == ["everybody", "clients", "me"]
    assert cards_of(person.pk)[0].topics == ["サッカー", "地域"] and cards_of(a_person().pk, TO_ME) == []


def test_a_list_of_pieces_is_one_question(db, django_assert_num_queries):
    person = a_person()
    for title in "一二三":
        a_piece(person, title, content=picture())
    cards_of(person.pk)

    with django_assert_num_queries(1):
        assert [card.first_picture["alt"] for card in cards_of(person.pk)] == ["雨のグラウンド"] * 3


def test_the_order_is_the_persons_own(db):
    person = a_person()
    one, two, three = (a_piece(person, title) for title in "一二三")

    actions.move_piece(piece=three, by=person, up=True)
    actions.move_piece(piece=one, by=person, up=True)           # at the top already
    actions.move_piece(piece=one, by=person, up=False)

    assert [card.title for card in cards_of(person.pk)] == ["三", "一", "二"]
    with pytest.raises(NotAllowed):
        actions.move_piece(piece=two, by=a_person(), up=True)


def test_somebody_else_changes_nothing(db):
    piece, other = a_piece(content=picture()), a_person()
    beside = piece.files.get()
    with shown(SimpleUploadedFile("a.txt", b"a")) as [file]:
        for deed in (lambda: actions.change_piece(piece=piece, by=other, title="x"),
                     lambda: actions.remove_piece(piece=piece, by=other), lambda: actions.bring_back_piece(piece=piece, by=other),
                     lambda: actions.add_file(piece=piece, by=other, file=file), lambda: actions.remove_file(file=beside, by=other),
                     lambda: actions.bring_back_file(file=beside, by=other)):
            with pytest.raises(NotAllowed):
                deed()
    piece.refresh_from_db()
    assert (piece.title, piece.removed_at) == ("観戦記", None) and piece.files.get().removed_at is None


def test_two_windows_and_the_second_is_told(db):
    piece = a_piece()
    seen = seal(actions.words_as_saved(piece))
    actions.change_piece(piece=piece, by=piece.user, seen=seen, title="一つ目の窓")

    for words in ({"title": "二つ目の窓"}, {"title": "一つ目の窓", "shown": "me"}, {"title": "一つ目の窓", "topics": ["海"]}):
        with pytest.raises(Overtaken):
            actions.change_piece(piece=piece, by=piece.user, seen=seen, **words)
    actions.change_piece(piece=piece, by=piece.user, seen=seen, title="一つ目の窓")     # the same words twice are in nobody's way

    piece.refresh_from_db()
    assert (piece.title, piece.shown) == ("一つ目の窓", "everybody") and not piece.topics.exists()


def test_a_picture_without_words_for_those_who_cannot_see_it_is_refused(db):
    with pytest.raises(DomainError):
        a_piece(content=picture(), alt="")
    assert a_piece(content=a_pdf(), alt="").files.get().alt == ""
    assert not Piece.objects.filter(title="x").exists() and File.objects.count() == 1


def test_the_same_picture_with_other_words_for_those_who_cannot_see_it_keeps_these_words_too(db):
    person, content = a_person(), picture()
    piece = a_piece(person, content=content)

    assert a_piece(person, content=content) == piece
    assert a_piece(person, content=content, alt="雨のグラウンドに立つ審判").files.get().alt == "雨のグラウンドに立つ審判"


def test_a_piece_taken_away_comes_back_as_it_was_for_ten_minutes(town, clock_stands_at):
    piece, now = a_piece(content=picture(), topics=["サッカー"]), clock.now()
    clock_stands_at(now)
    actions.remove_piece(piece=piece, by=piece.user)
    assert cards_of(piece.user.pk, TO_ME) == [] and actions.forget_removed() == 0

    clock_stands_at(now + TEN)
    assert actions.forget_removed() == 0
    actions.bring_back_piece(piece=piece, by=piece.user)
    [card] = cards_of(piece.user.pk)
    assert card.first_picture and card.topics == ["サッカー"]


def test_after_ten_minutes_a_piece_is_forgotten_with_its_files(town, clock_stands_at):
    piece, now = a_piece(content=picture()), clock.now()
    file = piece.files.get().file
    clock_stands_at(now)
    actions.remove_piece(piece=piece, by=piece.user)
    clock_stands_at(now + TEN + datetime.timedelta(seconds=1))
    with pytest.raises(DomainError):
        actions.bring_back_piece(piece=piece, by=piece.user)

    assert on_disk(file) == [False, True, True]
    assert actions.forget_removed() == 1
    assert on_disk(file) == [False, False, False] and not File.objects.exists() and not Piece.objects.exists()
    with pytest.raises(DomainError):
        actions.bring_back_piece(piece=piece, by=piece.user)


def test_a_file_taken_off_comes_back_or_is_forgotten(town, clock_stands_at):
    piece, now = a_piece(content=a_pdf()), clock.now()
    beside = piece.files.get()
    file = beside.file
    clock_stands_at(now)
    actions.remove_file(file=beside, by=piece.user)
    assert cards_of(piece.user.pk)[0].files == []
    actions.bring_back_file(file=beside, by=piece.user)
    assert len(cards_of(piece.user.pk)[0].files) == 1

    actions.remove_file(file=beside, by=piece.user)
    clock_stands_at(now + TEN + datetime.timedelta(seconds=1))
    assert actions.forget_removed() == 1 and on_disk(file) == [False] * 3
    with pytest.raises(DomainError):
        actions.bring_back_file(file=beside, by=piece.user)
    assert cards_of(piece.user.pk)[0].files == []


def test_there_is_a_limit_and_a_sentence_for_pieces_files_and_bytes(db, monkeypatch):
    for name in ("PIECES_AT_MOST", "FILES_AT_MOST"):
        monkeypatch.setattr(actions, name, 2)
    person = a_person()
    piece, other = a_piece(person, content=b"text"), a_piece(person)
    with pytest.raises(DomainError, match="2件"):
        a_piece(person, "三つ目")
    with shown(SimpleUploadedFile("a.txt", b"a")) as [file]:
        actions.add_file(piece=piece, by=person, file=file)
    with pytest.raises(DomainError, match="2個"), shown(SimpleUploadedFile("a.txt", b"a")) as [file]:
        actions.add_file(piece=piece, by=person, file=file)
    monkeypatch.setattr(actions, "BYTES_AT_MOST", 6)
    with pytest.raises(DomainError), shown(SimpleUploadedFile("a.txt", b"ab")) as [file]:
        actions.add_file(piece=other, by=person, file=file)
    assert PieceFile.objects.count() == File.objects.count() == 2


def test_two_windows_at_once_never_exceed_the_limit(race, monkeypatch):
    monkeypatch.setattr(actions, "PIECES_AT_MOST", 2)
    person = a_person()
    a_piece(person)

    done = race(*(lambda title=title: a_piece(person, title) for title in "一二三四"))

    assert sum(isinstance(one, Piece) for one in done) == 1 and Piece.objects.count() == 2
    assert all(isinstance(one, Piece | DomainError) for one in done)


def test_bringing_back_keeps_the_limit(db, monkeypatch):
    person = a_person()
    piece = a_piece(person)
    actions.remove_piece(piece=piece, by=person)
    monkeypatch.setattr(actions, "PIECES_AT_MOST", 1)
    a_piece(person)

    with pytest.raises(DomainError):
        actions.bring_back_piece(piece=piece, by=person)


@pytest.mark.parametrize("wrong", [{"link": "javascript:alert(1)"}, {"link": "http://example.jp"}, {"year": 12}, {"shown": "others"},
                                   {"title": ""}, {"part": ""}])
def test_the_database_itself_refuses_what_no_form_lets_through(db, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_piece(**wrong)


# ---- links -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("typed", "kept", "place"), [
    ("https://example.jp/a?b=1#c", "https://example.jp/a?b=1#c", "example.jp"),
    ("  example.jp/works ", "https://example.jp/works", "example.jp"),
    ("HTTPS://Example.JP", "https://Example.JP", "example.jp"), ("https://例え.テスト/", "https://例え.テスト/", "xn--r8jz45g.xn--zckzah"),
    ("https://a.example.jp:443/", "https://a.example.jp:443/", "a.example.jp"), ("", "", "")])
def test_a_link_is_kept_with_the_place_it_leads_to(typed, kept, place):
    assert clean_link(typed) == kept and (not kept or place_of(kept) == place)


@pytest.mark.parametrize("typed", [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http://example.jp", "ftp://example.jp", "mailto:a@example.jp",
    "https://", "https:///x", "https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://user:pw@example.jp/",
    "https://example.jp@evil.example/", "https://example.jp:8000/", "https://example.jp\\@evil.example", "https://exa mple", "https://-a.jp",
    "https://[", "https://example.jp:port/", "ことば", "https://a..b", "x" * 600, "https://example.jp/" + "x" * 600, "//evil.example:80",
    "https://" + "a" * 70 + ".jp", "vbscript:x", "https:example.jp", "\u0000"[:0] + "https://\u202eexample"])
def test_what_is_no_link_gets_a_sentence(typed):
    with pytest.raises(DomainError):
        clean_link(typed)


@pytest.mark.parametrize("typed", ["あ" * 400_000, "https://" + "あ." * 200_000])
def test_a_link_that_is_far_too_long_is_refused_at_once(typed):
    begin = process_time()

    with pytest.raises(DomainError, match="500"):
        clean_link(typed)
    assert process_time() - begin < 0.5
