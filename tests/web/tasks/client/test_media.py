"""A client whose items are pictures: names in a file, a ZIP, what is wrong told row by row, mended, published; and who sees them then."""
import pytest

from machi.files import fetching
from machi.tasks.actions import (
    appeal,
    finish_bundle,
    give_answer,
    leave_bundle,
    publish_batch,
    refuse_answers,
    save_form,
    take_bundle,
    take_in_files,
    take_in_media,
)
from machi.tasks.models import Answer, Item, Piece
from tests.people import a_client, a_person, a_staff_member
from tests.tasks.making import a_draft, an_upload, held_answers, price_of
from tests.tasks.showing import HEARD, SIGNS, a_draft_with, a_png, a_sound, given, zipped
from tests.web.contracts.walking import hidden, said, signed_in, text_of
from tests.web.desk.staff import at_work, with_second_key
from tests.web.tasks.client.test_making import begun, brought, sent_of

pytestmark = pytest.mark.django_db
ROWS = "番号,画像,説明\n1,001.png,赤い屋根の店\n2,002.png,青い看板\n3,003.png,\n".encode()
FORM = {"f.0.kind": "image", "f.0.name": "sign", "f.0.column": "画像", "f.0.alternative": "説明",
        "f.1.kind": "choice", "f.1.name": "what", "f.1.label": "何の店", "f.1.options": "パン\n花", "f.1.is_required": "1"}


def main_of(answer) -> str:
    return answer.content.decode().split("<main")[1]


