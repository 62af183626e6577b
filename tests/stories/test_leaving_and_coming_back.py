"""Somebody leaves the town with everything they wrote, comes back one day to find it as it was, and later leaves for good.

Proves F38 (exit care: where to talk first, one question that may stay blank, the records, a door to come back through) and F83's first
half (everything can be taken home).
"""
import json
import zipfile

from tests.looking import a_context
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.words import say


def test_leaving_and_coming_back(town, chromium, tmp_path):
    person = Person(a_context(chromium, town.url, width=390), town, "髙﨑", "takasaki@example.jp")
    try:
        live(person, tmp_path)
    except BaseException:
        print(town.words())
        person.shot("stopped-leaving")
        raise
    assert not person.complaints, person.complaints
    person.context.close()


def live(person: Person, folder) -> None:
    doing.join(person)
    doing.write_strength(person, "聞き書きができます", "町の人の話を30人分", "昔の話を文にします")

    go_to_leaving(person)
    person.see(say("leave.talk"))
    person.press(say("leave.talk.go"))
    person.see(say("open_door.limits.2"))

    go_to_leaving(person)
    person.press(say("export.title"))
    person.press(say("export.ask"))
    take_home(person, folder)

    go_to_leaving(person)
    person.press(say("leave.keep.go"))
    person.see(say("leave.question"), say("leave.talk"))
    person.fill(say("leave.question"), "夜に話せる人がいたら、いられました")
    person.shot("leaving-keep")
    person.press(say("leave.keep.deed"))
    person.see(say("left.title.keep"))

    sign_in(person)
    person.see(say("leave.came_back"))
    person.shot("leaving-came-back")
    doing.go_home(person)
    person.press(say("home.page.go"))
    person.see("聞き書きができます")

    go_to_leaving(person)
    person.press(say("leave.erase.go"))
    person.shot("leaving-erase")
    person.press(say("leave.erase.deed"))
    person.see(say("left.title.erase"))
    person.shot("leaving-left")


def go_to_leaving(person: Person) -> None:
    """From home, through the menu and the account."""
    person.enter()
    person.press(say("front.home"))
    open_menu(person)
    person.follow(say("frame.account"))
    person.follow(say("privacy.leave"))
    person.see(say("leave.title"))


def open_menu(person: Person) -> None:
    person.page.locator("summary.main-menu").click()


def take_home(person: Person, folder) -> None:
    """The file is made while the person may close the page; the notice leads to it."""
    doing.open_mail(person, "notice.export_ready.subject")
    person.see(say("export.ready.title"))
    person.press(say("export.prove"))
    doing.prove(person)
    person.see(say("export.ready.title"))
    with person.page.expect_download() as coming:
        person.page.get_by_role("button", name=say("export.take")).click()
    coming.value.save_as(folder / "machi.zip")
    with zipfile.ZipFile(folder / "machi.zip") as archive:
        [strength] = json.loads(archive.read("data/profiles_strength.json"))
        assert strength["statement"] == "聞き書きができます" and archive.testzip() is None


def sign_in(person: Person) -> None:
    """The address, and a code."""
    person.enter()
    open_menu(person)
    person.press(say("account.login"))
    person.fill(say("account.email"), person.email)
    person.press(say("account.login.go"))
    doing.type_code(person, say("account.code.go"))
