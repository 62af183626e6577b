"""A person at a browser: reads labels and buttons, fills in, presses. No selectors, no addresses but the front door and links in mail."""
import contextlib
import re
from collections.abc import Iterator

from playwright.sync_api import Locator, expect

from tests.looking import a_context, listen, problems, shot
from tests.thin import LONG

PATIENT = 15_000                                        # milliseconds: a machine with much to do is slow, and no story is about that


class Person:
    """Somebody with a browser of their own. `keyboard`: they use nothing but the keyboard; `script`: their browser runs scripts;
    `readings`: ふりがな stand over the words.
    """

    def __init__(self, context, town, name: str, email: str, *, keyboard: bool = False, script: bool = True, readings: bool = False):
        self.context, self.town, self.name, self.email, self.keyboard, self.script = context, town, name, email, keyboard, script
        self.readings = readings
        self.complaints: list[str] = []
        self.new_window()
        self.mailbox = None                             # its window stays open: a new one is slow to come

    # ---- going ----------------------------------------------------------------------------------
    def new_window(self) -> None:
        """The first one, or another when that was closed."""
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENT)
        listen(self.page, self.complaints)

    def enter(self) -> None:
        """Through the front door."""
        self.page.goto(self.town.url)

    def open(self, address: str) -> None:
        """A link from a mail."""
        self.page.goto(address)

    def follow(self, words: str) -> None:
        """A link, by what it says."""
        self._activate(self._first(self.page.get_by_role("link", name=self._said(words))))

    def press(self, words: str, *, about: str = "") -> None:
        """A button (or a link that looks like one), by what it says, and about whom."""
        name = re.compile(f"{self._loose(words)}.*{self._loose(about)}", re.S)
        either = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        self._activate(self._first(either))

    def attach(self, label: str, file: dict) -> None:
        """Hand over a file: {"name", "mimeType", "buffer"}."""
        self._field(label).set_input_files(file)

    # ---- writing --------------------------------------------------------------------------------
    def fill(self, label: str, text: str) -> None:
        field = self._field(label)
        if not self.keyboard:
            field.fill(text)
            return
        self._reach(field)
        if field.get_attribute("type") == "date":
            return self._type_day(field, text)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str, option: str) -> None:
        """From a list that unfolds."""
        field = self._field(label)
        if not self.keyboard:
            field.select_option(label=option)
            return
        self._reach(field)
        options = field.evaluate("e => [...e.options].map(o => o.label)")
        self.page.keyboard.press("Home")
        for _step in range(options.index(option) - field.evaluate("e => e.selectedIndex")):
            self.page.keyboard.press("ArrowDown")
        assert field.evaluate("e => e.selectedOptions[0].label") == option

    def pick(self, words: str) -> None:
        """One of several round buttons, or a box to tick."""
        field = self._field(words)
        if not self.keyboard:
            field.check()
            return
        if field.get_attribute("type") == "checkbox":
            self._reach(field)
            if not field.is_checked():
                self.page.keyboard.press("Space")
        else:
            group = field.get_attribute("name")
            self._reach(self.page.locator(f"input[type=radio][name='{group}']"), any_of=True)
            self.page.keyboard.press("Space")
            for _step in range(20):
                if field.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
        assert field.is_checked()

    # ---- reading --------------------------------------------------------------------------------
    def see(self, *words: str) -> None:
        """These words stand on the page."""
        for said in words:
            expect(self.page.locator("body")).to_contain_text(re.compile(self._loose(said)), timeout=15_000)

    def see_link(self, words: str, address: str) -> None:
        """A link that says this and leads there."""
        expect(self.page.get_by_role("link", name=words).and_(self.page.locator(f"[href='{address}']")).first).to_be_visible()

    def never_see(self, *words: str) -> None:
        text = self.text()
        for said in words:
            assert said not in text, f"{self.name} reads {said!r}"

    def text(self) -> str:
        """Everything that stands on the page, without the marks where a line may break."""
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text().replace("\u200b", ""))

    def mail(self, subject: str, *, about: str = "") -> str:
        """The newest mail to this person with this in its subject (and this in its text), as the town's mail page shows it."""
        page = self.mailbox = self.mailbox or self.context.new_page()
        for _try in range(60):
            page.goto(f"{self.town.url}/demo/mail/?to={self.email}")
            letters = page.get_by_role("article").filter(has_text=subject).filter(has_text=about)
            if letters.count():
                text = letters.first.inner_text()
                self.page.bring_to_front()              # a passkey is only asked for in a window that has the focus
                return text
            page.wait_for_timeout(250)
        box = page.locator("main").inner_text()[:600]
        raise AssertionError(f"{self.name} never got a mail about {subject!r}: {box}\n{self.town.words()}")

    def look(self) -> None:
        """Is this page for everybody? On the way, where nobody of the demo town stands (tests/faces looks at all others)."""
        found = problems(self.page, width=self.page.viewport_size["width"]) if self.script else []     # axe is a script too
        assert not found, f"{self.name} on {self.page.url}: {found}"

    def shot(self, name: str) -> None:
        """A picture for whoever changed the page: in the long run, and wherever a story stopped."""
        if LONG or name.startswith("stopped"):
            shot(self.page, name)

    # ---- hands ----------------------------------------------------------------------------------
    def _said(self, words: str) -> str | re.Pattern:
        """A name, as a page gives it to this person."""
        return re.compile(self._loose(words)) if self.readings else words

    def _loose(self, words: str) -> str:
        """Words as a reader sees them: a place where the line may break is not a space, and what stands over a word is its reading."""
        between = r"[\s\u200bぁ-ゖー]*" if self.readings else r"[\s\u200b]*"
        return between.join(re.escape(letter) for letter in words if not letter.isspace())

    def _field(self, label: str) -> Locator:
        """Where one writes: a section may carry the same words as its heading."""
        return self._first(self.page.get_by_label(self._said(label)).and_(self.page.locator("input, textarea, select")))

    def _first(self, found: Locator) -> Locator:
        """The first that can be seen: a page may say the same word in its menu and in its body."""
        seen = found.locator("visible=true")
        expect(seen.first, f"{self.name} looks for it on {self.page.url}").to_be_visible(timeout=PATIENT)
        return seen.first

    def _activate(self, target: Locator) -> None:
        if self.keyboard:
            self._reach(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()
        self.page.wait_for_load_state()

    def _reach(self, target: Locator, *, any_of: bool = False) -> None:
        """Press Tab until the focus is there. What Tab does not reach, nobody without a mouse can use."""
        is_there = "e => e === document.activeElement" if not any_of else "es => es.includes(document.activeElement)"
        look = target.evaluate_all if any_of else target.evaluate
        for _step in range(250):
            if look(is_there):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.name} cannot reach {target} by keyboard on {self.page.url}")

    def _type_day(self, field: Locator, text: str) -> None:
        """The parts of a day stand in the order of the browser's own language: type them in one order, look, else in the other."""
        year, month, day = text.split("-")
        for parts in (f"{month}{day}{year}", f"{year.zfill(6)}{month}{day}"):
            for _step in range(3):
                self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.type(parts)
            if field.input_value() == text:
                return
        raise AssertionError(f"{self.name} could not type {text}: {field.input_value()}")


@contextlib.contextmanager
def lived_by(chromium, town, story: str, *people: tuple[str, str, int]) -> Iterator[list[Person]]:
    """People of a story, each a name, the begin of an address and how wide their window is. Where it stops, what they saw is kept."""
    everybody = [Person(a_context(chromium, town.url, width=width), town, name, f"{mark}@example.jp") for name, mark, width in people]
    try:
        yield everybody
    except BaseException:
        print(town.words())
        for number, person in enumerate(everybody):
            person.shot(f"stopped-{story}-{number}")
        raise
    for person in everybody:
        assert not person.complaints, f"{person.name}: {person.complaints}"
        person.context.close()
