"""Somebody gives a file as an answer: it is kept, taken away, taken back and given again; its client takes it, and nobody else."""
import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from machi.files.models import File
from machi.files.storing import path_of
from machi.shared import clock
from machi.tasks import actions as tasks
from machi.tasks.models import Answer, AnswerFile, Item
from tests.people import a_person
from tests.tasks.making import a_batch
from tests.web.contracts.walking import signed_in
from tests.web.desk.staff import at_work

PICTURE = {"version": 1, "parts": [
    {"kind": "cell", "name": "text", "column": "文"},
    {"kind": "file", "name": "shot", "label": "写真", "kinds": ["picture"], "most_mb": 1},
    {"kind": "text", "name": "what", "label": "写っているもの"}]}
WHERE = b"35.6895N-kanari"


def a_photograph(colour: str = "red", note: str = WHERE.decode()) -> bytes:
    """With a note about the camera, as telephones write it."""
    file, notes = io.BytesIO(), Image.Exif()
    notes[0x010F] = note
    Image.new("RGB", (64, 48), colour).save(file, "JPEG", exif=notes)
    assert not note.isascii() or note.encode() in file.getvalue()
    return file.getvalue()


def sent_as(data: bytes, name: str = "港の写真.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


@pytest.fixture
def bundle(db):
    batch = a_batch(form=PICTURE, rows=2, answers_each=1, most_each=1, gold_percent=0)
    bundle = tasks.take_bundle(batch=batch, by=a_person(), minutes=15)
    bundle.batch.by, bundle.before = batch.by, files_there()
    return bundle


def here(bundle, number: int = 1) -> str:
    return f"/bundles/{bundle.pk}/answers/{number}/"


def files_there() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).glob("??/*") if path.is_file()}


def on_disk(bundle) -> set[Path]:
    """What lies there since the bundle was taken: of a picture two drawings."""
    return files_there() - bundle.before


def taken(answer) -> bytes:
    return b"".join(answer.streaming_content)


def status(user, address: str) -> int:
    answer = signed_in(user).get(address)
    if answer.streaming:
        taken(answer)
    return answer.status_code


def the_answer(bundle, number: int = 1) -> Answer:
    return Answer.objects.get(bundle=bundle, position=number)


def give(bundle, *, by=None, number: int = 1, **more):
    said = {"do": "answer", "a.what": "船", "a.shot": sent_as(a_photograph())} | more
    return signed_in(by or bundle.worker).post(here(bundle, number), said)


def test_a_picture_is_an_answer_and_the_client_sees_and_takes_it_without_the_place(bundle, django_capture_on_commit_callbacks):
    assert give(bundle).headers["Location"] == here(bundle, 2)

    one = AnswerFile.objects.get()
    value = the_answer(bundle).values["shot"]
    assert value == {"key": str(one.pk), "name": "港の写真.webp", "kind": "jpeg", "size": one.file.size}
    client = signed_in(bundle.batch.by)
    page = client.get(f"/tasks/{bundle.batch_id}/results/{the_answer(bundle).item.number}/").content.decode()
    assert f'href="/tasks/files/{one.pk}/"' in page and "港の写真.webp" in page and "KB" in page
    answer = client.get(f"/tasks/files/{one.pk}/")
    content = taken(answer)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "application/octet-stream", "nosniff", "default-src 'none'; sandbox")
    assert answer["Content-Disposition"].startswith("attachment") and ".webp" in answer["Content-Disposition"]
    with Image.open(io.BytesIO(content)) as seen:
        assert (seen.format, seen.size, dict(seen.getexif())) == ("WEBP", (64, 48), {})
    assert not any(WHERE in path.read_bytes() for path in on_disk(bundle))
    small = client.get(f"/tasks/files/{one.pk}/small/")
    assert small["Content-Type"] == "image/webp" and small["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("data", "name", "said"), [
    (b"<html><script>alert(1)</script></html>", "photo.png", "種類ではありません"),
    (b"", "empty.jpg", "empty.jpg"), (b"%PDF-1.7 nothing", "a.pdf", "種類ではありません"),
    (b"\xff\xd8\xff" + b"x" * 100, "broken.jpg", "broken.jpg"),
    (b"\xff\xd8\xff" + b"x" * 1_000_001, "large.jpg", "1MBまでです"), (b"\x00\x01\x02" * 100, "nothing.png", "nothing.png")])
