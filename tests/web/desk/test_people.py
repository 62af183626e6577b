"""The desk of people and duties: found one by one, given and ended with a word of what happened."""
import pytest

from machi.accounts.models import Duty
from machi.accounts.queries import duties_of
from machi.activity.queries import history_of
from machi.privacy.actions import close_account
from tests.people import a_person, a_staff_member
from tests.web.contracts.walking import queries_of, said, text_of
from tests.web.desk.staff import at_work

pytestmark = pytest.mark.django_db


def looks_at(person) -> list:
    return [fact for fact in history_of(f"user:{person.pk}") if fact.name == "account.looked_at"]


def test_a_person_is_found_by_exactly_their_address_and_it_never_stands_in_an_address_line():
    browser, operator = at_work("operator")
    person = a_person("あおい")

    led = browser.post("/desk/people/", {"asked": person.email})
    assert led.headers["Location"] == f"/desk/people/{person.pk}/"
    page = text_of(browser.get(led.headers["Location"]))

    assert "あおい" in page and person.email in page and said("desk.person.none") in page
    (look,) = looks_at(person)
    assert look.actor == operator and look.data == {"what": "looked.duties"}


@pytest.mark.parametrize("asked", ["", "pers", "nobody@example.jp", "999999999", "あ" * 300, "a\0@example.jp", "<b>@a.jp", "𠮷", "-5"])
def test_whoever_is_not_found_is_asked_for_again(asked):
    browser, _operator = at_work("operator")

    answer = browser.post("/desk/people/", {"asked": asked})

    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode()


def test_a_duty_is_given_and_ended_and_both_stay_on_the_page():
    browser, operator = at_work("operator")
    person = a_person("あおい")

    given = browser.post(f"/desk/people/{person.pk}/give/", {"kind": "editor"}, follow=True)
    assert said("desk.duty.given", name="あおい", duty=said("role.editor")) in text_of(given)
    ended = browser.post(f"/desk/people/duties/{Duty.objects.get(person=person).pk}/end/", follow=True)

    assert said("desk.duty.ended", name="あおい", duty=said("role.editor")) in text_of(ended)
    assert said("desk.person.over") in text_of(ended) and said("desk.person.none") in text_of(ended)
    assert [fact.actor for fact in history_of(f"user:{person.pk}") if fact.name.startswith("account.duty")] == [operator, operator]


def test_a_refused_deed_shows_the_person_too_and_that_is_a_look():
    browser, operator = at_work("operator")
    duty = a_staff_member("editor").duties.get()
    person = duty.person

    assert browser.post(f"/desk/people/{person.pk}/give/", {"kind": "king"}).status_code == 422
    assert [(look.actor, look.data) for look in looks_at(person)] == [(operator, {"what": "looked.duties"})]
    browser.post(f"/desk/people/duties/{duty.pk}/end/")
    assert browser.post(f"/desk/people/duties/{duty.pk}/end/").status_code == 409
    assert len(looks_at(person)) == 2
    close_account(by=person)
    refused = browser.post(f"/desk/people/{person.pk}/give/", {"kind": "editor"})
    assert refused.status_code == 409 and said("desk.duty.closed") in text_of(refused) and len(looks_at(person)) == 3


@pytest.mark.parametrize("kind", ["", "king", "operator ", "𠮷", "a" * 5000])
def test_a_duty_that_does_not_exist_is_not_given(kind):
    browser, _operator = at_work("operator")
    person = a_person()

    assert browser.post(f"/desk/people/{person.pk}/give/", {"kind": kind}).status_code == 422
    assert duties_of(person) == frozenset()


def test_ones_own_duties_are_somebody_elses_to_give_and_end():
    browser, operator = at_work("operator")

    page = browser.get(f"/desk/people/{operator.pk}/")
    assert said("desk.duty.not_own") in text_of(page) and "/give/" not in page.content.decode() and "/end/" not in page.content.decode()
    assert browser.post(f"/desk/people/{operator.pk}/give/", {"kind": "finance"}).status_code == 409
    refused = browser.post(f"/desk/people/duties/{operator.duties.get().pk}/end/")
    assert refused.status_code == 409 and said("duty.end.refused") in text_of(refused)


def test_a_duty_that_has_ended_meanwhile_is_said_to_have():
    browser, _operator = at_work("operator")
    duty = a_staff_member("editor").duties.get()

    assert browser.post(f"/desk/people/duties/{duty.pk}/end/").status_code == 302
    assert browser.post(f"/desk/people/duties/{duty.pk}/end/").status_code == 409


def test_the_list_names_only_people_with_a_duty_and_asks_as_often_however_many_there_are(django_assert_max_num_queries):
    browser, _operator = at_work("operator")
    a_person("だれでもない")
    before = queries_of(browser, "/desk/people/", lambda: django_assert_max_num_queries(30))
    for _number in range(5):
        a_staff_member("editor")

    assert queries_of(browser, "/desk/people/", lambda: django_assert_max_num_queries(30)) == before
    assert "だれでもない" not in text_of(browser.get("/desk/people/"))
