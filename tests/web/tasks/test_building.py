"""A client builds a form: by its buttons alone, with nothing lost whatever is wrong, and back again from what was saved."""
import pytest
from django.http import QueryDict
from django.template import engines
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.tasks.forms import Form
from machi.tasks.forms.parts import KINDS
from machi.web.pages.tasks.building import MOST_PARTS, Built
from tests.tasks.forms.given import COLUMNS, forms
from tests.web.tasks.page import Read, faults, sent

ROW = ("きょうは晴れ", "Sunny", "Fine", "1.jpg", "港", "1.mp3", "x")


def draw(built: Built) -> str:
    page = '{% call ui.building_form(built, "/x/", "") %}{% endcall %}'
    return engines["jinja2"].env.from_string(page).render(built=built)


def preview(built: Built) -> str:
    return engines["jinja2"].env.from_string("{{ ui.building_preview(built) }}").render(built=built)


def press(built: Built, button: str, **typed: str) -> Built:
    """A browser sends what stands there, with what somebody typed and the button that they pressed."""
    posted = QueryDict(mutable=True)
    for name, texts in (sent(draw(built)) | {name.replace("__", "."): [text] for name, text in typed.items()}).items():
        posted.setlist(name, texts)
    if button:
        posted["f.act"] = button
    return Built.posted(posted, COLUMNS, [ROW])


@settings(max_examples=60, deadline=None)
@given(forms())
def test_what_was_saved_comes_back_into_the_builder_and_out_of_it_the_same(form):
    built = press(Built.of(form, COLUMNS, [ROW]), "")

    assert built.errors == {} and built.form == form


@settings(max_examples=40, deadline=None)
@given(forms(), st.sampled_from(["", "remove 0", "copy 2", "up 1", "down 0", "add"]))
def test_every_field_of_the_builder_has_a_name(form, button):
    built = press(Built.of(form, COLUMNS, [ROW]), button)
    html = draw(built).replace('<form class="stack"', '<div class="stack"').replace("</form>", "</div>")

    assert faults(html) == [] and faults(preview(built)) == []


def test_a_form_is_built_by_buttons_alone():
    built = Built.of(None, COLUMNS, [ROW])
    assert "まだ何もありません" in draw(built) and "部品を足すと" in preview(built)

    built = press(built, "add", f__new="cell")
    built = press(built, "add", f__new="choice", f__0__column="文")
    built = press(built, "add", f__new="several", f__1__label="気持ち", f__1__options="よい\nわるい")
    built = press(built, "copy 1", f__2__label="物", f__2__options="船\n港")
    built = press(built, "down 1", f__2__label="もう一度")
    built = press(built, "remove 3")
    built = press(built, "up 2")

    assert built.is_pressed and built.errors == {}
    built = press(built, "")
    assert [(part.kind, part.name) for part in built.form.parts] == [("cell", "p1"), ("choice", "q1"), ("choice", "q3")]
    assert [block.label for block in built.form.blocks] == ["気持ち", "もう一度"] and built.form.blocks[0].is_required


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_part_of_each_kind_says_what_it_still_needs_beside_the_field(kind):
    built = press(Built.of(None, COLUMNS, [ROW]), "add", f__new=kind)
    assert built.errors == {} and 'class="summary"' not in draw(built)

    judged = press(built, "")
    html = draw(judged)
    assert judged.form is None and judged.wrong and all(sentence in html for _id, _label, sentence in judged.wrong)
    assert all(f'href="#{own}"' in html and f'id="{own}"' in html for own, _label, _sentence in judged.wrong)
    fields = {field["id"] for field in Read(html.replace("<form", "<div").replace("</form", "</div")).fields}
    assert any(own in fields for own, _label, _sentence in judged.wrong)


def test_what_is_wrong_is_kept_as_it_was_typed():
    built = press(Built.of(None, COLUMNS, [ROW]), "add", f__new="number")
    built = press(built, "", f__0__label="<b>数</b>", f__0__least="たくさん", f__0__step="0")
    html = draw(built)

    assert set(built.errors) == {"parts.0.least", "parts.0.step"}
    assert 'value="たくさん"' in html and "&lt;b&gt;数&lt;/b&gt;" in html and "<b>" not in html
    assert 'aria-describedby="f-0-least_error"' in html and 'aria-invalid="true"' in html


