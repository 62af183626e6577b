"""Completeness is asked of one page, and of everybody at once in SQL. Both say the same, whatever somebody has written."""
import random

import pytest
from django.db import connection

from machi.accounts.actions import introduce
from machi.portfolio.actions import add_piece
from machi.profiles import actions
from machi.profiles.completeness import ALL, STEPS, percents_sql
from machi.profiles.queries import completeness, pages_of
from machi.taxonomy.models import Skill
from tests.people import a_person

pytestmark = pytest.mark.django_db

# Everything a person can do to a page; whoever adds a step adds the deed that completes it.
DEEDS = {
    "display_name": lambda by: introduce(by=by, display_name="あおい"),
    "headline": lambda by: actions.write_profile(by=by, headline="街の書き手"),
    "about": lambda by: actions.write_profile(by=by, about="記録を書いてきました"),
    "strength": lambda by: actions.add_strength(by=by, statement="早い"),
    "evidence": lambda by: actions.add_strength(by=by, statement="正確", evidence="記事100本"),
    "a link": lambda by: actions.add_strength(by=by, statement="見せる", evidence_link="https://example.jp/x"),
    "a piece": lambda by: actions.add_strength(by=by, statement="作る", evidence_piece_id=add_piece(by=by, title="棚", part="全部").pk),
    "hand_me": lambda by: actions.add_strength(by=by, statement="聞く", hand_me="聞き書き"),
    "hobby": lambda by: actions.add_hobby(by=by, topic=f"サッカー{by.pk}", years=10, depth="doing"),
    "career": lambda by: actions.add_career(by=by, role="ライター", years=3),
    "skill": lambda by: actions.add_skill(by=by, skill=Skill.objects.order_by("position")[by.pk % 90], level="alone"),
    "conditions": lambda by: actions.write_profile(by=by, conditions="平日の夜"),
    "hours": lambda by: actions.write_conditions(by=by, hours=10),
    "nothing": lambda by: actions.write_conditions(by=by, may_leave_suddenly=True, slack_days=3),      # theirs alone: counts for nothing
    "availability": lambda by: actions.say_availability(by=by, standing="resting"),
}


def nameless():
    person = a_person()
    type(person).objects.filter(pk=person.pk).update(display_name="")
    person.refresh_from_db()
    return person


def percents() -> dict[int, int]:
    with connection.cursor() as db:
        db.execute(percents_sql())
        return dict(db.fetchall())


def test_everybody_at_once_is_the_same_as_one_by_one():
    dice = random.Random(7)
    people = [nameless() for _number in range(40)]
    for number, person in enumerate(people):
        for deed in list(DEEDS.values())[:0 if number == 0 else None]:
            if number == 1 or dice.random() < 0.5:
                deed(person)
        person.refresh_from_db()

    one_by_one = {pk: completeness(page).percent for pk, page in pages_of(people).items()}

    assert percents() == one_by_one
    assert {0, 100} <= set(one_by_one.values()) and len(set(one_by_one.values())) > 4


@pytest.mark.parametrize("step", ALL, ids=STEPS)
def test_each_step_alone_is_seen_by_both(step):
    person = nameless()
    assert step.name in DEEDS

    DEEDS[step.name](person)
    person.refresh_from_db()

    page = pages_of([person])[person.pk]
    assert step.name in completeness(page).done and percents()[person.pk] == completeness(page).percent


def test_it_is_one_question_however_many_people(django_assert_num_queries):
    for _number in range(5):
        a_person()

    with django_assert_num_queries(1):
        assert len(percents()) == 5
