"""Wishes about work: for the person alone. Nobody below can read them, and what is cleared is gone (F07-F11)."""
import ast

import pytest

from machi.activity.models import Fact
from machi.journey.actions import add_found, answer, choose_wishes, forget_answers
from machi.journey.models import Answer, Wish
from machi.journey.queries import A_WEEK, Standing, answers_of, standing_of, wishes_of
from machi.profiles.actions import LINES_AT_MOST, add_strength, write_conditions
from machi.profiles.models import Strength
from machi.shared.errors import DomainError
from machi.shared.seals import Overtaken, seal
from tests.architecture.reading import files, name_of
from tests.people import a_person, a_proposal
from tests.rows import changed, fingerprint

DRAFT = {"statement": "聞き書きが得意です", "evidence": "", "hand_me": "聞き書き"}


def test_none_one_or_several_in_the_order_of_the_list(db):
    person = a_person()

    for chosen in ([], ["new"], ["new", "experience", "home"], list(Wish.Kind.values), ["loved"]):
        choose_wishes(by=person, kinds=chosen)
        assert wishes_of(person) == tuple(kind for kind in Wish.Kind.values if kind in chosen)


def test_what_is_cleared_is_gone_and_no_fact_remembers_it(db):
    person, facts = a_person(), Fact.objects.count()
    choose_wishes(by=person, kinds=["home", "beside"])
    answer(by=person, question="asked", text="資料を直す")

    choose_wishes(by=person, kinds=[])
    forget_answers(by=person)

    assert not Wish.objects.exists() and not Answer.objects.exists() and Fact.objects.count() == facts


def test_choosing_touches_no_other_table_and_nobody_else(db):
    person, other = a_person(), a_person()
    choose_wishes(by=other, kinds=["home"])
    before = fingerprint()

    choose_wishes(by=person, kinds=["new"])

    assert changed(before, fingerprint()) == {"journey_wish"} and wishes_of(other) == ("home",)


def test_a_wish_that_does_not_exist_is_refused(db):
    with pytest.raises(ValueError):
        choose_wishes(by=a_person(), kinds=["rich"])


def test_two_windows_leave_one_choice_never_half_of_each(race):
    person = a_person()

    race(lambda: choose_wishes(by=person, kinds=["home", "new"]), lambda: choose_wishes(by=person, kinds=["loved"]))

    assert wishes_of(person) in {("home", "new"), ("loved",)}


def test_where_somebody_stands_is_one_question(db, django_assert_num_queries):
    person = a_person()
    assert standing_of(person) == Standing()
    choose_wishes(by=person, kinds=["home"])
    a_proposal(worker=person)

    with django_assert_num_queries(1):
        assert standing_of(person) == Standing(("home",), True)
    for said, days in (({"may_leave_suddenly": True}, A_WEEK), ({"may_leave_suddenly": True, "slack_days": 3}, 3), ({"slack_days": 9}, 9),
                       ({}, 0)):
        write_conditions(by=person, **said)
        assert standing_of(person) == Standing(("home",), True, days)


def test_answers_are_kept_passed_over_and_forgotten(db):
    person = a_person()
    answer(by=person, question="shown", text="")
    answer(by=person, question="asked", text="前の答え")
    answer(by=person, question="asked", text="資料を直す")

    assert answers_of(person) == {"asked": "資料を直す", "shown": ""} and answers_of(a_person()) == {}
    forget_answers(by=person)
    assert answers_of(person) == {}


def test_two_windows_that_answer_one_question_at_the_same_moment_write_over_nothing(race):
    person, nothing = a_person(), seal({})

    answers = race(*[lambda text=text: answer(by=person, question="asked", text=text, seen=nothing) for text in ("窓一", "窓二")])

    (kept,) = [one for one in answers if not isinstance(one, Overtaken)]
    assert answers_of(person) == {"asked": kept.text}


def test_drafts_are_added_once_and_all_or_none(db):
    person = a_person()
    for _twice in range(2):
        add_found(by=person, chosen=[DRAFT])
    assert Strength.objects.filter(user=person).count() == 1
    for number in range(LINES_AT_MOST - 2):
        add_strength(by=person, statement=f"強み{number}")

    with pytest.raises(DomainError):
        add_found(by=person, chosen=[DRAFT | {"statement": "一つ目"}, DRAFT | {"statement": "二つ目"}])
    assert Strength.objects.filter(user=person).count() == LINES_AT_MOST - 1


# ---- nobody else can read them ------------------------------------------------------------------------------------------

# The person's own screens, the people of the demo town who act for themselves, and a person's own export.
MAY_READ = ("machi/journey/", "machi/web/pages/journey/", "machi/web/pages/front/", "machi/web/pages/jobs/views/finding.py",
            "machi/web/pages/jobs/shown.py", "machi/simulation/deeds.py", "machi/privacy/")
NAMES = ("journey_wish", "journey_answer", "wish_set", "answer_set")


def readers(source: str) -> list[str]:
    """Whatever in a file could lead to a wish or an answer: an import of the room, or the name of its tables."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("machi.journey"):
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.startswith("machi.journey")]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [name for name in NAMES if name in node.value]
    return found


def test_only_a_persons_own_pages_read_the_room():
    elsewhere = {name_of(path): readers(path.read_text()) for path in files("machi") if not name_of(path).startswith(MAY_READ)}

    assert {name: found for name, found in elsewhere.items() if found} == {}


def test_a_person_has_no_way_back_to_their_wishes():
    """No room below gets there through a person's row either: `user.wishes` and `filter(wish=...)` do not exist."""
    assert not [field.name for field in a_field_names() if field.related_model in (Wish, Answer)]


def a_field_names():
    return [field for field in Wish._meta.get_field("user").related_model._meta.get_fields() if field.is_relation]


@pytest.mark.parametrize("planted", [
    "from machi.journey.queries import wishes_of", "import machi.journey.models", "SQL = 'SELECT * FROM journey_wish'"])
def test_a_planted_reader_is_found(planted):
    assert readers(planted)
