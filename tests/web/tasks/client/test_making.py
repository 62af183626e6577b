"""A client who has never done it gives tasks: from a file to a published batch, step by step, by the buttons on the pages."""
import datetime
import io

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from machi.files.storing import store_table
from machi.notifications.words import yen
from machi.shared import clock
from machi.tasks.actions import bring_file, importing, take_in_files
from machi.tasks.models import Batch, BatchForm, Import, Item
from machi.taxonomy.models import Category
from machi.web.frame.arriving import Arriving
from machi.web.pages.tasks import making
from tests.people import a_client, a_person
from tests.tasks.making import FEELING, a_batch, a_draft, an_upload, price_of
from tests.web.contracts.walking import HTMX, hidden, said, signed_in, text_of
from tests.web.tasks.page import sent

pytestmark = pytest.mark.django_db
ROWS = "番号,文,答え,理由\n" + "".join(f"{n},きょうは{n}回目です,,\n" for n in range(1, 21)) \
    + "g1,とても好きです,よい,ほめている\ng2,残念です,わるい,がっかりしている\n"


def begun(client) -> tuple:
    """A browser, and a draft that has its words."""
    browser = signed_in(client)
    category = Category.objects.order_by("position").first()
    answer = browser.post("/tasks/new/", {"title": "口コミを分ける", "body": "お店の口コミを読みます。", "category": category.pk})
    batch = Batch.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/tasks/{batch.pk}/items/"
    return browser, batch, f"/tasks/{batch.pk}/"


def brought(browser, place: str, data: bytes, name: str = "kuchikomi.csv"):
    """A file is chosen, looked at, and taken in as its columns are called."""
    looked = browser.post(f"{place}items/", {"file": an_upload(data, name)})
    assert looked.status_code == 200, text_of(looked)
    typed = {"token": hidden(looked, "token"), "key_column": "番号", "gold_column": "答え", "why_column": "理由"}
    return looked, browser.post(f"{place}items/", typed)


def with_items(client) -> tuple:
    browser, batch, place = begun(client)
    brought(browser, place, ROWS.encode())
    take_in_files()
    batch.refresh_from_db()
    return browser, batch, place


def test_a_file_that_the_town_itself_fails_at_is_told_and_keeps_no_other_client_waiting(monkeypatch):
    real, tried = importing.read, []
    browser, batch, place = begun(a_client())
    other = a_draft()
    brought(browser, place, ROWS.encode())
    bring_file(batch=other, by=other.by, file=store_table(an_upload(ROWS.encode()), "text"), key_column="番号")
    spoilt = Import.objects.get(batch=batch)

    def fails(file):
        if file.name.endswith(spoilt.file.stored_as):
            tried.append(file)
            raise LookupError("nobody thought of it")
        return real(file)
    monkeypatch.setattr(importing, "read", fails)
    assert take_in_files() == 2 and len(tried) == 2
    assert not Import.objects.filter(batch=other, state="waiting").exists() and Import.objects.get(batch=batch).state == "faulty"
    assert said("tasks.file.ours") in text_of(browser.get(f"{place}items/"))


