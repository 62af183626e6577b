"""Somebody who listens to the pages: they know what the accessibility tree of the browser says, and press keys. No selector, no mouse, no
picture. Whatever they come to must have a role and a name, and be right until the town has said otherwise.
"""
import re
import time
from collections.abc import Iterator
from typing import NamedTuple

from playwright.sync_api import Page

PATIENT, BETWEEN = 15, 0.05                         # seconds
# What can have the focus for a listener: something to press, to write into, to open, or a place they were led to.
STOPS = {"alert", "Audio", "button", "checkbox", "combobox", "DisclosureTriangle", "DisclosureTriangleGrouped", "group", "heading", "link",
         "radio", "searchbox", "spinbutton", "textbox"}
AROUND = {"group", "radiogroup", "Date", "form", "region"}


class Heard(NamedTuple):
    """A place of the page, as it is said aloud: what it is, what it is called, what it holds, what more is said of it, which named groups
    stand around it from the outside, and how it stands.
    """

    role: str
    name: str
    value: str
    more: str
    groups: tuple[str, ...]
    states: dict[str, object]

    @property
    def group(self) -> str:
        return self.groups[-1] if self.groups else ""


class Listener:
    def __init__(self, page: Page):
        self.page, self._tree = page, page.context.new_cdp_session(page)
        self._tree.send("Accessibility.enable")
        self.way: list[Heard] = []                  # wherever they came by
        self._choosers: list = []                   # windows of the machine in which a file is chosen
        page.on("filechooser", lambda window: self._choosers.append(window))

    # ---- listening ------------------------------------------------------------------------------
    def here(self) -> Heard:
        """Where the focus is."""
        focused = [one for one in self._nodes() if one.states.get("focused")]
        return focused[-1] if focused else Heard("", "", "", "", (), {})

    def find(self, role: str, name: str = "", group: str = "", **states) -> Heard:
        """Somewhere on the page, and so it stands. The tree is put together anew behind a change: it is waited for."""
        found: list[Heard] = []

        def is_there() -> bool:
            found[:] = [one for one in self._nodes() if one.role == role and _same(one.name, name or one.name)
                        and _same(group or one.group, one.group) and all(one.states.get(key) == value for key, value in states.items())]
            return bool(found)
        self._until(is_there, f"no {role} {name!r} in {group!r} {states}")
        return found[0]

    def read(self, role: str, name: str, *words: str) -> None:
        """These words are read out of a place, in this order."""
        nodes = {one["nodeId"]: one for one in self._raw()}
        place = next(one for one in nodes.values() if _text(one, "role") == role and _same(_text(one, "name"), name))
        rest = text = _bare("".join(_texts(place, nodes)))
        for said in words:
            assert _bare(said) in rest, f"{said!r} is not read in {text}"
            rest = rest.partition(_bare(said))[2]

    def hear(self, *words: str) -> None:
        """One after the other is told in the live region, without the focus leaving its place."""
        for said in words:
            self._until(lambda said=said: any(_bare(said) in _bare(told) for told in self._told()), f"never told: {said}")

    def is_at(self, role: str, name: str, **states) -> Heard:
        """The focus is there, by itself, and so it stands."""
        def is_there() -> bool:
            here = self.here()
            return here.role == role and _same(here.name, name) and all(here.states.get(key) == value for key, value in states.items())
        self._until(is_there, f"not at {role} {name!r} {states}")
        return self.here()

    def hear_title(self, words: str) -> None:
        """A new page is here: its title is what is said first."""
        self._until(lambda: any(one.role == "RootWebArea" and _bare(words) in _bare(one.name) for one in self._nodes()), f"no page {words}")

    # ---- going ----------------------------------------------------------------------------------
    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose_file(self, file: dict) -> None:
        """The button that they stand at opens the window of the machine."""
        self.press("Enter")
        self._until(lambda: bool(self._choosers), "no window to choose a file")
        self._choosers.pop().set_files(file)

    def come_back_to(self, role: str, name: str = "", group: str = "") -> Heard:
        """To what stands further up."""
        return self.come_to(role, name, group, key="Shift+Tab")

    def come_to(self, role: str, name: str = "", group: str = "", *, key: str = "Tab") -> Heard:
        """By Tab alone, hearing every stop."""
        for _stop in range(150):
            here = self._called()
            if here.role not in ("", "RootWebArea"):                # the page itself, before they go
                self._is_said_well(here)
            if here.role == role and _same(here.name, name or here.name) and _same(group or here.group, here.group):
                return here
            self.press(key)
        raise AssertionError(f"never came to {role} {name!r} in {group!r}: {[(one.role, one.name) for one in self.way[-60:]]}")

    def _called(self) -> Heard:
        """Where the focus is, with its name. Behind a change Chromium's tree may have lost what a label says for good, though the label is
        there: then the name is counted anew out of the page, by the same rules (accname). What has no name has none there, too.
        """
        here = self.here()
        if here.name or here.role in ("", "RootWebArea", "alert"):
            return here
        said = re.search(r'"(.*?)"', self.page.locator(":focus").aria_snapshot())
        return here._replace(name=said.group(1) if said else "")

    def _is_said_well(self, here: Heard) -> None:
        self.way.append(here)
        assert here.role in STOPS, f"a stop that is nothing: {here}"
        assert here.name or here.role == "alert", f"no name: {here}"
        assert here.states.get("invalid") in (None, "false") or here.more or here.group, f"wrong, and nobody says why: {here}"

    # ---- the tree -------------------------------------------------------------------------------
    def _raw(self) -> list[dict]:
        return self._tree.send("Accessibility.getFullAXTree")["nodes"]

    def _nodes(self) -> list[Heard]:
        raw = self._raw()
        known = {one["nodeId"]: one for one in raw}
        return [_heard(one, known) for one in raw if not one["ignored"]]

    def _told(self) -> list[str]:
        nodes = {one["nodeId"]: one for one in self._raw()}
        return [" ".join(_texts(one, nodes)) for one in nodes.values() if _text(one, "role") in ("status", "alert")]

    def _until(self, is_so, otherwise: str) -> None:
        last = time.monotonic() + PATIENT
        while not is_so():
            assert time.monotonic() < last, f"{otherwise}; here is {self.here()}, told was {self._told()}"
            self.page.wait_for_timeout(1000 * BETWEEN)


def _text(node: dict, what: str) -> str:
    return str(node.get(what, {}).get("value", "")).strip()


def _texts(node: dict, nodes: dict[str, dict]) -> Iterator[str]:
    if _text(node, "role") in ("StaticText", "image"):
        yield _text(node, "name")
        return
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _texts(nodes[child], nodes)


def _heard(node: dict, known: dict[str, dict]) -> Heard:
    groups, at = [], known.get(node.get("parentId"))
    while at:
        if _text(at, "role") in AROUND and _text(at, "name"):
            groups.insert(0, _text(at, "name"))
        at = known.get(at.get("parentId"))
    states = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    return Heard(*(_text(node, what) for what in ("role", "name", "value", "description")), tuple(groups), states)


def _bare(words: str) -> str:
    """A place where a line may break is heard as a space at most."""
    return re.sub(r"[\s\u200b]+", "", words)


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)
