"""A work that won a contest was paid for: when its maker or its client leaves for good, the other side keeps a sealed copy of it."""
import datetime
import json

import pytest
from django.conf import settings
from django.urls import reverse

from machi.accounts.models import User
from machi.files.storing import path_of, store_all
from machi.privacy import actions, keys
from machi.privacy.actions import erasing
from machi.privacy.keys import KeyGone
from machi.privacy.models import Key, Paper
from machi.privacy.queries import copy_of, kept_papers
from machi.privacy.sealing import sealed_place
from machi.privacy.taking_home import open_paper
from machi.proposals import actions as proposals
from machi.proposals.entries import Entry
from machi.shared import clock
from machi.shared.seals import fingerprint
from tests.people import a_contest, a_member, a_person, an_entry, an_organisation, client_of, closed_contest, payday, with_bank_account
from tests.privacy.canaries import backup, restored, where
from tests.privacy.test_exports import exported
from tests.web.contracts.walking import said, signed_in, text_of, upload
from tests.web.desk.staff import at_work

WORDS, CONTENT = "灯台のひかりを二色で描きました。", "灯台の図面のすべて".encode()


def a_won_entry(job=None, words: str = WORDS) -> Entry:
    """One of two entries was chosen, and its prize has reached its maker's bank: nothing keeps anybody here."""
    job = job or a_contest()
    entries = [an_entry(job, text=text, files=store_all([upload("図面.txt", content)]))
               for text, content in ((words, CONTENT), ("港の朝を一筆で描きました。", b"harbour" * 9))]
    with closed_contest(job):
        proposals.award(job=job, by=client_of(job), winners={1: entries[0].number})
    paid(entries[0])
    return Entry.objects.get(pk=entries[0].pk)


def paid(*entries: Entry) -> None:
    for entry in entries:
        with_bank_account(entry.worker)
    pay_on = max(entry.worker.earnings.get().pay_on for entry in entries)
    with clock.moved(to=datetime.datetime.combine(pay_on, datetime.time(10), clock.JAPAN)):
        payday()


def at(name: str, *values) -> str:
    return reverse(f"privacy:{name}", args=values)


def test_the_client_reads_and_downloads_what_was_paid_for_after_its_maker_has_left(town):
    entry = a_won_entry()
    maker, job, issued, file = entry.worker.name, entry.job, entry.rights_paper, entry.files.get()
    stored, other = path_of(file.file.stored_as), Entry.objects.exclude(pk=entry.pk).get()

    actions.erase_account(by=entry.worker)

    client = signed_in(client_of(job))
    read = client.get(at("entry_copy", entry.pk))
    words = text_of(read)
    assert all(told in words for told in (WORDS, maker, job.title, issued.number, issued.paper_hash, "図面.txt", "25,740円"))
    given = client.get(at("entry_file", entry.pk, file.file_id))
    assert given.content == CONTENT and given["Content-Disposition"].startswith("attachment")
    assert not stored.exists() and where(WORDS) == [], "and it lies nowhere else"
    assert client.get(at("entry_file", entry.pk, file.file_id + 999)).status_code == 404
    for person in (a_person(), other.worker):
        for address in (at("entry_copy", entry.pk), at("entry_file", entry.pk, file.file_id)):
            assert signed_in(person).get(address).status_code == 404
    assert client.get(at("entry_copy", other.pk)).status_code == 404
    assert fingerprint(open_paper(copy_of(client_of(job), entry.reference))["receipt"]) == issued.paper_hash


@pytest.mark.parametrize("page", ["/jobs/{job}/gallery/", "/entries/{entry}/", "/entries/{entry}/receipt/"])
@pytest.mark.django_db
def test_every_page_of_the_win_leads_to_the_copy_once_there_is_one(page):
    entry = a_won_entry()
    address = page.format(job=entry.job_id, entry=entry.pk)
    client = signed_in(client_of(entry.job))
    assert at("entry_copy", entry.pk) not in client.get(address).text

    actions.erase_account(by=entry.worker)

    read = client.get(address)
    assert at("entry_copy", entry.pk) in read.text and said("copy.entry.told") in text_of(read)


@pytest.mark.django_db
def test_of_an_organisation_those_who_read_its_work_are_led_to_the_copy_and_whoever_pays_is_not():
    party = an_organisation()
    keeper, reads, pays = party.people("keeper")[0], a_member(party, "member"), a_member(party, "payer")
    job = a_contest(keeper, party=party)
    entries = [an_entry(job) for _number in range(2)]
    with closed_contest(job):
        proposals.award(job=job, by=keeper, winners={1: entries[0].number})
    paid(entries[0])
    actions.erase_account(by=entries[0].worker)

    link, gallery = at("entry_copy", entries[0].pk), f"/jobs/{job.pk}/gallery/"
    for person, status in ((keeper, 200), (reads, 200), (pays, 404)):
        browser = signed_in(person)
        assert browser.get(link).status_code == status and (link in browser.get(gallery).text) == (status == 200)


@pytest.mark.django_db
def test_what_a_share_of_the_pot_was_paid_for_stays_its_makers_and_goes_with_them():
    job = a_contest()
    entries = [an_entry(job, text=WORDS, files=store_all([upload("図面.txt", CONTENT)])) for _number in range(2)]
    with closed_contest(job), clock.moved(by=datetime.timedelta(days=20)):
        proposals.settle_contests()
    paid(*entries)

    actions.erase_account(by=entries[0].worker)

    gone = Entry.objects.get(pk=entries[0].pk)
    assert (gone.state, gone.text, gone.files.count()) == ("shared", "", 0) and not Paper.objects.exists()
    assert signed_in(client_of(job)).get(at("entry_copy", gone.pk)).status_code == 404


