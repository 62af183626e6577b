"""Files beside the words about a difference: what a screen showed, a draft. For the two sides, and for nobody else."""
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from machi.contracts import actions as contracts
from machi.contracts.models import Contract, Dispute, DisputeFile
from machi.files.models import File
from machi.files.storing import path_of, store_all
from machi.privacy import actions, taking_home
from machi.privacy.queries import copy_of
from machi.shared import clock
from tests.people import a_contract, a_member, a_person, an_hourly_contract, an_organisation, client_of, in_week, payday, with_bank_account
from tests.web.contracts.walking import HTMX, as_it_stands, said, signed_in, text_of, upload

pytestmark = pytest.mark.django_db


def on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def told(browser, contract: Contract, text: str, *files, where: str = "dispute/", headers=None, **typed):
    address = f"/contracts/{contract.pk}/{where}"
    fields = as_it_stands(browser.get(address), address) | typed
    return browser.post(address, fields | {"text": text, "files": list(files)}, **(headers or {}))


def with_evidence(contract: Contract, by, content: bytes = b"a") -> DisputeFile:
    step = contract.milestones.order_by("number").first()
    dispute = contracts.open_dispute(milestone=step, by=by, reason="違います。", files=store_all([upload("画面.txt", content)]))
    return dispute.files.get()


def got(browser, contract: Contract, file: DisputeFile):
    answer = browser.get(f"/contracts/{contract.pk}/dispute/files/{file.pk}/")
    answer.words = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()
    return answer


def test_each_side_puts_files_beside_its_words_and_both_take_them_home():
    contract = a_contract(delivered=True)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))

    files = upload("画面.txt", "3軒".encode()), upload("下書き.txt", b"b")
    assert told(client, contract, "3軒ぶんが抜けています。", *files).status_code == 302
    page = text_of(worker.get(f"/contracts/{contract.pk}/dispute/"))
    assert "画面.txt" in page and "下書き.txt" in page, "whoever answers reads it all first"
    assert told(worker, contract, "お休みでした。", upload("貼り紙.txt", b"c")).status_code == 302

    for browser in (worker, client):
        room = text_of(browser.get(f"/contracts/{contract.pk}/"))
        assert room.index("画面.txt") < room.index("お休みでした。") < room.index("貼り紙.txt")
    assert [(one.side, one.file.owner_id) for one in DisputeFile.objects.select_related("file").order_by("pk")] == [
        ("client", client_of(contract).pk), ("client", client_of(contract).pk), ("worker", contract.worker_id)]
    answer = got(worker, contract, DisputeFile.objects.order_by("pk").first())
    assert answer.words == "3軒" and answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream" and "sandbox" in answer.headers["Content-Security-Policy"]


def test_about_a_week_by_the_hour_too():
    contract = an_hourly_contract(funded=True)
    with in_week(contract, 1):
        answer = told(signed_in(contract.worker), contract, "時間が違います。", upload("表.txt", b"a"), where="weeks/1/dispute/")
        assert answer.status_code == 302

        assert "表.txt" in text_of(signed_in(client_of(contract)).get(f"/contracts/{contract.pk}/weeks/1/"))


def test_nobody_else_opens_them_not_even_whoever_only_pays_for_the_client():
    party = an_organisation()
    members = {power: a_member(party, power) for power in ("member", "payer")}
    contract, other = a_contract(funded=True, party=party, by=party.people("keeper")[0]), a_contract(funded=True)
    file = with_evidence(contract, contract.worker)

    for stranger in (a_person(), other.worker, members["payer"]):
        assert got(signed_in(stranger), contract, file).status_code == 404
    assert got(signed_in(other.worker), other, file).status_code == 404, "nor under the number of their own contract"
    assert "画面.txt" not in text_of(signed_in(members["payer"]).get(f"/contracts/{contract.pk}/"))
    assert got(signed_in(members["member"]), contract, file).status_code == 200


@pytest.mark.parametrize(("files", "why"), [
    ([upload("空.txt", b"")], "file.empty"), ([upload("大きい.txt", b"a" * 1001)], "file.too_large"),
    ([upload(f"{number}.txt", b"a") for number in range(11)], "file.too_many"),
    ([upload("動く.exe", b"MZ\x90\x00\x03\x00\x00\x00\xff\xff")], "file.other_kind")])
@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_file_that_cannot_be_taken_is_said_beside_the_field_and_freezes_nothing(settings, files, why, headers):
    settings.UPLOAD_MAX_BYTES = 1000
    contract = a_contract(delivered=True)
    before = on_disk()

    answer = told(signed_in(contract.worker), contract, "ここまで書きました", *files, headers=headers)

    sentence = said(why).split("%(")[0] or said(why).partition(")s")[2].split("%(")[0]
    assert answer.status_code == 422 and sentence in text_of(answer) and said("deliver.files.again") in text_of(answer)
    assert "ここまで書きました</textarea>" in answer.content.decode() and not Dispute.objects.exists()
    assert on_disk() == before and not File.objects.exists()


def test_a_file_of_a_difference_that_is_refused_is_kept_nowhere():
    contract = a_contract(delivered=True)
    worker, before = signed_in(contract.worker), len(on_disk())
    contracts.open_dispute(milestone=contract.milestones.get(), by=client_of(contract), reason="違います。")

    answer = told(worker, contract, "書きました", upload("画面.txt", b"a"), answers="")

    assert answer.status_code == 409 and len(on_disk()) == before and not DisputeFile.objects.exists()
    assert said("deliver.files.again") in text_of(answer)


def test_both_take_the_files_home_with_all_that_is_theirs(tmp_path):
    contract = a_contract(delivered=True)
    with_evidence(contract, contract.worker, "証拠".encode())

    for person in (contract.worker, client_of(contract)):
        taking_home.write(tmp_path / "home.zip", person, lambda *_far: None)
        archive = zipfile.ZipFile(tmp_path / "home.zip")
        assert "証拠" in [archive.read(name).decode(errors="replace") for name in archive.namelist() if name.startswith("files/")]
        assert len(json.loads(archive.read("data/contracts_disputefile.json"))) == 1
    taking_home.write(tmp_path / "home.zip", a_person(), lambda *_far: None)
    assert json.loads(zipfile.ZipFile(tmp_path / "home.zip").read("data/contracts_disputefile.json")) == []


def test_whoever_leaves_takes_their_files_along_and_the_other_side_keeps_a_copy_under_seal(django_capture_on_commit_callbacks):
    contract = a_contract(delivered=True)
    client, place = client_of(contract), f"/contracts/{contract.pk}/copy/"
    file = with_evidence(contract, contract.worker, "証拠".encode())
    contracts.withdraw_dispute(dispute=file.dispute, by=contract.worker)
    contracts.accept_delivery(milestone=contract.milestones.get(), by=client)
    with_bank_account(contract.worker)
    with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
        payday()

    lies_at = path_of(file.file.stored_as)
    assert lies_at.exists()

    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_account(by=contract.worker)

    assert not DisputeFile.objects.exists() and not lies_at.exists()
    page = signed_in(client).get(place)
    assert copy_of(client, contract.reference) and "画面.txt" in text_of(page) and "違います。" in text_of(page)
    opened = signed_in(client).get(f"{place}{file.file_id}/")
    assert opened.content.decode() == "証拠"
