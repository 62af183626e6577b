"""Handing work over: texts and files arrive whole, or not at all; files are judged by their content and leave as downloads only."""
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from machi.contracts.models import Delivery, DeliveryFile
from machi.files import kinds
from machi.files.models import File
from tests.people import a_contract, a_person, client_of
from tests.web.contracts.walking import HTMX, said, signed_in, state_of, text_of, upload


def png(tail: bytes = b"") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(file, "PNG")
    return file.getvalue() + tail


def zip_of(content: bytes, name: str = "a.txt") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def handed(contract, files=(), *, browser=None, headers=None, **values):
    form = {"text": "できました", "ai_note": "使っていません", "round": 1} | values
    browser = browser or signed_in(contract.worker)
    return browser.post(f"/contracts/{contract.pk}/deliver/", form | {"files": list(files)}, **headers or {})


def test_before_escrow_nothing_can_be_handed_over(db):
    contract = a_contract()
    browser = signed_in(contract.worker)

    assert browser.get(f"/contracts/{contract.pk}/deliver/").status_code == 302
    answer = handed(contract, browser=browser)
    assert answer.status_code == 409 and said("contract.deliver.refused") in text_of(answer)
    assert "できました</textarea>" in answer.content.decode()
    assert state_of(contract) == "agreed" and not Delivery.objects.exists()


def test_the_form_says_who_will_look_and_by_when_and_complains_of_nothing_yet(db):
    contract = a_contract(funded=True)

    page = signed_in(contract.worker).get(f"/contracts/{contract.pk}/deliver/")

    assert page.status_code == 200 and said("deliver.lead", client="みなと地域スポーツ応援会", n=7) in text_of(page)
    assert said("deliver.files.again") not in text_of(page)


def test_text_and_files_arrive_and_are_shown_to_both(db):
    contract = a_contract(funded=True)

    answer = handed(contract, [upload("原稿.txt", "本文です".encode()), upload("写真.png", png())])

    assert answer.headers["Location"] == f"/contracts/{contract.pk}/"
    assert [file.kind for file in File.objects.order_by("pk")] == ["text", "png"]
    for user in (contract.worker, client_of(contract)):
        text = text_of(signed_in(user).get(f"/contracts/{contract.pk}/"))
        for words in ("できました", "原稿.txt", "写真.png", said("room.ai_note", note="使っていません"), said("room.round", i=1)):
            assert words in text


def test_with_htmx_a_deed_leads_to_the_contract_and_a_mistake_brings_back_the_form_alone(db):
    contract = a_contract(funded=True)

    wrong = handed(contract, text="", ai_note="", headers=HTMX)
    right = handed(contract, headers=HTMX)

    assert wrong.status_code == 422 and wrong.content.decode().strip().startswith("<section") and "<html" not in wrong.content.decode()
    assert right.headers["HX-Redirect"] == f"/contracts/{contract.pk}/"


