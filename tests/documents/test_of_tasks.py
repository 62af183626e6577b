"""A month of micro-tasks is one invoice for its client and one statement for each worker, to the yen what the closings moved."""
import datetime
import json

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from machi.accounts.queries import party_of
from machi.documents import making
from machi.documents.actions import make_papers, put_together
from machi.documents.closing import month_of
from machi.documents.invariants import broken
from machi.documents.kinds import Kind
from machi.documents.making import Name, Settled
from machi.documents.models import Document, DocumentText
from machi.documents.of_tasks import Part, invoice_of, money_of_worker, statement_draft, statement_of, statements_of, total
from machi.ledger.accounts import Kind as Account
from machi.ledger.models import Transfer
from machi.payments.fees import Settlement
from machi.payments.models import Earning
from machi.privacy.actions import erase_account, read_sealed
from machi.privacy.models import Paper
from machi.privacy.taking_home import open_paper
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks import actions as tasks
from machi.tasks import prices
from machi.tasks.models import Batch, Closing
from machi.taxes.actions import say_tax_standing
from tests.people import a_client, a_contract, a_person, a_staff_member, payday, with_bank_account
from tests.tasks.making import a_batch, held_answers
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.desk.staff import at_work

DECEMBER, NEW_YEAR = datetime.date(2026, 12, 1), datetime.date(2027, 1, 1)
DAY = datetime.timedelta(days=1)
NUMBER = "T7123456789012"


def on(day: int):
    return clock.moved(to=clock.start_of(DECEMBER + (day - 1) * DAY) + datetime.timedelta(hours=9))