def test_what_is_no_such_file_is_said_beside_the_field_and_what_was_typed_stays(bundle, data, name, said):
    answer = give(bundle, **{"a.shot": sent_as(data, name), "a.what": "<b>灯台"})

    page = answer.content.decode()
    assert answer.status_code == 422 and said in page.split('id="a-shot_error"')[1].split("</div>")[0]
    assert "&lt;b&gt;灯台" in page and the_answer(bundle).state == "held"
    assert not File.objects.filter(owner=bundle.worker).exists() and on_disk(bundle) == set()


def test_two_files_for_one_question_are_not_taken(bundle):
    answer = give(bundle, **{"a.shot": [sent_as(a_photograph()), sent_as(a_photograph("blue"))]})

    assert answer.status_code == 422 and "1つだけ選んでください" in answer.content.decode() and on_disk(bundle) == set()


@pytest.mark.parametrize("name", ["nul\0name.jpg", "../../etc/passwd.jpg", "x" * 300 + ".jpg", "=1+1|‮gpj.jpg", "con.jpg"])
def test_a_name_is_only_shown(bundle, name):
    assert give(bundle, **{"a.shot": sent_as(a_photograph(), name)}).status_code == 302

    kept = AnswerFile.objects.get().file
    assert "\0" not in kept.name and "/" not in kept.name and len(kept.name) <= 120 and len(kept.stored_as) == 64
    archive = the_zip(bundle)
    assert all("/" not in one and ".." not in one and "\0" not in one for one in archive.namelist())


def the_zip(bundle) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(taken(signed_in(bundle.batch.by).get(f"/tasks/{bundle.batch_id}/results/files/"))))


def test_a_file_stays_when_another_field_is_wrong_and_need_not_be_sent_again(bundle):
    refused = give(bundle, **{"a.what": ""})
    page = refused.content.decode()
    assert refused.status_code == 422 and "「港の写真.webp」を受け取っています" in page and 'id="a-shot" name="a.shot"' in page
    assert 'required' not in page.split('name="a.shot"')[1].split(">")[0]

    given = signed_in(bundle.worker).post(here(bundle), {"do": "answer", "a.what": "船"})

    assert given.status_code == 302 and the_answer(bundle).values["shot"]["name"] == "港の写真.webp" and len(on_disk(bundle)) == 2


def test_a_file_is_kept_with_a_half_answer_and_autosaving_keeps_it(bundle):
    worker = signed_in(bundle.worker)
    worker.post(here(bundle), {"do": "half", "a.what": "ふ", "a.shot": sent_as(a_photograph())})
    worker.post(here(bundle), {"do": "half", "autosave": "1", "a.what": "ふね"}, headers={"HX-Request": "true"})

    page = worker.get(here(bundle)).content.decode()

    assert "「港の写真.webp」を受け取っています" in page and "ふね" in page
    assert 'enctype="multipart/form-data" hx-params="not a.shot"' in page


def test_a_file_is_taken_away_or_another_is_chosen(bundle, django_capture_on_commit_callbacks):
    worker = signed_in(bundle.worker)
    with django_capture_on_commit_callbacks(execute=True):
        worker.post(here(bundle), {"do": "half", "a.what": "船", "a.shot": sent_as(a_photograph())})
        first = AnswerFile.objects.get().file.stored_as
        worker.post(here(bundle), {"do": "half", "a.what": "船", "a.shot": sent_as(a_photograph("blue"), "べつ.jpg")})
    assert AnswerFile.objects.get().file.name == "べつ.jpg" and not path_of(first, "large").exists() and len(on_disk(bundle)) == 2

    with django_capture_on_commit_callbacks(execute=True):
        away = worker.post(here(bundle), {"a.act": "shot away 0", "a.what": "船です"})

    page = away.content.decode()
    assert away.status_code == 200 and "受け取っています" not in page and "船です" in page
    assert not AnswerFile.objects.exists() and on_disk(bundle) == set()
    assert the_answer(bundle).values == {"a.what": ["船です"]}


