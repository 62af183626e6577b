"""What came out: spread, item by item, decided by a person where people disagree, and as files that calculate nothing."""
import csv
import datetime
import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.accounts.powers import Power
from machi.shared import clock
from machi.tasks import actions
from machi.tasks.actions import (
    appeal,
    decide_item,
    finish_bundle,
    flag_item,
    give_answer,
    put_together,
    refuse_answers,
    take_bundle,
    tally_large,
)
from machi.tasks.forms import parse
from machi.tasks.models import Answer, Item
from machi.tasks.queries import form_of
from machi.tasks.spreading import spreads
from machi.web.pages.tasks import exports
from tests.conftest import broken_rules
from tests.people import a_member, a_person, an_organisation
from tests.tasks.making import a_batch, held_answers
from tests.web.contracts.walking import as_it_stands, queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db
WHY = "気持ちが逆になっています。"
KINDS = {"version": 1, "parts": [
    {"kind": "cell", "name": "text", "column": "文"},
    {"kind": "choice", "name": "feeling", "label": "気持ち", "options": ["よい", "わるい", "どちらでもない"]},
    {"kind": "several", "name": "about", "label": "何について", "options": ["味", "人", "値段"], "is_required": False},
    {"kind": "number", "name": "stars", "label": "星", "least": 0, "most": 100},
    {"kind": "ranking", "name": "order", "label": "順番", "options": ["い", "ろ"]},
    {"kind": "text", "name": "why", "label": "ひとこと", "most": 100, "is_required": False}]}


def counted():
    return CaptureQueriesContext(connection)


def answered_by(batch, said_of, *, name: str = "すずき", is_done: bool = True):
    worker = a_person(name)
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=worker, posted=said_of(answer.item), seconds=5)
    return finish_bundle(bundle=bundle, by=worker) if is_done else bundle


def feeling(word: str):
    return lambda item: {"a.feeling": [word if item.truth is None else item.truth["text"]]}


def a_disagreement(**more):
    """Of two people one finds everything good."""
    batch = a_batch(answers_each=2, most_each=2, extra_percent=0, **more)
    for name, word in (("すずき", "よい"), ("たなか", "わるい")):
        answered_by(batch, feeling(word), name=name)
    put_together()
    batch.refresh_from_db()
    return batch


def test_how_answers_are_spread_is_counted_for_every_kind_of_block():
    batch = a_batch(answers_each=1, most_each=1, extra_percent=0, form=KINDS, rows=4)
    answered_by(batch, lambda item: {
        "a.feeling": ["よい" if item.number < 4 else "わるい"], "a.about": ["味", "人"] if item.number == 1 else ["味"],
        "a.stars": [str(item.number * 10)], "a.order.option": ["い", "ろ"], "a.order.place": ["2", "1"],
        "a.why": ["うまい"] * (item.number == 1)})
    put_together()

    found = {one.label: one for one in spreads(batch, parse(form_of(batch).parts))}

    assert [(line.said, line.count, line.share) for line in found["気持ち"].lines] == [
        ("よい", 3, 0.75), ("わるい", 1, 0.25), ("どちらでもない", 0, 0.0)]
    assert [(line.said, line.count) for line in found["何について"].lines] == [("味", 4), ("人", 1), ("値段", 0)]
    assert [(line.said, line.count) for line in found["星"].lines] == [("10", 1), ("20", 1), ("30", 1), ("40", 1)]
    assert [(line.said, line.count) for line in found["順番"].lines] == [("ろ", 1.0), ("い", 2.0)]
    assert (found["ひとこと"].kind, found["ひとこと"].total) == ("filled", 1)
    page = signed_in(batch.by).get(f"/tasks/{batch.pk}/results/")
    assert "75%" in text_of(page) and page.text.count('class="bar-line"') == 10 and "<caption" in page.text


