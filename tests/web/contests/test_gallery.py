"""The gallery of a contest, and how a contest stands in lists: nobody's work is opened, nothing is claimed that did not happen."""
import re
from unittest.mock import patch

import pytest

from machi.files.storing import store_all
from machi.jobs.contests import pot_of
from machi.payments.models import Funding
from machi.proposals import actions
from machi.proposals.entries import EntryFile
from machi.shared import clock
from machi.web.pages.contests import judging
from tests.files.drawn import encoded, two_halves
from tests.people import a_client, a_contest, a_job, a_person, an_entry, client_of, closed_contest
from tests.web.contracts.walking import said, signed_in, text_of, upload

pytestmark = pytest.mark.django_db
DAY = clock.datetime.timedelta(days=1)


def picture():
    return store_all([upload("絵.png", encoded(two_halves(size=(900, 600)), "PNG"))])


def test_a_picture_whose_preview_is_not_ready_stands_there_as_its_kind(db):
    job = a_contest()
    an_entry(job, files=picture())
    browser = signed_in(client_of(job))

    page = browser.get(f"/jobs/{job.pk}/gallery/").content.decode()
    assert "#image" in page and said("entry.preview.waiting") in page and "<img" not in page.partition('class="gallery"')[2]
    assert EntryFile.objects.get().preview == "waiting", "looking at a page draws nothing"
    actions.make_previews()
    page = browser.get(f"/jobs/{job.pk}/gallery/").content.decode()
    [shown] = re.findall(r'<img[^>]+/small/"[^>]*>', page)
    assert 'loading="lazy"' in shown and "width=" in shown


def test_a_client_goes_to_an_entry_by_its_number(db):
    job = a_contest()
    for _number in range(3):
        an_entry(job)
    browser, gallery = signed_in(client_of(job)), f"/jobs/{job.pk}/gallery/"

    with patch.object(judging, "SHOWN", 2):
        assert browser.get(f"{gallery}?number=３").url == f"/entries/{job.entries.get(number=3).pk}/"
        assert said("gallery.number.none") in text_of(browser.get(f"{gallery}?number=9"))
        assert said("gallery.number.none") in text_of(browser.get(f"{gallery}?number=1 or 1"))
        assert 'name="number"' in browser.get(gallery).content.decode()
        assert said("entry.numbered", n=3) in text_of(browser.get(f"{gallery}?page=2"))


def test_between_very_many_entries_the_favourites_are_listed_and_the_one_that_was_opened(db):
    job = a_contest()
    entries = [an_entry(job) for _number in range(4)]
    actions.mark_entry(entry=entries[1], by=client_of(job), is_favourite=True)
    browser, choosing = signed_in(client_of(job)), f"/jobs/{job.pk}/prizes/"

    with closed_contest(job), patch.object(judging, "LISTED", 3):
        assert said("entry.take") in text_of(browser.get(f"/entries/{entries[3].pk}/"))
        page = browser.get(f"{choosing}?take=4").content.decode()
        assert '<option value="2"' in page and '<option value="4" selected' in page and '<option value="1"' not in page
        assert said("award.long") in text_of(browser.get(choosing))
        assert said("award.confirm") in text_of(browser.get(f"{choosing}?look=1&prize_1=1"))
        assert browser.post(choosing, {"prize_1": "1"}).status_code == 302
    entries[0].refresh_from_db()
    assert entries[0].state == "awarded"


def test_a_list_says_of_a_contest_what_can_be_won_and_that_the_money_is_there(db, django_assert_max_num_queries):
    job = a_contest(closes_on=clock.today() + 6 * DAY)
    an_entry(job), an_entry(job)
    a_job(title="記録係のお願い")
    browser = signed_in(a_person())
    browser.get("/jobs/")

    with django_assert_max_num_queries(12):
        page = browser.get("/jobs/")
    seen = text_of(page)
    for words in (said("card.pot"), said("card.prize", price="30,000円"), "25,740円", "2本", said("card.entries", n=2), "あと6日"):
        assert words in seen, words
    assert seen.count(said("card.pot")) == 1, "other forms of work have no pot"
    Funding.objects.all().delete()                  # the badge is not a claim of the post: it is the deposit itself
    assert said("card.pot") not in text_of(browser.get("/jobs/"))


@pytest.mark.parametrize(("prize", "is_withheld", "withheld", "net"), [
    (50_000, True, 0, "42,900円"), (50_001, True, 5_105, "37,796円"), (50_001, False, 0, "42,901円")])
def test_both_sides_read_the_tax_of_a_prize_before_they_begin(db, prize, is_withheld, withheld, net):
    client = a_client(is_withholding_agent=is_withheld)
    job = a_contest(client, prizes=(prize,), opened=False)
    rule = said("contest.tax.small", sum="50,000円") if is_withheld else said("contest.tax.none")

    assert rule in text_of(signed_in(client).get(f"/jobs/{job.pk}/pot/"))
    actions.open_contest(job=job, by=client, pot=pot_of(job.contest))
    maker = signed_in(a_person())
    read = text_of(maker.get(f"/jobs/{job.pk}/"))
    assert rule in read and net in read and (f"{said('money.withheld')} {withheld:,}円" in read) == bool(withheld)
    assert net in text_of(maker.get("/jobs/"))
    assert rule in text_of(maker.get(maker.post(f"/jobs/{job.pk}/entries/").url))

