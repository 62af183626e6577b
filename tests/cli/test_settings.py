"""What a process of a real town makes of its environment. Each asks one of its own: settings are read once."""
import json
import os
import subprocess
import sys

import pytest

from machi.cli.environment import ROOT


def asked(what: str, **environment: str):
    """What this expression is in a process of a town with these settings and no others."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("MACHI_", "DATABASE_URL", "DJANGO_"))}
    program = ("import django, json; from django.conf import settings; from django.urls import get_resolver; django.setup(); "
               f"print(json.dumps({what}))")
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True,
                          env=bare | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment)
    return json.loads(done.stdout)


def test_the_address_of_the_database_is_read_whole(tmp_path):
    """As `machi migrate` and `machi doctor` read it: whoever asks for a proven server gets no other one in the web."""
    said = asked("settings.DATABASES['default']", MACHI_HOME=str(tmp_path), DATABASE_URL=(
        "postgresql://town%40jp:p%2Fw@db.example.jp:5433/m%20x?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&connect_timeout=3"))

    assert {name: said[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "m x", "USER": "town@jp", "PASSWORD": "p/w", "HOST": "db.example.jp", "PORT": "5433"}
    assert {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem", "connect_timeout": "3"}.items() <= said["OPTIONS"].items()
    assert said["OPTIONS"]["server_side_binding"] is True


def test_a_folder_in_the_address_of_the_database_is_its_host(tmp_path):
    said = asked("settings.DATABASES['default']", MACHI_HOME=str(tmp_path), DATABASE_URL="postgresql://machi_app@/machi?host=%2Ftmp%2Fa%20b")

    assert (said["HOST"], said["PORT"]) == ("/tmp/a b", "") and "host" not in said["OPTIONS"]


@pytest.mark.parametrize(("environment", "is_open"), [
    ({}, False), ({"MACHI_URL": "https://town.example.jp"}, False), ({"MACHI_DEMO_TOWN": "1"}, True)])
def test_a_town_in_production_has_no_gallery(tmp_path, environment, is_open):
    places = asked("[str(entry.pattern) for entry in get_resolver('machi.web.urls').url_patterns]", MACHI_HOME=str(tmp_path), **environment)

    assert "jobs/" in places and ("gallery/" in places) == is_open
