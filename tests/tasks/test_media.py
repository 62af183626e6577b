"""Pictures, sounds and films of items come to the town: out of a client's files, or from an address; and only what is what it says."""
import datetime
import errno
import io
import tempfile
import unicodedata
import zipfile

import pytest
from django.conf import settings
from django.db import transaction
from PIL import Image

from machi.accounts.powers import Power
from machi.files import fetching
from machi.files.models import File
from machi.files.storing import path_of, store_shown, store_table
from machi.privacy.actions.erasing import erase_person
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.tasks.actions import (
    bring_file,
    bring_media,
    draft_batch,
    leave_media,
    publish_batch,
    save_form,
    take_in_files,
    take_in_media,
    try_media_again,
)
from machi.tasks.actions import fetching as rounds
from machi.tasks.models import Parcel, Piece
from machi.tasks.queries import media_counted, unpublishable
from tests.files.drawn import png_that_claims, sideways_photograph
from tests.files.serving import HOST, a_listener, page
from tests.people import a_member, a_person, an_organisation
from tests.tasks.making import FEELING, a_draft, an_upload, price_of
from tests.tasks.showing import HEARD, SIGNS, a_draft_with, a_locked_zip, a_png, a_sound, given, rows_of, states, stored, zipped

pytestmark = pytest.mark.django_db
AT = f"https://{HOST}/"


@pytest.fixture
def shop(monkeypatch, tmp_path):
    """A client's own server."""
    pages = {"/1.png": page(a_png()), "/2.png": page(a_png((30, 30))), "/page.png": page(b"<!doctype html><p>Sign in"),
    "/none.png": page(b""),
             "/gone.png": page(b"no", status="404 Not Found"), "/on.png": page(b"", "Location: https://127.0.0.1/", status="302 Found"),
             "/broken.png": page(a_png()[:60]), "/vast.png": page(png_that_claims(60_000, 60_000)), "/voice.wav": page(a_sound())}
    with a_listener(monkeypatch, tmp_path, lambda path, line: line.sendall(pages[path])) as listener:
        yield listener


def missing(batch) -> list[str]:
    return [one.step for one in unpublishable(batch)]


def test_an_address_that_many_items_name_is_fetched_once_and_the_batch_is_published(shop):
    batch = a_draft_with(f"{AT}1.png", f"{AT}2.png", f"{AT}1.png", "", golds=(f"{AT}1.png",))
    assert missing(batch) == ["media"]
    with pytest.raises(DomainError, match="まだそろっていません"):
        publish_batch(batch=batch, by=batch.by, amount=price_of(batch))

    take_in_media()

    assert states(batch) == {f"{AT}1.png": "here", f"{AT}2.png": "here"} and shop.knocks == 2
    assert missing(batch) == [] and publish_batch(batch=batch, by=batch.by, amount=price_of(batch)).state == "open"


def test_a_gold_without_its_picture_holds_the_batch_back(shop):
    batch = a_draft_with(f"{AT}1.png", golds=(f"{AT}gone.png",))
    take_in_media()
    assert missing(batch) == ["media"] and states(batch) == {f"{AT}1.png": "here", f"{AT}gone.png": "refused"}


@pytest.mark.parametrize("place, fault", [
    ("page.png", "page"), ("none.png", "empty"), ("gone.png", "refused"), ("on.png", "moved"), ("broken.png", "broken"), ("vast.png",
    "broken"),
    ("voice.wav", "kind")])
def test_what_is_not_what_it_says_is_told_with_its_item_and_its_column(shop, place, fault):
    batch = a_draft_with("", AT + place)
    take_in_media()
    piece = Piece.objects.get(batch=batch)
    assert (piece.fault, piece.number, piece.column, piece.file) == (fault, 2, "画像", None) and not File.objects.exists()


