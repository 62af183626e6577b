"""Everything about a person in one file: complete, readable, theirs alone, and gone on its day (trust.md T40)."""
import csv
import datetime
import io
import json
import zipfile

import pytest
from django.conf import settings

from machi.accounts import actions as accounts
from machi.accounts.facts import LOOKED_AT
from machi.contracts import actions as contracts
from machi.contracts.models import DeliveryFile
from machi.files.storing import store_all
from machi.journey.actions import answer, choose_wishes, set_target
from machi.journey.models import Wish
from machi.messaging.actions import mark_read, send_message
from machi.messaging.queries import thread_about
from machi.privacy import actions, keys
from machi.privacy.actions import exporting
from machi.privacy.belongings import belongings
from machi.privacy.models import Export
from machi.privacy.queries import copy_of
from machi.privacy.sealing import sealed_place
from machi.profiles.actions import add_strength
from machi.reviews.actions import write_review
from machi.shared.errors import NotAllowed
from machi.shared.money import Yen
from machi.web.pages.privacy.watched import SHOWN
from tests.people import (
    a_contract,
    a_member,
    a_person,
    a_proposal,
    a_staff_member,
    an_organisation,
    deliver,
    membership_of,
    with_bank_account,
)
from tests.web.contracts.walking import said, upload

pytestmark = pytest.mark.django_db


def exported(person) -> zipfile.ZipFile:
    export = actions.ask_for_export(by=person)
    assert actions.make_exports() == 1
    return zipfile.ZipFile(exporting.place_of(export))


def rows(archive: zipfile.ZipFile, table: str) -> list[dict]:
    return json.loads(archive.read(f"data/{table}.json"))


def cells(archive: zipfile.ZipFile, table: str) -> list[list[str]]:
    text = archive.read(f"data/{table}.csv").decode()
    assert text.startswith("\ufeff"), "a spreadsheet knows the letters by this mark"
    return list(csv.reader(io.StringIO(text[1:])))


@pytest.fixture
def worker(django_capture_on_commit_callbacks):
    """Somebody in the middle of a life: a page, a delivered contract with a file, a letter, a bank account."""
    contract = a_contract(funded=True)
    person = with_bank_account(contract.worker, "7654321")
    add_strength(by=person, statement="=SUM(A1)でなく、聞き書きができます")
    deliver(milestone=contract.milestones.get(), by=person, text="できました", ai_note="なし",
            files=store_all([upload("../下書き.txt", "本文です".encode())]))
    send_message(thread=thread_about(contract.reference, person), by=person, body="よろしくお願いします", key="k", title="x")
    return person


def test_every_table_stands_in_it_twice_and_is_explained_in_three_languages(worker):
    archive = exported(worker)

    names = set(archive.namelist())
    for label in belongings():
        stem = f"data/{label.lower().replace('.', '_')}"
        assert {f"{stem}.json", f"{stem}.csv"} <= names
    readme = archive.read("README.txt").decode()
    assert all(language in readme for language in ("日本語", "やさしい日本語", "English"))
    assert readme.count("- profiles_strength (1)") == 3
    assert archive.testzip() is None


def test_it_holds_what_is_theirs(worker):
    archive = exported(worker)

    assert rows(archive, "accounts_user")[0]["email"] == worker.email
    assert [row["body"] for row in rows(archive, "messaging_message")] == ["よろしくお願いします"]
    assert rows(archive, "contracts_delivery")[0]["text"] == "できました"
    assert rows(archive, "payments_bankaccount")[0]["number"] == "7654321"
    [file] = [name for name in archive.namelist() if name.startswith("files/")]
    assert archive.read(file).decode() == "本文です" and ".." not in file


def test_what_opens_a_door_is_not_in_it(worker):
    archive = exported(worker)

    assert "password" not in rows(archive, "accounts_user")[0]
    assert "stored_as" not in rows(archive, "privacy_export")[0]


