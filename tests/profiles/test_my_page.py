"""My page: every line saved by itself, changed by its person only; completeness tells one next step."""
import pytest

from machi.accounts.actions import introduce
from machi.profiles import actions
from machi.profiles.models import Hobby, Strength
from machi.profiles.queries import STEPS, completeness, page_of, pages_of
from machi.shared.errors import DomainError, NotAllowed
from machi.taxonomy.models import Category, Skill, Topic
from machi.taxonomy.queries import topics_like
from tests.people import a_job, a_person, a_topic

pytestmark = pytest.mark.django_db


def test_a_hobby_names_the_very_row_that_a_post_names():
    hobby = actions.add_hobby(by=a_person(), topic="ｻｯｶｰ", years=10, depth="doing")

    assert hobby.topic == a_job(topic="サッカー").topic


def test_the_same_hobby_twice_is_refused_in_words():
    person = a_person()
    actions.add_hobby(by=person, topic="サッカー", years=10, depth="doing")
    other = actions.add_hobby(by=person, topic="園芸", years=1, depth="making")

    with pytest.raises(DomainError):
        actions.add_hobby(by=person, topic="さっかー", years=3, depth="watching")
    with pytest.raises(DomainError):
        actions.change_entry(entry=other, by=person, topic="ｻｯｶｰ")
    actions.add_hobby(by=a_person(), topic="サッカー", years=1, depth="doing")
    assert Hobby.objects.count() == 3


def test_only_its_person_changes_or_removes_a_line():
    person, stranger = a_person(), a_person()
    line = actions.add_strength(by=person, statement="聞き書きができます")

    with pytest.raises(NotAllowed):
        actions.change_entry(entry=line, by=stranger, statement="乗っ取り")
    with pytest.raises(NotAllowed):
        actions.remove_entry(entry=line, by=stranger)
    assert actions.change_entry(entry=line, by=person, evidence="https://example.jp/").evidence == "https://example.jp/"
    actions.remove_entry(entry=line, by=person)
    assert not Strength.objects.exists()


def test_a_page_holds_thirty_lines_of_a_kind():
    person = a_person()
    for number in range(actions.LINES_AT_MOST):
        actions.add_strength(by=person, statement=f"強み{number}")

    with pytest.raises(DomainError):
        actions.add_strength(by=person, statement="もう一つ")
    actions.add_career(by=person, role="ライター", years=3)


def test_completeness_grows_step_by_step_and_names_the_next_one():
    person = a_person()
    type(person).objects.filter(pk=person.pk).update(display_name="")
    person.refresh_from_db()
    seen = [completeness(page_of(person))]
    for deed in (
            lambda: introduce(by=person, display_name="あおい"),
            lambda: actions.write_profile(by=person, headline="街の書き手", about="", conditions=""),
            lambda: actions.add_strength(by=person, statement="早い"),
            lambda: actions.add_strength(by=person, statement="正確", evidence="記事100本"),
            lambda: actions.add_strength(by=person, statement="聞く", hand_me="聞き書き"),
            lambda: actions.add_hobby(by=person, topic="サッカー", years=10, depth="doing"),
            lambda: actions.add_career(by=person, role="ライター", years=3, category=Category.objects.get(pk="writing")),
            lambda: actions.add_skill(by=person, skill=Skill.objects.order_by("position")[0], level="alone"),
            lambda: actions.write_profile(by=person, headline="街の書き手", about="", conditions="平日の夜"),
            lambda: actions.say_availability(by=person, standing="open")):
        deed()
        person.refresh_from_db()
        seen.append(completeness(page_of(person)))

    assert [one.count for one in seen] == list(range(11)) and [one.next_step for one in seen] == [*STEPS, None]
    assert (seen[0].percent, seen[-1].percent, seen[-1].of) == (0, 100, 10)


def test_many_pages_cost_as_many_questions_as_one(django_assert_num_queries):
    people = [a_person() for _number in range(6)]
    for person in people:
        actions.add_hobby(by=person, topic="サッカー", years=1, depth="doing")
        actions.add_career(by=person, role="ライター", years=2)

    with django_assert_num_queries(1):
        pages = pages_of(people)
    assert {page.career_years for page in pages.values()} == {2} and all(page.is_career_only for page in pages.values())


def test_topics_are_offered_while_they_are_typed():
    for name in ("サッカー", "サックス", "園芸"):
        a_topic(name)

    assert {"サッカー", "サックス"} <= {topic.name for topic in topics_like("ｻｯ")}
    assert topics_like("") == topics_like(" ") == [] and Topic.objects.filter(name="サックス").count() == 1