def test_no_address_leads_the_town_to_its_own_doors(shop, monkeypatch):
    monkeypatch.setattr(fetching, "is_open", lambda number: number != "127.0.0.1")
    batch = a_draft_with(f"{AT}1.png", "https://127.0.0.1/1.png", "http://pictures.example/1.png", "https://a:b@pictures.example/1.png",
                         f"https://pictures.example:{shop.port}/1.png", "file:///etc/passwd", "https://[::1]/1.png", AT + "a" * 2_000)
    take_in_media()
    assert sorted(states(batch).values()) == ["address"] * 7 + ["inside"] and shop.knocks == 0


def test_what_does_not_answer_is_tried_again_later_and_then_told(shop, monkeypatch):
    batch = a_draft_with(f"{AT}1.png")
    shop.door.close()
    shop.port, real = 0, fetching.fetch
    monkeypatch.setattr(rounds, "fetch", lambda *asked, **more: pytest.fail("too early"))

    def silent(*asked, **more):
        raise fetching.Unfetched(fetching.Cause.SILENT)
    for minutes in (0, 2, 5):
        assert states(batch) == {f"{AT}1.png": "waiting"}
        with clock.moved(by=datetime.timedelta(minutes=minutes)):
            monkeypatch.setattr(rounds, "fetch", silent)
            take_in_media()
            monkeypatch.setattr(rounds, "fetch", lambda *asked, **more: pytest.fail("too early"))
            take_in_media()
    assert states(batch) == {f"{AT}1.png": "silent"} and real is fetching.fetch

    assert try_media_again(batch=batch, by=batch.by) == 1 and states(batch) == {f"{AT}1.png": "waiting"}
    leave_media(batch=batch, by=batch.by)
    take_in_media()
    assert states(batch) == {f"{AT}1.png": "left"}


def test_a_picture_is_drawn_anew_and_says_no_more_where_it_was_taken():
    batch = given(a_draft_with("1.jpg"), {"1.jpg": sideways_photograph()})
    file = Piece.objects.get(batch=batch).file
    large = path_of(file.stored_as, "large").read_bytes()
    assert not file.has_original and not path_of(file.stored_as).exists() and b"kanari" not in large
    assert Image.open(io.BytesIO(large)).size == (file.width, file.height) == (300, 400)


def test_a_sound_is_kept_as_it_is():
    batch = given(a_draft_with("1.wav", form=HEARD), {"1.wav": a_sound()})
    file = Piece.objects.get(batch=batch).file
    assert path_of(file.stored_as).read_bytes() == a_sound() and file.kind == "wav"
    assert states(given(a_draft_with("1.wav", form=HEARD), {"1.wav": a_png()})) == {"1.wav": "kind"}


@pytest.mark.parametrize("letters, name", [
    ("", "看板/パン.png"), ("cp932", "看板/パン.png"), ("utf-8", "パン.png"), ("cp932", "表示\\ソ.png"),
    ("utf-8", unicodedata.normalize("NFD", "パン.png")), ("", "PAN.PNG")])
def test_names_are_found_however_a_machine_wrote_them(letters, name):
    asked = {"看板/パン.png": "パン.png", "表示\\ソ.png": "ソ.png", "PAN.PNG": "pan.png"}.get(name, "パン.png")
    batch = given(a_draft_with(asked), {"signs.zip": zipped({name: a_png(), "__MACOSX/._x": b"x",
        "ほかの.png": a_png()}, letters=letters)})
    assert states(batch) == {asked: "here"}
    parcel = Parcel.objects.get(batch=batch)
    assert (parcel.state, parcel.used_count, parcel.strangers, parcel.file) == ("read", 1, ["ほかの.png"], None)


