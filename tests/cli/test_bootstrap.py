"""What bootstrap.py leaves behind, seen from inside."""
import importlib.util
import os
import pathlib
import py_compile
import struct

import pytest


def is_compiled(source: str) -> bool:
    """Is there compiled code, and of the source as it is now? Its head says of which moment and size, or of which content."""
    compiled, facts = pathlib.Path(importlib.util.cache_from_source(source)), os.stat(source)
    content = importlib.util.source_hash(pathlib.Path(source).read_bytes())
    heads = [struct.pack("<III", 0, int(facts.st_mtime), facts.st_size), *(struct.pack("<I", kind) + content for kind in (1, 3))]
    return compiled.exists() and compiled.read_bytes()[:16] in [importlib.util.MAGIC_NUMBER + head for head in heads]


@pytest.mark.parametrize("module", ["django.db.models", "machi.cli.main"])
def test_nothing_is_compiled_at_each_start(module):
    """Half of a second start would be that, wherever PYTHONDONTWRITEBYTECODE is set; after an older bootstrap.py: remove .venv."""
    importlib.import_module(module)                 # elsewhere, whoever is first compiles it for all who follow

    assert is_compiled(importlib.util.find_spec(module).origin)


@pytest.mark.parametrize("mode", [py_compile.PycInvalidationMode.TIMESTAMP, py_compile.PycInvalidationMode.CHECKED_HASH])
def test_what_was_compiled_of_an_older_source_is_found(tmp_path, mode):
    source = tmp_path / "door.py"
    source.write_text("is_open = True")
    assert not is_compiled(str(source))
    py_compile.compile(str(source), invalidation_mode=mode)
    assert is_compiled(str(source))

    source.write_text("is_open = False")

    assert not is_compiled(str(source))
