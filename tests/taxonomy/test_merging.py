"""Editors merge topics that are one: every name leads on, every page shows the one name at once, every reference follows, and all
of it can be undone."""
import pytest

from machi.activity.models import Fact
from machi.jobs import actions as jobs
from machi.jobs.models import Job
from machi.matching.queries import search_jobs, why_it_fits
from machi.portfolio import actions as portfolio
from machi.profiles import actions as profiles
from machi.profiles.actions import topics as hobbies
from machi.profiles.models import Hobby
from machi.profiles.queries import page_of
from machi.shared.errors import DomainError, NotAllowed
from machi.taxonomy.actions import describe_topic, leave_topic, merge_topics, part_topics, topic_named
from machi.taxonomy.following import hand_on
from machi.taxonomy.models import Topic
from machi.taxonomy.queries import topics_like
from tests.people import a_job, a_person, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return a_staff_member("editor")


def follow() -> None:
    """What the background does every two seconds. A fact is read when nothing older can appear any more: not inside a test's one
    transaction, so it is handed over here."""
    for fact in Fact.objects.filter(name__startswith="topic.").order_by("pk"):
        for lead in (hobbies.lead_hobbies, portfolio.lead_pieces, jobs.lead_posts):
            hand_on(fact, lead)


def two_topics() -> tuple[Topic, Topic]:
    return topic_named("港の汽笛"), topic_named("汽笛")


# ---- who may ---------------------------------------------------------------------------------------------------------

def test_only_an_editor_changes_topics():
    topic, into = two_topics()

    for person in (a_person(), a_staff_member("operator")):
        for deed, more in ((merge_topics, {"into": into}), (part_topics, {}), (leave_topic, {}), (describe_topic, {"name": "べつの名"})):
            with pytest.raises(NotAllowed):
                deed(topic=topic, by=person, **more)


# ---- merging ---------------------------------------------------------------------------------------------------------

def test_a_merged_topic_leads_on_and_shows_the_one_name(editor):
    topic, into = two_topics()

    merge_topics(topic=topic, into=into, by=editor)

    assert topic_named("港の汽笛") == topic_named("汽笛") == into
    topic.refresh_from_db()
    assert (topic.name, topic.own_name) == ("汽笛", "港の汽笛")
    assert topics_like("港の汽") == topics_like("汽笛") == [into]


def test_a_page_and_a_post_show_the_one_name_before_anything_followed(editor):
    topic, into = two_topics()
    person = a_person()
    profiles.add_hobby(by=person, topic=topic.name, years=9, depth="doing")
    job = a_job(topic=into.name)
    assert why_it_fits(job, person) == []

    merge_topics(topic=topic, into=into, by=editor)

    assert page_of(person).hobbies[0].topic.name == "汽笛"
    assert why_it_fits(job, person)[0].aspect == "knowledge"
    assert why_it_fits(a_job(topic="港の汽笛"), person)[0].aspect == "knowledge"


def test_hobbies_and_posts_follow(editor):
    topic, into = two_topics()
    hobby = profiles.add_hobby(by=a_person(), topic=topic.name, years=9, depth="doing", note="朝だけ")
    job, draft = a_job(title="取材", topic=topic.name), a_job(topic=topic.name, published=False)
    merge_topics(topic=topic, into=into, by=editor)

    follow()

    for thing in (hobby, job, draft):
        thing.refresh_from_db()
        assert (thing.topic, thing.topic_before) == (into, topic)
    assert (hobby.years, hobby.note) == (9, "朝だけ")
    assert [row.pk for row in search_jobs("港の汽笛").rows] == [job.pk]


def test_following_again_changes_nothing(editor):
    topic, into = two_topics()
    hobby = profiles.add_hobby(by=a_person(), topic=topic.name, years=9, depth="doing")
    merge_topics(topic=topic, into=into, by=editor)
    follow()
    before = list(Hobby.objects.order_by("pk").values()), list(Job.objects.order_by("pk").values())

    follow()

    assert (list(Hobby.objects.order_by("pk").values()), list(Job.objects.order_by("pk").values())) == before
    assert Hobby.objects.get(pk=hobby.pk).topic == into


