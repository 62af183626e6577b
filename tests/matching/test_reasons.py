"""Why somebody fits: a hobby counts beside a career, in words both sides can read; every order holds the same people."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.matching.queries import SORTS, alternatives, applicants, for_worker, why_it_fits
from machi.matching.reasons import MOST, fit, pips
from machi.profiles.actions import add_career, add_hobby
from machi.proposals.actions import withdraw
from machi.proposals.queries import alternatives_count
from machi.taxonomy.models import Category
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def soccer():
    """The story of the town: A wrote for ten years, B for three and plays soccer for ten, C is new."""
    job, writing = a_job(seats_count=2, newcomer_seats_count=1), Category.objects.get(pk="writing")
    a, b, c = a_person("A"), a_person("B"), a_person("C")
    add_career(by=a, role="ライター", years=10, category=writing)
    add_career(by=b, role="ライター", years=3, category=writing)
    add_hobby(by=b, topic="ｻｯｶｰ", years=10, depth="doing")
    for person in (a, b, c):
        a_proposal(job, person)
    return job


def names(people) -> list[str]:
    return [one.proposal.worker.name for one in people]


def test_knowing_the_topic_counts_more_than_having_been_paid(soccer):
    people = applicants(soccer, client_of(soccer))

    assert names(people) == ["B", "A", "C"]
    assert people[0].fit > people[1].fit > people[2].fit == 0
    assert "サッカー" in people[0].reasons[0].fact and people[0].reasons[0].aspect == "knowledge"


def test_every_order_holds_the_same_people(soccer):
    for sort in SORTS:
        assert sorted(names(applicants(soccer, client_of(soccer), sort=sort))) == ["A", "B", "C"]
    assert names(applicants(soccer, client_of(soccer), sort="experience")) == ["A", "B", "C"]
    assert names(applicants(soccer, client_of(soccer), sort="arrived")) == ["A", "B", "C"]


def test_nobody_but_the_client_compares_and_who_withdrew_is_not_compared(soccer):
    gone = applicants(soccer, client_of(soccer))[0].proposal
    withdraw(proposal=gone, by=gone.worker)

    assert names(applicants(soccer, client_of(soccer))) == ["A", "C"]
    assert applicants(soccer, a_client()) == applicants(soccer, gone.worker) == []


def test_what_was_finished_here_is_a_reason():
    worker = a_person()
    a_contract(accepted=True, worker=worker)
    reasons = why_it_fits(a_job(), worker)

    assert [(reason.aspect, reason.pips) for reason in reasons] == [("record", 1)]
    assert why_it_fits(a_job(), a_person()) == []


@pytest.mark.parametrize(("amount", "count"), [(0, 0), (1, 1), (2, 1), (3, 2), (7, 2), (8, 3), (80, 3)])
def test_years_become_at_most_three_marks(amount, count):
    assert pips(amount) == count <= MOST


def test_comparing_many_costs_as_many_questions_as_comparing_few(soccer):
    client = client_of(soccer)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            applicants(soccer, client)
        return len(asked)
    few = questions()
    for _number in range(6):
        a_proposal(soccer)

    assert questions() == few <= 10


def test_home_shows_what_is_near_first_and_says_why():
    worker = a_person()
    add_hobby(by=worker, topic="盆栽", years=5, depth="doing")
    a_job(title="遠い仕事")
    a_job(title="近い仕事", topic="盆栽")

    rows = for_worker(worker)
    assert [row.title for row, _why in rows] == ["近い仕事", "遠い仕事"] and "盆栽" in rows[0][1] and rows[1][1] == ""


def test_the_letter_promises_as_many_posts_as_the_page_shows():
    worker = a_person()
    a_proposal(a_job(title="応募した仕事"), worker)
    a_job(worker_client := a_client(), title="一つ目")
    assert alternatives_count(worker) == len(alternatives(worker)) == 1
    for number in range(4):
        a_job(worker_client, title=f"ほかの仕事{number}")

    assert alternatives_count(worker) == len(alternatives(worker)) == 3
    assert alternatives_count(worker_client) == len(alternatives(worker_client)) == 1, "one's own posts are no alternative"
    assert fit([]) == 0
