"""What became of applications, by how much of a page was written: real ones only, and never about a few (F19)."""
import datetime

import pytest

from machi.insights.actions import SETTLED_AFTER, count_chances, count_if_new_day
from machi.insights.models import BandFigure
from machi.insights.queries import BANDS, PEOPLE_AT_LEAST, Band, chances
from machi.profiles.completeness import ALL
from machi.proposals.actions import decline, withdraw
from machi.proposals.models import Proposal, Reason
from machi.shared import clock
from tests.people import a_client, a_job, a_person, a_proposal, an_offer
from tests.profiles.test_completeness import DEEDS

pytestmark = pytest.mark.django_db


def full(worker):
    """Somebody whose page is written to the end."""
    for step in ALL:
        DEEDS[step.name](worker)
    worker.refresh_from_db()
    return worker


def settled():
    """The clock stands where what was sent now has had its time."""
    return clock.moved(by=SETTLED_AFTER + datetime.timedelta(hours=1))


def counted() -> dict[int, tuple]:
    with settled():
        count_chances()
        return {band.start: (band.people_count, band.proposals_count, band.chosen_count) for band in chances().bands}


def answered(job, worker, *, chosen: bool):
    proposal = a_proposal(job, worker)
    if chosen:
        an_offer(proposal)
    else:
        decline(proposal=proposal, by=job.client.person, reason=Reason.TOPIC)
    return proposal


def test_each_band_counts_people_applications_and_requests():
    client = a_client()
    writer, newcomer = full(a_person()), a_person()
    answered(a_job(client), writer, chosen=True)
    answered(a_job(client), writer, chosen=False)
    answered(a_job(client), newcomer, chosen=False)

    found = counted()

    assert found[90] == (1, 2, 1) and found[0] == (1, 1, 0) and found[50] == found[70] == (0, 0, 0)


def test_what_is_unanswered_taken_back_or_too_young_does_not_count():
    job = a_job(seats_count=5)
    a_proposal(job, a_person())
    withdraw(proposal=(taken := a_proposal(job, a_person())), by=taken.worker)
    answered(job, a_person(), chosen=False)

    count_chances()                                 # today: nothing is settled yet

    assert sum(band.proposals_count for band in chances().bands) == 0
    assert sum(count for _people, count, _chosen in counted().values()) == 1


def test_a_page_counts_as_it_was_when_the_application_was_sent():
    worker = a_person()
    proposal = answered(a_job(), worker, chosen=False)
    full(worker)

    assert proposal.written_percent < 50 and counted()[0][1] == 1
    Proposal.objects.update(written_percent=None)   # from before this was written down: then as it is now
    found = counted()
    assert found[90][1] == 1 and found[0][1] == 0
    assert BandFigure.objects.get(from_percent=90).known_count == 0


def test_fewer_than_thirty_people_are_not_shown():
    few, enough = Band(90, 100, PEOPLE_AT_LEAST - 1, 200, 60, 200), Band(90, 100, PEOPLE_AT_LEAST, 200, 60, 200)

    assert (few.percent, enough.percent) == (None, 30)


def test_few_are_not_nobody_and_many_are_not_all():
    def band(chosen: int, of: int) -> tuple:
        one = Band(90, 100, PEOPLE_AT_LEAST, of, chosen, of)
        return one.percent, one.is_under_one

    assert [band(0, 300), band(1, 300)[1], band(3, 300), band(299, 300), band(300, 300)] == [
        (0, False), True, (1, False), (99, False), (100, False)]


def test_it_is_counted_once_a_day_and_anew_the_next():
    assert count_if_new_day() and not count_if_new_day()
    first = clock.today()

    with clock.moved(by=datetime.timedelta(days=1)):
        assert count_if_new_day() and chances().day == first + datetime.timedelta(days=1)
    assert BandFigure.objects.count() == 2 * len(BANDS)


def test_before_the_first_night_there_is_nothing():
    assert chances() is None


def test_counting_asks_the_same_number_of_questions_however_many_there_are(django_assert_num_queries, django_assert_max_num_queries):
    answered(a_job(), a_person(), chosen=True)
    with settled(), django_assert_max_num_queries(10) as few:
        count_chances()
    for _more in range(3):
        answered(a_job(), a_person(), chosen=True)

    with settled(), django_assert_num_queries(len(few)):
        count_chances()
