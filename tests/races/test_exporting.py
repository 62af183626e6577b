"""A copy of everything is asked for once more at the very moment it is finished."""
import time
from threading import Event

from django.db import transaction

from machi.accounts.models import User
from machi.privacy import actions
from machi.privacy.actions import exporting
from machi.privacy.models import Export
from tests.people import a_person
from tests.races.outcomes import outcomes


def test_whoever_asks_and_whoever_finishes_wait_in_no_circle(race):
    """Asking holds the person, then their copy. Finishing holds the copy, and tells the person."""
    worker, has_begun = a_person(), Event()
    export = actions.ask_for_export(by=worker)

    @transaction.atomic
    def ask_slowly():
        User.objects.select_for_update(no_key=True).get(pk=worker.pk)
        has_begun.set()
        time.sleep(.5)
        return actions.ask_for_export(by=worker)

    @transaction.atomic
    def hold():
        has_begun.wait(20)
        return exporting._held(export)

    assert outcomes(race(ask_slowly, hold)) and Export.objects.get(user=worker) == export
