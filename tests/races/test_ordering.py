"""Asking for a service at the same moment: in many windows, against its change and its pause, and drafts against their limit."""
from functools import partial

from machi.accounts.queries import party_of
from machi.contracts.actions import order_package
from machi.contracts.models import Offer
from machi.packages.actions import WORDS, change_package, pause_package, write_package
from machi.packages.models import AT_MOST, Package
from tests.people import a_client, a_package, a_person
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes


def _asking(package, client, key):
    return partial(order_package, package=package, client=party_of(client), by=client, version=1, words="お願いします。", key=key)


def test_one_form_in_eight_windows_is_one_order_and_two_forms_are_two(race):
    for _round in ROUNDS:
        package, client = a_package(), a_client()

        answers = race(*[_asking(package, client, "one")] * 4, *[_asking(package, client, "two")] * 4)
        assert outcomes(answers) == {WON: 8} and Offer.objects.filter(package=package).count() == 2


def test_asking_against_other_words_against_pausing(race):
    for _round in ROUNDS:
        package, client = a_package(), a_client()
        words = {name: getattr(package, name) for name in WORDS} | {"price_yen": 90_000}

        answers = race(_asking(package, client, "one"), partial(change_package, package=package, by=package.worker, **words),
                       partial(pause_package, package=package, by=package.worker))
        outcomes(answers)
        assert [offer.terms["price_yen"] for offer in Offer.objects.filter(package=package)] in ([], [10_000]), "what was read is asked for"


def test_the_twentieth_is_the_last_in_however_many_windows(race):
    worker = a_person()
    packages = [a_package(worker, opened=False, title=f"記事{number}") for number in range(AT_MOST - 1)]
    words = {name: getattr(packages[0], name) for name in WORDS}

    answers = race(*[partial(write_package, by=worker, **words | {"title": f"新しい{number}"}) for number in range(4)])

    assert outcomes(answers) == {WON: 1, REFUSED: 3} and Package.objects.filter(worker=worker).count() == AT_MOST
