"""Duties (役目): given and ended by an operator, never by oneself, and never forgotten."""
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from machi.accounts import roles
from machi.accounts.actions import end_duty, give_duty, name_operator, note_look
from machi.accounts.models import Duty, User
from machi.accounts.powers import Power
from machi.accounts.queries import duties_of, past_and_present_duties, somebody
from machi.activity.queries import history_of
from machi.privacy.actions import close_account
from machi.shared.errors import DomainError, NotAllowed
from tests.people import a_person, a_staff_member


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_every_role_says_what_it_may_and_must_never_do():
    assert list(roles.EVERYBODY) == ["worker", "client"] and list(roles.SEATS) == Power.values, "a seat is a power, in words for people"
    assert set(roles.DUTIES) == {
        "teacher", "assistant", "supporter", "lead", "moderator", "finance", "editor", "partner", "operator", "auditor"}
    for role in (roles.EVERYBODY | roles.SEATS | roles.DUTIES).values():
        assert str(role.name) and str(role.may) and str(role.never) and role.__doc__


def test_an_operator_gives_a_duty_and_it_is_written_down_who_and_when(db):
    operator, person = a_staff_member("operator"), a_person()

    duty = give_duty(person=person, kind="editor", by=operator)

    assert duties_of(fresh(person)) == {"editor"} and (duty.given_by, duty.ended_at) == (operator, None)
    fact = list(history_of(f"user:{person.pk}"))[-1]
    assert (fact.name, fact.actor, fact.data) == ("account.duty_given", operator, {"kind": "editor"})


def test_the_same_duty_is_held_once(db):
    operator, person = a_staff_member("operator"), a_person()

    assert give_duty(person=person, kind="editor", by=operator) == give_duty(person=person, kind="editor", by=operator)
    assert Duty.objects.filter(person=person).count() == 1


@pytest.mark.parametrize("duties", [(), ("editor",), ("finance", "auditor", "moderator", "lead")])
def test_nobody_but_an_operator_gives_or_ends(db, duties):
    somebody_else, person = a_staff_member(*duties) if duties else a_person(), a_staff_member("editor")

    with pytest.raises(NotAllowed):
        give_duty(person=person, kind="finance", by=somebody_else)
    with pytest.raises(NotAllowed):
        end_duty(duty=person.duties.get(), by=somebody_else)
    assert duties_of(fresh(person)) == {"editor"}


def test_an_operator_gives_and_ends_nothing_of_their_own(db):
    operator = a_staff_member("operator")

    with pytest.raises(NotAllowed):
        give_duty(person=operator, kind="finance", by=operator)
    with pytest.raises(NotAllowed):
        end_duty(duty=operator.duties.get(), by=operator)
    assert duties_of(fresh(operator)) == {"operator"}


def test_a_duty_that_ended_opens_nothing_and_is_not_forgotten(db):
    operator, editor = a_staff_member("operator"), a_staff_member("editor")

    end_duty(duty=editor.duties.get(), by=operator)

    assert duties_of(fresh(editor)) == frozenset() and not fresh(editor).has_duties
    (was,) = past_and_present_duties(editor)
    assert was.kind == "editor" and was.ended_by == operator and was.ended_at >= was.given_at
    with pytest.raises(NotAllowed):
        end_duty(duty=was, by=operator)
    assert give_duty(person=editor, kind="editor", by=operator).pk != was.pk


def test_a_duty_of_a_closed_account_opens_nothing(db):
    operator, editor = a_staff_member("operator"), a_staff_member("editor", "operator")
    User.objects.filter(pk=editor.pk).update(is_active=False)

    assert duties_of(fresh(editor)) == frozenset()
    with pytest.raises(NotAllowed):
        give_duty(person=fresh(editor), kind="finance", by=operator)
    with pytest.raises(NotAllowed):
        give_duty(person=a_person(), kind="finance", by=fresh(editor))


