"""One template, two answers: the page, and the block htmx asked for. What every page carries."""
import datetime
import re

import jinja2
import pytest
from django.conf import settings
from django.template import engines
from django.utils import translation

from machi.accounts.models import User
from machi.payments.fees import settlement
from machi.shared.money import Yen
from machi.web.frame.jinja import environment
from machi.web.frame.words import device
from tests.people import a_person

HTMX = {"HX-Request": "true"}


def said(text: str, language: str = "ja", **values) -> str:
    with translation.override(language):
        return engines["jinja2"].env.from_string(text).render(values)


def enter(browser, person):
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_a_box_is_named_before_it_is_explained(db, browser):
    page = browser.post("/gallery/", {}).content.decode()

    box = page[page.index('for="id_agree"'):]
    assert 0 < box.index(said('{{ _("gallery.agree.hint") }}')) < box.index('id="id_agree_error"')
    assert page.index('for="id_agree"') < page.index('id="id_agree_helptext"')
    assert 'aria-describedby="id_agree_helptext id_agree_error"' in box


def test_htmx_gets_the_block_and_everybody_else_the_page(db, browser):
    wrong = {"name": "", "email": "x"}

    whole, part = browser.post("/gallery/", wrong), browser.post("/gallery/", wrong, headers=HTMX)

    assert (whole.status_code, part.status_code) == (422, 422)
    assert whole.content.startswith(b"<!doctype html>") and part.content.strip().startswith(b'<form class="stack" id="form-box"')
    assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request", "Cookie"} <= set(re.split(", ?", whole.headers["Vary"]))


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_history_and_boosted_links_get_the_whole_page(db, browser, header):
    assert browser.get("/gallery/", headers={**HTMX, header: "true"}).content.startswith(b"<!doctype html>")


def test_a_form_comes_back_with_what_was_typed(db, browser):
    answer = browser.post("/gallery/", {"name": "髙﨑𠮷 <b>", "email": "x"}).content.decode()

    assert 'value="髙﨑𠮷 &lt;b&gt;"' in answer and "<title>入力の確認：" in answer
    assert 'aria-invalid="true"' in answer and 'href="#id_email"' in answer


def test_every_page_carries_its_guards(db, browser):
    answer = enter(browser, a_person()).get("/gallery/")
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin" and "camera=()" in answer.headers["Permissions-Policy"]
    assert not re.search(r"\s(style|on[a-z]+)=\"", answer.content.decode())


def test_a_stranger_may_keep_a_page_only_in_their_own_browser(db, browser):
    assert browser.get("/gallery/").headers["Cache-Control"] == "no-cache, private"


def test_htmx_takes_no_code_from_a_page_and_keeps_no_pages(db, browser):
    page = browser.get("/gallery/").content.decode()
    settings = re.search(r"name=\"htmx-config\" content='([^']+)'", page).group(1)

    for setting in ('"allowEval":false', '"includeIndicatorStyles":false', '"historyCacheSize":0', '"4(09|22|29)|503","swap":true'):
        assert setting in settings
    assert "django_htmx/htmx-2.min.js" in page


def test_an_unknown_name_in_a_template_is_an_error():
    for text in ("{{ nobody }}", "{{ ui.nobody() }}"):
        with pytest.raises(jinja2.UndefinedError):
            said(text)


def test_in_a_living_town_an_unknown_name_is_only_a_gap(settings):
    settings.STRICT_TEMPLATES = False
    assert environment("ja").from_string("[{{ nobody }}{{ nobody.name }}]").render() == "[]"


def test_words_in_templates_are_settled_per_language():
    page = '{{ _("money.yen", amount=n) }}|{{ 1|yen }}'

    assert said(page, "ja", n=1) == "1円|1円" and said(page, "en", n="<1>") == "&lt;1&gt; yen|1 yen" and said(page, "ja", n=2) == "2円|1円"
    with pytest.raises(KeyError):
        said('{{ _("money.yen") }}')


