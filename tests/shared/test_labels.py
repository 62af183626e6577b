"""A choice is called as Django would call it, in the language that is spoken."""
from django.db import models
from django.utils import translation

from machi.contracts.models import Contract, Milestone, Offer
from machi.jobs.models import Job
from machi.payments.models import Payout
from machi.profiles.models import Career, Hobby, Strength
from machi.proposals.models import Proposal
from machi.reviews.models import Review
from machi.shared.labels import Labelled


def test_every_choice_is_called_as_django_calls_it():
    asked = 0
    for model in (Contract, Milestone, Offer, Job, Payout, Career, Hobby, Strength, Proposal, Review):
        assert issubclass(model, Labelled)
        for field in (field for field in model._meta.fields if field.choices):
            for value in [None, "", "no such choice", *(value for value, _label in field.flatchoices)]:
                thing = model(**{field.attname: value})
                for language in ("ja", "ja-simple", "en"):
                    with translation.override(language):
                        assert getattr(thing, f"get_{field.name}_display")() == models.Model._get_FIELD_display(thing, field)
                asked += 1
    assert asked > 50