def test_a_wrong_second_file_leaves_the_first(bundle):
    worker = signed_in(bundle.worker)
    worker.post(here(bundle), {"do": "half", "a.shot": sent_as(a_photograph())})

    answer = worker.post(here(bundle), {"do": "answer", "a.what": "船", "a.shot": sent_as(b"text", "b.png")})

    assert answer.status_code == 422 and "「港の写真.webp」を受け取っています" in answer.content.decode()
    assert the_answer(bundle).state == "held"


def test_an_answer_that_is_taken_back_shows_its_file_and_is_given_again_with_it(bundle):
    give(bundle)
    worker = signed_in(bundle.worker)

    assert worker.post(f"/bundles/{bundle.pk}/undo/").headers["Location"] == here(bundle)
    page = worker.get(here(bundle)).content.decode()
    assert "「港の写真.webp」を受け取っています" in page and "\n船</textarea>" in page

    assert worker.post(here(bundle), {"do": "answer", "a.what": "船と港"}).status_code == 302
    assert the_answer(bundle).values["shot"]["key"] == str(AnswerFile.objects.get().pk)


@pytest.mark.parametrize("way", ["skip", "leave", "lapse", "flag"])
def test_what_nobody_needs_is_gone_from_the_disk(bundle, way, django_capture_on_commit_callbacks):
    worker = signed_in(bundle.worker)
    worker.post(here(bundle), {"do": "half", "a.shot": sent_as(a_photograph())})
    assert len(on_disk(bundle)) == 2

    with django_capture_on_commit_callbacks(execute=True):
        if way == "skip":
            worker.post(here(bundle), {"do": "skip"})
        elif way == "leave":
            worker.post(f"/bundles/{bundle.pk}/leave/")
        elif way == "lapse":
            with clock.moved(to=bundle.until_at + (bundle.until_at - bundle.taken_at)):
                tasks.lapse_bundles()
        else:
            worker.post(here(bundle), {"do": "flag", "flag": "写真が開きません"})
            tasks.decide_flags(item=the_answer(bundle).item, by=bundle.batch.by, is_broken=True)

    assert on_disk(bundle) == set() and not AnswerFile.objects.exists() and not File.objects.filter(owner=bundle.worker).exists()


def test_a_deed_that_is_refused_leaves_nothing_on_the_disk(bundle):
    give(bundle)
    tasks.skip_item(answer=the_answer(bundle, 2), by=bundle.worker)
    tasks.finish_bundle(bundle=bundle, by=bundle.worker)

    assert give(bundle, number=2).status_code == 409

    assert len(on_disk(bundle)) == 2


def test_a_flag_without_words_keeps_the_file_that_came_with_it(bundle):
    page = signed_in(bundle.worker).post(here(bundle), {"do": "flag", "flag": "", "a.shot": sent_as(a_photograph())})

    assert page.status_code == 422 and "「港の写真.webp」を受け取っています" in page.content.decode()


