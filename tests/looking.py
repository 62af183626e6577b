"""Looking at a page as people do who need it to be right: axe, small text, small targets, sideways scroll, complaints."""
import atexit
import contextlib
import functools
import importlib.util
import itertools
import os
import pathlib
import re
import sys
from collections.abc import Iterator

from playwright.sync_api import Browser, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

SHOTS = pathlib.Path(__file__).parent / "stories/shots"
AXE = (pathlib.Path(importlib.util.find_spec("axe_playwright_python").origin).parent / "axe.min.js").read_text()
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync"]}
WIDTHS, THEMES = (1280, 390, 320), ("light", "dark")
MENUS = 2                                           # stand in the frame
VOICES = (("ja", "off"), ("en", "off"), ("ja-simple", "on"))
ALL_VARIANTS = list(itertools.product(WIDTHS, THEMES, VOICES))

@functools.cache
def _playwright() -> Playwright:
    """One in a process: its loop lives in the thread of the tests, where no second one may begin, and where Django asks the books too."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    playing = sync_playwright().start()
    atexit.register(playing.stop)
    return playing


@contextlib.contextmanager
def a_browser() -> Iterator[Browser]:
    """A Chromium of one's own."""
    with _playwright().chromium.launch(**CHROMIUM) as browser:
        yield browser


# Every text at least 16 px (ruby 9) and four letters wide, every control at least 44 px on a phone and a button of a form as wide as its
# row, nothing wider than the window.
_SMALL = """(phone) => {
  const bad = [];
  for (const e of document.querySelectorAll('body *')) {
    const s = getComputedStyle(e);
    if (s.display === 'none' || s.visibility === 'hidden') continue;
    if (e.closest('.vh, svg, dialog:not([open]), details:not([open]) > :not(summary)')) continue;
    const least = e.closest('rt') ? 8.8 : 16;
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (own && parseFloat(s.fontSize) < least) bad.push('text ' + s.fontSize + ' ' + e.outerHTML.slice(0, 90));
    const words = own && !e.closest('rt') ? Math.max(...[...e.childNodes].map(n => n.nodeType === 3 ? n.textContent.trim().length : 0)) : 0;
    const width = e.getBoundingClientRect().width;
    if (words > 12 && width > 1 && width < 64) bad.push(`squeezed ${width} ` + e.outerHTML.slice(0, 90));
    const control = 'button, input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea, .btn, .tool, .choice, summary';
    if (phone && e.matches(control)) {
      const r = e.getBoundingClientRect();
      const small = r.height && (r.height < 43.5 || r.width < 43.5) && !e.matches('.skip');
      if (small) bad.push(`target ${r.width}x${r.height} ` + e.outerHTML.slice(0, 90));
      const ragged = e.matches('form .row > .btn:not(.small)') && r.width && r.width < e.parentElement.clientWidth - 1;
      if (ragged) bad.push(`button ${r.width} of ${e.parentElement.clientWidth} ` + e.outerHTML.slice(0, 90));
    }
  }
  const around = [...document.querySelectorAll('ruby, wbr')].map(e => e.parentElement);
  const cut = around.filter(e => /flex|grid/.test(getComputedStyle(e).display));
  bad.push(...new Set(cut.map(e => 'in pieces ' + e.outerHTML.slice(0, 90))));
  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)[0];
    bad.push(`sideways ${document.documentElement.scrollWidth} > ${innerWidth} ` + (wide ? wide.outerHTML.slice(0, 120) : ''));
  }
  return bad;
}"""
_AXE = """where => axe.run(where ? {include: [[where]]} : document, {resultTypes: ['violations']}).then(r => r.violations.map(
  v => `${v.id}: ${v.nodes[0].html.slice(0, 160)} ${(v.nodes[0].failureSummary || '').slice(0, 200)}`))"""