def test_from_names_in_a_file_and_a_zip_to_a_worker_who_sees_the_picture():
    client, worker = a_client(), a_person()
    browser, batch, place = begun(client)
    looked = browser.post(f"{place}items/", {"file": an_upload(ROWS)})
    browser.post(f"{place}items/", {"token": hidden(looked, "token"), "key_column": "番号"})
    take_in_files()
    answer = browser.post(f"{place}form/", FORM | {"guide": "看板を見て決めます。"})
    assert answer["Location"] == f"{place}media/"
    assert said("tasks.make.media") in text_of(browser.get(f"{place}form/")), "the steps name it now"

    packed = zipped({"001.png": a_png(), "002.png": b"<html>", "x.png": a_png()})
    answer = browser.post(f"{place}media/", {"files": an_upload(packed, "a.zip")})
    assert answer.status_code == 302 and said("tasks.media.coming") in text_of(browser.get(f"{place}media/"))
    take_in_media()
    page = browser.get(f"{place}media/")
    assert said("tasks.media.lacking", n=2) in text_of(page) and "x.png" in text_of(page)
    rows = main_of(page).split("<tbody>")[1].split("<tr>")[1:]
    told = (("2", "画像", "002.png"), ("3", "画像", "003.png"))
    assert all(f">{cell}<" in row for row, cells in zip(rows, told, strict=True) for cell in cells)
    assert said("tasks.piece.fault.page") in text_of(page) and said("tasks.piece.state.wanted") in text_of(page)
    assert said("tasks.batch.missing.media") in text_of(browser.get(f"{place}pay/"))

    browser.post(f"{place}media/", {"files": [an_upload(a_png(), "002.png"), an_upload(a_png((9, 9)), "003.png")]})
    take_in_media()
    assert said("tasks.media.whole", n=3) in text_of(browser.get(f"{place}media/"))
    for _time in range(3):
        page = browser.get(f"{place}trial/")
        assert f'src="{place}media/' in main_of(page)
        browser.post(f"{place}trial/", {"since": hidden(page, "since"), "a.what": "パン"})
    browser.post(f"{place}price/", sent_of(browser, f"{place}price/") | {"price_yen": "20", "answers_each": "1", "extra_percent": "0"})
    page = browser.get(f"{place}pay/")
    browser.post(f"{place}pay/", {name: hidden(page, name) for name in ("amount", "pot", "version")})
    batch.refresh_from_db()
    assert batch.state == "open"

    working = signed_in(worker)
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    page = main_of(working.get(f"/bundles/{bundle.pk}/answers/1/"))
    own = Piece.objects.get(batch=batch, source="001.png")
    assert f'src="{place}media/{own.pk}/" alt="赤い屋根の店" width="40" height="30"' in page
    seen = working.get(f"{place}media/{own.pk}/")
    assert seen.content[:4] == b"RIFF" and seen["Content-Type"] == "image/webp" and seen["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen["Content-Security-Policy"] and seen["Cache-Control"].startswith("private") and "Cookie" in seen["Vary"]
    assert working.post(f"/bundles/{bundle.pk}/answers/1/", {"a.what": "パン", "do": "answer"}).status_code == 302


def out(**more):
    """Published, with two pictures; the first item is the example."""
    batch = given(a_draft_with("1.png", "2.png", answers_each=1, most_each=1, extra_percent=0, gold_percent=0, price_yen=50, **more),
                  {"1.png": a_png(), "2.png": a_png((20, 20))})
    publish_batch(batch=batch, by=batch.by, amount=price_of(batch))
    batch.refresh_from_db()
    batch.by = batch.client.person
    return batch, [
        f"/tasks/{batch.pk}/media/{pk}/" for pk in Piece.objects.filter(batch=batch).order_by("source").values_list("pk", flat=True)]


def status(who, *places: str) -> list[int]:
    browser = signed_in(who)
    return [browser.get(place).status_code for place in places]


def test_a_picture_is_seen_by_whoever_is_shown_its_item_and_by_nobody_else(client):
    batch, (first, second) = out()
    holder, other = a_person(), a_person()
    assert status(batch.by, first, second, f"{second}small/", f"{second}other/") == [200, 200, 200, 404]
    assert status(other, first, second, f"{second}small/") == [200, 404, 404], "the first item is the example"
    assert client.get(first).status_code == 302 and status(a_client(), second) == [404]
    assert status(other, second.replace(f"/{batch.pk}/", f"/{batch.pk + 1}/"), first.replace("media/", "media/9")) == [404, 404]
    assert f'src="{first}"' in main_of(signed_in(other).get(f"/tasks/{batch.pk}/"))

    bundle = take_bundle(batch=batch, by=holder, minutes=15)
    assert status(holder, first, second) == [200, 200]
    assert "max-age" in signed_in(holder).get(second)["Cache-Control"] and "no-store" in signed_in(batch.by).get(second)["Cache-Control"]
    leave_bundle(bundle=bundle, by=holder)
    assert status(holder, second) == [200], "who held it may look again"
    assert signed_in(holder).get(second)["Cache-Control"] == "private, no-store"


def test_a_draft_is_only_its_clients_to_see():
    batch = given(a_draft_with("1.png"), {"1.png": a_png()})
    place = f"/tasks/{batch.pk}/media/{Piece.objects.get().pk}/"
    assert status(batch.by, place) == [200] and status(a_person(), place) == [404]


def test_a_moderator_sees_what_an_appeal_is_about_and_nothing_else():
    batch, (first, second) = out()
    worker, moderator = a_person(), a_staff_member("moderator")
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=worker, posted={"a.what": ["パン"]}, seconds=5)
    finish_bundle(bundle=bundle, by=worker)
    refused = Answer.objects.get(bundle=bundle, item=Item.objects.get(batch=batch, number=2))
    refuse_answers(batch=batch, by=batch.by, answers=[refused.pk], reason="手引きの2番とちがいます", paid_percent=50)
    desk = with_second_key(signed_in(moderator), moderator)
    assert desk.get(second).status_code == 404
    appeal(answer=refused, by=worker, words="看板はパンの絵です。")
    assert signed_in(moderator).get(second).status_code == 404, "at the desk there is a second key"
    assert at_work("finance")[0].get(second).status_code == 404, "and another desk has no appeals"
    assert desk.get(second).status_code == 200 and f'src="{second}"' in main_of(desk.get(f"/desk/appeals/{refused.pk}/"))


def test_a_worker_sees_what_the_form_of_their_bundle_shows_and_no_other_column():
    """The column with the answer in pictures belongs to the client; in a cell of theirs it is only a name."""
    data = "番号,画像,見本,答え,わけ\n1,1.png,2.png,,\n2,2.png,1.png,,\n".encode()
    both = {"parts": [{"kind": "image", "name": "a", "column": "画像"}, {"kind": "choice", "name": "what",
        "label": "何", "options": ["パン", "花"]}]}
    batch = given(a_draft(data=data, form=both, answers_each=1, most_each=1, extra_percent=0, gold_percent=0, trial_golds=0),
                  {"1.png": a_png(), "2.png": a_png((20, 20))})
    publish_batch(batch=batch, by=batch.by, amount=price_of(batch))
    second = f"/tasks/{batch.pk}/media/{Piece.objects.get(source='2.png').pk}/"
    assert status(a_person(), second) == [404]


