"""A crowd is invented by COPY; what a person sees of it is as the actions would have written it."""
import datetime
import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from machi.accounts.models import User
from machi.contracts.models import Contract, Delivery
from machi.jobs import index
from machi.jobs.models import Job
from machi.jobs.queries import missing_items
from machi.messaging.models import Thread
from machi.portfolio.actions import PIECES_AT_MOST
from machi.portfolio.models import Piece
from machi.portfolio.queries import cards_of
from machi.profiles.actions import LINES_AT_MOST
from machi.profiles.models import (
    Availability,
    Career,
    Certificate,
    Hobby,
    KnownSkill,
    Language,
    Names,
    Pay,
    PrivateConditions,
    Profile,
    Strength,
    WorkingConditions,
)
from machi.profiles.queries import PARTS, completeness, own_of, page_of
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.simulation.crowd import crowd
from machi.simulation.crowd.pages import BUSY_LINES
from machi.taxonomy.models import Topic
from tests.people import a_contract, a_job, a_person

NOON = datetime.datetime(2026, 12, 1, 3, tzinfo=datetime.UTC)
SIZE = {"workers": 130, "jobs": 40, "seed": 3}


@pytest.fixture
def filled(db):
    assert not User.objects.exists()                # and the transaction of the test has begun
    with clock.moved(to=NOON):
        yield crowd.fill(connection.connection, now=NOON, **SIZE)


def shape(row, *, besides: set[str] = frozenset()) -> dict[str, bool]:
    """Column -> is there anything in it?"""
    return {field.attname: getattr(row, field.attname) not in (None, "", [], {}) for field in row._meta.concrete_fields
            if field.attname not in besides and field.get_internal_type() != "BooleanField"}


def test_so_many_as_asked_for(filled):
    assert User.objects.count() == SIZE["workers"] + 12
    assert Job.objects.filter(state="open").count() == SIZE["jobs"]
    assert Contract.objects.count() == SIZE["workers"] // 2
    assert filled["Job"] == Job.objects.count() and filled["Hobby"] == Hobby.objects.count()


def test_an_open_post_is_whole_and_found_by_what_it_says(filled):
    by_hand = a_job(topic="サッカー", outcome="文章", newcomer_seats_count=1)
    for job in Job.objects.filter(client__person__email__startswith="crowd").select_related("topic", "client", "topic_before"):
        assert job.pairs == index.found_by(job)
        if job.state == "open":
            assert missing_items(job) == []
            assert shape(job, besides={"newcomer_seats_count", "proposals_count"}) == shape(
                by_hand, besides={"newcomer_seats_count", "proposals_count"})


def test_every_line_of_a_page_has_what_an_action_writes(filled):
    from_forms = {
        Profile: {"user_id", "headline", "about", "changed_at"}, Strength: {"user_id", "statement", "added_at"},
        Hobby: {"user_id", "topic_id", "depth", "added_at"}, Career: {"user_id", "role", "years", "added_at"},
        KnownSkill: {"user_id", "skill_id", "level", "added_at"}, Certificate: {"user_id", "name", "added_at"},
        Language: {"user_id", "name", "level", "added_at"}, WorkingConditions: {"user_id"}, PrivateConditions: {"user_id"},
        Availability: {"user_id", "standing"}, Pay: {"user_id", "amount_yen", "per", "tax"}, Names: {"user_id", "call_name", "shown"},
        Piece: {"user_id", "title", "part", "shown", "position", "added_at", "changed_at"}}
    for model, columns in from_forms.items():
        for row in model.objects.order_by("pk"):
            assert columns <= {name for name, is_there in shape(row).items() if is_there} | {"years"}
            unsaid = {field.name for field in row._meta.concrete_fields if not shape(row).get(field.attname, True)}
            row.full_clean(exclude=unsaid - columns, validate_unique=False, validate_constraints=False)
        assert model.objects.exists(), model


def test_the_busy_one_filled_every_section_and_the_fullest_page_as_far_as_it_goes(filled):
    busy, quiet, fullest, *_others = User.objects.filter(email__startswith="crowd").order_by("pk")
    page, own = page_of(busy), own_of(busy)

    for pk, lines, works in ((busy.pk, BUSY_LINES, BUSY_LINES), (fullest.pk, LINES_AT_MOST, PIECES_AT_MOST)):
        told = page_of(User.objects.get(pk=pk))
        assert {name: len(getattr(told, name)) for name, part in PARTS.items() if not part.is_one} == dict.fromkeys(
            (name for name, part in PARTS.items() if not part.is_one), lines)
        assert [line.position for line in told.hobbies] == list(range(lines))
        assert len(cards_of(pk)) == works and all(card.topics and card.link for card in cards_of(pk))
    assert all(getattr(page, name) for name in PARTS) and own.names.call_name == busy.display_name and own.private and own.pay
    assert all(one.evidence_piece_id for one in page.strengths)
    assert completeness(page).percent == 100 > completeness(page_of(quiet)).percent


def test_applications_say_how_much_of_the_page_is_written(filled):
    percents = {user.pk: completeness(page).percent for user in User.objects.all() for page in [page_of(user)]}

    assert {proposal.pk: proposal.written_percent for proposal in Proposal.objects.all()} == {
        proposal.pk: percents[proposal.worker_id] for proposal in Proposal.objects.all()}
    assert len(set(Proposal.objects.values_list("written_percent", flat=True))) > 3


