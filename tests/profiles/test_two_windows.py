"""Two windows at the same moment: a section that is written for the first time, a full page, and the names, are decided once."""
import pytest

from machi.profiles import actions
from machi.profiles.actions import LINES_AT_MOST
from machi.profiles.models import Strength
from machi.profiles.queries import names_as_saved
from machi.shared.seals import Overtaken, seal
from tests.people import a_person

EMPTY = seal({})


@pytest.mark.parametrize("write, typed", [
    (actions.write_conditions, "hours"), (actions.say_pay, "amount_yen"), (actions.write_profile, "headline"),
    (actions.say_availability, "is_scoutable")])
def test_what_is_written_for_the_first_time_in_two_windows_is_not_written_over(race, write, typed):
    person = a_person()
    values = {"hours": (10, 20), "amount_yen": (1_000, 2_000), "headline": ("窓一", "窓二"), "is_scoutable": (True, False)}[typed]
    standing = {"standing": "open"} if write is actions.say_availability else {}

    answers = race(*[lambda value=value: write(by=person, seen=EMPTY, **{typed: value}, **standing) for value in values])

    assert len([answer for answer in answers if isinstance(answer, Overtaken)]) == 1
    saved = next(answer for answer in answers if not isinstance(answer, Overtaken))
    saved.refresh_from_db()
    assert getattr(saved, typed) == values[answers.index(saved)]


def test_names_in_two_windows_are_not_written_over(race):
    person = a_person("葵")
    actions.write_names(by=person, call_name="葵")
    person.refresh_from_db()
    seen = seal(names_as_saved(person, person.names))

    answers = race(*[lambda name=name: actions.write_names(by=person, call_name=name, seen=seen) for name in ("窓一", "窓二")])

    assert len([answer for answer in answers if isinstance(answer, Overtaken)]) == 1
    person.refresh_from_db()
    person.names.refresh_from_db()
    assert person.display_name == person.names.call_name == next(one for one in answers if not isinstance(one, Overtaken)).display_name


def test_a_line_that_goes_at_the_same_moment_is_never_a_fault_of_the_town(db, browser, monkeypatch):
    """Between the look of the page and the deed another window takes the line off."""
    person = a_person()
    line = actions.add_strength(by=person, statement="元の強み")
    browser.force_login(person)
    change = actions.change_entry

    def too_late(**deed):
        actions.remove_entry(entry=Strength.objects.get(), by=person)
        return change(**deed)
    monkeypatch.setattr(actions, "change_entry", too_late)

    answer = browser.post(f"/me/strength/{line.pk}/", {"statement": "書き直した強み"})

    assert answer.status_code == 409 and 'value="書き直した強み"' in answer.content.decode()


def test_two_windows_never_write_more_lines_than_a_page_holds(race):
    person = a_person()
    for number in range(LINES_AT_MOST - 1):
        actions.add_strength(by=person, statement=f"強み{number}")

    race(*[lambda number=number: actions.add_strength(by=person, statement=f"窓{number}") for number in range(4)])

    places = list(Strength.objects.filter(user=person).order_by("position").values_list("position", flat=True))
    assert places == list(range(LINES_AT_MOST))