def test_a_sound_is_played_in_parts_and_has_its_words_beside_it():
    batch = given(a_draft_with("1.wav", form=HEARD), {"1.wav": a_sound()})
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/media/{Piece.objects.get().pk}/"
    whole = browser.get(place)
    assert b"".join(whole.streaming_content) == a_sound() and whole["Content-Type"] == "audio/wav" and whole["Accept-Ranges"] == "bytes"
    for asked, part in (("bytes=0-9", slice(0, 10)), ("bytes=10-", slice(10, None)), ("bytes=-5", slice(-5, None))):
        answer = browser.get(place, headers={"Range": asked})
        assert answer.status_code == 206 and answer.content == a_sound()[part] and answer["X-Content-Type-Options"] == "nosniff"
    for asked in ("bytes=99999-", "bytes=-", "bytes=5-2", "lines=1-2", "bytes=0-1,5-6"):
        answer = browser.get(place, headers={"Range": asked})
        assert answer.status_code == 200 and b"".join(answer.streaming_content) == a_sound()
    page = main_of(browser.get(f"/tasks/{batch.pk}/trial/"))
    assert f'<audio controls preload="none" src="{place}"' in page and "autoplay" not in page and "店の看板1" in page


def test_what_is_wrong_with_files_is_told_beside_the_field_and_an_address_inside_by_its_row(monkeypatch, settings):
    monkeypatch.setattr(fetching, "resolve", lambda host: ["10.0.0.7"])
    batch = a_draft_with("1.png", "https://printer.example/2.png")
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/media/"
    for files in ([], [an_upload(b"", "1.png")], [an_upload(b"x", f"{n}.png") for n in range(11)]):
        answer = browser.post(place, {"files": files})
        assert answer.status_code == 422 and 'id="id_files_error"' in answer.text
    settings.UPLOAD_MAX_BYTES = 100
    assert browser.post(place, {"files": [an_upload(b"x" * 101, "1.png")]}).status_code == 422

    take_in_media()
    page = text_of(browser.get(place))
    assert said("fetch.inside") in page and "https://printer.example/2.png" in page
    assert browser.post(f"{place}again/").status_code == 302 and Piece.objects.filter(state="waiting").count() == 1
    assert browser.post(f"{place}leave/").status_code == 302
    assert said("tasks.piece.fault.left") in text_of(browser.get(place))


def test_what_lacks_is_turned_over_page_by_page_with_as_many_questions(django_assert_max_num_queries):
    batch = a_draft_with(*(f"{n}.png" for n in range(120)))
    browser = signed_in(batch.by)
    place = f"/tasks/{batch.pk}/media/?page=3"
    browser.get(place)
    with django_assert_max_num_queries(45):
        page = browser.get(place)
    assert main_of(page).count("<tr>") == 21 and "101.png" in text_of(page)


def test_items_that_name_more_than_a_batch_shows_are_told_so_and_not_that_all_is_here(settings):
    settings.TASK_PIECES = 2
    batch = given(a_draft_with("1.png", "2.png", "3.png"), {f"{n}.png": a_png() for n in (1, 2)})
    page = text_of(signed_in(batch.by).get(f"/tasks/{batch.pk}/media/"))
    assert said("tasks.media.cut", n=2) in page and said("tasks.media.many") in page and said("tasks.media.whole", n=2) not in page

    settings.TASK_PIECES = 3
    save_form(batch=batch, by=batch.by, said=SIGNS)
    page = text_of(signed_in(given(batch, {"3.png": a_png()}).by).get(f"/tasks/{batch.pk}/media/"))
    assert said("tasks.media.whole", n=3) in page and said("tasks.media.cut", n=3) not in page


def test_a_batch_of_words_has_no_such_step():
    browser, batch, place = begun(a_client())
    brought(browser, place, "番号,文,答え,理由\n1,よい店,,\n".encode())
    take_in_files()
    assert said("tasks.make.media") not in text_of(browser.get(f"{place}form/"))
    assert browser.get(f"{place}media/")["Location"] == f"{place}form/"