def test_from_a_file_to_a_published_batch_by_the_buttons_of_the_pages():
    client = a_client()
    browser, batch, place = begun(client)

    looked, answer = brought(browser, place, ROWS.encode("cp932"))

    assert "Shift_JIS" in text_of(looked) and "きょうは1回目です" in text_of(looked)
    assert answer["Location"] == f"{place}items/" and said("tasks.make.reading") in text_of(browser.get(f"{place}items/"))
    take_in_files()
    page = text_of(browser.get(f"{place}items/"))
    assert said("tasks.make.taken", n=20) in page and said("tasks.make.taken.golds", n=2) in page

    page = browser.get(f"{place}form/")
    assert [option for option in ("よい", "わるい") if option in text_of(page)] == ["よい", "わるい"], "known answers are the options"
    typed = sent(page.content.decode().split('id="building"')[1].split("</form>")[0].partition(">")[2])
    assert browser.post(f"{place}form/", typed | {"guide": "気持ちで決めます。", "good": "好きです\n楽しい"}).status_code == 302
    form = BatchForm.objects.get()
    assert form.examples == [{"text": "好きです", "is_good": True}, {"text": "楽しい", "is_good": True}]
    assert [part["kind"] for part in form.parts["parts"]] == ["cell", "choice"] and form.parts["parts"][0]["column"] == "文"

    name = form.parts["parts"][1]["name"]
    for seconds in (8, 12, 30):
        page = browser.get(f"{place}trial/")
        with clock.moved(by=datetime.timedelta(seconds=seconds)):
            assert browser.post(f"{place}trial/", {"since": hidden(page, "since"), f"a.{name}": "よい"}).status_code == 302
    batch.refresh_from_db()
    assert 12 <= batch.seconds_each <= 14 and len(batch.trial_seconds) == 3

    answer = browser.post(f"{place}price/", sent_of(browser, f"{place}price/") | {"price_yen": "7", "answers_each": "3"})
    assert answer["Location"] == f"{place}pay/"
    page = browser.get(f"{place}pay/")
    answer = browser.post(f"{place}pay/", {name: hidden(page, name) for name in ("amount", "pot", "version")})

    batch.refresh_from_db()
    assert answer["Location"] == f"/tasks/{batch.pk}/run/" and batch.state == "open"
    assert batch.pot_yen == int(hidden(page, "amount")) and batch.answers_each == 3


def sent_of(browser, place: str) -> dict:
    html = browser.get(place).content.decode()
    main = html.split('<main')[1]
    return sent(main.split('method="post"', 1)[1].partition(">")[2].split("</form>")[0])


def test_what_cannot_become_items_is_told_by_its_line_and_nothing_is_taken_in():
    browser, batch, place = begun(a_client())

    brought(browser, place, ("番号,文,答え,理由\n1,よい店,,\n1,また来ます,,\n3,おいしい,,,余り\n").encode())
    take_in_files()

    page = text_of(browser.get(f"{place}items/"))
    assert said("tasks.make.faulty") in page and said("tasks.make.line.n", n=3) in page and said("tasks.make.line.n", n=4) in page
    assert said("tasks.file.key_twice") % {"key": "1"} in page and not Item.objects.exists()


@pytest.mark.parametrize(("data", "name"), [(b"", "empty.csv"), (b"%PDF-1.7 nothing", "items.pdf"), (b"PK\x03\x04broken", "items.xlsx")])
def test_a_file_that_is_none_is_told_beside_its_field(data, name):
    browser, batch, place = begun(a_client())

    answer = browser.post(f"{place}items/", {"file": an_upload(data, name)})

    assert answer.status_code == 422 and 'id="id_file_error"' in answer.text and not Import.objects.exists()


def test_a_file_larger_than_any_other_page_takes_becomes_items_and_may_be_replaced():
    """25 MB and 100,000 rows: more than the limit of uploads, and more rows than one question may name. When its
    connection looked up first what went, the table fitted on a page, and reading all of it was the best plan."""
    browser, batch, place = begun(a_client())
    for _first_then_again in range(2):
        brought(browser, place, ROWS.encode())
        assert take_in_files() == 1
    with connection.cursor() as db:
        db.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexonlyscan = off")
        connection.check_constraints()
        db.execute("RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan")
    data = ("番号,文,答え,理由\n" + "".join(f"{n},{'よい日でした。' * 12},,\n" for n in range(100_000))).encode()
    assert len(data) > settings.UPLOAD_MAX_BYTES

    for _first_then_again in range(2):
        brought(browser, place, data)
        assert take_in_files() == 1

    batch.refresh_from_db()
    assert batch.items_count == 100_000 == Item.objects.filter(batch=batch).count()
    with connection.cursor() as db:
        db.execute("SET LOCAL statement_timeout = '60s'")
    connection.check_constraints()


def test_a_file_that_is_too_large_even_here_is_told_and_not_read_as_a_part(monkeypatch):
    browser, _batch, place = begun(a_client())
    monkeypatch.setattr("machi.web.pages.tasks.making_forms.MOST_BYTES", 500)
    monkeypatch.setattr(making.items, "takes_bytes", 500)

    answer = browser.post(f"{place}items/", {"file": an_upload(ROWS.encode() * 20, "long.csv")})

    assert answer.status_code == 422 and said("file.too_large") % {"name": "long.csv", "mb": 0} in text_of(answer)
    assert not Import.objects.exists()