def test_of_a_large_batch_the_clock_counts_how_answers_are_spread_and_the_page_says_when(monkeypatch, clock_at):
    for place in ("machi.tasks.models.batches.LARGE", "machi.tasks.actions.putting.LARGE"):
        monkeypatch.setattr(place, 20)
    batch = a_batch(answers_each=1, most_each=1, extra_percent=0, form=KINDS, rows=40)
    form, later = parse(form_of(batch).parts), clock.now() + datetime.timedelta(minutes=2)
    answered_by(batch, lambda item: {
        "a.feeling": ["よい"], "a.about": ["味"], "a.stars": [str(item.number)], "a.order.option": ["い", "ろ"],
        "a.order.place": ["2", "1"], "a.why": ["うまい"]})
    put_together()
    now = spreads(batch, form)                          # nobody has counted yet
    assert tally_large() == 1
    batch.refresh_from_db()

    with pytest.MonkeyPatch.context() as still:
        still.setattr("machi.tasks.spreading._ask", lambda *_asked: pytest.fail("a page counts a large batch"))
        assert spreads(batch, form) == now and {one.total for one in now} == {40}
        page = signed_in(batch.by).get(f"/tasks/{batch.pk}/results/")
        assert "多いので、数は" in text_of(page) and "100%" in text_of(page)
        clock_at(later)
        assert tally_large() == 1                       # nothing came to it: what was counted is still so
    Item.objects.filter(batch=batch, number=1).update(outcome="person")
    decide_item(item=Item.objects.get(batch=batch, number=1), by=batch.by, result={"feeling": "わるい"})
    clock_at(later + datetime.timedelta(minutes=2))
    assert tally_large() == 1
    batch.refresh_from_db()

    assert [line.count for line in spreads(batch, form)[0].lines] == [39, 1, 0]


def test_many_numbers_are_put_into_spans_that_hold_all_of_them():
    form = {"version": 1, "parts": [KINDS["parts"][0], KINDS["parts"][3]]}
    batch = a_batch(answers_each=1, most_each=1, extra_percent=0, form=form, rows=40)
    answered_by(batch, lambda item: {"a.stars": [str(item.number)]})
    put_together()

    lines = spreads(batch, parse(form_of(batch).parts))[0].lines

    assert sum(line.count for line in lines) == 40 and 5 <= len(lines) <= 12


def test_a_person_decides_where_people_disagree_and_goes_on_to_the_next():
    batch = a_disagreement()
    assert Item.objects.filter(outcome="person").count() == 10
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/results/"

    page = browser.get(f"{place}?show=person")
    one = browser.get(f"{place}3/")
    answer = browser.post(f"{place}3/decide/", {"a.feeling": "よい"})

    assert "きょうは3回目です" in text_of(page) and said("tasks.item.decide") in text_of(one) and "わるい" in text_of(one)
    assert answer["Location"] == f"{place}4/"
    item = Item.objects.get(number=3)
    assert (item.outcome, item.result, item.confidence) == ("decided", {"feeling": "よい"}, 1.0)
    assert browser.post(f"{place}3/decide/", {"a.feeling": "よい"}).status_code == 409
    assert browser.post(f"{place}4/decide/", {}).status_code == 422 and Item.objects.get(number=4).outcome == "person"


def test_what_is_said_to_be_broken_is_looked_at_and_paid_or_asked_anew(town):
    batch = a_batch()
    worker = a_person("さとう")
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    first, second = held_answers(bundle)[:2]
    for answer in (first, second):
        flag_item(answer=answer, by=worker, words="文がありません", seconds=3)
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/results/"

    page = browser.get(f"{place}?show=flagged")
    assert page.text.count('scope="row"') == 2 and "文がありません" in text_of(browser.get(f"{place}{first.item.number}/"))
    assert browser.post(f"{place}{first.item.number}/broken/", {"is_broken": "maybe"}).status_code == 422
    assert browser.post(f"{place}{first.item.number}/broken/", {"is_broken": "yes"})["Location"] == f"{place}{second.item.number}/"
    assert browser.post(f"{place}{second.item.number}/broken/", {"is_broken": "no"})["Location"] == f"{place}?show=flagged"
    assert browser.post(f"{place}{second.item.number}/broken/", {"is_broken": "no"}).status_code == 409

    assert [Answer.objects.get(pk=one.pk).state for one in (first, second)] == ["approved", "given_back"]
    assert Item.objects.get(pk=first.item_id).outcome == "broken" and not broken_rules()


