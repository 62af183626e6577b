"""Papers as both sides search, read and take them along."""
import csv
import datetime
import io
import zipfile

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from machi.accounts.queries import party_of
from machi.documents.actions import issue, make_papers
from machi.documents.gathering import Draft
from machi.documents.kinds import Kind
from machi.documents.making import Name, paper
from machi.documents.models import Document
from machi.documents.naming import Names, file_stem
from machi.privacy.actions import erase_account
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import a_client, a_contract, a_person, client_of, payday, with_bank_account
from tests.web.contracts.walking import said, signed_in, text_of

DAY = datetime.date(2026, 11, 5)
AFTER, BEFORE = (DAY + datetime.timedelta(days=days) for days in (1, -1))


def written(worker, client, about: str, *, amount: int = 11_000, on: datetime.date = DAY, name: str = "みなと応援会",
            kind=Kind.INVOICE):
    """One paper between the two."""
    payload = paper("請求書", by=Name("かなりや"), to=Name(name), on=on, of=("ご請求金額（税込）", amount), rows=[("件名", "会報")])
    issuer, party = f"worker:{worker.pk}", party_of(client)
    return issue(Draft(kind, issuer, about, "contract:0", worker, party, "かなりや", name, on, Yen(amount), payload))


def lived():
    """A contract from the order to the money, and its papers."""
    contract = a_contract(accepted=True, worker=with_bank_account(a_person("かなりや")), by=a_client("みなと応援会"))
    while make_papers():
        pass
    return contract


def found(browser, **asked) -> list[int]:
    page = browser.get(reverse("documents:list"), asked)
    assert page.status_code == 200
    html = page.content.decode()
    every = Document.objects.order_by("pk").values_list("pk", flat=True)
    return [pk for pk in every if f'{reverse("documents:paper", args=[pk])}"' in html]


def test_days_sums_and_names_are_searched_together(db):
    worker, client = a_person(), a_client()
    papers = {
        "a": written(worker, client, "milestone:1"), "b": written(worker, client, "delivery:2", amount=5_000, kind=Kind.DELIVERY),
        "c": written(worker, client, "milestone:3", amount=22_000, on=AFTER, name="abc商会"),
        "d": written(worker, client, "milestone:4", on=BEFORE, name="abc商会")}
    written(a_person(), a_client(), "milestone:5")
    browser = signed_in(worker)

    for asked, expected in (
            ({}, "abcd"), ({"since": "2026-11-05"}, "abc"), ({"until": "2026-11-05"}, "abd"),
            ({"since": "2026-11-05", "until": "2026-11-05"}, "ab"), ({"least_yen": "11,000"}, "acd"), ({"most_yen": "１１０００円"}, "abd"),
            ({"least_yen": "10999", "most_yen": "11000"}, "ad"), ({"name": "みなと"}, "ab"), ({"name": "ミナト 応援会"}, "ab"),
            ({"name": "ＡＢＣ"}, "cd"), ({"name": "いない"}, ""), ({"name": "みなと", "since": "2026-11-05", "most_yen": "5000"}, "b"),
            ({"name": "abc", "least_yen": "20000", "since": "2026/11/06"}, "c"), ({"kind": "invoice", "name": "みなと"}, "a"),
            ({"kind": "delivery"}, "b"), ({"since": "", "until": "", "name": " "}, "abcd")):
        assert found(browser, **asked) == [papers[one].pk for one in expected], asked
    assert found(signed_in(client), name="カナリヤ") == [one.pk for one in papers.values()] and not found(signed_in(client), name="みなと")


@pytest.mark.parametrize(("asked", "words"), [
    ({"since": "きのう"}, "day.not_a_day"), ({"least_yen": "たくさん"}, "yen.not_a_number"),
    ({"since": "2026-11-06", "until": "2026-11-05"}, "document.days_turned"), ({"least_yen": "2", "most_yen": "1"}, "document.sums_turned"),
    ({"kind": "planet"}, "choice.required"), ({"name": "あ" * 81}, None), ({"least_yen": "-1"}, None), ({"until": "9" * 400}, None),
    ({"since": "2026-13-01", "name": "<b>\x00"}, None)])
def test_what_cannot_be_searched_comes_back_with_one_sentence_beside_it(db, asked, words):
    browser = signed_in(a_person())

    page = browser.get(reverse("documents:list"), asked)

    assert page.status_code == 422 and 'class="field wrong"' in page.content.decode()
    assert words is None or said(words) in text_of(page)
    typed = next(iter(asked.values()))
    assert f'value="{typed}"' in page.content.decode() or "kind" in asked
    for name in ("documents:index", "documents:archive"):
        assert browser.get(reverse(name), asked).status_code == 404