@pytest.mark.parametrize(("files", "why"), [
    ([upload("空.txt", b"")], "file.empty"),
    ([upload("大きい.txt", b"a" * 1001)], "file.too_large"),
    ([upload(f"{number}.txt", b"a") for number in range(11)], "file.too_many"),
    ([upload("動く.exe", b"MZ\x90\x00\x03\x00\x00\x00\xff\xff")], "file.other_kind"),
    ([upload("絵.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40)], "file.other_kind"),
    ([upload("束.zip", b"PK\x03\x04 not a zip")], "file.other_kind"),
    ([upload("よい.txt", b"a"), upload("だめ.bin", b"\x00\x01\x02\x03")], "file.other_kind")])
def test_a_file_that_cannot_be_taken_gets_a_sentence_and_the_text_stays(db, settings, files, why):
    settings.UPLOAD_MAX_BYTES = 1000
    contract = a_contract(funded=True)

    answer = handed(contract, files, text="ここまで書きました")

    assert answer.status_code == 422 and "ここまで書きました</textarea>" in answer.content.decode()
    sentence = said(why).split("%(")[0] or said(why).partition(")s")[2].split("%(")[0]
    assert sentence in text_of(answer) and said("deliver.files.again") in text_of(answer)
    assert state_of(contract) == "funded" and not Delivery.objects.exists() and on_disk() == []


def test_a_zip_that_would_grow_without_end_is_refused(db, monkeypatch):
    monkeypatch.setattr(kinds, "UNPACKED_AT_MOST", 1_000_000)
    contract = a_contract(funded=True)

    answer = handed(contract, [upload("大.zip", zip_of(b"\x00" * 1_000_001))])

    assert answer.status_code == 422 and said("file.other_kind", name="大.zip") in text_of(answer)


@pytest.mark.parametrize(("name", "content", "kind"), [
    ("絵.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text"),
    ("ページ.jpg", b"<!doctype html><script>alert(1)</script>", "text"),
    ("両方.png", png(b"<script>alert(1)</script>" + zip_of(b"x")), "png"),
    ("../../../etc/passwd", b"a", "text"), ("..\\..\\x.txt", b"a", "text"), ("右\u202etxt.exe", b"a", "text"),
    ("é" * 200 + ".txt", b"a", "text"),
    ('a"; filename="b.html', b"a", "text"), ("改\r\n行.txt", b"a", "text")])
def test_whatever_a_file_is_called_or_hides_it_leaves_as_a_download(db, name, content, kind):
    contract = a_contract(funded=True)
    handed(contract, [upload(name, content, "text/html")])

    file = DeliveryFile.objects.get()
    answer = signed_in(client_of(contract)).get(f"/contracts/{contract.pk}/files/{file.pk}/")

    kept = File.objects.get()
    assert kept.kind == kind and b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Disposition"].startswith("attachment") and "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "application/octet-stream" and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"] and "no-store" in answer.headers["Cache-Control"]
    assert not set(kept.name) & set("/\\\u202e\r\n\x00") and len(kept.name) <= 120
    assert [path.name for path in on_disk()] == [kept.stored_as] and kept.stored_as.isalnum()


def test_files_are_for_the_two_sides_of_their_own_contract(db):
    contract, other = a_contract(funded=True), a_contract(funded=True)
    handed(contract, [upload("原稿.txt", b"a")])
    file = DeliveryFile.objects.get()

    assert signed_in(a_person()).get(f"/contracts/{contract.pk}/files/{file.pk}/").status_code == 404
    assert signed_in(other.worker).get(f"/contracts/{other.pk}/files/{file.pk}/").status_code == 404
    assert b"".join(signed_in(contract.worker).get(f"/contracts/{contract.pk}/files/{file.pk}/").streaming_content) == b"a"


def test_a_file_that_is_gone_from_the_disk_is_missing_not_broken(db):
    contract = a_contract(funded=True)
    handed(contract, [upload("原稿.txt", b"a")])
    on_disk()[0].unlink()

    assert signed_in(contract.worker).get(f"/contracts/{contract.pk}/files/{DeliveryFile.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize(("values", "field"), [
    ({"text": "", "ai_note": "x"}, "text"), ({"text": " \x00\u200f\n"}, "text"), ({"text": "あ" * 50_001}, "text"),
    ({"ai_note": ""}, "ai_note"), ({"ai_note": "あ" * 301}, "ai_note")])
def test_what_is_missing_or_too_long_is_named(db, values, field):
    contract = a_contract(funded=True)

    answer = handed(contract, **values)

    assert answer.status_code == 422 and f"id_{field}_error" in answer.content.decode() and state_of(contract) == "funded"


@pytest.mark.parametrize("round", ["", "x", "0", "-1", "2", "99999999999999999999", "1\x00"])
def test_a_form_of_another_round_hands_nothing_over(db, round):
    contract = a_contract(funded=True)

    answer = handed(contract, round=round)

    assert answer.status_code in (409, 422) and said("contract.other_round") in text_of(answer)
    assert "できました</textarea>" in answer.content.decode() and state_of(contract) == "funded"


def test_ai_is_asked_about_only_where_the_terms_say_so(db):
    contract = a_contract(funded=True, ai="welcome")
    browser = signed_in(contract.worker)

    assert "ai_note" not in browser.get(f"/contracts/{contract.pk}/deliver/").content.decode()
    assert handed(contract, ai_note="").status_code == 302


def test_handing_over_twice_is_one_delivery_and_leaves_no_second_file(db):
    contract = a_contract(funded=True)

    first, second = (handed(contract, [upload("原稿.txt", b"a")]) for _time in range(2))

    assert first.status_code == 302 and second.status_code == 409 and Delivery.objects.count() == 1
    assert len(on_disk()) == 1
