"""What bootstrap.py leaves behind, seen from inside."""
import importlib.util
import pathlib

import pytest


@pytest.mark.parametrize("module", ["django.db.models", "machi.cli.main"])
def test_nothing_is_compiled_at_each_start(module):
    """Half of a second start would be that, wherever PYTHONDONTWRITEBYTECODE is set; after an older bootstrap.py: remove .venv."""
    source = importlib.util.find_spec(module).origin

    assert pathlib.Path(importlib.util.cache_from_source(source)).exists()