def test_many_large_files_in_one_form_find_no_more_room_than_one(monkeypatch):
    """Whoever is signed in could fill the disk otherwise, before anybody asks whose draft it is."""
    browser, _batch, place = begun(a_client())
    monkeypatch.setattr(settings, "UPLOAD_MAX_BYTES", 1_000)
    monkeypatch.setattr(settings, "UPLOAD_MAX_COUNT", 2)
    monkeypatch.setattr(settings, "FILE_UPLOAD_MAX_MEMORY_SIZE", 10)
    monkeypatch.setattr(making.items, "takes_bytes", 3_000)
    kept, complete = [], Arriving.file_complete

    def completed(handler, size):
        file = complete(handler, size)
        kept.append((file.found_no_room, len(file.read())))
        file.seek(0)
        return file
    monkeypatch.setattr(Arriving, "file_complete", completed)

    browser.post(f"{place}items/", {f"f{n}": an_upload(b"x" * 2_000, f"{n}.csv") for n in range(4)} | {
        "file": an_upload(b"y" * 500, "mine.csv")})

    assert kept == [(False, 2_000), (True, 0), (True, 0), (True, 0), (False, 500)]


def test_a_spreadsheet_is_taken_as_it_is():
    browser, batch, place = begun(a_client())
    book = openpyxl.Workbook()
    for row in (["番号", "文", "答え", "理由"], [1, "=1+1", None, None], [2, "ふつうの文", "よい", "ほめている"]):
        book.active.append(row)
    book.active["B2"].data_type = "s"
    book.save(file := io.BytesIO())

    looked, answer = brought(browser, place, file.getvalue(), "items.xlsx")
    take_in_files()

    assert said("tasks.make.kind.xlsx") in text_of(looked) and answer.status_code == 302
    assert list(Item.objects.order_by("number").values_list("cells", flat=True)) == [["1", "=1+1"], ["2", "ふつうの文"]]


def test_while_a_file_is_read_the_page_asks_again_and_it_may_be_left():
    browser, batch, place = begun(a_client())
    brought(browser, place, ROWS.encode())

    part = browser.get(f"{place}items/", **HTMX)

    assert 'hx-trigger="every 2s"' in part.text and "<html" not in part.text
    browser.post(f"{place}items/leave/")
    assert Import.objects.get().state == "left" and 'hx-trigger="every 2s"' not in browser.get(f"{place}items/").text


def test_a_note_about_a_file_is_good_for_one_person_and_one_batch_and_pressed_twice_it_is_one_file():
    client = a_client()
    browser, batch, place = begun(client)
    looked = browser.post(f"{place}items/", {"file": an_upload(ROWS.encode())})
    typed = {"token": hidden(looked, "token"), "key_column": "番号"}
    other = a_draft()

    assert signed_in(other.by).post(f"/tasks/{other.pk}/items/", typed).status_code == 302
    assert not Import.objects.filter(batch=other, state="waiting").exists()
    browser.post(f"{place}items/", typed)
    browser.post(f"{place}items/", typed)
    assert Import.objects.filter(batch=batch).count() == 1


def test_one_column_cannot_be_two_things():
    browser, batch, place = begun(a_client())
    looked = browser.post(f"{place}items/", {"file": an_upload(ROWS.encode())})

    answer = browser.post(f"{place}items/", {"token": hidden(looked, "token"), "key_column": "文", "gold_column": "文"})

    assert answer.status_code == 422 and said("tasks.make.column_twice") in text_of(answer)


def test_the_preview_speaks_the_language_that_is_chosen_and_saves_nothing():
    browser, batch, place = with_items(a_client())
    page = browser.get(f"{place}form/")
    typed = sent(page.content.decode().split('id="building"')[1].split("</form>")[0].partition(">")[2])

    seen = {language: browser.post(f"{place}form/", typed | {"language": language}, **HTMX) for language in ("ja", "ja-simple", "en")}

    assert all(one.status_code == 200 and 'id="preview"' in one.text for one in seen.values())
    for language in seen:
        with translation.override(language):
            words = gettext("tasks.form.required")
        assert {one for one, page in seen.items() if words in text_of(page)} == {language}
    assert not BatchForm.objects.exists()


