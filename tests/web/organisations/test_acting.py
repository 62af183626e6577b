"""For whom somebody acts: themselves, or one of their organisations."""
import pytest

from machi.accounts.actions import describe_client
from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.accounts.queries import party_of
from machi.jobs.models import Job
from tests.people import a_client, a_contract, a_job, a_member, a_person, a_proposal
from tests.web.contracts.walking import said, signed_in, text_of
from tests.web.organisations.test_pages import WHO

pytestmark = pytest.mark.django_db


def test_a_post_is_written_for_whoever_was_chosen_and_the_choice_stays(party):
    writer = a_member(party, Power.MEMBER, user=a_person("はるか"))
    browser = signed_in(writer)
    words = {"form": "project", "category": "writing"}
    assert said("post.for_whom") in text_of(browser.get("/jobs/new/"))
    assert browser.post("/jobs/new/", words).status_code == 422

    browser.post("/jobs/new/", words | {"client": party.pk})
    own = browser.post("/jobs/new/", words | {"client": party_of(writer).pk})
    job, mine = Job.objects.get(client=party), Job.objects.get(client=party_of(writer))
    for post, title in ((job, "取材の手伝い"), (mine, "自分の募集")):
        browser.post(f"/jobs/{post.pk}/write/what/", {"title": title, "body": "商店街の話を聞いてください。", "version": post.version})

    assert (job.client, job.contact) == (party, writer) and own.status_code == 302
    assert "自分の募集" in text_of(browser.get("/jobs/mine/")) and "取材の手伝い" not in text_of(browser.get("/jobs/mine/"))
    browser.post("/organisations/acting/", {"party": party.pk, "next": "/jobs/mine/"})
    page = text_of(browser.get("/jobs/mine/"))
    assert "取材の手伝い" in page and "自分の募集" not in page and "受け持ち：はるかさん" in page
    assert browser.post("/organisations/acting/", {"party": party.pk, "next": "nowhere"}).headers["Location"] == "/home/"
    assert "「みなと出版」の募集です" in text_of(browser.get(f"/jobs/{job.pk}/write/what/"))


@pytest.mark.parametrize("client_number", ["x", "999999", "-1", "9" * 40])
def test_a_post_for_somebody_elses_organisation_is_not_begun(party, client_number):
    writer = a_member(party, Power.MEMBER)
    answer = signed_in(writer).post("/jobs/new/", {"form": "project", "category": "writing", "client": client_number})

    assert answer.status_code == 422 and not Job.objects.exists()


def test_whoever_only_pays_is_not_asked_for_whom_they_write(party):
    payer = a_member(party, Power.PAYER)
    page = text_of(signed_in(payer).get("/jobs/new/"))

    assert said("post.for_whom") not in page


def test_contracts_and_home_keep_apart_what_is_mine_and_what_is_ours(keeper, party):
    a_contract(party=party, by=keeper, title="団体の仕事")
    offer_job = a_job(a_client("よその会"), title="自分が働く仕事")
    describe_client(party=party_of(keeper), by=keeper, name="みどり", address="東京都港区みなと1-2-3", contact="a@example.jp", trade="sole",
                    has_employees=False, is_withholding_agent=False)
    a_contract(by=keeper, title="自分がたのんだ仕事")
    a_proposal(offer_job, keeper)
    browser = signed_in(keeper)
    browser.post("/organisations/acting/", {"party": party_of(keeper).pk})
    browser.post("/notices/read/")                  # what somebody is told is about everything
    for place in ("/contracts/", "/home/"):
        page = text_of(browser.get(place))
        assert "自分がたのんだ仕事" in page and "団体の仕事" not in page
    browser.post("/organisations/acting/", {"party": party.pk})
    browser.post("/notices/read/")                  # what somebody is told is about everything
    for place in ("/contracts/", "/home/"):
        page = text_of(browser.get(place))
        assert "団体の仕事" in page and "自分がたのんだ仕事" not in page


def test_nobody_acts_for_a_party_that_is_not_theirs(party):
    browser = signed_in(a_person())
    for number in (party.pk, "x", "", "9" * 30):
        assert browser.post("/organisations/acting/", {"party": number}).status_code == 404
    assert browser.post("/organisations/acting/", {"party": party_of(a_person()).pk}).status_code == 404


def test_only_a_keeper_writes_the_last_screen_of_a_post_and_a_member_goes_on_past_it(party):
    writer = a_member(party, Power.MEMBER)
    job = a_job(writer, party=party, published=False)
    browser = signed_in(writer)
    page = browser.get(f"/jobs/{job.pk}/write/client/")
    assert said("post.client.keeper") in text_of(page) and "disabled" in page.content.decode()

    answer = browser.post(f"/jobs/{job.pk}/write/client/", WHO | {"name": "別の名前"})

    assert answer.status_code == 302 and Party.objects.get(pk=party.pk).name == "みなと出版"
    assert browser.post(f"/jobs/{job.pk}/preview/", {"version": job.version}).status_code == 302