def test_files_one_by_one_and_a_zip_again_take_the_place_of_the_first_and_nothing_is_drawn_twice(monkeypatch):
    drawn = []
    monkeypatch.setattr(rounds, "store_shown", lambda upload: drawn.append(upload.name) or store_shown(upload))
    batch = given(a_draft_with("1.png", "2.png", "3.png"), {"1.png": a_png(), "2.png": b"<html>", "x.png": a_png()})
    assert states(batch) == {"1.png": "here", "2.png": "page", "3.png": "wanted"} and drawn == ["1.png"]
    before = Piece.objects.get(batch=batch, source="1.png").file

    given(batch, {"all.zip": zipped({"1.png": a_png(), "2.png": a_png((20, 20)), "3.png": a_png()})})
    assert set(states(batch).values()) == {"here"} and drawn == ["1.png", "2.png", "3.png"]

    given(batch, {"1.png": a_png((90, 30))})
    after = Piece.objects.get(batch=batch, source="1.png").file
    assert after.width == 90 and not File.objects.filter(pk=before.pk).exists()
    assert {path.name.partition("-")[0] for path in settings.MEDIA_ROOT.glob("??/*")} >= {after.stored_as}


def test_two_files_of_one_name_are_nobodys_choice():
    batch = given(a_draft_with("1.png", "b/2.png"), {"a.zip": zipped({"a/1.png": a_png(), "b/1.png": a_png((20, 20)), "b/2.png": a_png()})})
    assert states(batch) == {"1.png": "twice", "b/2.png": "here"}


def a_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("1.png", "w", force_zip64=True) as part:
        for _chunk in range(520):
            part.write(b" " * 1_000_000)
    return out.getvalue()


@pytest.mark.parametrize("made, fault", [
    (a_bomb, "bomb"), (a_locked_zip, "locked"), (lambda: zipped({f"{n}.png": b"" for n in range(10_001)}), "bomb")])
def test_a_zip_made_to_harm_is_not_unpacked(monkeypatch, made, fault):
    monkeypatch.setattr(rounds, "unpacked", lambda *asked: pytest.fail("unpacked"))
    batch = given(a_draft_with("1.png"), {"1.zip": made()})
    assert (Parcel.objects.get(batch=batch).fault, states(batch)) == (fault, {"1.png": "wanted"})


@pytest.mark.parametrize("packed", [zipped({"1.png": a_png()})[:-40], zipped({"1.png": a_png()}).replace(b"\x78", b"\x00")])
def test_a_zip_that_is_broken_is_told_and_holds_up_nobody(packed):
    batch, other = a_draft_with("1.png"), a_draft_with("1.png")
    given(batch, {"1.zip": packed})
    given(other, {"1.png": a_png()})
    assert states(other) == {"1.png": "here"} and Parcel.objects.filter(state="waiting").count() == 0


