"""A plugin of pytest for `make mutants`: only tests that ask for no database and read no source, in a process that is one of many.

Each mutant is tried in a fork of one process, which has collected the tests before. Every fork begins with the folder of the town,
which the fork before it has cleared away.
"""
from tests.settings import HOME

WITH_DATABASE = {"db", "town", "race", "django_db_setup", "cleaner", "as_role"}
READS_THE_SOURCE = {"test_the_checker_shares_nothing_with_the_town"}      # which says something else where it was changed


def pytest_configure(config):
    HOME.mkdir(exist_ok=True)


def pytest_collection_modifyitems(config, items):
    out = [item for item in items if WITH_DATABASE & set(item.fixturenames) or item.get_closest_marker("django_db")
           or item.originalname in READS_THE_SOURCE]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]