def test_a_gold_says_what_it_is_and_why():
    batch = a_batch(golds=1)
    browser, number = signed_in(batch.by), Item.objects.get(truth__isnull=False).number

    assert said("tasks.item.truth") % {"text": "よい"} in text_of(browser.get(f"/tasks/{batch.pk}/results/{number}/"))
    assert "「よい」とあるから" in text_of(browser.get(f"/tasks/{batch.pk}/results/{number}/"))
    assert browser.get(f"/tasks/{batch.pk}/results/?show=golds").text.count('scope="row"') == 1


def test_an_item_is_found_by_the_number_that_the_client_gave_it():
    batch = a_batch(data="番号,文,答え,わけ\nA-7,港の朝,,\nA-8,港の夜,,\n".encode())
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/results/"

    assert "港の夜" in text_of(browser.get(place, {"q": "A-8"})) and "港の朝" not in text_of(browser.get(place, {"q": "A-8"}))
    assert said("tasks.results.empty") in text_of(browser.get(place, {"q": "'; DROP"}))
    assert "港の夜" in text_of(browser.get(place, {"q": "A-8\0"})), "a letter that nobody sees is none"
    assert browser.get(f"{place}99/").status_code == 404 and browser.get(f"{place}99999999999999999999/").status_code == 404


def test_a_page_of_many_items_asks_as_much_as_one_of_few():
    batch, few = a_batch(rows=60), a_batch(rows=5)
    asked = {queries_of(signed_in(one.by), f"/tasks/{one.pk}/results/", counted) for one in (batch, few)}

    assert len(asked) == 1


# ---- looking at answers ----------------------------------------------------------------------------------------------

def test_all_that_wait_are_approved_with_one_button_that_says_how_many_and_what_they_are_worth():
    batch = a_batch()
    answered_by(batch, feeling("よい"))
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/judge/"

    page = browser.get(place)
    done = text_of(browser.post(place, as_it_stands(page, place), follow=True))

    assert said("tasks.judge.all", n=10) in text_of(page) and "50円" in text_of(page)
    assert set(Answer.objects.values_list("state", flat=True)) == {"approved"}
    assert said("tasks.judge.none") in done and said("tasks.judge.approved", num=10) in done


def test_the_button_for_all_approves_what_stood_on_its_page_and_nothing_that_came_later():
    batch = a_batch()
    under_way = answered_by(batch, feeling("よい"), name="さとう", is_done=False)
    answered_by(batch, feeling("よい"))
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/judge/"
    page = browser.get(place)
    assert said("tasks.judge.all", n=10) in text_of(page)

    answered_by(batch, feeling("わるい"), name="たなか")
    finish_bundle(bundle=under_way, by=under_way.worker)            # answered before, and nobody could look at it yet
    assert said("tasks.judge.approved", num=10) in text_of(browser.post(place, as_it_stands(page, place), follow=True))

    assert Answer.objects.filter(state="approved").count() == 10
    assert {one.worker.name for one in Answer.objects.filter(state="approved").select_related("worker")} == {"すずき"}
    assert said("tasks.judge.all", n=20) in text_of(browser.get(place))