def test_a_hobby_that_somebody_has_twice_becomes_one_with_the_longer_years_and_both_notes(editor):
    topic, into = two_topics()
    person, other = a_person(), a_person()
    profiles.add_hobby(by=person, topic=topic.name, years=20, depth="making", note="録音が趣味です。")
    kept = profiles.add_hobby(by=person, topic=into.name, years=3, depth="watching", note="港で聞きます。")
    theirs = profiles.add_hobby(by=other, topic=into.name, years=1, depth="doing")
    merge_topics(topic=topic, into=into, by=editor)

    follow()
    follow()

    (hobby,) = Hobby.objects.filter(user=person)
    assert (hobby.pk, hobby.topic, hobby.years, hobby.depth) == (kept.pk, into, 20, "watching")
    assert "録音が趣味です。" in hobby.note and "港で聞きます。" in hobby.note
    assert Hobby.objects.get(user=other) == theirs and Fact.objects.filter(name="profile.hobbies_joined").count() == 1


@pytest.mark.parametrize("words", [
    lambda name: {"note": name[0] * 251}, lambda name: {"evidence_link": f"https://example.jp/{name[0]}"}])
def test_two_lines_of_which_one_cannot_hold_both_stay_two_and_others_follow(editor, words):
    topic, into = two_topics()
    person, other = a_person(), a_person()
    for one in (topic, into):
        profiles.add_hobby(by=person, topic=one.name, years=1, depth="doing", **words(one.name))
    profiles.add_hobby(by=other, topic=topic.name, years=1, depth="doing")
    merge_topics(topic=topic, into=into, by=editor)

    follow()
    follow()

    assert Hobby.objects.get(user=other).topic == into
    kept = [(hobby.topic.name, hobby.note, hobby.evidence_link) for hobby in page_of(person).hobbies]
    assert kept == [(into.name, saved.get("note", ""), saved.get("evidence_link", "")) for saved in map(words, (topic.name, into.name))]


def test_three_topics_become_one_whatever_the_order(editor):
    a, b, c = (topic_named(name) for name in ("みなと一", "みなと二", "みなと三"))
    person = a_person()
    for topic in (a, b, c):
        profiles.add_hobby(by=person, topic=topic.name, years=topic.pk % 7, depth="doing", note=topic.name)

    merge_topics(topic=a, into=b, by=editor)
    merge_topics(topic=b, into=c, by=editor)
    assert {topic_named(name) for name in ("みなと一", "みなと二", "みなと三")} == {c}
    assert {topic.merged_into_id for topic in Topic.objects.filter(pk__in=[a.pk, b.pk])} == {c.pk}
    follow()

    (hobby,) = Hobby.objects.filter(user=person)
    assert hobby.topic == c and all(topic.own_name in hobby.note for topic in Topic.objects.filter(merged_into=c))


def test_what_was_merged_already_is_said_in_words(editor):
    topic, into = two_topics()
    merge_topics(topic=topic, into=into, by=editor)

    for one, other in ((topic, into), (into, topic), (into, into), (topic, topic)):
        with pytest.raises(DomainError):
            merge_topics(topic=one, into=other, by=editor)


def test_a_merge_is_into_what_stands_even_if_that_was_merged_meanwhile(editor):
    a, b, c = (topic_named(name) for name in ("みなと一", "みなと二", "みなと三"))
    merge_topics(topic=b, into=c, by=editor)

    merge_topics(topic=a, into=b, by=editor)

    a.refresh_from_db()
    assert a.merged_into == c


def test_the_hobby_form_follows_a_merged_name(editor):
    topic, into = two_topics()
    merge_topics(topic=topic, into=into, by=editor)
    person = a_person()

    assert profiles.add_hobby(by=person, topic="港の汽笛", years=1, depth="doing").topic == into
    with pytest.raises(DomainError):
        profiles.add_hobby(by=person, topic="汽笛", years=2, depth="doing")


# ---- undoing ---------------------------------------------------------------------------------------------------------

def test_parting_brings_back_the_name_the_hobbies_and_the_posts(editor):
    topic, into = two_topics()
    moved, stays = (profiles.add_hobby(by=a_person(), topic=one.name, years=9, depth="doing") for one in (topic, into))
    job = a_job(title="取材", body="記事", topic=topic.name)
    merge_topics(topic=topic, into=into, by=editor)
    follow()
    later = profiles.add_hobby(by=a_person(), topic="港の汽笛", years=9, depth="doing")

    part_topics(topic=topic, by=editor)
    follow()

    for thing, standing in ((moved, topic), (stays, into), (later, into), (job, topic)):
        thing.refresh_from_db()
        assert (thing.topic, thing.topic_before) == (standing, None)
    topic.refresh_from_db()
    assert (topic.name, topic.own_name, topic.merged_into) == ("港の汽笛", "", None)
    assert topics_like("港の汽") == [topic] and topic_named("港の汽笛") == topic


