"""What is made from other files is made again as soon as one of them changes."""
import pytest

from machi.cli import build
from machi.web.frame import icons


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """The folders that static files come from, with one file each."""
    monkeypatch.setattr(build, "ROOT", tmp_path)
    for name in ("requirements.txt", "machi/web/static/app.css", "machi/web/templates/home.html", "machi/web/frame/badges.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("as it was")
    return tmp_path


@pytest.mark.parametrize("name", [
    "requirements.txt", "machi/web/static/app.css", "machi/web/static/new.svg", "machi/web/templates/home.html",
    "machi/web/frame/badges.py"])
def test_the_static_files_are_collected_again_when_a_style_a_library_or_the_name_of_an_icon_changed(checkout, name):
    before = build.static_source()

    (checkout / name).write_text("as it is now")

    assert build.static_source() != before


def test_compiled_code_and_another_room_change_nothing(checkout):
    before = build.static_source()

    for name in ("machi/web/frame/__pycache__/badges.cpython-311.pyc", "machi/jobs/models.py"):
        (checkout / name).parent.mkdir(parents=True)
        (checkout / name).write_text("new")

    assert build.static_source() == before


def test_the_icons_are_named_where_the_fingerprint_looks():
    assert build.ROOT / "machi/web" == icons.WEB
