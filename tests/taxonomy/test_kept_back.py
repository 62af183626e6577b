"""A topic that only a draft names, or a page that not everybody may open, is offered to nobody: its words are its writer's alone (F91)."""
import pytest

from machi.jobs.actions import count_topics as count_posts
from machi.jobs.actions import publish_job
from machi.portfolio.actions import add_piece, change_piece
from machi.portfolio.models import Piece
from machi.privacy.actions import close_account
from machi.profiles.actions import add_hobby
from machi.profiles.actions import count_topics as count_pages
from machi.taxonomy.actions import describe_topic, topic_named
from machi.taxonomy.models import Topic
from machi.taxonomy.queries import topics_beside, topics_like, topics_named_most
from tests.people import a_job, a_person, a_staff_member, a_topic
from tests.taxonomy.test_merging import follow

pytestmark = pytest.mark.django_db
KEPT_BACK = "港の霧笛"


def offered() -> bool:
    """Within the hour, wherever topics are offered."""
    count_pages()
    count_posts()
    topic, like = Topic.objects.get(name=KEPT_BACK), add_hobby(by=a_person(), topic="霧笛集め", years=1, depth="doing").topic
    places = {topic in topics_like("港の"), topic in topics_like("霧笛"), topic in topics_named_most(at_most=9_999),
              topic in topics_beside([like])[like.pk]}
    assert len(places) == 1
    return places.pop()


@pytest.mark.parametrize("keep_back", [
    lambda name: a_job(topic=name, published=False),
    lambda name: add_piece(by=a_person(), title="作品", part="全部", topics=[name], shown=Piece.Shown.ME),
    lambda name: add_piece(by=a_person(), title="作品", part="全部", topics=[name], shown=Piece.Shown.CLIENTS)],
    ids=["a draft", "a piece for its person alone", "a piece for clients"])
def test_what_not_everybody_may_read_is_offered_to_nobody(keep_back):
    keep_back(KEPT_BACK)

    assert not offered()


def test_what_everybody_may_read_is_offered():
    job = a_job(topic=KEPT_BACK, published=False)

    publish_job(job=job, by=job.client.person)

    assert offered()


@pytest.mark.parametrize("show", [
    lambda name: add_hobby(by=a_person(), topic=name, years=3, depth="doing"),
    lambda name: add_piece(by=a_person(), title="作品", part="全部", topics=[name])], ids=["a hobby", "a piece"])
def test_what_stands_on_a_page_is_offered(show):
    show(KEPT_BACK)

    assert offered()


def test_what_goes_from_the_pages_of_the_town_is_offered_no_longer():
    person = a_person()
    piece = add_piece(by=person, title="作品", part="全部", topics=[KEPT_BACK])
    assert offered()

    change_piece(piece=piece, by=person, topics=[KEPT_BACK], shown=Piece.Shown.ME)

    assert not offered()


def test_the_page_of_somebody_who_left_offers_nothing():
    person = a_person()
    add_hobby(by=person, topic=KEPT_BACK, years=3, depth="doing")
    assert offered()

    close_account(by=person)

    assert not offered()


@pytest.mark.parametrize("spelled", [KEPT_BACK, "みなとBGM"])
def test_a_word_of_a_draft_is_in_no_editors_way_and_no_editor_hears_of_it(spelled):
    draft, topic = a_job(topic=spelled.lower(), published=False), a_topic("霧笛集め")

    describe_topic(topic=topic, by=a_staff_member("editor"), name=spelled)
    follow()

    assert topic_named(spelled) == topic_named("霧笛集め") == topic
    assert [way.own_name for way in topic.merged.all()] == ["霧笛集め"], "of two spellings the editor sees their own two"
    draft.refresh_from_db()
    assert draft.topic == topic and str(draft.topic) == spelled


def test_a_topic_is_counted_once_for_each_person_who_shows_it():
    person = a_person()
    for title in ("一つ目", "二つ目"):
        add_piece(by=person, title=title, part="全部", topics=[KEPT_BACK])
    add_hobby(by=person, topic=KEPT_BACK, years=3, depth="doing")
    add_piece(by=a_person(), title="作品", part="全部", topics=[KEPT_BACK])

    count_pages()

    assert Topic.objects.get(name=KEPT_BACK).people_count == 2