@pytest.mark.django_db
def test_when_the_client_leaves_the_maker_keeps_the_receipt_as_it_was():
    entry = a_won_entry()
    name, title, mark = entry.rights_paper.paper["client_name"], entry.job.title, entry.rights_paper.paper_hash
    actions.erase_account(by=client_of(entry.job))
    browser = signed_in(entry.worker)

    assert name not in text_of(browser.get(f"/entries/{entry.pk}/receipt/"))
    assert at("entry_copy", entry.pk) in browser.get(f"/entries/{entry.pk}/receipt/").text
    read = text_of(browser.get(at("entry_copy", entry.pk)))
    assert all(told in read for told in (name, title, mark, WORDS))
    assert entry.files.count() == 1 and Entry.objects.get(pk=entry.pk).text == WORDS, "and the work itself, which is still theirs"


def test_the_laws_papers_end_on_their_day_and_the_copy_when_its_holder_leaves(town, clock_at):
    entry = a_won_entry()
    client, maker = client_of(entry.job), entry.worker
    assert [(kept.kind, kept.count) for kept in kept_papers(maker)] == [("terms", 0), ("statement", 1), ("receipt", 1)]
    actions.erase_account(by=maker)
    papers = list(Paper.objects.sealed().order_by("pk"))
    assert [(paper.kind, paper.about) for paper in papers] == [("receipt", entry.reference), ("statement", entry.reference)]
    day = papers[0].key.destroy_on
    assert day == datetime.date(entry.ended_at.year + 8, 3, 16)
    clock_at(datetime.datetime.combine(day, datetime.time(12)).isoformat(" "))

    assert actions.destroy_due_keys() == 1
    with pytest.raises(KeyGone):
        open_paper(papers[0])
    copy = copy_of(client, entry.reference)
    assert WORDS in json.dumps(open_paper(copy), ensure_ascii=False) and sealed_place(copy.files[0]).exists()
    actions.erase_account(by=client)

    assert not Paper.objects.exists() and not list(settings.SEALED_FOLDER.iterdir())
    with pytest.raises(KeyGone):
        keys.read(copy.key.stored_as)


def test_both_leave_and_only_the_laws_papers_of_both_are_left(town):
    entry = a_won_entry()
    maker = entry.worker.name
    for person in (entry.worker, client_of(entry.job)):
        actions.erase_account(by=person)

    assert sorted(Paper.objects.order_by("pk").values_list("kind", flat=True)) == ["receipt", "receipt", "statement", "statement"]
    assert [open_paper(paper)["receipt"]["maker_name"] for paper in Paper.objects.filter(kind="receipt").order_by("pk")] == [maker] * 2
    assert not list(settings.SEALED_FOLDER.iterdir()) and not Key.objects.filter(destroy_on=None, destroyed_at=None).exists()


def test_after_a_restore_the_maker_is_erased_once_more_and_the_client_has_one_copy(town):
    entry = a_won_entry(words="kanari-work 灯台を描きました。")
    yesterday = backup()
    actions.erase_account(by=entry.worker)
    restored(yesterday)
    client = client_of(entry.job)
    assert where("kanari-work") and copy_of(client, entry.reference) is None

    assert actions.replay_erasures() == (1, [], []) and actions.replay_erasures() == (0, [], [])

    assert "kanari-work" in json.dumps(open_paper(copy_of(client, entry.reference)))
    assert Paper.objects.filter(kind="copy").count() == 1
    assert where("kanari-work") == []


def test_the_receipt_is_in_an_export_of_whoever_stayed_with_the_files(town):
    entry = a_won_entry()
    actions.erase_account(by=entry.worker)

    archive, stem = exported(client_of(entry.job)), f"papers/entry_{entry.pk}"

    [file] = [name for name in archive.namelist() if name.startswith(f"{stem}/")]
    assert archive.read(file) == CONTENT and json.loads(archive.read(f"{stem}.json"))["receipt"]["number"] == entry.rights_paper.number


@pytest.mark.django_db
def test_finance_opens_the_receipt_and_the_client_reads_that_it_was_opened():
    entry = a_won_entry()
    maker = entry.worker.name
    actions.erase_account(by=entry.worker)
    browser, person = at_work("finance")

    listed = text_of(browser.get("/desk/sealed/"))
    opened = text_of(browser.post(f"/desk/sealed/{Paper.objects.get(kind='receipt').pk}/open/"))

    assert said("desk.sealed.entry", n=entry.pk) in listed and said("receipt.title") in listed and maker not in listed
    assert said("desk.sealed.entry", n=entry.pk) in opened and maker in opened and said("receipt.transferred") in opened
    assert said("looked.sealed") in text_of(signed_in(client_of(entry.job)).get(reverse("privacy:seen")))


@pytest.mark.parametrize("round", range(3))
def test_maker_and_client_leave_at_the_same_moment(race, round):
    entry = a_won_entry()
    people = [entry.worker_id, client_of(entry.job).pk]

    outcome = race(*[lambda pk=pk: actions.erase_account(by=User.objects.get(pk=pk)) for pk in people])

    assert outcome == [None, None] and not Paper.objects.filter(kind="copy").exists()
    assert Paper.objects.filter(kind="receipt").count() == 2 and not list(settings.SEALED_FOLDER.iterdir())


@pytest.mark.django_db
def test_without_its_step_the_client_would_lose_what_they_paid_for(monkeypatch):
    entry = a_won_entry()
    monkeypatch.setattr(erasing, "_wins", lambda user: [])

    actions.erase_account(by=entry.worker)

    assert signed_in(client_of(entry.job)).get(at("entry_copy", entry.pk)).status_code == 404