def test_what_is_somebody_elses_is_not_in_it(worker):
    stranger = a_person("よその人")
    add_strength(by=stranger, statement="kanari")
    a_proposal(None, stranger, "kanari")
    client = worker.contracts.get().client.person
    for person in (stranger, client):
        choose_wishes(by=person, kinds=list(Wish.Kind.values))
        answer(by=person, question="asked", text="kanari")
        set_target(by=person, monthly=Yen(98_765), months=6, aside_percent=0, savings=None)

    archive = exported(worker)

    assert rows(archive, "journey_wish") == rows(archive, "journey_answer") == rows(archive, "journey_target") == []
    assert not any(b"kanari" in archive.read(name) for name in archive.namelist())


def test_a_review_that_is_not_open_yet_is_not_in_it():
    contract = a_contract(accepted=True)
    write_review(contract=contract, by=contract.client.person, again="yes", text="kanari")

    assert rows(exported(contract.worker), "reviews_review") == []
    write_review(contract=contract, by=contract.worker, again="yes", text="ありがとう")
    assert {row["text"] for row in rows(exported(contract.worker), "reviews_review")} == {"kanari", "ありがとう"}


def test_a_cell_never_calculates(worker):
    head, line = cells(exported(worker), "profiles_strength")

    assert line[head.index("statement")] == "'=SUM(A1)でなく、聞き書きができます"
    assert rows(exported(worker), "profiles_strength")[0]["statement"].startswith("=SUM")


def test_asked_twice_it_is_one_and_a_finished_one_gives_way(worker, django_capture_on_commit_callbacks):
    first = actions.ask_for_export(by=worker)
    assert actions.ask_for_export(by=worker) == first
    actions.make_exports()
    assert exporting.place_of(first).exists()

    with django_capture_on_commit_callbacks(execute=True):
        second = actions.ask_for_export(by=worker)

    assert second != first and not exporting.place_of(first).exists()


def test_only_its_person_takes_it(worker):
    export = actions.ask_for_export(by=worker)
    actions.make_exports()

    with pytest.raises(NotAllowed):
        actions.take_export(export=export, by=a_person())
    assert actions.take_export(export=export, by=worker).exists()