def test_what_rests_for_an_hour_after_the_page_was_drawn_is_not_among_all_that_stood_there():
    batch = a_batch()
    answered_by(batch, feeling("よい"), is_done=False)
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/judge/"
    answered_by(batch, feeling("よい"), name="たなか")
    page = browser.get(place)

    with clock.moved(by=datetime.timedelta(minutes=61)):
        browser.post(place, as_it_stands(page, place))
        assert {one.worker.name for one in Answer.objects.filter(state="approved").select_related("worker")} == {"たなか"}
        browser.post(place, as_it_stands(browser.get(place), place))
    assert set(Answer.objects.values_list("state", flat=True)) == {"approved"}


@pytest.mark.parametrize("drawn_at", ["", "soon", "-1", "9" * 30, "１２３"])
def test_the_button_for_all_without_the_moment_of_its_page_approves_nothing(drawn_at):
    batch = a_batch()
    answered_by(batch, feeling("よい"))

    assert signed_in(batch.by).post(f"/tasks/{batch.pk}/judge/", {"which": "all", "drawn_at": drawn_at}).status_code == 422
    assert set(Answer.objects.values_list("state", flat=True)) == {"given"}


def test_what_a_worker_may_still_take_back_is_not_judged_under_their_hands():
    batch = a_batch()
    answered_by(batch, feeling("よい"), is_done=False)
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/judge/"
    numbers = list(Answer.objects.order_by("pk").values_list("pk", flat=True))

    page = browser.get(place)
    assert said("tasks.judge.none") in text_of(page) and "drawn_at" not in page.text
    browser.post(place, {"which": "some", "answer": numbers})
    assert browser.post(f"{place}refuse/", {"answer": numbers[:2], "reason": WHY, "paid_percent": "0"}).status_code == 302
    assert set(Answer.objects.values_list("state", flat=True)) == {"given"}


def test_a_refusal_has_a_reason_and_a_part_and_may_be_taken_back():
    batch = a_batch()
    answered_by(batch, feeling("よい"))
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/judge/"
    first, second, *_rest = Answer.objects.order_by("pk").values_list("pk", flat=True)

    assert browser.get(f"{place}refuse/")["Location"] == place, "nothing is chosen"
    page = browser.get(f"{place}refuse/", {"answer": [first, second]})
    short = browser.post(f"{place}refuse/", {"answer": [first, second], "reason": "だめ", "paid_percent": "30"})
    much = browser.post(f"{place}refuse/", {"answer": [first, second], "reason": WHY, "paid_percent": "100"})
    assert page.text.count('name="answer"') == 2 and short.status_code == much.status_code == 422 and "だめ" in short.text
    assert not Answer.objects.filter(state="refused").exists()

    assert browser.post(f"{place}refuse/", {"answer": [first, second], "reason": WHY, "paid_percent": "40"}).status_code == 302
    page = text_of(browser.get(f"{place}?show=refused"))
    assert WHY in page and said("tasks.refuse.paid", part="2円", whole="5円") in page
    assert browser.post(f"{place}back/", {"answer": first}).status_code == 302
    assert browser.post(f"{place}back/", {"answer": first}).status_code == 409
    assert dict(Answer.objects.filter(pk__in=(first, second)).values_list("pk", "state")) == {first: "approved", second: "refused"}


def test_who_looks_after_nothing_here_is_told_who_does_and_not_to_choose():
    party = an_organisation()
    batch = a_batch(party.people(Power.MEMBER)[0], party=party)
    answered_by(batch, feeling("よい"))
    colleague = signed_in(a_member(party, Power.MEMBER))
    number = Answer.objects.order_by("pk").first().pk

    for answer in (colleague.get(f"/tasks/{batch.pk}/judge/refuse/", {"answer": number}, follow=True),
                   colleague.post(f"/tasks/{batch.pk}/judge/refuse/", {"answer": number, "reason": WHY, "paid_percent": 0}, follow=True)):
        assert said("tasks.answer.judge_refused") in text_of(answer) and said("tasks.judge.choose") not in text_of(answer)
    assert set(Answer.objects.values_list("state", flat=True)) == {"given"}


