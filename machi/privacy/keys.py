"""Keys as files, apart from the database: whoever has a copy of the database, or an old backup of it, opens nothing with it.

A key is written before the first paper under it is, and is certain on the disk by then. To destroy it is to delete the file:
then no copy of a paper can be opened by anybody, wherever it lies.
"""
import contextlib
import os
import secrets
from pathlib import Path

from django.conf import settings

BYTES = 32                                          # AES-256


class KeyGone(Exception):
    """The key was destroyed on its day, or never lay here."""


def new_name() -> str:
    return secrets.token_hex(32)


def make(name: str) -> bytes:
    """A new key under this name, safe on the disk when this returns."""
    place = _place(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(BYTES)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, key)
        os.fsync(handle)
    finally:
        os.close(handle)
    _settle(place.parent)
    return key


def read(name: str) -> bytes:
    """The key. Raises KeyGone."""
    try:
        key = _place(name).read_bytes()
    except FileNotFoundError:
        raise KeyGone(name) from None
    if len(key) != BYTES:
        raise KeyGone(name)
    return key


def is_there(name: str) -> bool:
    return _place(name).exists()


def destroy(name: str) -> None:
    """For good, and certain when this returns. Twice is as once."""
    with contextlib.suppress(FileNotFoundError):
        _place(name).unlink()
        _settle(_place(name).parent)


def _place(name: str) -> Path:
    if not (len(name) == 64 and name.isalnum()):
        raise ValueError("not the name of a key")
    return Path(settings.KEY_FOLDER) / name


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
