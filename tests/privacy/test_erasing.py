"""Leaving for good: nothing about the person is left anywhere, the books stand, and the law's papers lie under seal (trust.md T40)."""
import datetime
import json
import os

import pytest
from django.conf import settings
from django.db import IntegrityError

from machi.accounts.actions import introduce
from machi.accounts.models import User
from machi.contracts import actions as contracts
from machi.contracts.models import Contract, Dispute, Talk, TimeEntry
from machi.contracts.terms import fingerprint
from machi.files.storing import path_of
from machi.jobs.models import Job
from machi.jobs.questions import JobQuestion
from machi.privacy import actions, keys, sealing
from machi.privacy.actions import StillOpen, erasing, leaving
from machi.privacy.models import Key, Paper
from machi.privacy.queries import copy_of
from machi.privacy.taking_home import open_paper
from machi.reviews.models import Review
from machi.reviews.townkeys import new_key, public_keys
from machi.tasks.models import AnswerFile
from tests.people import a_contract, a_person, payday, with_bank_account
from tests.privacy.canaries import CANARY, KINDLY, NUMBER, SIGNS, Life, where
from tests.privacy.other_work import OF_THE_OTHER
from tests.web.contracts.walking import said


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


def test_a_file_that_a_client_has_paid_for_stays_theirs_without_its_name_and_another_goes(life):
    kept, gone = AnswerFile.objects.select_related("file").order_by("answer__state")
    assert (kept.answer.state, gone.answer.state) == ("approved", "closed") and (CANARY in kept.file.name) == (life.of == "worker")

    actions.erase_account(by=life.leaver)

    if life.of == "worker":
        kept.file.refresh_from_db()
        assert [one.pk for one in AnswerFile.objects.order_by("pk")] == [kept.pk] and kept.file.name == "file.jpg"
        assert path_of(kept.file.stored_as, "large").exists() and not path_of(gone.file.stored_as, "large").exists()
        assert [one["name"] for one in kept.answer.item.result["f"]] == ["file.webp"]
    else:
        assert AnswerFile.objects.count() == 2


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


def test_what_was_asked_about_the_price_stays_with_its_moments_and_only_the_words_of_whoever_left_go(life):
    before = [(talk.asked_at, talk.answer, talk.answered_at) for talk in Talk.objects.order_by("pk")]
    actions.erase_account(by=life.leaver)

    mine, theirs, care = Talk.objects.order_by("pk")
    assert [(talk.asked_at, talk.answer, talk.answered_at) for talk in (mine, theirs, care)] == before
    assert (mine.words, mine.answer_words, theirs.words, theirs.answer_words) == ("", OF_THE_OTHER, OF_THE_OTHER, "")
    left = ([], "", OF_THE_OTHER) if life.of == "worker" else (["days"], OF_THE_OTHER, "")
    assert (care.helps, care.words, care.answer_words) == left


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
    others = [name for paper in Paper.objects.exclude(pk=copy.pk) for name in paper.files]
    assert others, "of the win, and of what was put beside the words about a difference"
    assert not here & left and here == {*Key.objects.values_list("stored_as", flat=True), *copy.files, *others}
    assert [open_paper(paper) for paper in Paper.objects.order_by("pk")]
    assert sealing.unseal_file(keys.read(copy.key.stored_as), copy.files[0])
    assert signing.kid in public_keys(), "the keys with which the town signs are none of these"