def test_it_goes_on_its_day(worker, clock_at, django_capture_on_commit_callbacks):
    export = actions.ask_for_export(by=worker)
    actions.make_exports()
    export.refresh_from_db()
    clock_at(export.until_at - datetime.timedelta(seconds=5))
    assert actions.clear_exports() == 0

    clock_at(export.until_at + datetime.timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.clear_exports() == 1

    assert not exporting.place_of(export).exists()
    with pytest.raises(NotAllowed):
        actions.take_export(export=export, by=worker)


def test_what_a_killed_process_began_is_made_again_from_the_beginning(worker, monkeypatch):
    export = actions.ask_for_export(by=worker)
    exporting._begin(export)
    half = exporting.place_of(export).with_suffix(".part")
    half.write_bytes(b"half")

    assert actions.make_exports() == 1

    assert not half.exists() and zipfile.ZipFile(exporting.place_of(export)).testzip() is None
    assert worker.notices.filter(kind="export.ready").count() == 1


def test_a_full_disk_holds_up_nobody_and_is_said_in_the_end(worker, monkeypatch):
    export = actions.ask_for_export(by=worker)

    def full(*_values):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(exporting, "write", full)
    for _turn in range(exporting.TRIES_AT_MOST):
        assert actions.make_exports() == 0

    export.refresh_from_db()
    assert export.state == "gone" and not list(settings.EXPORT_FOLDER.iterdir())
    assert worker.notices.filter(kind="export.not_made").count() == 1


def test_how_far_it_is_can_be_seen_and_it_stops_when_nobody_waits(worker, monkeypatch):
    seen, tell = [], exporting._tell
    actions.ask_for_export(by=worker)

    def watch(export, done, of):
        tell(export, done, of)
        seen.append((done, of))
        if done == 5:
            Export.objects.filter(pk=export.pk).delete()
    monkeypatch.setattr(exporting, "_tell", watch)

    assert actions.make_exports() == 0
    assert seen[-1][0] == 5 and seen[0][1] > len(belongings())
    assert not list(settings.EXPORT_FOLDER.iterdir())


def test_files_of_a_delivery_are_the_clients_to_take_home_too(worker):
    client = DeliveryFile.objects.get().delivery.milestone.contract.client.person

    archive = exported(client)

    assert [archive.read(name).decode() for name in archive.namelist() if name.startswith("files/")] == ["本文です"]
    assert "7654321" not in b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")


def letters_in(archive: zipfile.ZipFile) -> list[str]:
    return [row["body"] for row in rows(archive, "messaging_message")]


def a_letter(contract, by, body: str) -> None:
    send_message(thread=thread_about(contract.reference, by), by=by, body=body, key=body, title="x")


def test_both_sides_take_the_letters_home_also_whoever_has_never_read_them():
    contract = a_contract()
    a_letter(contract, contract.worker, "はじめまして")

    assert letters_in(exported(contract.worker)) == letters_in(exported(contract.client.person)) == ["はじめまして"]


def test_of_an_organisation_only_those_who_read_for_it_now_take_its_letters_home():
    party = an_organisation()
    leaves, reads, pays = (a_member(party, power) for power in ("member", "member", "payer"))
    contract = a_contract(party=party, by=party.people("keeper")[0])
    a_letter(contract, contract.worker, "はじめまして")
    for one in (leaves, reads):
        a_letter(contract, one, f"{one.pk}です")
        mark_read(thread=thread_about(contract.reference, one), by=one)
    accounts.end_membership(membership=membership_of(party, leaves), by=leaves)
    a_letter(contract, contract.worker, "そのあとの話です")

    assert letters_in(exported(leaves)) == [f"{leaves.pk}です"], "what they wrote themselves is theirs"
    assert letters_in(exported(reads)) == ["はじめまして", f"{leaves.pk}です", f"{reads.pk}です", "そのあとの話です"]
    assert letters_in(exported(pays)) == []
    accounts.change_powers(membership=membership_of(party, reads), by=party.people("keeper")[0], powers=["payer"])
    assert letters_in(exported(reads)) == [f"{reads.pk}です"]


@pytest.fixture
def copied(worker):
    """The client has left: a copy of the contract with its file lies under seal."""
    contract = worker.contracts.get()
    contracts.accept_delivery(milestone=contract.milestones.get(), by=contract.client.person)
    actions.erase_account(by=contract.client.person)
    return copy_of(worker, contract.reference)


def test_the_copies_of_contracts_with_people_who_left_are_in_it_with_their_files(worker, copied):
    archive, stem = exported(worker), copied.about.replace(":", "_")

    [file] = [name for name in archive.namelist() if name.startswith(f"papers/{stem}/")]
    assert json.loads(archive.read(f"papers/{stem}.json"))["letters"] and archive.read(file).decode() == "本文です"


def test_a_copy_that_nobody_can_open_any_more_is_said_so_and_holds_up_nothing(worker, copied):
    stem = copied.about.replace(":", "_")
    sealed_place(copied.files[0]).unlink()
    archive = exported(worker)
    [closed] = [name for name in archive.namelist() if name.startswith(f"papers/{stem}/")]
    assert said("copy.closed") in archive.read(closed).decode() and json.loads(archive.read(f"papers/{stem}.json"))

    keys.destroy(copied.key.stored_as)
    archive = exported(worker)
    assert said("copy.closed") in archive.read(f"papers/{stem}.txt").decode()
    assert rows(archive, "accounts_user") and f"papers/{stem}.json" not in archive.namelist()


def test_who_looked_at_what_of_theirs_is_in_it_all_of_it():
    person, staff = a_person(), a_staff_member("operator")
    for _number in range(SHOWN + 1):
        accounts.note_look(by=staff, person=person, what="looked.duties")

    looks = [row for row in rows(exported(person), "activity_fact") if row["name"] == LOOKED_AT]

    assert [(row["actor"], row["data"]) for row in looks] == [(staff.name, {"what": "looked.duties"})] * (SHOWN + 1)
    assert all(row["about"] == f"user:{person.pk}" for row in looks), "and nothing that is told of somebody else"