def test_parting_takes_along_what_came_along(editor):
    a, b, c, d = (topic_named(name) for name in ("みなと一", "みなと二", "みなと三", "みなと四"))
    merge_topics(topic=a, into=b, by=editor)
    merge_topics(topic=d, into=c, by=editor)
    merge_topics(topic=b, into=c, by=editor)

    part_topics(topic=b, by=editor)

    assert topic_named("みなと一") == topic_named("みなと二") == b
    assert topic_named("みなと四") == topic_named("みなと三") == c
    with pytest.raises(DomainError):
        part_topics(topic=b, by=editor)


def test_a_hobby_that_was_changed_after_a_merge_stays_what_its_person_made_of_it(editor):
    topic, into = two_topics()
    person = a_person()
    hobby = profiles.add_hobby(by=person, topic=topic.name, years=9, depth="doing")
    merge_topics(topic=topic, into=into, by=editor)
    follow()

    profiles.change_entry(entry=hobby, by=person, topic="園芸", years=2)
    part_topics(topic=topic, by=editor)
    follow()

    hobby.refresh_from_db()
    assert hobby.topic.name == "園芸" and hobby.topic_before is None


# ---- names -----------------------------------------------------------------------------------------------------------

def test_a_new_spelling_is_shown_and_the_old_one_leads_to_it(editor):
    topic = topic_named("港のきてき")
    hobby = profiles.add_hobby(by=a_person(), topic="港のきてき", years=9, depth="doing")
    job = a_job(title="取材", topic="港のきてき")

    describe_topic(topic=topic, by=editor, name="港の汽笛", reading="みなとのきてき", name_en="Harbour horns",
                   synonyms=["霧笛", "霧笛", ""])
    follow()

    assert topic_named("港のきてき") == topic_named("港の汽笛") == topic
    assert page_of(hobby.user).hobbies[0].topic.name == "港の汽笛"
    for typed in ("港の汽", "minato no kiteki", "みなとのき", "harbour", "霧笛", "港のきてき"):
        assert topics_like(typed) == [topic], typed
    assert [row.pk for row in search_jobs("港の汽笛").rows] == [job.pk]
    topic.refresh_from_db()
    assert topic.synonyms == ["霧笛"] and topic.looked_at


def test_a_spelling_may_go_back_to_what_it_was(editor):
    topic = topic_named("港のきてき")
    describe_topic(topic=topic, by=editor, name="港の汽笛")

    describe_topic(topic=topic, by=editor, name="港のきてき")

    assert topic_named("港のきてき") == topic_named("港の汽笛") == topic
    assert topic_named("港の汽笛").name == "港のきてき"
    assert topic.merged.count() == 1


def test_an_old_spelling_may_become_a_topic_of_its_own(editor):
    topic = topic_named("港のきてき")
    stays = profiles.add_hobby(by=a_person(), topic="港のきてき", years=9, depth="doing")
    describe_topic(topic=topic, by=editor, name="港の汽笛")
    old = topic.merged.get()

    part_topics(topic=old, by=editor)
    follow()

    assert topic_named("港のきてき") == old and topic_named("港の汽笛") == topic
    old.refresh_from_db()
    stays.refresh_from_db()
    assert (old.name, old.own_name, old.merged_into) == ("港のきてき", "", None) and stays.topic == topic
    assert topics_like("港のきて") == [old] and topics_like("港の汽") == [topic]


def test_a_name_that_another_topic_has_is_refused_in_words(editor):
    topic, into = two_topics()
    leave_topic(topic=into, by=editor)

    with pytest.raises(DomainError):
        describe_topic(topic=topic, by=editor, name="汽笛")
    topic.refresh_from_db()
    assert topic.name == "港の汽笛"


def test_a_capital_or_a_width_is_no_other_name(editor):
    topic = topic_named("みなとbgm")

    describe_topic(topic=topic, by=editor, name="みなとＢＧＭ")

    assert topic_named("みなとbgm") == topic and not topic.merged.exists()
    assert Topic.objects.get(pk=topic.pk).name == "みなとＢＧＭ"
