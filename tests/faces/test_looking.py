"""The eyes of these tests see what is wrong: every rule fails on its planted violation, and finds nothing on a page that is right."""
import pytest

from tests.looking import a_browser, at_other_widths, on_paper, problems, resize

STYLE = """body { font-size: 16px; color: #111; background: #fff; }
  summary, button { min-height: 44px; min-width: 44px; font-size: 16px; }
  @media print { .top, .btn { display: none; } details::details-content { content-visibility: visible; } }"""
WHOLE = f"""<!doctype html><html lang="ja"><title>街</title><style>{STYLE}</style><body>
  <header class="top"><details name="menu"><summary>言語</summary><p>日本語</p></details>
  <details name="menu"><summary>見え方</summary><p>明るい</p></details></header>
  <main><h1>仕事</h1><p>報酬は24,000円です。</p><details><summary>条件</summary><p>検収のあとに振り込みます。</p></details>
  <form><div class="row"><button class="btn" style="width: 100%">応募する</button></div></form></main>"""
GREY, SMALL, BARE = "color: #ccc", "font-size: 13px", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'

SEEN = {
    "grey words": ("<p>報酬", f'<p style="{GREY}">報酬', "color-contrast"),
    "a picture without words": ("</h1>", f"</h1>{BARE}", "image-alt"),
    "a field without a label": ("</h1>", '</h1><input name="bare">', "label"),
    "small words": ("<p>報酬", f'<p style="{SMALL}">報酬', "text 13px"),
    "words in a column of two letters": ("<p>報酬は", '<p style="width: 2em">この仕事の報酬は、', "squeezed"),
    "words whose pieces stand apart": ("<h1>仕事</h1>", '<h1 style="display: flex">仕事を<wbr>さがす</h1>', "in pieces"),
    "a small target": ('style="width: 100%"', 'style="width: 100%; height: 30px; min-height: 0"', "target"),
    "a button narrower than its row": ("width: 100%", "width: 50%", "button"),
    "wider than the window": ("</h1>", '</h1><div style="width: 2000px">広い</div>', "sideways"),
    "small words in what is folded away": ("<p>検収", f'<p style="{SMALL}">検収', "unfolded: text 13px"),
    "grey words in what is folded away": ("<p>検収", f'<p style="{GREY}">検収', "unfolded: color-contrast"),
    "grey words in the first menu": ("<p>日本語", f'<p style="{GREY}">日本語', "unfolded: color-contrast"),
    "small words in the second menu": ("<p>明るい", f'<p style="{SMALL}">明るい', "unfolded: text 13px"),
}
PRINTED = {
    "the frame": (".top, .btn", ".btn", "printed <header"),
    "a button": (".top, .btn", ".top", "printed <button"),
    "what is folded away": ("details::details-content", "details.other", "not printed"),
    "nothing": ("<main>", '<main style="display: none">', "nothing is printed"),
    "more than the sheet holds": ("</h1>", '</h1><div style="width: 2000px">広い</div>', "wider than the sheet"),
}


@pytest.fixture(scope="module")
def page():
    with a_browser() as browser:
        yield browser.new_page()


@pytest.fixture
def show(page):
    """A phone on which a page is shown that is right, but for one thing."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(media="screen", color_scheme="light")

    def shown(right: str = "", wrong: str = ""):
        assert right in WHOLE
        page.set_content(WHOLE.replace(right, wrong, 1) if right else WHOLE)
        return page
    return shown


def test_nothing_is_found_where_nothing_is_wrong(show):
    assert problems(show(), width=390, menus=True) == [] and on_paper(show()) == []


@pytest.mark.parametrize(("right", "wrong", "found"), SEEN.values(), ids=SEEN)
def test_what_is_wrong_on_a_screen_is_found(show, right, wrong, found):
    assert any(problem.startswith(found) for problem in problems(show(right, wrong), width=390, menus=True))


def test_what_is_wrong_at_another_width_is_found(show):
    page = show("</h1>", '</h1><div style="width: 1000px">広い</div>')
    resize(page, 1280)

    assert problems(page, width=1280) == []
    assert sorted(problem[:17] for problem in at_other_widths(page, 1280)) == ["320 wide: sideway", "390 wide: sideway"]


@pytest.mark.parametrize(("right", "wrong", "found"), PRINTED.values(), ids=PRINTED)
def test_what_is_wrong_on_paper_is_found(show, right, wrong, found):
    assert any(problem.startswith(found) for problem in on_paper(show(right, wrong)))