def test_nobody_who_has_left_the_town_is_given_a_duty(db):
    operator, person = a_staff_member("operator"), a_person()
    close_account(by=person)

    with pytest.raises(NotAllowed):
        give_duty(person=fresh(person), kind="editor", by=operator)
    with pytest.raises(DomainError):
        name_operator(email=person.email)
    assert duties_of(fresh(person)) == frozenset()


def test_the_first_operator_is_named_at_the_machine_by_their_address(db):
    person = a_person()

    duty = name_operator(email=person.email.upper())

    assert duties_of(fresh(person)) == {"operator"} and duty.given_by is None
    assert list(history_of(f"user:{person.pk}"))[-1].actor is None
    with pytest.raises(DomainError):
        name_operator(email="nobody@example.jp")


def test_two_operators_who_end_each_others_duty_leave_one(race):
    one, other = a_staff_member("operator"), a_staff_member("operator")
    duties = {duty.person_id: duty for duty in Duty.objects.filter(person__in=[one, other])}

    answers = race(lambda: end_duty(duty=duties[other.pk], by=one), lambda: end_duty(duty=duties[one.pk], by=other))

    assert sorted(type(answer).__name__ for answer in answers) == ["Duty", "NotAllowed"]
    assert Duty.objects.current().filter(kind="operator", person__in=[one, other]).count() == 1


@pytest.mark.parametrize("harm", [
    "DELETE FROM accounts_duty", "UPDATE accounts_duty SET kind = 'finance'", "UPDATE accounts_duty SET given_by_id = NULL",
    "UPDATE accounts_duty SET person_id = given_by_id"])
def test_the_database_lets_nobody_rewrite_a_duty(db, harm):
    a_staff_member("editor")

    with pytest.raises(DatabaseError), transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute(harm)


def test_an_ended_duty_is_not_ended_again_even_by_the_owner_of_the_tables(town, as_role):
    operator, editor = a_staff_member("operator"), a_staff_member("editor")
    end_duty(duty=editor.duties.get(), by=operator)

    owner = as_role("machi_migrate")
    for harm in ("UPDATE accounts_duty SET ended_at = now() WHERE ended_at IS NOT NULL", "DELETE FROM accounts_duty"):
        with pytest.raises(Exception, match="a duty stays written down"):
            owner.execute(harm)


@pytest.mark.parametrize("wrong", [{"given_by": "self"}, {"ended_by": "other"}, {"kind": "editor"}])
def test_the_database_refuses_what_cannot_be(db, wrong):
    editor, other = a_staff_member("editor"), a_person()
    values = {"kind": "finance", "given_at": editor.joined_at, "given_by": other}
    values |= {name: {"self": editor, "other": other}.get(value, value) for name, value in wrong.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(person=editor, **values)


def test_duties_are_asked_once_and_never_for_who_has_none(db, django_assert_num_queries):
    editor, person = fresh(a_staff_member("editor")), a_person()
    duties_of(fresh(editor))                            # the question is put into SQL once

    with django_assert_num_queries(1):
        assert duties_of(editor) == duties_of(editor) == {"editor"}
    with django_assert_num_queries(0):
        assert duties_of(person) == frozenset()


@pytest.mark.parametrize("found_by", [lambda p: str(p.pk), lambda p: p.email, lambda p: f" {p.email.upper()} "])
def test_somebody_is_found_by_all_of_an_address_or_a_number(db, found_by):
    person = a_person()

    assert somebody(found_by(person)) == person


@pytest.mark.parametrize("asked", ["", "person", "@example.jp", "person%@example.jp", "9" * 40, "-1", "²"])
def test_nobody_is_found_by_a_part(db, asked):
    a_person()

    assert somebody(asked) is None


def test_a_look_at_somebodys_private_things_is_theirs_to_read(db):
    operator, person = a_staff_member("operator"), a_person()

    note_look(by=operator, person=person, what="looked.duties")
    note_look(by=operator, person=operator, what="looked.duties")

    (look,) = [fact for fact in history_of(f"user:{person.pk}") if fact.name == "account.looked_at"]
    assert (look.actor, look.data) == (operator, {"what": "looked.duties"})
    assert not [fact for fact in history_of(f"user:{operator.pk}") if fact.name == "account.looked_at"]