def test_many_papers_cost_no_more_questions_than_few(db):
    worker, client = a_person(), a_client()
    browser, counts = signed_in(worker), []
    for number in range(40):
        written(worker, client, f"milestone:{number}", on=DAY - datetime.timedelta(days=number))
        if number in (1, 2, 39):
            with CaptureQueriesContext(connection) as asked:
                browser.get(reverse("documents:list"), {"name": "みなと", "since": "2020-01-01", "least_yen": "1"})
            counts.append(len(asked))
    assert counts[1] == counts[2] <= 12
    assert len(found(browser, page="2")) == 10


def test_a_paper_is_read_and_taken_along_by_both_sides_and_by_nobody_else(town):
    contract = lived()
    invoice, payment = Document.objects.get(kind=Kind.INVOICE), Document.objects.get(kind=Kind.PAYMENT)

    for person in (contract.worker, client_of(contract)):
        browser = signed_in(person)
        text = text_of(browser.get(reverse("documents:paper", args=[invoice.pk])))
        assert "11,000円" in text and "10％対象" in text and invoice.number in text and said("document.about.invoice") in text
        answer = browser.get(reverse("documents:pdf", args=[invoice.pk]))
        assert b"pdfuaid" in answer.content and b"/StructTreeRoot" in answer.content
        words = "".join(part.get_textpage().get_text_range() for part in pypdfium2.PdfDocument(answer.content))
        assert all(word in words for word in ("請求書", "11,000円", invoice.number, "みなと応援会", invoice.sha256))
        sheet = browser.get(reverse("documents:sheet", args=[invoice.pk])).content.decode("utf-8-sig")
        assert ["gross_yen", "11000"] in list(csv.reader(io.StringIO(sheet)))
    assert signed_in(client_of(contract)).get(reverse("documents:paper", args=[payment.pk])).status_code == 404
    stranger = signed_in(a_person())
    for name in ("paper", "pdf", "sheet"):
        assert stranger.get(reverse(f"documents:{name}", args=[invoice.pk])).status_code == 404


def test_everything_that_was_found_comes_as_one_archive_with_its_list(town):
    contract = lived()

    answer = signed_in(contract.worker).get(reverse("documents:archive"), {"name": "みなと"})

    zipped = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert zipped.testzip() is None
    day = f"{clock.today():%Y%m%d}"
    assert set(zipped.namelist()) == {"index.csv", f"{day}_みなと応援会_8580.pdf", f"{day}_みなと応援会_11000.pdf",
                                      *(f"{day}_みなと応援会_11000_{number}.pdf" for number in (2, 3, 4))}
    rows = list(csv.DictReader(io.StringIO(zipped.read("index.csv").decode("utf-8-sig"))))
    assert {row["ファイル"] for row in rows} == set(zipped.namelist()) - {"index.csv"}
    assert {row["取引先"] for row in rows} == {"みなと応援会"}
    assert {row["SHA-256"] for row in rows} == set(Document.objects.visible_to(contract.worker).values_list("sha256", flat=True))
    assert all(zipped.read(row["ファイル"]).startswith(b"%PDF") for row in rows)


@pytest.mark.parametrize("part", ["0", "-1", "x", "", "9" * 5_000, "２", "1.5"])
def test_a_part_of_the_archive_that_is_no_number_is_the_first_one(town, part):
    worker = lived().worker
    answer = signed_in(worker).get(reverse("documents:archive"), {"name": "だれでもない", "part": part})
    assert answer.status_code == 200 and b"".join(answer.streaming_content)


def test_when_the_other_side_has_left_its_papers_are_still_read(town):
    contract = lived()
    with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
        payday()
    client, invoice = client_of(contract), Document.objects.get(kind=Kind.INVOICE)
    erase_account(by=contract.worker)
    browser = signed_in(client)

    assert said("person.left") in text_of(browser.get(reverse("documents:list")))
    assert "かなりや" in text_of(browser.get(reverse("documents:paper", args=[invoice.pk])))
    assert browser.get(reverse("documents:pdf", args=[invoice.pk])).content.startswith(b"%PDF")


@pytest.mark.parametrize(("name", "stem"), [
    ("みなと応援会", "20261105_みなと応援会_11000"), ("a/b\\c:d", "20261105_a_b_c_d_11000"), ("..", "20261105___11000"),
    ("か\u3099", "20261105_が_11000"), ("\u202eexe.𠮷", "20261105_exe.𠮷_11000"), ("株 式　会社", "20261105_株_式_会社_11000")])
def test_names_of_files_can_be_written_to_every_disk(name, stem):
    assert file_stem(DAY, name, 11_000) == stem


def test_two_files_of_one_archive_never_have_the_same_name():
    names = Names()

    given = [names.of(DAY, name, 5) for name in ("ABC", "abc", "あ" * 200, "あ" * 200)]

    assert given[1] == "20261105_abc_5_2.pdf" and len(set(given)) == 4 and len(file_stem(DAY, "あ" * 200, 5)) <= 80
