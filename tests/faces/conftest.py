"""The demo town, filled once for all processes of a run; every file of tests lives in a copy of its own."""
import pytest

from tests.living import LivingTown


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, worker_id):
    """The same one for every process of pytest-xdist."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="module")
def town(shared_folder):
    with LivingTown(filled=shared_folder) as living:
        yield living