def test_only_both_sides_and_whoever_decides_an_appeal_can_take_it(bundle):
    worker = signed_in(bundle.worker)
    worker.post(here(bundle), {"do": "half", "a.shot": sent_as(a_photograph())})
    one = AnswerFile.objects.get()
    address = f"/tasks/files/{one.pk}/"
    assert status(bundle.worker, address) == 200 and status(bundle.batch.by, address) == 404       # a half answer is nobody else's

    give(bundle)
    one = AnswerFile.objects.get()
    address = f"/tasks/files/{one.pk}/"
    tasks.leave_bundle(bundle=bundle, by=bundle.worker)
    (desk, moderator), other = at_work("moderator"), a_person()
    tasks.take_bundle(batch=bundle.batch, by=other, minutes=15)
    assert [status(user, address) for user in (bundle.worker, bundle.batch.by, other, moderator)] == [200, 200, 404, 404]
    assert status(other, f"{address}small/") == 404

    answer = the_answer(bundle)
    at_desk = f"/desk/appeals/{answer.pk}/files/{one.pk}/"
    assert desk.get(at_desk).status_code == 404
    tasks.refuse_answers(batch=bundle.batch, by=bundle.batch.by, answers=[answer.pk], reason="手引きの2番とちがいます", paid_percent=0)
    tasks.appeal(answer=answer, by=bundle.worker, words="手引きのとおりです")
    assert at_desk in desk.get(f"/desk/appeals/{answer.pk}/").content.decode()
    assert taken(desk.get(at_desk))
    assert [status(user, at_desk) for user in (bundle.worker, bundle.batch.by, other)] == [404, 404, 404]
    tasks.decide_appeal(answer=answer, by=moderator, is_granted=True, words="そのとおりです")
    assert desk.get(at_desk).status_code == 404


def test_files_are_put_together_and_stand_in_every_file_of_results(bundle):
    for number in (1, 2):
        give(bundle, number=number, **{"a.what": "=1+1"})
    tasks.finish_bundle(bundle=bundle, by=bundle.worker)
    tasks.put_together()

    item = Item.objects.get(batch=bundle.batch, number=the_answer(bundle).item.number)
    one = AnswerFile.objects.get(answer__item=item)
    assert item.result["shot"] == [the_answer(bundle, the_answer(bundle).position).values["shot"]]
    client = signed_in(bundle.batch.by)
    file = f"/tasks/{bundle.batch_id}/results/file/"
    where = f"{settings.SITE_URL}/tasks/files/{one.pk}/"
    for what in ("items", "answers"):
        rows = list(csv.reader(io.StringIO(taken(client.get(f"{file}?what={what}&as=csv")).decode("utf-8-sig"))))
        assert any(f"港の写真.webp {where}" in row for row in rows)
        lines = [json.loads(line) for line in taken(client.get(f"{file}?what={what}&as=jsonl")).splitlines()]
        value = next(line for line in lines if line["number"] == item.number)["result" if what == "items" else "answer"]["写真"]
        assert value == ([{"name": "港の写真.webp", "size": one.file.size, "address": where}] if what == "items" else
                         {"name": "港の写真.webp", "size": one.file.size, "address": where})
        assert status(bundle.batch.by, f"{file}?what={what}&as=xlsx") == 200
    archive = the_zip(bundle)
    assert len(archive.namelist()) == 3 and archive.testzip() is None and "files.csv" in archive.namelist()
    assert f"{item.number:06}-{one.pk}-港の写真.webp" in archive.namelist()
    assert f'/tasks/{bundle.batch_id}/results/files/' in client.get(f"/tasks/{bundle.batch_id}/results/").content.decode()
    judged = client.get(f"/tasks/{bundle.batch_id}/judge/").content.decode()
    assert judged.count('class="given-file"') == 2 and "ちがいます" not in judged
    assert status(bundle.worker, f"/tasks/{bundle.batch_id}/results/files/") == 404


def test_a_file_of_another_kind_stays_as_it_came(db):
    form = {"version": 1, "parts": [{"kind": "cell", "name": "t", "column": "文"},
                                    {"kind": "file", "name": "f", "label": "文章", "kinds": ["text"]}]}
    batch = a_batch(form=form, rows=1, answers_each=1, most_each=1, gold_percent=0)
    bundle = tasks.take_bundle(batch=batch, by=a_person(), minutes=15)
    said = "<script>alert(1)</script>\r\n髙﨑".encode()

    signed_in(bundle.worker).post(here(bundle), {"do": "answer", "a.f": SimpleUploadedFile("x.html", said)})

    answer = signed_in(batch.by).get(f"/tasks/files/{AnswerFile.objects.get().pk}/")
    assert taken(answer) == said and "x.html.txt" in answer["Content-Disposition"]