def test_it_is_said_how_many_were_refused_and_not_how_many_were_chosen(monkeypatch):
    batch = a_batch()
    answered_by(batch, feeling("よい"))
    one, two = Answer.objects.order_by("pk")[:2]
    refuse = actions.refuse_answers

    def while_the_second_is_taken_back(*, answers, **said):
        return refuse(answers=[answer for answer in answers if answer != two.pk], **said)

    monkeypatch.setattr(actions, "refuse_answers", while_the_second_is_taken_back)
    page = signed_in(batch.by).post(f"/tasks/{batch.pk}/judge/refuse/", {
        "answer": [one.pk, two.pk], "reason": WHY, "paid_percent": 0}, follow=True)

    assert said("tasks.refuse.done", num=1) in text_of(page) and said("tasks.refuse.done", num=2) not in text_of(page)


def test_the_page_of_a_refusal_asks_as_much_for_many_as_for_one():
    batch = a_batch(rows=30)
    answered_by(batch, feeling("よい"))
    browser, numbers = signed_in(batch.by), list(Answer.objects.order_by("pk").values_list("pk", flat=True))
    place = f"/tasks/{batch.pk}/judge/refuse/?answer="

    assert queries_of(browser, f"{place}{numbers[0]}", counted) == queries_of(browser, place + "&answer=".join(map(str, numbers)), counted)


def test_a_client_reads_that_it_was_appealed_and_who_decides_and_not_what_was_written():
    batch = a_batch()
    answered_by(batch, feeling("よい"))
    answer = Answer.objects.select_related("worker").order_by("pk").first()
    refuse_answers(batch=batch, by=batch.by, answers=[answer.pk], reason=WHY, paid_percent=0)
    appeal(answer=answer, by=answer.worker, words="手引きの2番のとおりに答えました。")

    for place in ("judge/?show=refused", f"results/{answer.item.number}/", "run/"):
        assert "手引きの2番" not in text_of(signed_in(batch.by).get(f"/tasks/{batch.pk}/{place}"))
    assert said("tasks.refuse.appeal") in text_of(signed_in(batch.by).get(f"/tasks/{batch.pk}/judge/?show=refused"))


def test_answers_of_another_batch_cannot_be_named():
    batch, other = a_batch(), a_batch()
    answered_by(other, feeling("よい"))
    numbers = list(Answer.objects.order_by("pk").values_list("pk", flat=True))
    browser = signed_in(batch.by)

    browser.post(f"/tasks/{batch.pk}/judge/", {"which": "some", "answer": numbers})
    browser.post(f"/tasks/{batch.pk}/judge/refuse/", {"answer": numbers, "reason": WHY, "paid_percent": "0"})
    browser.post(f"/tasks/{batch.pk}/judge/back/", {"answer": numbers[0]})

    assert set(Answer.objects.values_list("state", flat=True)) == {"given"}
    assert browser.post(f"/tasks/{batch.pk}/judge/", {"which": "some", "answer": ["x", "9" * 40]}).status_code == 422


# ---- files -----------------------------------------------------------------------------------------------------------

EVIL = "番号,文,答え,わけ\n=1+1,\"=HYPERLINK(\"\"http://example.jp\"\")\",,\nb2,@SUM(A1),,\nc3,ふつうの文,,\n"


def a_file(batch, what: str, kind: str):
    answer = signed_in(batch.by).get(f"/tasks/{batch.pk}/results/file/", {"what": what, "as": kind})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


def test_a_table_that_goes_out_calculates_nothing_and_holds_every_item():
    batch = a_batch(data=EVIL.encode(), answers_each=1, most_each=1, extra_percent=0)
    answered_by(batch, feeling("よい"))
    put_together()

    rows = list(csv.reader(io.StringIO(a_file(batch, "items", "csv").decode("utf-8-sig"))))

    assert rows[0][:4] == [said("tasks.make.number"), said("tasks.export.key"), "番号", "文"] and rows[0][4] == "気持ち"
    assert [row[1] for row in rows[1:]] == ["'=1+1", "b2", "c3"] and rows[1][3].startswith("'=HYPERLINK") and rows[2][3] == "'@SUM(A1)"
    assert [row[4] for row in rows[1:]] == ["よい"] * 3