def packed_in(way: int) -> bytes:
    """Packed in this way, and its bytes changed on the road."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as packed:
        packed.writestr("1.png", a_png())
    return out.getvalue()[:60] + b"\xff" * 20 + out.getvalue()[80:]


@pytest.mark.parametrize("way", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_whose_bytes_were_changed_is_told_however_it_is_packed(way):
    batch = given(a_draft_with("1.png"), {"1.zip": packed_in(way)})
    assert states(batch) == {"1.png": "broken"} and Parcel.objects.get().state == "read"


@pytest.mark.parametrize("brought", [
    {"1.png": a_png(), "2.png": a_png()}, {"all.zip": zipped({"1.png": a_png(), "2.png": a_png((20, 20))})}])
def test_what_the_town_itself_fails_at_is_tried_twice_and_told_and_holds_up_nobody(monkeypatch, brought):
    tried = []

    def fails(upload):
        tried.append(upload.name)
        if upload.name == "1.png":
            raise LookupError("nobody thought of it")
        return store_shown(upload)
    monkeypatch.setattr(rounds, "store_shown", fails)
    batch = given(a_draft_with("1.png", "2.png"), brought)
    assert states(batch) == {"1.png": "ours", "2.png": "here"} and tried == ["1.png", "1.png", "2.png"]
    assert not Parcel.objects.filter(state="waiting").exists()


def test_an_address_that_the_town_itself_fails_at_keeps_no_other_waiting(monkeypatch):
    def fails(address, into, most_bytes):
        if "1.png" in address:
            raise LookupError("nobody thought of it")
        return into.write(a_png())
    monkeypatch.setattr(rounds, "fetch", fails)
    batch = a_draft_with(f"{AT}1.png", f"{AT}2.png")
    take_in_media()
    assert states(batch) == {f"{AT}1.png": "ours", f"{AT}2.png": "here"}


def test_where_the_town_has_no_room_nobody_else_is_to_blame_and_it_goes_on_later(shop, monkeypatch):
    batch, real = a_draft_with("1.png", f"{AT}1.png"), tempfile.SpooledTemporaryFile

    class Full(real):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", Full)
    given(batch, {"1.zip": zipped({"1.png": a_png()})})
    assert set(states(batch).values()) == {"wanted", "waiting"} and Parcel.objects.get().state == "waiting"
    Parcel.objects.update(state="left", ended_at=clock.now())
    take_in_media()
    assert set(states(batch).values()) == {"wanted", "waiting"} and shop.knocks == 1 and not Piece.objects.filter(tries__gt=0).exists()

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", real)
    Parcel.objects.update(state="waiting", ended_at=None)
    take_in_media()
    assert set(states(batch).values()) == {"here"}


def test_whoever_is_killed_in_the_middle_goes_on_where_they_were(monkeypatch):
    batch, drawn = a_draft_with("1.png", "2.png", "3.png"), []

    def dies(upload):
        if len(drawn) == 2:
            drawn.append("killed")
            raise KeyboardInterrupt
        drawn.append(upload.name)
        return store_shown(upload)
    monkeypatch.setattr(rounds, "store_shown", dies)
    with pytest.raises(KeyboardInterrupt):
        given(batch, {"all.zip": zipped({f"{n}.png": a_png((n * 10, 10)) for n in (1, 2, 3)})})
    assert states(batch) == {"1.png": "here", "2.png": "here", "3.png": "wanted"} and Parcel.objects.get().state == "waiting"

    take_in_media()
    assert states(batch)["3.png"] == "here" and drawn == ["1.png", "2.png", "killed", "3.png"] and Parcel.objects.get().state == "read"


def test_each_turn_of_the_clock_has_its_time_and_the_next_one_goes_on(monkeypatch):
    batch = a_draft_with("1.png")
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0)
    given(batch, {"1.png": a_png()})
    assert states(batch) == {"1.png": "wanted"} and Parcel.objects.get().state == "waiting"
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 20)
    take_in_media()
    assert states(batch) == {"1.png": "here"}


def test_a_client_with_thousands_of_addresses_does_not_keep_others_waiting(shop, monkeypatch):
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    first, asked = a_draft_with(*(f"{AT}gone.png?{n}" for n in range(9))), []
    other = a_draft_with(f"{AT}1.png")
    monkeypatch.setattr(rounds, "fetch", lambda address, into, most_bytes: asked.append(address) or 0)
    take_in_media()
    assert f"{AT}1.png" in asked[:2] and len(asked) == 10 and media_counted(first).lacking == 9 and states(other) == {f"{AT}1.png": "empty"}


@pytest.fixture
def watch(monkeypatch):
    """The clock of a turn: it goes on only while a picture is drawn (three seconds) or something is fetched (the whole turn)."""
    now = [1_000.0]

    def drawn(upload):
        now[0] += 3
        return store_shown(upload)

    def fetched(address, into, most_bytes):
        now[0] += 20
        return into.write(a_png())
    monkeypatch.setattr(rounds.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(rounds, "store_shown", drawn)
    monkeypatch.setattr(rounds, "fetch", fetched)
    return now


def came(batch) -> int:
    return media_counted(batch).here


def test_a_large_zip_is_opened_once_a_turn_and_each_of_its_files_is_unpacked_once(watch, monkeypatch):
    opened, unpacked = [], []

    class Watched(zipfile.ZipFile):
        def __init__(self, *what, **more):
            opened.append(what)
            super().__init__(*what, **more)

        def open(self, part, *what, **more):
            unpacked.append(part.filename)
            return super().open(part, *what, **more)
    names = [f"{n}.png" for n in range(10)]
    packed = zipped({name: a_png((20 + n, 20)) for n, name in enumerate(names)})
    batch = a_draft_with(*names)
    monkeypatch.setattr(zipfile, "ZipFile", Watched)
    given(batch, {"all.zip": packed})
    assert came(batch) == 4 and Parcel.objects.get().next_part == 4 and len(opened) == 2, "to see what it is, and to unpack"
    for more in (8, 10):
        take_in_media()
        assert came(batch) == more
    assert unpacked == names and len(opened) == 6 and Parcel.objects.get().state == "read"


def test_nobody_waits_behind_a_parcel_of_ten_thousand_files(watch):
    names = [f"{n}.png" for n in range(10)]
    first, other, addresses = a_draft_with(*names), a_draft_with("1.png"), a_draft_with(f"{AT}1.png")
    bring_media(batch=first, by=first.by, files_=[stored("all.zip", zipped({name: a_png() for name in names}))])
    given(other, {"1.png": a_png()})
    assert (came(first), came(other), came(addresses)) == (2, 1, 1)


def test_of_more_batches_than_one_turn_has_time_for_those_come_first_that_waited_longest(watch, monkeypatch):
    monkeypatch.setattr(rounds, "LEAST_SECONDS", 10)
    names = [f"{n}.png" for n in range(10)]
    batches = [a_draft_with(*names) for _n in range(3)]
    for batch in batches:
        bring_media(batch=batch, by=batch.by, files_=[stored("all.zip", zipped({name: a_png() for name in names}))])
    for turn in ([4, 0, 0], [4, 4, 0], [4, 4, 4], [8, 4, 4]):
        take_in_media()
        assert [came(batch) for batch in batches] == turn


def test_batches_whose_servers_are_slow_do_not_keep_those_behind_them_waiting(watch, monkeypatch):
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    batches = [a_draft_with(*(f"{AT}{n}.png" for n in range(9))) for _n in range(3)]
    for turn in ([1, 1, 0], [2, 1, 1], [2, 2, 2]):
        take_in_media()
        assert [came(batch) for batch in batches] == turn


def test_what_another_form_asks_for_is_found_in_the_part_of_a_parcel_that_was_read_already(watch):
    data = "番号,画像,別,答え,わけ\n" + "\n".join(f"{n},{n}.png,b{n}.png,," for n in range(6))
    one = {"parts": [{"kind": "image", "name": "a", "column": "画像"}, SIGNS["parts"][1]]}
    batch = a_draft(data=data.encode(), form=one)
    given(batch, {"all.zip": zipped({f"{start}{n}.png": a_png() for n in range(6) for start in ("b", "")})})
    assert came(batch) == 4
    save_form(batch=batch, by=batch.by, said={"parts": [*one["parts"], {"kind": "image", "name": "b", "column": "別"}]})
    for _turn in range(3):
        take_in_media()
    assert came(batch) == 12 and Parcel.objects.get().state == "read"


def test_what_nobody_asks_for_any_more_is_forgotten_and_what_is_asked_for_again_stays():
    batch = given(a_draft_with("1.png"), {"1.png": a_png()})
    piece = Piece.objects.select_related("file").get(batch=batch)
    save_form(batch=batch, by=batch.by, said=FEELING | {"parts": [{"kind": "cell", "name": "t", "column": "説明"}, SIGNS["parts"][1]]})
    batch.refresh_from_db()
    assert missing(batch) == ["trial"] and not Piece.objects.get(batch=batch).is_wanted
    save_form(batch=batch, by=batch.by, said=SIGNS)
    take_in_media()
    assert states(batch) == {"1.png": "here"}

    save_form(batch=batch, by=batch.by, said=FEELING | {"parts": [{"kind": "cell", "name": "t", "column": "説明"}, SIGNS["parts"][1]]})
    take_in_media()
    assert not Piece.objects.exists() and not File.objects.filter(pk=piece.file_id).exists()


def test_a_batch_holds_so_many_pieces_and_so_many_bytes(settings):
    settings.TASK_PIECES = 2
    batch = given(a_draft_with("1.png", "2.png", "3.png"), {f"{n}.png": a_png() for n in (1, 2, 3)})
    assert states(batch) == {"1.png": "here", "2.png": "here"} and missing(batch) == ["media"]

    settings.TASK_PIECES_BYTES, settings.TASK_PIECE_BYTES = 1_000, 300
    batch = given(a_draft_with("1.wav", "2.wav", form=HEARD), {"1.wav": a_sound(0.01), "2.wav": a_sound(1)})
    assert states(batch) == {"1.wav": "here", "2.wav": "big"}
    settings.TASK_PIECES_BYTES, settings.TASK_PIECE_BYTES = 300, 300
    assert states(given(batch, {"2.wav": a_sound(0.011)})) == {"1.wav": "here", "2.wav": "full"}


def test_what_all_drafts_of_a_client_keep_is_bounded_together_and_nobody_elses_counts(settings):
    first = given(a_draft_with("1.wav", form=HEARD), {"1.wav": a_sound(0.01)})
    settings.TASK_PIECES_BYTES = 300
    second, other = a_draft_with("1.wav", client=first.by, form=HEARD), a_draft_with("1.wav", form=HEARD)
    assert states(given(second, {"1.wav": a_sound(0.01)})) == {"1.wav": "full"}
    assert states(given(other, {"1.wav": a_sound(0.01)})) == {"1.wav": "here"}

    publish_batch(batch=first, by=first.by, amount=price_of(first))
    assert states(given(second, {"1.wav": a_sound(0.01)})) == {"1.wav": "here"}


def test_what_people_look_at_does_not_change_under_their_eyes():
    batch = given(a_draft_with("1.png"), {"1.png": a_png()})
    kept = Piece.objects.get(batch=batch).file_id
    publish_batch(batch=batch, by=batch.by, amount=price_of(batch))

    with pytest.raises(NotAllowed):
        given(batch, {"1.png": a_png((20, 20))})
    with pytest.raises(DomainError, match="公開したあとは"):
        save_form(batch=batch, by=batch.by, said={"parts": [SIGNS["parts"][0] | {"column": "説明"}, SIGNS["parts"][1]]})
    take_in_media()
    assert Piece.objects.get(batch=batch).file_id == kept
    save_form(batch=batch, by=batch.by, said={"parts": [SIGNS["parts"][0], SIGNS["parts"][1] | {"label": "どの店"}]})


def test_nobody_else_brings_anything():
    batch = a_draft_with("1.png")
    for deed in (try_media_again, leave_media):
        with pytest.raises(NotAllowed, match="いま変えられません"):
            deed(batch=batch, by=a_person())


def test_when_a_client_leaves_their_pictures_go_and_when_a_member_of_a_company_leaves_the_companys_stay():
    alone = given(a_draft_with("1.png"), {"1.png": a_png()})
    company = an_organisation()
    member = a_member(company, Power.MEMBER)
    shared = draft_batch(client=company, by=member, title="看板")
    bring_file(batch=shared, by=member, file=store_table(an_upload(rows_of("1.png")), "text"), key_column="番号")
    take_in_files()
    save_form(batch=shared, by=member, said=SIGNS)
    shared.by = member
    given(shared, {"1.png": a_png()})
    places = [path_of(Piece.objects.get(batch=batch).file.stored_as, "large") for batch in (alone, shared)]

    with transaction.atomic():
        erase_person(alone.by)
        erase_person(member)

    assert not Piece.objects.filter(batch=alone).exists() and states(shared) == {"1.png": "here"}
    assert File.objects.filter(task_piece__batch=shared).exists() and places[1].exists()
    assert not File.objects.filter(owner=alone.by).exists()
