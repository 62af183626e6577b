"""The desks: closed to a visitor, absent for whoever has no duty there, and open only after the second key (T34)."""
import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from machi.accounts.actions import end_duty
from machi.accounts.models import Duty
from machi.accounts.roles import DUTIES
from machi.web.desk.places import PLACES
from machi.web.frame.desks import at_desk
from tests.people import a_person, a_staff_member
from tests.web.contracts.walking import HTMX, said, signed_in, text_of
from tests.web.desk.staff import at_work, with_second_key

pytestmark = pytest.mark.django_db


def a_totp(person) -> None:
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})


def test_a_visitor_is_led_to_the_door():
    assert Client().get("/desk/people/").headers["Location"] == "/account/login/?next=/desk/people/"


def test_for_a_person_without_the_duty_there_is_no_desk():
    for browser in (signed_in(a_person()), signed_in(a_staff_member("editor")), at_work("editor")[0]):
        answer = browser.get("/desk/people/")
        assert answer.status_code == 404 and text_of(answer) == text_of(browser.get("/desk/nowhere/"))
        assert browser.put("/desk/people/").status_code == 404


def test_who_has_no_second_key_is_led_to_make_one():
    browser = signed_in(a_staff_member("operator"))

    answer = browser.get("/desk/people/", follow=True)

    assert answer.redirect_chain == [("/account/mfa/", 302)] and said("desk.key.make") in text_of(answer)


def test_who_has_one_and_has_not_used_it_is_led_to_use_it_and_back():
    person = a_staff_member("operator")
    a_totp(person)

    answer = signed_in(person).get("/desk/people/?page=2")

    assert answer.headers["Location"] == "/account/mfa/reauthenticate/?next=/desk/people/%3Fpage%3D2"


def test_what_was_typed_before_the_second_key_was_asked_for_waits():
    person, other = a_staff_member("operator"), a_person()
    a_totp(person)
    browser = signed_in(person)

    led = browser.post(f"/desk/people/{other.pk}/give/", {"kind": "editor"})
    assert led.headers["Location"] == "/account/mfa/reauthenticate/?next=/account/again/"
    swapped = browser.post(f"/desk/people/{other.pk}/give/", {"kind": "editor"}, **HTMX)
    assert swapped.headers["HX-Redirect"] == "/account/mfa/reauthenticate/?next=/account/again/"
    assert not Duty.objects.filter(person=other).exists()

    with_second_key(browser, person)
    waiting = browser.get("/account/again/").content.decode()
    assert f'action="/desk/people/{other.pk}/give/"' in waiting and 'name="kind" value="editor"' in waiting
    browser.post(f"/desk/people/{other.pk}/give/", {"kind": "editor"})
    assert Duty.objects.filter(person=other, kind="editor").exists() and browser.get("/account/again/").status_code == 302


@pytest.mark.parametrize(("hours", "status"), [(0, 200), (7.9, 200), (8.1, 302)])
def test_a_second_key_opens_the_desks_for_eight_hours(hours, status):
    person = a_staff_member("operator")

    assert with_second_key(signed_in(person), person, ago=int(hours * 3600)).get("/desk/").status_code == status


def test_somebody_elses_second_key_opens_nothing():
    person, other = a_staff_member("operator"), a_staff_member("operator")

    assert with_second_key(signed_in(person), other).get("/desk/").status_code == 302


def test_a_duty_that_ends_closes_the_desk_at_once():
    browser, person = at_work("operator")
    assert browser.get("/desk/people/").status_code == 200

    end_duty(duty=person.duties.get(), by=a_staff_member("operator"))

    assert browser.get("/desk/people/").status_code == 404 and browser.get("/desk/").status_code == 404


@pytest.mark.parametrize(("is_demo", "status"), [(True, 200), (False, 302)])
def test_one_click_in_the_demo_town_counts_as_the_second_key_there_and_nowhere_else(settings, is_demo, status):
    settings.DEMO_TOWN = True
    person = a_staff_member("operator")
    person.email = "op@demo.machi.example"
    person.save()
    browser = Client(SERVER_NAME="localhost")
    assert browser.post(f"/demo/become/{person.pk}/").status_code == 302
    settings.DEMO_TOWN = is_demo

    assert browser.get("/desk/").status_code == status


def test_the_first_page_names_the_desks_and_duties_of_this_person_only():
    browser, _person = at_work("operator")
    page = text_of(browser.get("/desk/"))
    assert said("desk.people") in page and said("role.operator.never") in page and said("role.editor.may") not in page

    editors = text_of(at_work("editor")[0].get("/desk/"))
    assert said("role.editor.may") in editors and said("desk.people.lead") not in editors


@pytest.mark.parametrize(("address", "words"), [
    ("desk:sealed", ("書類の封を開けて", "sealed papers")), ("desk:last_words", ("街を出た方が残した言葉", "last words")),
    ("desk:people", ("メールアドレス", "e-mail address"))])
def test_a_duty_names_what_its_desks_open_and_no_other_does(address, words):
    opens = next(place.duties for place in PLACES if place.address == address)
    for language, said_there in zip(("ja", "en"), words, strict=True):
        with translation.override(language):
            assert {key for key, duty in DUTIES.items() if said_there in str(duty.may)} == opens


def test_the_way_to_the_desks_stands_in_the_menu_of_whoever_has_one():
    assert 'href="/desk/"' in at_work("auditor")[0].get("/home/").content.decode()
    assert 'href="/desk/"' not in signed_in(a_person()).get("/home/").content.decode()


def test_a_desk_for_a_duty_that_does_not_exist_is_a_mistake():
    with pytest.raises(ValueError, match="king"):
        at_desk("king")(lambda request: HttpResponse())
