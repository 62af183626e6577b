"""Leaving for good: nothing about the person is left anywhere, the books stand, and the law's papers lie under seal (trust.md T40)."""
import datetime
import json
import os

import pytest
from django.conf import settings
from django.db import IntegrityError

from machi.accounts.actions import end_duty, introduce
from machi.accounts.models import User
from machi.activity.models import Fact
from machi.contracts import actions as contracts
from machi.contracts.models import Contract, Dispute, TimeEntry
from machi.contracts.terms import fingerprint
from machi.jobs.models import Job
from machi.jobs.questions import JobQuestion
from machi.privacy import actions, keys, sealing
from machi.privacy.actions import StillOpen, erasing, leaving
from machi.privacy.facts import PAPER_READ
from machi.privacy.keys import KeyGone
from machi.privacy.models import Key, Paper
from machi.privacy.queries import copy_of
from machi.privacy.taking_home import open_paper
from machi.reviews.models import Review
from machi.reviews.townkeys import new_key, public_keys
from machi.shared import clock
from machi.shared.errors import NotAllowed
from tests import database
from tests.people import a_contract, a_contract_in_steps, a_person, a_staff_member, client_of, payday, with_bank_account
from tests.privacy.canaries import CANARY, KINDLY, NUMBER, SIGNS, Life, backup, restored, where
from tests.privacy.other_work import OF_THE_OTHER
from tests.web.contracts.walking import said


