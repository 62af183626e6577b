"""A question that is put into SQL once gives the answers that Django gives."""
import datetime

import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.test.utils import CaptureQueriesContext

from machi.accounts.models import Party, User
from machi.contracts.models import Contract, Offer
from machi.jobs.models import Job
from machi.shared import clock
from machi.shared.question import Question, any_of
from tests.people import a_contract, a_job, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def contracts():
    return [a_contract(), a_contract(funded=True), a_contract(accepted=True)]


def everything(thing, seen=()) -> list:
    """A model with all that came with it, once; anything else as it is."""
    if not hasattr(thing, "_meta") or thing in seen:
        return [thing]
    own = [getattr(thing, field.attname) for field in thing._meta.concrete_fields]
    fetched = [[name, *everything(value, (*seen, thing))] for name, value in sorted(thing._state.fields_cache.items())]
    added = {name: value for name, value in vars(thing).items() if name in ("posts_count", "double")}
    return [type(thing), thing._state.adding, thing._state.db, own, fetched, added]


def test_models_come_with_what_was_selected_beside_them(contracts):
    asked = Question(lambda worker: Contract.objects.filter(worker=worker)
                     .select_related("client__person", "offer", "thanks").order_by("-pk"))

    for contract in contracts:
        answers, obvious = asked(contract.worker_id), list(asked.obvious(contract.worker_id))
        assert [everything(one) for one in answers] == [everything(one) for one in obvious] and len(answers) == 1
        assert answers[0].offer.terms == contract.offer.terms          # JSON is read as Django reads it


def test_a_relation_that_leads_nowhere_is_none():
    a_job(topic="")
    asked = Question(lambda: Job.objects.select_related("topic", "category").order_by("pk"))

    assert asked()[0].topic is None
    assert asked()[0].category.pk == "writing"


def test_a_model_can_be_changed_and_saved(contracts):
    job = Question(lambda pk: Job.objects.filter(pk=pk).order_by("pk"))(contracts[0].job_id)[0]
    job.topic = None
    job.save()
    job.refresh_from_db()
    assert Job.objects.get(pk=job.pk).topic is None
    assert job.client == contracts[0].client                            # what was not fetched is fetched when it is asked for


def test_columns_annotations_and_lists_of_values(contracts):
    people = [contract.worker_id for contract in contracts]
    of_workers = Question(lambda workers: Contract.objects.filter(any_of("worker", workers)).order_by("pk"))
    names = Question(lambda users: User.objects.filter(any_of("pk", users)).order_by("-pk").values_list("pk", "display_name", "joined_at"))
    of_kinds = Question(lambda kinds, users: Job.objects.filter(
        any_of("category", kinds) | any_of("proposals__worker", users) & any_of("client__person", users)).order_by("pk"))
    counted = Question(lambda least: Party.objects.annotate(posts_count=Count("jobs")).filter(posts_count__gte=least).order_by("pk"))
    doubled = Question(lambda: Job.objects.annotate(double=F("reward_yen") * 2).order_by("pk"))

    assert [one.pk for one in of_workers(people[:2])] == [contract.pk for contract in contracts[:2]]
    assert names(people) == list(User.objects.filter(pk__in=people).order_by("-pk").values_list("pk", "display_name", "joined_at"))
    assert names([]) == []
    assert [one.category_id for one in of_kinds(["writing", "editing"], people)] == ["writing"] * 3
    assert [everything(one) for one in counted(1)] == [everything(one) for one in counted.obvious(1)]
    assert [one.double for one in doubled()] == [one.reward_yen * 2 for one in Job.objects.order_by("pk")]


def test_gaps_are_filled_in_their_order_wherever_they_stand(contracts):
    asked = Question(lambda day, state, moment: Job.objects.filter(
        Q(closes_on__gte=day) | Q(published_at__lt=moment), ~Q(state=state),
        pk__in=Offer.objects.filter(offered_at__lt=moment).values("job"), client__in=Party.objects.filter(jobs__closes_on__gte=day),
    ).distinct().order_by("-published_at", "-pk").values_list("pk", "title", "published_at")[:2])

    for values in ((clock.today(), "draft", clock.now()), (clock.today() + datetime.timedelta(days=400), "awarded", clock.now()),
                   (clock.today(), "awarded", clock.now() - datetime.timedelta(days=1))):
        assert asked(*values) == list(asked.obvious(*values)), values


def test_it_is_asked_anew_each_time():
    asked = Question(lambda name: User.objects.filter(display_name=name).order_by("pk"))
    assert asked("みどり") == []
    a_person("みどり")

    with CaptureQueriesContext(connection) as questions:
        assert [one.name for one in asked("みどり")] == ["みどり"]
    assert len(questions) == 1


@pytest.mark.parametrize("ask", [
    lambda: User.objects.filter(display_name="みどり"), lambda: User.objects.order_by("pk").values("pk"),
    lambda: User.objects.order_by("pk").values_list("pk", flat=True),
    lambda: Contract.objects.prefetch_related("milestones").order_by("pk")])
def test_what_cannot_be_answered_is_refused(ask):
    with pytest.raises(TypeError):
        Question(ask)()