def test_a_form_that_cannot_be_saved_comes_back_with_everything_that_was_typed():
    browser, batch, place = with_items(a_client())
    page = browser.get(f"{place}form/")
    typed = sent(page.content.decode().split('id="building"')[1].split("</form>")[0].partition(">")[2])

    answer = browser.post(f"{place}form/", typed | {"f.1.options": "ひとつだけ", "guide": "こう決めます"})

    assert answer.status_code == 422 and "ひとつだけ" in answer.text and "こう決めます" in answer.text and not BatchForm.objects.exists()


def test_a_price_below_the_floor_is_refused_with_the_floor_and_htmx_reads_the_sums():
    batch = a_draft(seconds=60, price_yen=None)
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/price/"

    answer = browser.post(place, sent_of(browser, place) | {"price_yen": "5"})
    live = browser.get(place, {"price_yen": "25", "answers_each": "2", "extra_percent": "0", "gold_percent": "0"}, **HTMX)

    batch.refresh_from_db()
    assert answer.status_code == 422 and 'id="id_price_yen_error"' in answer.text and batch.price_yen is None
    assert "1,500円" in text_of(live), "an hour at 60 seconds each"
    assert "550円" in text_of(live), "10 items, 2 people, 25 yen, with tax"


def test_what_is_missing_is_named_with_its_step_and_nothing_is_paid():
    browser, batch, place = begun(a_client())

    page = browser.get(f"{place}pay/")
    answer = browser.post(f"{place}pay/", {"amount": "100", "pot": "0", "version": str(batch.version)})

    assert f'href="{place}items/"' in page.text and answer.status_code == 409
    assert Batch.objects.get().state == "draft"


def test_a_sum_or_words_that_changed_meanwhile_are_not_paid_for():
    batch = a_draft()
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/pay/"
    typed = sent_of_pay(browser, place)
    Batch.objects.filter(pk=batch.pk).update(title="ほかの名前", version=batch.version + 5)

    assert browser.post(place, typed).status_code == 409
    assert browser.post(place, sent_of_pay(browser, place) | {"amount": "1"}).status_code == 409
    assert Batch.objects.get().state == "draft"
    assert browser.post(place, sent_of_pay(browser, place)).status_code == 302 and Batch.objects.get().state == "open"


def sent_of_pay(browser, place: str) -> dict:
    page = browser.get(place)
    return {name: hidden(page, name) for name in ("amount", "pot", "version")}


def test_a_stranger_finds_no_draft_and_of_what_is_out_no_way():
    draft, out = a_draft(), a_batch()
    stranger, owner = signed_in(a_person("さとう")), signed_in(out.by)

    for step in ("about", "items", "form", "trial", "price", "client", "pay", "run", "stop", "more", "raise"):
        assert stranger.get(f"/tasks/{draft.pk}/{step}/").status_code == 404
        assert stranger.get(f"/tasks/{out.pk}/{step}/").status_code == 404
    for step in ("about", "items", "trial", "price", "client", "pay"):
        assert owner.get(f"/tasks/{out.pk}/{step}/")["Location"] == f"/tasks/{out.pk}/run/"


def test_a_form_is_changed_while_people_answer_as_a_new_version():
    batch = a_batch()
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/form/"
    page = browser.get(place)
    typed = sent(page.content.decode().split('id="building"')[1].split("</form>")[0].partition(">")[2])

    answer = browser.post(place, typed | {"f.1.options": "よい\nわるい\nどちらでもない"})

    assert answer["Location"] == f"/tasks/{batch.pk}/run/" and said("tasks.make.form.out") in text_of(page)
    assert [form.version for form in BatchForm.objects.order_by("version")] == [1, 2]
    assert BatchForm.objects.get(version=1).parts["parts"][1]["options"] == FEELING["parts"][1]["options"]


def test_the_step_of_the_price_says_the_sum_that_is_asked_for_at_the_end_with_the_golds_of_a_first_check():
    batch = a_draft(rows=30, golds=4, trial_golds=3, answers_each=2, most_each=4, seconds=60, price_yen=50)
    browser = signed_in(batch.by)

    sums = [yen(price_of(batch)) in text_of(browser.get(f"/tasks/{batch.pk}/{step}/")) for step in ("price", "pay")]
    assert sums == [True, True]
