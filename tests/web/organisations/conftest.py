"""An organisation, and who keeps it."""
import pytest

from machi.accounts.models import Party
from tests.people import a_person, an_organisation


@pytest.fixture
def keeper():
    return a_person("みどり")


@pytest.fixture
def party(keeper) -> Party:
    return an_organisation(keeper)
