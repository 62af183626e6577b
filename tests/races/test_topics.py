"""Topics are merged while others merge them the other way round, and while people name them: no circle, no way that ends nowhere."""
import pytest

from machi.jobs import actions as jobs
from machi.portfolio.actions import add_piece
from machi.profiles import actions as profiles
from machi.profiles.models import Hobby
from machi.shared.errors import DomainError
from machi.taxonomy.actions import (
    count_uses,
    describe_topic,
    forget_unnamed,
    leave_topic,
    load_lists,
    merge_topics,
    part_topics,
    topic_named,
)
from machi.taxonomy.models import Topic
from tests.people import a_job, a_person, a_staff_member


def a_way_ends_where_it_should() -> None:
    """A merged topic leads to one that stands."""
    assert not Topic.objects.filter(merged_into__merged_into__isnull=False).exists()


def test_two_editors_merge_two_topics_into_each_other(race):
    one, other = topic_named("みなと一"), topic_named("みなと二")
    editors = a_staff_member("editor"), a_staff_member("editor")

    results = race(lambda: merge_topics(topic=one, into=other, by=editors[0]), lambda: merge_topics(topic=other, into=one, by=editors[1]))

    assert sorted(type(result).__name__ for result in results) == ["DomainError", "Topic"]
    assert topic_named("みなと一") == topic_named("みなと二")
    a_way_ends_where_it_should()


def test_a_circle_of_merges_at_once(race):
    topics = [topic_named(f"みなと{n}") for n in "一二三四"]
    editor = a_staff_member("editor")

    race(*(lambda one=one, other=other: merge_topics(topic=one, into=other, by=editor)
           for one, other in zip(topics, [*topics[1:], topics[0]], strict=True)))

    assert len({topic_named(f"みなと{n}") for n in "一二三四"}) == 1
    a_way_ends_where_it_should()


@pytest.mark.parametrize("_turn", range(5))
def test_a_topic_is_merged_while_it_is_being_chosen(race, _turn):
    topic, into = topic_named("みなと一"), topic_named("みなと二")
    editor, people = a_staff_member("editor"), [a_person() for _ in range(4)]
    client = a_job().client.person

    results = race(lambda: merge_topics(topic=topic, into=into, by=editor),
                   *(lambda by=by: profiles.add_hobby(by=by, topic="みなと一", years=3, depth="doing") for by in people),
                   lambda: a_job(client, topic="みなと一"))
    profiles.follow_topics()
    jobs.follow_topics()

    assert not [result for result in results if isinstance(result, Exception)]
    assert Hobby.objects.filter(topic=into).count() == len(people)
    job = results[-1]
    job.refresh_from_db()
    assert job.topic == into


def test_somebody_adds_the_one_and_the_other_while_they_become_one(race):
    topic, into = topic_named("みなと一"), topic_named("みなと二")
    editor, person = a_staff_member("editor"), a_person()

    race(lambda: merge_topics(topic=topic, into=into, by=editor),
         lambda: profiles.add_hobby(by=person, topic="みなと一", years=3, depth="doing"),
         lambda: profiles.add_hobby(by=person, topic="みなと二", years=8, depth="doing"))
    profiles.follow_topics()

    (hobby,) = Hobby.objects.filter(user=person)
    assert hobby.topic == into


def test_everything_at_once_and_nobody_waits_in_a_circle(race):
    topics = [topic_named(f"みなと{n}") for n in "一二三"]
    editor, person = a_staff_member("editor"), a_person()
    merge_topics(topic=topics[2], into=topics[1], by=editor)

    results = race(
        lambda: merge_topics(topic=topics[0], into=topics[1], by=editor), lambda: part_topics(topic=topics[2], by=editor),
        lambda: describe_topic(topic=topics[1], by=editor, name="みなと新"), load_lists,
        lambda: count_uses(people={topic.pk: 3 for topic in topics}), lambda: topic_named("みなと三"),
        lambda: profiles.add_hobby(by=person, topic="みなと一", years=3, depth="doing"), profiles.follow_topics, jobs.follow_topics)

    assert [result for result in results if isinstance(result, Exception) and not isinstance(result, DomainError)] == []
    profiles.follow_topics()
    a_way_ends_where_it_should()
    assert Hobby.objects.get(user=person).topic == topic_named("みなと一")


def test_two_people_bring_the_same_topic(race):
    people = a_person(), a_person()

    results = race(*(lambda by=by, name=name: profiles.add_hobby(by=by, topic=name, years=1, depth="doing")
                     for by, name in zip(people, ("みなとブルース", "みなとﾌﾞﾙｰｽ"), strict=True)))

    assert results[0].topic == results[1].topic


@pytest.mark.parametrize("_turn", range(5))
def test_a_topic_is_chosen_while_it_is_being_forgotten(race, _turn):
    topic_named("みなとの霧笛")
    people, editor = [a_person() for _ in range(3)], a_staff_member("editor")
    held = profiles.add_hobby(by=people[0], topic="園芸", years=1, depth="doing")

    results = race(forget_unnamed, forget_unnamed,
                   *(lambda by=by: profiles.add_hobby(by=by, topic="みなとの霧笛", years=3, depth="doing") for by in people[1:]),
                   lambda: profiles.change_entry(entry=held, by=people[0], topic="みなとの霧笛"),
                   lambda: add_piece(by=people[1], title="録音", part="全部", topics=["みなとの霧笛"]),
                   lambda: a_job(topic="みなとの霧笛"), lambda: leave_topic(topic=topic_named("みなとの霧笛"), by=editor))

    assert [result for result in results[:-1] if isinstance(result, Exception)] == []
    topic = Topic.objects.get(name="みなとの霧笛")
    assert Hobby.objects.filter(topic=topic).count() == 3
    assert results[5].piece_topics.get().topic == results[6].topic == topic
    assert forget_unnamed() == 0