# What is folded away, and one of the menus (details with a name: the browser keeps one of them open at a time).
_UNFOLD = """menu => {
  const folded = [...document.querySelectorAll('details:not([open])')].filter(e => e.getClientRects().length);
  const opened = [...folded.filter(e => !e.name), ...folded.filter(e => e.name).slice(menu, menu + 1)];
  opened.forEach(e => { e.open = true; e.dataset.unfolded = ''; });
  return opened.length;
}"""
# On paper: what the page says and nothing of the frame, nothing folded away, nothing wider than the sheet.
_PRINTED = """() => {
  const seen = where => [...document.querySelectorAll(where)].filter(e => e.checkVisibility());
  const bad = seen('.top, .bar, .foot, .btn').map(e => 'printed ' + e.outerHTML.slice(0, 90));
  const folded = [...document.querySelectorAll('main details:not([open]) > :not(summary)')].filter(e => !e.closest('form, fieldset'));
  bad.push(...folded.filter(e => !e.checkVisibility()).map(e => 'not printed ' + e.outerHTML.slice(0, 90)));
  if (!seen('main').some(e => e.innerText.trim())) bad.push('nothing is printed');
  if (document.documentElement.scrollWidth > innerWidth) bad.push(`wider than the sheet: ${document.documentElement.scrollWidth}`);
  return bad;
}"""
_FOLD = "() => document.querySelectorAll('[data-unfolded]').forEach(e => { e.open = false; delete e.dataset.unfolded; })"


def one_of_all(number: int):
    """One of the 18 for the page with this number, in turn: neighbours differ in width, light and voice as far as they can."""
    return ALL_VARIANTS[number * 5 % len(ALL_VARIANTS)]


def a_context(browser, url: str, *, width: int = 390, theme: str = "light", voice=("ja", "off"), script: bool = True, **more):
    """A person's own window: nothing is shared with anybody else's."""
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 999 else 844}, color_scheme=theme, java_script_enabled=script, locale="ja-JP",
        reduced_motion="reduce", has_touch=width < 999, **more)
    dress(context, url, voice)
    return context


def dress(context, url: str, voice) -> None:
    """The language and ふりがな a person has chosen."""
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in
                         (("django_language", voice[0]), ("furigana", voice[1]))])


def problems(page, *, width: int, menus: bool = False) -> list[str]:
    """Everything that is wrong with the page that is shown, and with what is folded away on it. `menus`: of the frame, too."""
    page.evaluate(f"{AXE};0")
    found = page.evaluate(_AXE) + page.evaluate(_SMALL, width < 999)
    for menu in range(MENUS) if menus else (MENUS,):
        if page.evaluate(_UNFOLD, menu):
            inside = page.evaluate(_AXE, "[data-unfolded]") + page.evaluate(_SMALL, width < 999)
            found += [f"unfolded: {problem}" for problem in inside if problem not in found]
            page.evaluate(_FOLD)
    return found


def resize(page, width: int) -> None:
    """A window on a desk, or a phone."""
    page.set_viewport_size({"width": width, "height": 900 if width > 999 else 844})


def at_other_widths(page, width: int) -> list[str]:
    """What is too small or too wide on the page that is shown, in windows that are not as wide as this one. Axe takes a hundred times
    as long and is not asked."""
    found = []
    for other in set(WIDTHS) - {width}:
        resize(page, other)
        found += [f"{other} wide: {problem}" for problem in page.evaluate(_SMALL, other < 999)]
    return found


def on_paper(page) -> list[str]:
    """What is wrong with this page as it is printed on A4, by somebody who reads it in the dark."""
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print", color_scheme="dark")
    return page.evaluate(_PRINTED)


def shot(page, name: str, *, full: bool = True) -> None:
    """Keep a picture for whoever changed the page. It checks nothing: where Chromium gives none, that is said and the story goes on."""
    SHOTS.mkdir(exist_ok=True)
    path = SHOTS / f"{re.sub(r'[^0-9a-zA-Z.-]+', '-', name).strip('-')}.png"
    for whole in (full, full, False):                   # it refuses now and then, or never answers, mostly for a long page
        try:
            page.screenshot(path=path, full_page=whole, timeout=8000)
            return
        except PlaywrightError as error:
            print(f"no picture {name}: {error.message.splitlines()[0]}", file=sys.stderr)
            page.wait_for_timeout(500)


# Answers of 4xx are tried on purpose, and whoever leaves a page while it saves something breaks that off: htmx says so, in two lines.
_EXPECTED = re.compile(r"status of 4|^htmx:(sendAbort|afterRequest),")


def listen(page, complaints: list[str] | None = None) -> list[str]:
    """Complaints of the browser (Content-Security-Policy, script errors), as they come."""
    complaints = [] if complaints is None else complaints
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") and not _EXPECTED.search(m.text) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