def test_a_spreadsheet_holds_text_where_text_was():
    batch = a_batch(data=EVIL.encode())

    book = openpyxl.load_workbook(io.BytesIO(a_file(batch, "items", "xlsx")))

    cells = [book.active.cell(2, column) for column in (2, 4)]
    assert [cell.value for cell in cells] == ["=1+1", '=HYPERLINK("http://example.jp")'] and {cell.data_type for cell in cells} == {"s"}
    assert book.active.max_row == 4


@pytest.mark.parametrize("words", ["\x01=HYPERLINK(1)", "=1+1", "\u3000＝1+1", " \t+1"])
def test_what_a_worker_writes_of_a_broken_item_calculates_nothing_either(words):
    batch, worker = a_batch(), a_person("さとう")
    flag_item(answer=held_answers(take_bundle(batch=batch, by=worker, minutes=15))[0], by=worker, words=words, seconds=3)

    [_heads, row] = csv.reader(io.StringIO(a_file(batch, "answers", "csv").decode("utf-8-sig")))
    cell = openpyxl.load_workbook(io.BytesIO(a_file(batch, "answers", "xlsx"))).active.cell(2, 5)

    assert row[4].startswith("'") and row[4][1:].strip()[0] in "=＝+"
    assert cell.data_type == "s" and cell.quotePrefix and cell.value.strip()[0] in "=＝+"


def test_lines_of_json_hold_each_answer_without_saying_who_gave_it():
    batch = a_disagreement()
    refuse_answers(batch=batch, by=batch.by, answers=[Answer.objects.order_by("pk").first().pk], reason=WHY, paid_percent=0)

    found = [json.loads(line) for line in a_file(batch, "answers", "jsonl").splitlines()]

    assert len(found) == 20 and [one["number"] for one in found[:3]] == [1, 1, 2]
    assert {one["answer"]["気持ち"] for one in found} == {"よい", "わるい"} and not any("worker" in key for key in found[0])
    assert [one["state"] for one in found].count("refused") == 1


@pytest.mark.parametrize("query", ["what=people&as=csv", "what=items&as=exe"])
def test_what_there_is_none_of_is_not_here(query):
    batch = a_batch()

    assert signed_in(batch.by).get(f"/tasks/{batch.pk}/results/file/?{query}").status_code == 404


def test_the_name_of_the_file_is_the_name_of_the_batch():
    batch = a_batch(title='口コミ/の"気持ち"')

    answer = signed_in(batch.by).get(f"/tasks/{batch.pk}/results/file/")

    assert "filename*=utf-8''" in answer["Content-Disposition"] and "%2F" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_read_while_it_is_written(monkeypatch):
    batch, read = a_batch(rows=30), []
    rows = exports._Items.rows
    monkeypatch.setattr(exports._Items, "rows", lambda of: (read.append(row) or row for row in rows(of)))

    written = iter(signed_in(batch.by).get(f"/tasks/{batch.pk}/results/file/").streaming_content)

    assert next(written) == "\ufeff".encode() and said("tasks.make.number").encode() in next(written) and not read
    assert "きょうは1回目です".encode() in next(written) and len(read) == 1, "no more is read than somebody has read"
    assert len(list(written)) == 29 and len(read) == 30


def test_nobody_else_takes_a_file_or_looks_at_an_answer():
    batch = a_batch()
    answered_by(batch, feeling("よい"))
    worker = signed_in(a_person("ほかの人"))

    for place in ("results/", "results/1/", "results/file/", "judge/", "judge/refuse/"):
        assert worker.get(f"/tasks/{batch.pk}/{place}").status_code == 404
