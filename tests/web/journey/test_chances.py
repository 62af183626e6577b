"""My page shows what came of applications by how much of a page was written, with n and the day, or says that it is too early (F19)."""
import datetime

import pytest

from machi.insights.actions import SETTLED_AFTER, count_chances
from machi.insights.models import BandFigure
from machi.insights.queries import BANDS, PEOPLE_AT_LEAST
from machi.profiles.queries import completeness, page_of
from machi.proposals.actions import decline
from machi.proposals.models import Reason
from machi.shared import clock
from tests.insights.test_chances import full
from tests.people import a_client, a_job, a_person, a_proposal, an_offer
from tests.web.contracts.walking import signed_in


def my_page(person) -> str:
    return signed_in(person).get("/me/").content.decode().replace("<wbr>", "")


@pytest.fixture
def people(db):
    """One fewer than can be shown: full pages, answered applications; every third of them was asked."""
    client = a_client()
    job = a_job(client, seats_count=50)
    for number in range(PEOPLE_AT_LEAST - 1):
        answered(job, full(a_person()), chosen=number % 3 == 0)
    return job


def answered(job, worker, *, chosen: bool) -> None:
    proposal = a_proposal(job, worker)
    if chosen:
        an_offer(proposal)
    else:
        decline(proposal=proposal, by=job.client.person, reason=Reason.TOPIC)


def test_below_thirty_people_it_says_so_and_shows_no_figure(people):
    with clock.moved(by=SETTLED_AFTER + datetime.timedelta(hours=1)):
        count_chances()

        page = my_page(a_person())

    assert "まだ記録が少なく、お見せできません" in page and "%がお願いにつながりました" not in page


def test_from_thirty_people_on_the_figure_stands_there_with_n_and_the_day(people, clock_at):
    clock_at("2026-12-01 10:00")
    answered(people, full(a_person()), chosen=True)
    clock_at("2026-12-09 10:00")
    count_chances()
    person = a_person()

    page = my_page(person)

    assert "90%以上書けている人の応募は、37%がお願いにつながりました。" in page           # 11 of 30
    assert "（30人、応募30件、12月9日（水）までの記録）" in page
    assert f"あなたのページは、いま{completeness(page_of(person)).percent}%です" in page
    assert page.count("まだ記録が少なく、お見せできません") == 3 and page.count("30人未満") == 3        # the other bands
    assert "受注" not in page and "理由とは限りません" in page


@pytest.mark.parametrize(("chosen", "told"), [(0, "0%がお願い"), (1, "1%未満がお願い"), (300, "100%がお願い")])
def test_one_of_three_hundred_is_neither_nobody_nor_one_of_a_hundred(db, chosen, told):
    for start in BANDS:
        BandFigure.objects.create(day=clock.today(), from_percent=start, people_count=300, proposals_count=300, chosen_count=chosen,
                                  known_count=300)

    page = my_page(a_person())

    assert f"90%以上書けている人の応募は、{told}につながりました。" in page and page.count(told.removesuffix("がお願い")) >= 5


def test_before_the_first_night_the_page_stands(db):
    assert "30人分の記録がそろうと" in my_page(a_person())