def answered(batch: Batch, worker, count: int) -> None:
    """So many answers of somebody, approved."""
    bundle = tasks.take_bundle(batch=batch, by=worker, minutes=60)
    for held in held_answers(bundle)[:count]:
        tasks.give_answer(answer=held, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    tasks.leave_bundle(bundle=bundle, by=worker) if count < bundle.answers.count() else tasks.finish_bundle(bundle=bundle, by=worker)
    tasks.approve_answers(batch=batch, by=batch.by)


def registered(worker) -> None:
    say_tax_standing(by=worker, kind="company", has_employees=False, number=NUMBER, valid_from=datetime.date(2024, 4, 1))


def paper(kind: Kind, **of) -> dict:
    return DocumentText.objects.get(document__kind=kind, document__superseded_by=None, **of).payload


def test_a_month_of_tasks_is_one_invoice_and_stands_in_the_combined_invoice_beside_contracts(town):
    client, worker, other = a_client(), with_bank_account(a_person("かなりや")), a_person()
    registered(worker)
    with on(2):
        a_contract(accepted=True, by=client)
        first, second = (a_batch(client, title=title, rows=20, price_yen=9, answers_each=1, most_each=1, gold_percent=0, seconds=10)
                         for title in ("口コミの気持ち", "看板の文字"))
        answered(first, worker, 3)
        answered(second, other, 5)
    with on(3):
        tasks.close_batches()
        answered(first, worker, 4)
    with on(4):
        tasks.close_batches()
        while make_papers():
            pass
    with clock.moved(to=clock.start_of(NEW_YEAR) - datetime.timedelta(seconds=1)):
        assert put_together() == 0
    with clock.moved(to=clock.start_of(NEW_YEAR)):
        put_together()
        assert put_together() == 0

        of_client = Document.objects.get(about=invoice_of(party_of(client).pk, DECEMBER))
        said = paper(Kind.TASKS)
        paid = sum(Closing.objects.values_list("gross_yen", flat=True))
        assert (of_client.amount_yen, of_client.worker, of_client.issuer) == (paid, None, "town")
        assert said["title"] == "タスクの合計請求書 兼 領収書（区分記載）"
        rows = dict(said["rows"])
        assert rows[f"口コミの気持ち（タスク {first.pk}）"] == "認めた答え7件、10％対象63円、消費税額5円、利用料（税込）0円、計68円"
        assert rows[f"看板の文字（タスク {second.pk}）"] == "認めた答え5件、10％対象45円、消費税額4円、利用料（税込）0円、計49円"
        mine_of, others = (Earning.objects.filter(about__startswith="batch:", worker=who).order_by("pk") for who in (worker, other))
        [before, after], [third] = mine_of, others
        assert said["table"] == [                       # 2 + 3 of 27 and 36: once for each settlement, which has a number of its own
            ["精算の番号", "タスク", "取引日", "登録", "報酬", "消費税", "計"],
            [f"S{before.pk}", str(first.pk), "12/3", "あり", "27円", "2円", "29円"],
            [f"S{third.pk}", str(second.pk), "12/3", "なし", "45円", "4円", "49円"],
            [f"S{after.pk}", str(first.pk), "12/4", "あり", "36円", "3円", "39円"],
            ["合計", "", "", "", "108円", "9円", f"{paid}円"]]
        [rounded] = [note for note in said["notes"] if "精算ごと、税率ごとに1回だけ端数を切り捨てた額の合計" in note]
        assert "月の合計からは計算していません" in rounded
        assert any("タスクの合計請求書の消費税額は、その表にある精算ごとに1回だけ" in note for note in paper(Kind.MONTH)["notes"])
        assert ["10％対象（登録番号のある働く人の分）", "対象額 63円、消費税額 5円"] in said["rows"]
        assert ["10％対象（登録番号のない働く人の分）", "対象額 45円、消費税額 4円"] in said["rows"]
        assert any("控除できます" in note for note in said["notes"]) and "かなりや" not in json.dumps(said, ensure_ascii=False)
        month = Document.objects.get(about=month_of(party_of(client).pk, DECEMBER))
        assert month.amount_yen == paid + 11_000
        assert ["2026年12月31日", of_client.number, "108円", "9円"] in paper(Kind.MONTH)["table"]
        mine = Document.objects.get(about=statement_of(worker.pk, DECEMBER))
        assert mine.amount_yen == sum(Earning.objects.filter(worker=worker).values_list("amount_yen", flat=True)) and mine.party is None
        assert paper(Kind.TASK_PAY, document__worker=worker)["table"][1][:3] == [f"口コミの気持ち（タスク {first.pk}）", "7件", "63円"]
        assert ["精算の番号", f"S{before.pk}、S{after.pk}"] in paper(Kind.TASK_PAY, document__worker=worker)["rows"]
        assert ["そのうちタスク", f"認められた答え7件、お支払金額{mine.amount_yen}円"] in paper(Kind.YEAR, document__worker=worker)["rows"]
        for reader, document in ((client, of_client), (worker, mine)):
            browser, address = signed_in(reader), f"/documents/{document.pk}/"
            assert document.number in text_of(browser.get(address)) and browser.get(f"{address}paper.pdf").content.startswith(b"%PDF")
            assert "口コミの気持ち" in b"".join(browser.get(f"{address}paper.csv")).decode()
            assert signed_in(other).get(address).status_code == 404
        assert broken() == {}


def test_a_town_that_issues_for_registered_workers_says_so_with_its_number(town, settings, tmp_path):
    settings.MACHI_HOME = tmp_path
    (tmp_path / "issuer.json").write_text(json.dumps({"issuer": [{
        "from": "2026-01-01", "source": "here", "name": "街の会", "address": "東京都港区みなと1-1-1", "number": "T7010705000725",
        "issues_for_workers": True}]}))
    worker = a_person()
    registered(worker)
    with on(2):
        answered(a_batch(rows=5, answers_each=1, most_each=1, gold_percent=0), worker, 2)
    with on(3):
        tasks.close_batches()
    with clock.moved(to=clock.start_of(NEW_YEAR)):
        put_together()

        said = paper(Kind.TASKS)
    assert said["title"] == "タスクの合計請求書 兼 領収書" and said["by"] == ["街の会", "東京都港区みなと1-1-1", "T7010705000725"]
    assert any("媒介者交付特例" in note for note in said["notes"]) and not any("控除" in note for note in said["notes"])


def test_what_is_asked_for_somebodys_statement_does_not_grow_with_the_town(town):
    worker, others = a_person(), [a_person() for _ in range(3)]
    with on(2):
        batches = [a_batch(rows=4, answers_each=1, most_each=1, gold_percent=0) for _ in range(3)]
        answered(batches[0], worker, 2)
    with on(3):
        tasks.close_batches()
        with CaptureQueriesContext(connection) as alone:
            amount = statement_draft(worker, DECEMBER, 1).amount
        for batch, other in zip(batches, others, strict=True):
            answered(batch, other, 1)
    with on(4):
        tasks.close_batches()
    theirs = [f"closing:{pk}" for pk in Closing.objects.exclude(answers__worker=worker).values_list("pk", flat=True)]
    with CaptureQueriesContext(connection) as among_many:
        assert statement_draft(worker, DECEMBER, 1).amount == amount == money_of_worker(worker, DECEMBER).worker_receives > 0
        assert [pk for pk, _month, _yen in statements_of(DECEMBER)] == sorted(one.pk for one in (worker, *others))

    said = [query["sql"] for query in among_many]
    assert [len(query["sql"]) for query in alone] == [len(sql) for sql in said[:len(alone)]]        # not one more name in a list
    assert len(theirs) == 3 and not any(reference in sql for reference in theirs for sql in said)


def test_a_month_of_very_many_settlements_names_them_by_closing_and_says_so(monkeypatch):
    monkeypatch.setattr(making, "MOST_LINES", 3)
    money = Settlement(Yen(19), Yen(1), Yen(3), Yen(0), Yen(0), Yen(5), Yen(0))
    every = [Settled(f"S{number}", 7, f"closing:{number // 3}", DECEMBER, number % 3 == 0, 1_000, money) for number in range(3, 9)]

    def paper_of(some: list[Settled]) -> dict:
        part = Part(Batch(pk=7, title="口コミ"), len(some), total(one.money for one in some), 1_000, some)
        return making.tasks_invoice(town=Name("街"), client=Name("店"), on=DECEMBER, parts=[part], is_for_workers=False, withheld="",
                                    deduction="")

    few, many = paper_of(every[:3]), paper_of(every)
    assert [line[0] for line in few["table"][1:]] == ["S4", "S5", "S3", "合計"] and not any("超える" in note for note in few["notes"])
    assert [line[0] for line in many["table"][1:]] == ["S4〜S5の2件", "S3", "S7〜S8の2件", "S6", "合計"]
    assert many["table"][1][4:] == ["38円", "2円", "10円", "0円", "50円"]
    assert many["table"][-1][4:] == ["114円", "6円", "30円", "0円", "150円"]
    assert any("3件を超えるので、表は締めごと" in note for note in many["notes"])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_preview_settlement_ledger_and_papers_say_the_same_yen(town, tmp_path, data):
    """In a town that takes a fee of both sides."""
    fees = tmp_path / "fees.json"
    fees.write_text(json.dumps({"fee": [
        {"from": "2026-01-01", "form": "task", "worker": [[0, 1_650]], "client": [[0, 550]], "source": "decided by the town"}]}))
    with override_settings(FEES_FILE=fees):
        said_the_same(data)


def said_the_same(data) -> None:
    client = a_client()
    client.party.is_withholding_agent = data.draw(st.booleans())
    client.party.save(update_fields=["is_withholding_agent"])
    people = [a_person() for _ in range(3)]
    before = set(Batch.objects.values_list("pk", flat=True))
    if data.draw(st.booleans()):
        registered(people[0])
    with on(2):
        batches = [a_batch(client, rows=12, price_yen=data.draw(st.integers(1, 999)), answers_each=3, most_each=3, gold_percent=0,
                           seconds=1) for _ in range(data.draw(st.integers(1, 2)))]
    for day in (3, 4, 5):
        with on(day):
            tasks.close_batches()
            for batch in batches:
                if data.draw(st.booleans()):
                    answered(batch, data.draw(st.sampled_from(people)), data.draw(st.integers(1, 4)))
    with on(6):
        tasks.close_batches()
    with clock.moved(to=clock.start_of(NEW_YEAR)):
        put_together()
        closings = Closing.objects.exclude(batch__in=before).filter(gross_yen__gt=0)
        earned = Earning.objects.filter(reference__in=[one.reference for one in closings.order_by("pk")]).order_by("pk")
        of = {one.reference: one for one in Batch.objects.exclude(pk__in=before)}
        previewed = sum(int(prices.settlement_of(of[one.about], Yen(one.price_yen), is_withheld=one.withheld_yen > 0).client_pays)
                        for one in earned)
        moved = sum(Transfer.objects.filter(debit_id__in=[Account.BATCH.of(one.pk) for one in of.values()]).values_list(
            "amount_yen", flat=True))
        document = Document.objects.filter(about=invoice_of(party_of(client).pk, DECEMBER)).order_by("-version").first()
        invoiced = document.amount_yen if document else 0
        assert previewed == sum(closings.values_list("gross_yen", flat=True)) == moved == invoiced
        for worker in people:
            paid = Document.objects.filter(about=statement_of(worker.pk, DECEMBER)).first()
            net = sum(one.amount_yen for one in earned if one.worker_id == worker.pk)
            assert (paid.amount_yen if paid else 0) == net
        if document:
            figures = document.text.payload["figures"]
            assert figures["gross_yen"] == sum(figures[f"{name}_yen"] for name in ("price", "tax", "client_fee", "client_fee_tax"))
            assert figures["withheld_yen"] == sum(one.withheld_yen for one in earned)
            said = {line[0]: line[4:] for line in document.text.payload["table"][1:-1]}
            fees = (lambda one: (one.client_fee_yen, one.client_fee_yen * 10 // 100)) if figures["client_fee_yen"] else (lambda one: ())
            assert said == {f"S{one.pk}": [f"{yen:,}円" for yen in (            # each rounded once by itself, and none left out
                one.price_yen, one.price_yen * 10 // 100, *fees(one), one.price_yen * 110 // 100 + sum(fees(one)))] for one in earned}
    assert broken() == {}


@pytest.mark.parametrize("leaver", ["worker", "client"])
def test_papers_of_tasks_go_under_seal_with_whoever_leaves_and_the_others_stay_whole(town, leaver):
    client, worker = a_client(), with_bank_account(a_person())
    with on(2):
        answered(a_batch(client, rows=3, answers_each=1, most_each=1, gold_percent=0), worker, 3)
        tasks.put_together()
    with on(3):
        tasks.close_batches()
    with clock.moved(to=clock.start_of(datetime.date(2027, 2, 1))):
        put_together()
        payday()
        erase_account(by=worker if leaver == "worker" else client)
        assert put_together() == 0

        law = Paper.objects.sealed().filter(kind=Paper.Kind.DOCUMENTS, about__contains="_tasks:")
        [sealed] = law.select_related("key").order_by("pk")
        assert len(open_paper(sealed)["papers"]) == 1 and sealed.about == (
            f"worker_tasks:{worker.pk}" if leaver == "worker" else f"party_tasks:{party_of(client).pk}")
        assert sealed.is_of_tasks and said("desk.sealed.tasks") in text_of(at_work("finance")[0].get("/desk/sealed/"))
        assert read_sealed(paper=sealed, by=a_staff_member("finance"))["papers"]
    kinds = set(DocumentText.objects.values_list("document__kind", flat=True))
    assert kinds == ({Kind.TASKS, Kind.MONTH} if leaver == "worker" else {Kind.TASK_PAY, Kind.YEAR}) and broken() == {}