def test_the_preview_shows_what_can_be_shown_already_and_the_grade():
    built = press(Built.of(None, COLUMNS, [ROW]), "add", f__new="choice")
    built = press(built, "add", f__new="image", f__0__label="気持ち", f__0__options="よい\nわるい")
    assert "気持ち" in preview(built) and "画像" not in preview(built)

    built = press(built, "", f__1__column="画像")
    shown = preview(built)
    assert "画像の説明がありません" in shown and 'href="#f-1"' in shown and "このままでは、できない人がいます" in shown
    assert "妨げになるもの" in preview(press(built, "", f__1__alternative="説明", f__1__alternative_text=""))


def test_a_column_that_is_no_longer_in_the_file_stays_to_be_seen():
    built = Built({"parts": [{"kind": "cell", "name": "p1", "column": "昔の列"}]}, COLUMNS, [ROW], is_judged=True)
    assert "昔の列（ファイルにない列）" in draw(built) and "parts.0.column" in built.errors
    assert 'type="text"' in draw(Built({"parts": [{"kind": "cell", "name": "p1", "column": "昔の列"}]}))      # no file yet


def test_boxes_can_be_pointed_at_the_pictures_of_the_form():
    built = press(Built.of(None, COLUMNS, [ROW]), "add", f__new="image")
    built = press(built, "add", f__new="boxes", f__0__column="画像", f__0__label="港")
    html = draw(built)

    assert '<option value="p1">1. 列の画像：港</option>' in html
    assert press(built, "", f__1__of="p1", f__1__label="枠", f__1__labels="船").form.part("q1").of == "p1"


@pytest.mark.parametrize("button", ["", "remove", "remove 99", "remove -1", "remove x", "up 0", "down 0", "copy ²", "dance 0"])
def test_a_button_that_is_none_changes_nothing(button):
    one = Built({"parts": [{"kind": "words", "name": "p1", "text": "a"}]})
    assert [part["name"] for part in press(one, button).said["parts"]] == ["p1"]


def test_nobody_adds_parts_without_end():
    built = Built({"parts": [{"kind": "words", "name": f"p{n}", "text": "a"} for n in range(MOST_PARTS)]})
    assert len(press(built, "add", f__new="words").said["parts"]) == MOST_PARTS == len(press(built, "copy 0").said["parts"])
    assert "見せる部品は、20個まで" in draw(press(built, "")) and 'value="add"' not in draw(built)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([f"f.{n}.{name}" for n in ("0", "1", "39", "40", "x") for name in (
    "kind", "name", "label", "options", "least", "most", "of", "column", "kinds", "is_required")] + ["f.act", "f.new"]),
    st.lists(st.text(max_size=8) | st.sampled_from([*KINDS, "add", "copy 0", "up 1", "p1"]), min_size=1, max_size=3)))
def test_nothing_that_is_posted_breaks_the_builder(posted):
    said = QueryDict(mutable=True)
    for name, texts in posted.items():
        said.setlist(name, texts)
    built = Built.posted(said, COLUMNS, [ROW])
    draw(built), preview(built)
    assert built.form is None or isinstance(built.form, Form)


def test_the_gallery_shows_the_builder_and_htmx_gets_the_preview(db, browser):
    page = browser.get("/gallery/tasks/builder/")
    typed = {"f.0.kind": "choice", "f.0.name": "q1", "f.0.label": "新しい問い", "f.0.options": "a\nb"}

    part = browser.post("/gallery/tasks/builder/", typed, headers={"HX-Request": "true"})
    assert page.status_code == 200 and part.content.strip().startswith(b'<div id="preview"') and "新しい問い" in part.content.decode()
    assert browser.post("/gallery/tasks/builder/", typed | {"f.0.options": "a"}).status_code == 422
    assert browser.post("/gallery/tasks/builder/", typed | {"f.0.options": "a"}, headers={"HX-Request": "true"}).status_code == 200
    assert browser.post("/gallery/tasks/builder/", typed | {"f.0.options": "", "f.act": "copy 0"}).status_code == 200
