"""An older backup is put back: whoever left for good is erased once more, and nobody else (trust.md T40)."""
import json

import pytest
from django.conf import settings

from machi.accounts.models import User
from machi.privacy import actions
from machi.privacy.actions import leaving
from machi.privacy.models import Key, Paper
from machi.privacy.taking_home import open_paper
from tests import database
from tests.people import a_person
from tests.privacy.canaries import CANARY, backup, restored, where


def test_after_a_restore_of_yesterdays_backup_they_are_erased_once_more(life):
    yesterday = backup()
    actions.erase_account(by=life.leaver)
    restored(yesterday)
    assert where() != []

    assert actions.replay_erasures() == (1, [], [])
    assert actions.replay_erasures() == (0, [], [])

    assert [place for place in where() if not place.startswith("file files")] == []
    assert not where()


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
    assert not Key.objects.filter(destroy_on=None, destroyed_at=None, **life.of_the_two).exists()


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
