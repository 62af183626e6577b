"""A topic that somebody brought is theirs to take away: when nobody names it any more, it is gone from the town (T40)."""
import pytest

from machi.portfolio.actions import add_piece
from machi.profiles.actions import add_hobby, change_entry, remove_entry
from machi.taxonomy.actions import describe_topic, forget_unnamed, leave_topic, merge_topics, topic_named
from machi.taxonomy.models import Topic
from machi.taxonomy.queries import topics_like
from tests.people import a_job, a_person, a_staff_member, a_topic

pytestmark = pytest.mark.django_db


def is_known(name: str) -> bool:
    return Topic.objects.filter(name=name).exists()


@pytest.mark.parametrize("take_off", [
    lambda hobby: remove_entry(entry=hobby, by=hobby.user), lambda hobby: change_entry(entry=hobby, by=hobby.user, topic="サッカー")])
def test_what_somebody_took_off_their_page_is_found_by_nobody(take_off):
    topic = a_topic("みなとの霧笛")
    hobby = topic.hobbies.get()
    assert topics_like("みなとの") == [topic]
    take_off(hobby)

    assert forget_unnamed() == 1

    assert topics_like("みなとの") == [] and not is_known("みなとの霧笛")


@pytest.mark.parametrize("name_it", [
    lambda name: add_hobby(by=a_person(), topic=name, years=3, depth="doing"), lambda name: a_job(topic=name),
    lambda name: a_job(topic=name, published=False), lambda name: add_piece(by=a_person(), title="作品", part="全部", topics=[name])],
    ids=["a hobby", "a post", "a draft", "a piece"])
def test_what_somebody_names_stays(name_it):
    name_it("みなとの霧笛")

    assert forget_unnamed() == 0 and is_known("みなとの霧笛")


def test_what_an_editor_has_looked_at_and_what_the_town_brought_stay():
    editor = a_staff_member("editor")
    leave_topic(topic=topic_named("みなと一"), by=editor)
    describe_topic(topic=topic_named("みなと二"), by=editor, name="みなと新")
    merge_topics(topic=topic_named("みなと三"), into=topic_named("みなと四"), by=editor)
    before = Topic.objects.count()

    assert forget_unnamed() == 0 and Topic.objects.count() == before


def test_there_may_be_many(monkeypatch):
    monkeypatch.setattr("machi.taxonomy.actions.FORGOTTEN_AT_ONCE", 2)
    for n in "一二三四五":
        topic_named(f"みなと{n}")

    assert forget_unnamed() == 5 and not Topic.objects.filter(name__startswith="みなと").exists()