@pytest.mark.parametrize(("language", "expected"), [
    ("ja", "24,000円|未定|12月1日（火）|2027年1月5日（火）|12月1日（火）14:00|あと1日"),
    ("ja-simple", "24,000円|まだわかりません|12月1日（火）|2027年1月5日（火）|12月1日（火）午後2時|あと1日"),
    ("en", "24,000 yen|not decided|Tue 1 December|Tue 5 January 2027|Tue 1 December, 14:00 JST|1 day left"),
])
def test_money_days_and_moments_are_written_in_each_voice(clock_at, language, expected):
    clock_at("2026-11-30 10:00")
    moment = datetime.datetime(2026, 12, 1, 5, 0, tzinfo=datetime.UTC)

    text = said("{{ 24000|yen }}|{{ none|yen }}|{{ d|day }}|{{ later|day }}|{{ m|moment }}|{{ d|until }}", language,
                d=datetime.date(2026, 12, 1), later=datetime.date(2027, 1, 5), m=moment)

    assert text == expected


def test_a_minus_is_a_real_minus_and_a_day_that_is_over_has_no_days_left(clock_at):
    clock_at("2026-11-30")
    assert said("{{ (0 - 2420)|yen }}|{{ d|until }}|{{ d|days_left }}", d=datetime.date(2026, 11, 29)) == "\u22122,420円||-1"
    assert said("{{ d|until }}", d=datetime.date(2026, 11, 30)) == "今日まで"


def test_what_people_write_keeps_its_lines_and_is_never_markup():
    assert said("{{ t|paragraphs }}", t="一\r\n二\n\n<b>三</b>") == "<p>一<br>二</p>\n<p>&lt;b&gt;三&lt;/b&gt;</p>"


def test_the_money_panel_shows_both_sides_and_leads_with_what_the_reader_gets():
    price = settlement(Yen(10_000), on=datetime.date(2026, 12, 1), is_withheld=True)
    panel = "{{ ui.money(s, side, d) }}"
    worker, client = (said(panel, s=price, side=side, d=datetime.date(2026, 12, 15)) for side in ("worker", "client"))

    for amount in ("10,000円", "1,000円", "11,000円", "\u22122,200円", "\u2212220円", "\u22121,021円", "7,559円"):
        assert amount in worker and amount in client
    assert [re.search(r"<strong>(.*?)</strong>", panel).group(1) for panel in (worker, client)] == ["7,559円", "11,000円"]
    assert "12月15日（火）" in worker


def test_a_card_is_kept_by_its_values_and_refuses_a_row_that_may_change():
    with pytest.raises(TypeError, match="named tuple"):
        said("{{ ui.person_card(person, '/') }}", person=User(pk=1))


def test_every_component_stands_in_the_gallery():
    """What is nowhere to be seen is not looked after. Doors and switches of the frame are seen on their own pages."""
    folder = settings.BASE / "machi/web/templates"
    places = "".join(file.read_text() for file in [folder / "gallery/gallery.html", *(folder / "components").glob("*.html")])
    mine = "".join((folder / f"components/{name}.html").read_text() for name in ("basics", "blocks", "cards", "charts", "forms", "money"))

    unseen = [name for name in re.findall(r"macro (\w+)\(", mine) if len(re.findall(rf"\b{name}\(", places)) < 2]
    assert unseen == ["nav_link", "acting_for"]


def test_a_page_weighs_little(db, browser):
    for path in ("/gallery/", "/account/login/", "/account/signup/"):
        answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip" and len(answer.content) < 14_000, path


@pytest.mark.parametrize(("agent", "name"), [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome（Windows）"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge（Windows）"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604", "Safari（iPhone）"),
    ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140 Mobile Safari/537 Line/15.1", "LINE（Android）"),
    ("curl/8", "名前のわからない端末"), ("", "名前のわからない端末"),
])
def test_devices_have_friendly_names(agent, name):
    with translation.override("ja"):
        assert device(agent) == name
