"""Either side asks to talk about the price, the worker about what would help; the other answers once, in words, and it stays so."""
import datetime
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from machi.accounts.powers import Power
from machi.contracts.actions import agree_to_change, answer_talk, ask_to_end, ask_to_talk
from machi.contracts.law import State
from machi.contracts.models import Talk
from machi.notifications.models import Notice
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.contracts.test_law import checked
from tests.people import a_contract, a_member, a_person, an_organisation, client_of
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes

DAY = datetime.timedelta(days=1)


def asked(contract, *, by=None, about: str = "price") -> Talk:
    return ask_to_talk(contract=contract, by=by or contract.worker, about=about, words="材料の値段が上がりました。",
                       helps=["days"] if about == "care" else [])


def test_either_side_asks_about_the_price_and_the_other_alone_answers_once(db):
    for side in ("worker", "client"):
        contract = a_contract(funded=True)
        people = {"worker": contract.worker, "client": client_of(contract)}
        asks, answers = people.pop(side), *people.values()
        talk = asked(contract, by=asks)

        for somebody in (asks, a_person()):
            with pytest.raises(NotAllowed):
                answer_talk(talk=talk, by=somebody, answer="yes")
        answer_talk(talk=talk, by=answers, answer="yes")
        with pytest.raises(NotAllowed):
            answer_talk(talk=talk, by=answers, answer="no", words="もう一度")

        talk.refresh_from_db()
        assert (talk.answer, talk.answered_by) == ("yes", answers)
        assert Notice.objects.filter(user=answers, kind="contract.talk_asked").count() == 1
        assert Notice.objects.filter(user=asks, kind="contract.talk_answered").count() == 1


def test_what_would_help_is_asked_by_the_worker_alone(db):
    contract = a_contract(funded=True)
    with pytest.raises(NotAllowed):
        asked(contract, by=client_of(contract), about="care")

    assert asked(contract, about="care").helps == ["days"]


@pytest.mark.parametrize(("about", "answer", "is_taken"), [("price", "yes", True), ("price", "no", False), ("care", "yes", False),
                                                           ("care", "no", False)])
def test_without_words_only_a_yes_to_the_price_is_an_answer(db, about, answer, is_taken):
    contract = a_contract(funded=True)
    talk = asked(contract, about=about)

    if not is_taken:
        with pytest.raises(DomainError):
            answer_talk(talk=talk, by=client_of(contract), answer=answer, words=" ")
    answer_talk(talk=talk, by=client_of(contract), answer=answer, words="" if is_taken else "予算が決まっています。")
    assert Talk.objects.get().answer == answer


def test_one_of_each_waits_at_a_time(db):
    contract = a_contract(funded=True)
    asked(contract)
    asked(contract, about="care")
    for by, about in ((contract.worker, "price"), (client_of(contract), "price"), (contract.worker, "care")):
        with pytest.raises(DomainError):
            asked(contract, by=by, about=about)


def test_nothing_is_asked_of_nobody_nor_in_a_contract_that_is_over(db):
    contract = a_contract(funded=True)
    with pytest.raises(DomainError):
        ask_to_talk(contract=contract, by=contract.worker, about="price", words=" ")
    talk = asked(contract)
    agree_to_change(order=ask_to_end(contract=contract, by=contract.worker, prices={1: Yen(0)}), by=client_of(contract))

    with pytest.raises(NotAllowed):
        answer_talk(talk=talk, by=client_of(contract), answer="yes")
    with pytest.raises(NotAllowed):
        asked(contract)


def test_of_an_organisation_those_who_approve_answer_and_nobody_else(db):
    party = an_organisation()
    contract = a_contract(party=party, by=party.people(Power.KEEPER)[0], funded=True)
    talk = asked(contract)

    for power in (Power.MEMBER, Power.PAYER):
        with pytest.raises(NotAllowed):
            answer_talk(talk=talk, by=a_member(party, power), answer="yes")
    answer_talk(talk=talk, by=a_member(party, Power.APPROVER), answer="yes")


@pytest.mark.parametrize("change", ["answer = 'no'", "answered_at = now()", "asked_at = now()", "words = 'x'", "answer_words = 'x'",
                                    "side = 'client'", "wished_yen = 1", "helps = '[\"hours\"]'"])
def test_the_database_keeps_what_was_asked_and_answered_as_it_was(db, change):
    contract = a_contract(funded=True)
    answer_talk(talk=asked(contract), by=client_of(contract), answer="yes", words="わかりました。")

    for deed in (f"UPDATE contracts_talk SET {change}", "DELETE FROM contracts_talk"):
        with pytest.raises(DatabaseError, match="stays"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)


def test_the_words_may_leave(db):
    contract = a_contract(funded=True)
    answer_talk(talk=asked(contract, about="care"), by=client_of(contract), answer="yes", words="わかりました。")

    assert Talk.objects.update(words="", helps=[], answer_words="") == 1


def test_two_who_answer_at_the_same_moment_leave_one_answer(race):
    for _round in ROUNDS:
        contract = a_contract(funded=True)
        talk, client = asked(contract), client_of(contract)

        answers = race(*[partial(answer_talk, talk=Talk.objects.get(pk=talk.pk), by=client, answer=one,
                                 words=f"その{number}") for number, one in enumerate(("yes", "no", "yes", "no"))])

        assert outcomes(answers) == {WON: 1, REFUSED: 3}
        assert Notice.objects.filter(about=contract.reference, kind="contract.talk_answered").count() == 1


def test_both_who_ask_at_the_same_moment_leave_one_question(race):
    for _round in ROUNDS:
        contract = a_contract(funded=True)

        answers = race(partial(asked, contract), partial(asked, contract, by=client_of(contract)))

        assert outcomes(answers) == {WON: 1, REFUSED: 1} and Talk.objects.filter(contract=contract).count() == 1


@pytest.mark.parametrize(("by", "days", "state"), [("worker", 7, State.REASON), ("worker", 8, State.MISSING), ("client", 8, State.REASON)])
def test_a_client_who_stays_silent_for_longer_than_seven_days_is_named(db, by, days, state):
    contract = a_contract(funded=True)
    asked(contract, by=contract.worker if by == "worker" else client_of(contract))
    assert checked(contract).talks[0].state == State.REASON

    with clock.moved(by=days * DAY):
        price, care = checked(contract).talks

    assert (price.state, price.gaps["n"], care.state) == (state, days, State.OK)


@pytest.mark.parametrize(("answer", "state"), [("yes", State.OK), ("no", State.REASON)])
def test_an_answer_stands_on_the_check(db, answer, state):
    contract = a_contract(funded=True)
    answer_talk(talk=asked(contract), by=client_of(contract), answer=answer, words="予算が決まっています。")

    with clock.moved(by=30 * DAY):
        assert checked(contract).talks[0].state == state