@pytest.fixture(params=["worker", "client"])
def life(request, town, settings):
    """A whole life of one of the two, whose every word carries a canary; mails lie in files, as in a town of one's own."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    lived = Life(request.param)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return lived


def test_nothing_of_them_is_left_anywhere(life):
    assert len({place.partition(":")[0] for place in where()}) > 15, "the canaries were there"
    assert {sign for sign in SIGNS if where(sign)} >= {*SIGNS} - ({NUMBER} if life.of == "client" else set()), "and every other sign"
    spelled = Job.objects.filter(client__person=life.leaver).exclude(pairs=[])      # the letters of a post, two by two
    assert spelled.exists() == (life.of == "client")

    actions.erase_account(by=life.leaver)

    assert where() == [] and not spelled.exists()


def test_the_other_side_keeps_its_copy_and_the_fingerprint_still_proves_it(life):
    actions.erase_account(by=life.leaver)

    copy = open_paper(copy_of(life.stayer, life.contract.reference))
    assert CANARY in json.dumps(copy["terms"]) and CANARY in json.dumps(copy["letters"])
    assert fingerprint(copy["terms"]) == Contract.objects.get(pk=life.contract.pk).offer.terms_hash
    assert copy_of(a_person(), life.contract.reference) is None


def test_hours_that_were_worked_stay_for_both_sides_books_and_the_words_about_them_go_with_whoever_wrote_them(life):
    before = list(TimeEntry.objects.order_by("pk").values_list("started_at", "ended_at"))
    actions.erase_account(by=life.leaver)

    entries = TimeEntry.objects.order_by("pk")
    assert before and list(entries.values_list("started_at", "ended_at")) == before
    assert all(bool(entry.note and entry.mended_reason) == (life.of == "client") for entry in entries)


def test_what_they_wrote_about_others_stays_without_their_name(life):
    actions.erase_account(by=life.leaver)

    review = Review.objects.get(contract=life.contract, writer=life.leaver)
    assert review.text == KINDLY
    assert str(review.writer) == "街を出た方"
    assert Review.objects.exclude(writer=life.leaver).get(contract=life.contract).text == ""


def test_what_the_other_side_said_about_a_difference_and_what_they_were_answered_stays(life):
    actions.erase_account(by=life.leaver)

    theirs, mine = Dispute.objects.filter(opened_by=life.leaver).get(), Dispute.objects.exclude(opened_by=life.leaver).get()
    assert (theirs.reason, theirs.answer, mine.reason, mine.answer) == (said("erased.words"), OF_THE_OTHER, OF_THE_OTHER, "")
    assert JobQuestion.objects.get(asker=life.leaver).answer == OF_THE_OTHER


@pytest.mark.django_db
@pytest.mark.parametrize("way", [actions.close_account, actions.erase_account])
@pytest.mark.parametrize("agreed", [True, False])
def test_whoever_stood_by_and_leaves_is_nobodys_stand_in_any_more_and_the_worker_hears_of_it(way, agreed):
    contract, person = a_contract(funded=True), a_person("交代できる人")
    stand_in = contracts.name_stand_in(contract=contract, by=contract.worker, person=person, kept_percent=50)
    if agreed:
        contracts.agree_to_stand_in(stand_in=stand_in, by=person)
        contracts.agree_to_stand_in(stand_in=stand_in, by=contract.client.person)

    way(by=person)

    stand_in.refresh_from_db()
    assert not stand_in.is_open
    assert contract.worker.notices.filter(kind__in=["contract.stand_in_withdrawn", "contract.stand_in_declined"]).count() == 1


def test_the_laws_papers_lie_under_seal_until_their_day_and_then_for_nobody(life, clock_at):
    actions.erase_account(by=life.leaver)
    papers = list(Paper.objects.sealed().filter(about=life.contract.reference).order_by("pk"))
    assert [paper.kind for paper in papers] == ["terms", "statement"]
    staff = a_staff_member("finance")
    assert all(CANARY in json.dumps(actions.read_sealed(paper=paper, by=staff)) for paper in papers)
    key = papers[0].key
    assert key.destroy_on == datetime.date(life.contract.ended_at.year + 8, 3, 16)

    clock_at(datetime.datetime.combine(key.destroy_on - datetime.timedelta(days=1), datetime.time(12)).isoformat(" "))
    assert actions.destroy_due_keys() == 0
    clock_at(datetime.datetime.combine(key.destroy_on, datetime.time(12)).isoformat(" "))
    before = backup()
    assert actions.destroy_due_keys() == 1

    with pytest.raises(KeyGone):
        keys.read(key.stored_as)
    assert not Paper.objects.sealed().exists()
    restored(before)                                # whoever puts an old backup back opens nothing either
    with pytest.raises(KeyGone):
        open_paper(papers[0])
    assert actions.destroy_due_keys() == 1


@pytest.mark.django_db
def test_sealed_papers_are_opened_by_those_whose_duty_it_is_and_only_as_long_as_it_is():
    contract = a_contract(accepted=True)
    actions.erase_account(by=contract.client.person)
    paper, staff = Paper.objects.sealed().first(), a_staff_member("auditor")
    assert actions.read_sealed(paper=paper, by=staff)
    duty = staff.duties.get()
    end_duty(duty=duty, by=duty.given_by)

    for person in (staff, a_person(), a_staff_member("operator"), contract.worker):
        with pytest.raises(NotAllowed):
            actions.read_sealed(paper=paper, by=person)
    assert Fact.objects.filter(name=PAPER_READ, actor=staff).count() == Fact.objects.filter(name=PAPER_READ).count() == 1


def test_after_a_restore_of_yesterdays_backup_they_are_erased_once_more(life):
    yesterday = backup()
    actions.erase_account(by=life.leaver)
    restored(yesterday)
    assert where() != []

    assert actions.replay_erasures() == (1, [], [])
    assert actions.replay_erasures() == (0, [], [])

    assert [place for place in where() if not place.startswith("file files")] == []
    assert not where()


@pytest.mark.django_db
def test_of_work_in_steps_the_statement_of_each_step_lies_under_seal():
    contract = a_contract_in_steps(funded=True, prices=(10_000, 20_000), worker=with_bank_account(a_person("離れる人")))
    client = client_of(contract)
    for milestone in contract.milestones.order_by("number"):
        if milestone.number > 1:
            contracts.fund(contract=contract, by=client)
        contracts.deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません")
        contracts.accept_delivery(milestone=milestone, by=client)
    with clock.moved(by=datetime.timedelta(days=90)):
        payday()
        actions.erase_account(by=contract.worker)

    papers = Paper.objects.sealed().filter(about=contract.reference).order_by("pk")
    assert [paper.kind for paper in papers] == ["terms", "statement", "statement"]
    assert [open_paper(paper)["amount_yen"] for paper in papers if paper.kind == "statement"] == [8_580, 17_160]


def of_the_two(life: Life) -> dict:
    """Others, who took over from them or from whom they took over, are still here and keep their copies."""
    return {"holder__person__in": [life.leaver, life.stayer]}


def test_both_sides_can_leave_and_then_only_sealed_papers_are_left(life):
    actions.erase_account(by=life.leaver)
    actions.erase_account(by=life.stayer)

    assert set(Paper.objects.filter(**of_the_two(life)).order_by("pk").values_list("kind", flat=True)) == {
        "terms", "statement", "receipt"}
    assert Paper.objects.filter(about=life.contract.reference).count() == 4 and not list(settings.SEALED_FOLDER.iterdir())
    assert not Key.objects.filter(destroy_on=None, destroyed_at=None, **of_the_two(life)).exists()
    terms = [open_paper(paper) for paper in Paper.objects.filter(kind="terms", about=life.contract.reference).order_by("pk")]
    assert terms[0] == terms[1]


def test_both_sides_left_with_a_backup_in_between_and_the_older_one_is_put_back(life):
    """The copy of whoever left second lies in the backup, and its key was destroyed meanwhile."""
    actions.erase_account(by=life.leaver)
    between = backup()
    actions.erase_account(by=life.stayer)
    restored(between)

    assert actions.replay_erasures() == (1, [], [])

    assert User.objects.get(pk=life.stayer.pk).erased_at and where() == []
    terms = [open_paper(paper) for paper in Paper.objects.filter(kind="terms", about=life.contract.reference).order_by("pk")]
    assert len(terms) == 2 and terms[0] == terms[1] and CANARY in json.dumps(terms[1])
    assert not Key.objects.filter(destroy_on=None, destroyed_at=None, **of_the_two(life)).exists()


def test_a_newcomer_who_gets_the_number_of_somebody_erased_is_nobody_of_the_list(town):
    """A backup that is put back counts on from where it was: the next who joins gets a number that was given before."""
    yesterday = backup()
    erased = a_person()
    actions.erase_account(by=erased)
    restored(yesterday)
    with database.as_superuser() as db:
        db.execute("SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), %s, false)", [erased.pk])
    newcomer = a_person("はじめての方")
    assert newcomer.pk == erased.pk

    assert actions.replay_erasures() == (0, [], [])
    assert User.objects.get(pk=newcomer.pk).name == "はじめての方"

    actions.erase_account(by=newcomer)
    assert leaving.erased_list.people() == [(person.pk, person.joined_at) for person in (erased, newcomer)], "each of them stands there"


def test_half_a_line_on_the_list_is_nobody(town):
    person = a_person()
    actions.erase_account(by=person)
    place = settings.ERASED_FILE
    whole = place.read_text()

    for cut in range(1, len(whole.strip())):
        place.write_text(whole[:-1 - cut])
        assert leaving.erased_list.people() == []


@pytest.mark.django_db
def test_one_who_cannot_be_erased_once_more_holds_up_nobody(monkeypatch, caplog):
    people = [a_person() for _number in range(3)]
    leaving.erased_list.write_down([(person.pk, person.joined_at) for person in people])
    erase = leaving.erase_account

    def broken(*, by):
        if by == people[1]:
            raise OSError(28, "No space left on device")
        erase(by=by)
    monkeypatch.setattr(leaving, "erase_account", broken)

    assert actions.replay_erasures() == (2, [], [people[1].pk])

    assert [User.objects.get(pk=person.pk).erased_at is None for person in people] == [False, True, False]
    assert f"person {people[1].pk} could not be erased" in caplog.text and caplog.text.count("could not be erased") == 1


@pytest.mark.django_db
def test_a_lost_key_keeps_nobody_here_and_closes_only_what_was_sealed_with_it():
    worker = a_person()
    first, second = a_contract(worker=worker, accepted=True), a_contract(worker=worker, accepted=True)
    actions.erase_account(by=first.client.person)
    keys.destroy(copy_of(worker, first.reference).key.stored_as)

    actions.erase_account(by=second.client.person)

    assert open_paper(copy_of(worker, second.reference))["terms"]["client_name"] == "みなと地域スポーツ応援会"
    with pytest.raises(KeyGone):
        open_paper(copy_of(worker, first.reference))
    with_bank_account(worker)
    with clock.moved(to=datetime.datetime.combine(second.milestones.get().pay_on, datetime.time(10), clock.JAPAN)):
        payday()
    actions.erase_account(by=worker)
    assert not Paper.objects.filter(kind="copy").exists()
    assert [open_paper(paper)["terms"]["client_name"] for paper in Paper.objects.filter(kind="terms", about=first.reference)] == [
        "みなと地域スポーツ応援会"] * 2


def test_their_number_stays_in_the_books_and_nobody_signs_in_as_it(life):
    address = life.leaver.email
    actions.erase_account(by=life.leaver)

    person = User.objects.get(pk=life.leaver.pk)
    assert (person.is_active, person.email, person.name) == (False, f"{person.pk}@left.invalid", "街を出た方")
    assert not User.objects.filter(email__iexact=address).exists()


@pytest.mark.parametrize("way", [actions.close_account, actions.erase_account])
def test_how_their_name_is_read_goes_with_their_name(town, way):
    person = a_person()
    introduce(by=person, display_name="佐藤 葵", reading="さとう あおい")

    way(by=person)

    assert User.objects.get(pk=person.pk).name_reading == ""
    assert where("さとう あおい") == [] or way is actions.close_account


def test_the_database_keeps_no_reading_of_whoever_left(town):
    person = a_person()
    actions.close_account(by=person)

    with pytest.raises(IntegrityError, match="who_left_has_no_name_here"):
        User.objects.filter(pk=person.pk).update(name_reading="さとう あおい")


@pytest.mark.django_db
def test_the_longest_name_and_its_reading_come_back_as_they_were():
    person = a_person()
    introduce(by=person, display_name="髙" * 60, reading="たか" * 30)

    actions.close_account(by=person)
    assert actions.come_back(person=person)

    back = User.objects.get(pk=person.pk)
    assert (back.name, back.name_reading, back.kept_name, back.kept_reading) == ("髙" * 60, "たか" * 30, "", "")
    assert (person.name, person.name_reading) == (back.name, back.name_reading)


# ---- at the same moment --------------------------------------------------------------------------------------------------

def earned() -> User:
    contract = a_contract(accepted=True)
    return with_bank_account(contract.worker)


@pytest.mark.parametrize("round", range(4))
def test_erasing_and_paying_at_the_same_moment_loses_no_yen(race, clock_at, round):
    worker = earned()
    clock_at(datetime.datetime.combine(worker.earnings.get().pay_on, datetime.time(10)).isoformat(" "))

    erased, paid = race(lambda: actions.erase_account(by=User.objects.get(pk=worker.pk)), payday)

    payout = worker.payouts.get()
    was_erased = User.objects.get(pk=worker.pk).erased_at is not None
    assert paid is None and payout.state == "paid"
    assert was_erased == (not isinstance(erased, StillOpen)), erased
    actions.erase_account(by=User.objects.get(pk=worker.pk))
    payout.refresh_from_db()
    assert (payout.state, payout.bank_account) == ("paid", "")


def test_erasing_twice_at_the_same_moment_erases_once(race):
    person = a_person()

    outcome = race(*[lambda: actions.erase_account(by=User.objects.get(pk=person.pk))] * 3)

    assert outcome == [None] * 3
    assert leaving.erased_list.people() == [(person.pk, person.joined_at)]


@pytest.mark.parametrize("round", range(3))
def test_erasing_while_an_export_is_being_made_leaves_no_file(race, round):
    person = a_person()
    actions.ask_for_export(by=person)

    race(lambda: actions.erase_account(by=User.objects.get(pk=person.pk)), actions.make_exports)

    if User.objects.get(pk=person.pk).erased_at is None:
        actions.erase_account(by=User.objects.get(pk=person.pk))
    assert not list(settings.EXPORT_FOLDER.iterdir())


@pytest.mark.parametrize("round", range(3))
def test_two_who_dealt_with_the_same_person_leave_at_the_same_moment(race, round):
    worker = a_person()
    contracts = [a_contract(worker=worker, accepted=True) for _number in range(2)]

    outcome = race(*[lambda contract=contract: actions.erase_account(by=User.objects.get(pk=contract.client.person_id))
                     for contract in contracts])

    assert outcome == [None, None]
    assert len({open_paper(copy_of(worker, contract.reference))["contract"] for contract in contracts}) == 2
    assert Key.objects.filter(holder__person=worker).count() == 1


# ---- what broke off ------------------------------------------------------------------------------------------------------

def made_long_ago(*folders) -> None:
    for folder in folders:
        for file in folder.iterdir():
            os.utime(file, (1_000_000_000, 1_000_000_000))


def test_what_an_erasing_that_broke_off_left_on_the_disk_goes_and_everything_else_stays(town, monkeypatch):
    signing = new_key()
    life = Life("client")
    monkeypatch.setattr(leaving, "erase_person", lambda user: (erasing.erase_person(user), 1 / 0))
    with pytest.raises(ZeroDivisionError):
        actions.erase_account(by=life.leaver)
    left = {file.name for folder in (settings.KEY_FOLDER, settings.SEALED_FOLDER) for file in folder.iterdir() if len(file.name) == 64}
    assert len(left) >= 3 and not Key.objects.exists(), "keys for the law and for the copy, and the file of a delivery"
    assert actions.sweep_sealed() == 0, "a deed may still be in the middle of it"
    monkeypatch.undo()
    actions.erase_account(by=life.leaver)
    made_long_ago(settings.KEY_FOLDER, settings.SEALED_FOLDER)

    assert actions.sweep_sealed() == len(left)
    assert actions.sweep_sealed() == 0

    here = {file.name for folder in (settings.KEY_FOLDER, settings.SEALED_FOLDER) for file in folder.iterdir() if len(file.name) == 64}
    copy = copy_of(life.stayer, life.contract.reference)
    of_the_win = Paper.objects.exclude(files=[]).exclude(pk=copy.pk).get()
    assert not here & left and here == {*Key.objects.values_list("stored_as", flat=True), *copy.files, *of_the_win.files}
    assert [open_paper(paper) for paper in Paper.objects.order_by("pk")]
    assert sealing.unseal_file(keys.read(copy.key.stored_as), copy.files[0])
    assert signing.kid in public_keys(), "the keys with which the town signs are none of these"