def test_a_contract_that_ended_well_has_the_shape_of_one_that_was_lived(filled):
    lived = a_contract(accepted=True)
    milestone, story = lived.milestones.get(), Contract.objects.filter(state="completed", worker__email__startswith="crowd").first()

    assert shape(story) == shape(lived)
    assert shape(story.milestones.get()) == shape(milestone)
    assert shape(story.offer, besides={"answer_by"}) == shape(lived.offer, besides={"answer_by"})
    assert set(story.offer.terms) == set(lived.offer.terms)
    assert shape(story.offer.proposal) == shape(lived.offer.proposal)
    assert shape(Delivery.objects.filter(milestone__contract=story).get()) == shape(Delivery.objects.get(milestone=milestone))
    assert Thread.objects.filter(about=story.reference).count() == 1
    assert shape(story.job, besides={"newcomer_seats_count", "outcome"}) == shape(lived.job, besides={"newcomer_seats_count", "outcome"})


def test_topics_that_the_town_knows_are_used_and_others_can_be_found(filled):
    assert Topic.objects.filter(folded="さっかー").count() == 1
    assert Hobby.objects.filter(topic__origin="town").exists()
    assert not Topic.objects.filter(marks=[]).exists()


@pytest.mark.parametrize("address", [
    "/home/", "/me/", "/jobs/", "/jobs/?q=サッカー", "/contracts/", "/earnings/", "/proposals/", "/notices/"])
def test_the_pages_of_the_busy_one_can_be_drawn(filled, address):
    busy = User.objects.filter(email__startswith="crowd").order_by("pk").first()
    browser = Client()
    browser.force_login(busy, "allauth.account.auth_backends.AuthenticationBackend")

    answer = browser.get(address)

    assert answer.status_code == 200, answer.status_code


def test_the_room_of_a_contract_and_a_public_page_can_be_drawn(filled):
    contract = Contract.objects.filter(worker__email__startswith="crowd").order_by("pk").first()
    browser = Client()
    browser.force_login(contract.worker, "allauth.account.auth_backends.AuthenticationBackend")

    for address in (f"/contracts/{contract.pk}/", f"/people/{contract.worker_id}/", f"/jobs/{contract.job_id}/"):
        assert browser.get(address).status_code == 200, address


def test_a_first_view_weighs_little_however_much_there_is_to_show(filled):
    """HTML, styles and scripts as they go over the line: 50 KB at most (face.md), on the pages of whoever has most on them."""
    contract = Contract.objects.filter(worker__email__startswith="crowd").order_by("pk").first()
    browser = Client(headers={"Accept-Encoding": "gzip"})
    browser.force_login(contract.worker, "allauth.account.auth_backends.AuthenticationBackend")

    views = {address: browser.get(address) for address in (
        "/home/", "/jobs/", f"/jobs/{contract.job_id}/", f"/contracts/{contract.pk}/", "/me/", f"/people/{contract.worker_id}/")}

    assert {address: weight(answer) for address, answer in views.items() if weight(answer) > 50_000} == {}


def weight(answer) -> int:
    """Bytes of a page and of the styles and scripts it names, packed."""
    assert answer.headers["Content-Encoding"] == "gzip"
    named = set(re.findall(r'(?:href|src)="/static/([^"?]+\.(?:css|js))', gzip.decompress(answer.content).decode()))
    assert {"app.css", "app.js"} < named and any("htmx" in name for name in named), named
    return len(answer.content) + sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in named)


def test_the_same_seed_makes_the_same_town(db):
    assert not User.objects.exists()
    made = []
    for _turn in range(2):
        with clock.moved(to=NOON):
            crowd.fill(connection.connection, now=NOON, **SIZE)
        newest = Job.objects.order_by("-pk")[:SIZE["jobs"]]
        made.append([(job.title, job.body, job.reward_yen, job.closes_on, job.published_at) for job in newest])

    assert made[0] == made[1]


# ---- the command -----------------------------------------------------------------------------------------------------

def test_the_command_makes_a_town_and_says_how_quickly(db, capsys):
    call_command("generate_town", "--workers", "130", "--jobs", "40", "--seed", "3")

    said = capsys.readouterr().out
    assert "rows in" in said and "a second (seed 3)" in said and "Hobby" in said
    assert Topic.objects.filter(people_count__gt=0).exists() and Topic.objects.filter(posts_count__gt=0).exists()


def test_a_crowd_may_grow(db):
    for _turn in range(2):
        call_command("generate_town", "--workers", "130", "--jobs", "40", "--seed", "3", verbosity=0)

    assert User.objects.count() == 2 * (130 + 12)


def test_no_crowd_moves_in_where_people_live(db):
    a_person()

    with pytest.raises(CommandError, match="People live here"):
        call_command("generate_town", "--workers", "130", "--jobs", "40")


def test_no_crowd_where_money_is_real(db, settings):
    settings.MONEY_MODE = "bank"

    with pytest.raises(CommandError, match="Money is real"):
        call_command("generate_town", "--workers", "130", "--jobs", "40")


@pytest.mark.parametrize("sizes", [("0", "40"), ("130", "1"), ("-5", "40"), ("99999999999", "40")])
def test_a_size_that_is_no_town_is_refused(db, sizes):
    with pytest.raises(CommandError, match="A town has"):
        call_command("generate_town", "--workers", sizes[0], "--jobs", sizes[1])
