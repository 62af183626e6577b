"""Screens that one only comes to on the way through something: each way stops where a page waits to be looked at.

A way is walked by somebody at a browser, and names the page on which it stands.
"""
import datetime
import re
import time
from collections.abc import Iterator

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from machi.shared import clock
from machi.web.pages.jobs.steps import STEPS
from machi.web.pages.profiles.lines import KINDS, LINES
from tests.faces.walk import become
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.test_the_frame import KEY
from tests.stories.test_words_of_a_post import JOB as WORDS_JOB
from tests.stories.words import say

# Of the people of /demo/, by their order there.
CLIENT, WHO_HAS_WORKED, WHO_LEAVES, NEWSPAPER, FINANCE, MODERATOR, BY_THE_HOUR, PAYS_BY_THE_HOUR = 0, 1, 2, 4, 12, 16, 17, 18
NOT_CHOSEN = "南 ちひろ"                                 # in a contest that is over
NEWCOMER, NEWCOMER_NAME = 3, "永井 ことは"
EMPLOYMENT = "時給1,200円です。シフト制で、朝9時から12時まで、店長の指示のもとで受付をしてください。"
PASSWORD = "machi-no-hitobito"


def recording(person: Person) -> Iterator[str]:
    """One of the demo people, who has finished work, takes it along as a signed record, and could take it back."""
    become(person.context, person.town.url, WHO_HAS_WORKED)
    _go(person, "record:mine")
    _send(person)
    yield "record:paper"
    _go(person, "record:revoke", re.search(r"/record/(\d+)/", person.page.url)[1])
    yield "record:revoke"
    person.context.clear_cookies(name="sessionid")


def joining(person: Person) -> Iterator[str]:
    person.open(f"{person.town.url}{reverse('account_signup')}")
    person.fill(say("account.email"), person.email)
    person.pick(say("signup.adult"))
    person.pick(say("signup.agrees"))
    person.press(say("signup.go"))
    person.see(say("account.code"))
    yield "account_email_verification_sent"
    doing.type_code(person, say("account.code.go"))
    yield "welcome"
    person.fill(say("me.name.label"), person.name)
    person.press(say("signup.name.go"))
    person.see(say("wishes.title"))


def writing(person: Person) -> Iterator[str]:
    """Every section and every kind of entry, as it is opened and as it comes back when nothing was filled in."""
    for line in LINES:
        _go(person, "profiles:line", line)
        yield "profiles:line"
    for kind in KINDS:
        _go(person, "profiles:add", kind)
        yield "profiles:add"
        _send(person)
        person.see(say("me.save"))
        yield "profiles:add"


def overtaken(person: Person) -> Iterator[str]:
    """Another window saved meanwhile: both texts stand beside each other (409)."""
    _go(person, "profiles:line", "headline")
    other = person.context.new_page()
    other.goto(person.page.url)
    other.fill("textarea[name=headline], input[name=headline]", "こちらの窓")
    other.locator("main form.line-form button").first.click()
    other.wait_for_url(lambda address: "/write/" not in address)
    other.close()
    person.page.fill("textarea[name=headline], input[name=headline]", "あちらの窓")
    _send(person)
    person.see(say("me.theirs"))
    yield "profiles:line"


def interrupted(person: Person) -> Iterator[str]:
    """The sign-in ran out while somebody wrote: it waits for them behind the door."""
    _go(person, "profiles:add", "strength")
    person.fill(say("me.statement.label"), "聞き書きができます")
    person.context.clear_cookies(name="sessionid")
    _send(person)
    person.fill(say("account.email"), person.email)
    person.press(say("account.login.go"))
    person.see(say("account.code"))
    doing.type_code(person, say("account.code.go"))
    yield "interrupted"


def giving(person: Person) -> Iterator[str]:
    """Each screen of a post, empty and as it comes back, and what is missing at the end."""
    _go(person, "jobs:new")
    person.choose(say("job.category.label"), "記事・ライティング")
    _send(person)
    number = re.search(r"/jobs/(\d+)/", person.page.url)[1]
    for step in STEPS:
        _go(person, "jobs:step", number, step)
        yield f"jobs:step.{step}"
    _send(person)
    yield f"jobs:step.{step}"
    _go(person, "jobs:preview", number)
    yield "jobs:preview"
    for name in ("jobs:plan", "jobs:limit", "jobs:reopen"):
        _go(person, name, number)
        yield name


def inviting(person: Person) -> Iterator[str]:
    """An organisation asks somebody to join: the letter that its mail leads to."""
    _go(person, "organisations:new")
    for name in ("name", "address", "contact"):
        person.page.fill(f"input[name={name}]", "hello@example.jp" if name == "contact" else "みなと出版")
    person.page.check("input[name=trade][value=company]")
    _send(person)
    number = re.search(r"/organisations/(\d+)/", person.page.url)[1]
    _go(person, "organisations:invite", number)
    yield "organisations:invite"
    _send(person)
    yield "organisations:invite"
    person.page.fill("input[name=email]", f"guest-{person.email}")
    person.page.locator("input[name=powers]").first.check()
    _send(person)
    for _try in range(120):
        person.open(f"{person.town.url}{reverse('demo:mail')}?to=guest-{person.email}")
        if letter := re.search(r"/organisations/invitation/[\w-]+/", person.page.content()):
            break
        person.page.wait_for_timeout(250)
    cookies = person.context.cookies()
    person.context.clear_cookies(name="sessionid")          # whoever keeps the organisation is led to it
    person.open(f"{person.town.url}{letter.group()}")
    yield "organisations:letter"
    person.context.add_cookies(cookies)


def proving(person: Person) -> Iterator[str]:
    """A code, then a password, an app of codes, what stands in for it, a passkey: each way in has its screens."""
    _go(person, "proof_by_code")
    yield "proof_by_code"
    person.press(say("account.again.send"))
    person.see(say("account.code"))
    yield "proof_by_code"
    doing.type_code(person, say("account.again.go"))
    _go(person, "account_set_password")
    yield "account_set_password"
    _choose_password(person)
    _go(person, "account_change_password")
    yield "account_change_password"
    _send(person)
    yield "account_change_password"
    _go(person, "account_reauthenticate")
    yield "account_reauthenticate"
    _go(person, "mfa_activate_totp")
    yield "mfa_activate_totp"
    secret = person.page.locator("code.secret").inner_text()
    person.page.fill("input[name=code]", _code(secret))
    _send(person)
    for name in ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "mfa_reauthenticate", "mfa_add_webauthn"):
        _go(person, name)
        yield name
    device = person.context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    person.press(say("account.passkeys.add"))
    person.see(say("account.message.webauthn_added"))
    for name in ("mfa_reauthenticate_webauthn", "mfa_list_webauthn"):
        _go(person, name)
        yield name
    keys = person.page.content()
    for deed in ("edit", "remove"):
        person.page.goto(person.town.url + re.search(rf'href="(/account/mfa/webauthn/keys/\d+/{deed}/)"', keys)[1])
        yield f"mfa_{deed}_webauthn"
    person.context.clear_cookies(name="sessionid")
    _go(person, "account_login")
    person.fill(say("account.email"), person.email)
    person.page.locator("main details summary").first.click()
    person.page.fill("input[name=password]", PASSWORD)
    person.press(say("account.login.go"))
    person.page.wait_for_url("**/authenticate/**")
    yield "mfa_authenticate"
    person.context.clear_cookies(name="sessionid")


def coming_back(person: Person) -> Iterator[str]:
    """By a code, and past a forgotten password."""
    _go(person, "account_request_login_code")
    yield "account_request_login_code"
    person.page.fill("input[name=email]", person.email)
    _send(person)
    person.see(say("account.code"))
    yield "account_confirm_login_code"
    _go(person, "account_reset_password")
    person.page.fill("input[name=email]", person.email)
    _send(person)
    person.see(say("account.code"))
    yield "account_confirm_password_reset_code"
    _send(person)
    yield "account_confirm_password_reset_code"
    doing.type_code(person, say("account.code.go"))
    yield "account_complete_password_reset"
    _choose_password(person)
    yield "account_password_reset_completed"


def changing_an_offer(person: Person) -> Iterator[str]:
    """The client of the soccer story chooses somebody, and changes the offer before it is read: more than half a year. So the end of
    that contract would have to be said a month ahead.
    """
    become(person.context, person.town.url, CLIENT)
    doing.read_applicants(person)
    person.press(say("choose.go"), about=NEWCOMER_NAME)
    person.press(say("choose.send"))
    _go(person, "contracts:offer_change", _found(person, "/contracts/", r"/offers/(\d+)/"))
    yield "contracts:offer_change"
    person.page.fill("input[name=due_on]", (clock.today() + datetime.timedelta(days=240)).isoformat())
    _send(person)
    offer = re.search(r"/offers/(\d+)/", person.page.url)[1]
    become(person.context, person.town.url, NEWCOMER)
    _go(person, "contracts:offer", offer)
    person.press(say("offer.accept.deed"))
    person.see(say("standing.agreed.worker"))
    number = re.search(r"/contracts/(\d+)/", person.page.url)[1]
    become(person.context, person.town.url, CLIENT)
    _go(person, "contracts:fund", number)
    _send(person)
    person.see(say("standing.funded.client"))
    _go(person, "contracts:ending", number)
    yield "contracts:ending"


def being_read(person: Person) -> Iterator[str]:
    """A post that sounds like an employment waits, and somebody of the town reads it."""
    doing.post_job(person, {**WORDS_JOB, "title": "毎朝の受付", "body": EMPLOYMENT}, clock.today())
    doing.publish(person)
    person.see(say("look.waiting"))
    cookies = person.context.cookies()
    person.context.clear_cookies(name="sessionid")          # becoming somebody else would end this session
    become(person.context, person.town.url, MODERATOR)
    _go(person, "desk:posts")
    person.follow("毎朝の受付")
    yield "desk:post"
    person.context.clear_cookies(name="sessionid")
    person.context.add_cookies(cookies)


def finishing(person: Person) -> Iterator[str]:
    """What a client writes around a delivery: what should be different, and when it was paid, what they saw and their thanks."""
    become(person.context, person.town.url, NEWSPAPER)
    number = _found(person, "/contracts/", r"/contracts/(\d+)/accept/")
    yield from _empty_too(person, "contracts:changes", number)
    _go(person, "contracts:accept", number)
    _send(person)
    person.see(say("standing.accepted.client"))
    _go(person, "demo:clock")
    person.page.locator("main form button[value=payday]").click()
    _found(person, f"/contracts/{number}/", r"(/review/)")
    for name in ("contracts:review", "contracts:thanks"):
        yield from _empty_too(person, name, number)


def leaving(person: Person) -> Iterator[str]:
    """Somebody leaves for good: the other side reads its copy, and finance opens what is under seal."""
    theirs = {}
    for who in (NEWSPAPER, WHO_LEAVES):
        become(person.context, person.town.url, who)
        theirs[who] = set(re.findall(r'"/contracts/(\d+)/', person.context.request.get(f"{person.town.url}/contracts/").text()))
    _go(person, "privacy:erase")
    person.press(say("leave.erase.deed"))
    person.see(say("left.title.erase"))
    become(person.context, person.town.url, NEWSPAPER - 1)                  # one less stands on /demo/ now
    _go(person, "privacy:copy", min(theirs[NEWSPAPER] & theirs[WHO_LEAVES]))
    yield "privacy:copy"
    become(person.context, person.town.url, FINANCE - 1)
    _go(person, "desk:sealed")
    _send(person)
    yield "desk:open_sealed"


def _found(person: Person, path: str, pattern: str) -> str:
    """What a page of this person holds, as soon as it does."""
    for _try in range(120):
        if found := re.search(pattern, person.context.request.get(person.town.url + path).text()):
            return found[1]
        person.page.wait_for_timeout(250)
    raise AssertionError(f"{path} never held {pattern}")


def _empty_too(person: Person, name: str, *args) -> Iterator[str]:
    """A page as it opens, and as it comes back when nothing was filled in."""
    _go(person, name, *args)
    yield name
    _send(person)
    yield name


def judging(person: Person) -> Iterator[str]:
    """A client's contests in each state: one to open, one that could be called off, one to judge, one that is over."""
    become(person.context, person.town.url, CLIENT)

    def to(title: str) -> str:
        return _number_of(person, "jobs:mine", title)
    _go(person, "contests:open", to("来年の試合のポスター"))
    yield "contests:open"
    _go(person, "contests:call_off", to("応援歌の歌い出し"))
    yield "contests:call_off"
    _go(person, "jobs:questions", to("応援歌の歌い出し"))
    person.press(say("question.reply.go"))
    person.see(say("question.reply"))
    yield "jobs:answer"
    _go(person, "contests:award", to("スタジアムの焼き菓子の名前"))
    yield "contests:award"
    person.press(say("award.look"))
    person.see(say("contest.award_one"))
    yield "contests:award"
    person.page.get_by_role("combobox").first.select_option(index=1)
    person.press(say("award.look"))
    person.see(say("award.spent"))
    yield "contests:award"
    _go(person, "contests:gallery", to("応援会の旗のマーク"))
    yield "contests:gallery"
    person.page.get_by_role("link", name=re.compile(say("receipt.title"))).first.click()
    person.see(say("receipt.number"))
    yield "contests:receipt"
    person.context.clear_cookies(name="sessionid")


def keeping(person: Person) -> Iterator[str]:
    """Somebody whose entry was not chosen shows it among their works; nothing is filled in, and the form says what is missing."""
    people = person.context.request.get(f"{person.town.url}/demo/").text().split('action="/demo/become/')[1:]
    become(person.context, person.town.url, next(
        place for place, form in enumerate(people) if NOT_CHOSEN in form.partition("</form>")[0]))
    _go(person, "proposals:list")
    person.page.get_by_role("link", name="かもめの円").first.click()
    person.press(say("entry.show"))
    person.see(say("entry.show.text"))
    yield "contests:show"
    _send(person)
    person.see(say("piece.alt.required"))
    yield "contests:show"
    person.context.clear_cookies(name="sessionid")


def working_by_the_hour(person: Person) -> Iterator[str]:
    """A week as it runs, what is written in it, a question and its answer, what is confirmed, and the money of the next one."""
    become(person.context, person.town.url, BY_THE_HOUR)
    work, photographs = (_number_of(person, "contracts:list", title) for title in ("港の聞き取りの録音", "寄贈写真の裏の走り書き"))
    for name, *args in (("room", work), ("week", work, 7), ("room", photographs), ("week", photographs, 3)):
        _go(person, f"contracts:{name}", *args)
        yield f"contracts:{name}"
    _go(person, "contracts:week", work, 7)
    person.press(say("week.start.deed"))
    person.see(say("week.clock.runs.text"))
    yield "contracts:week"
    with person.page.expect_navigation():
        person.page.evaluate("document.querySelector('#by-hand form').submit()")
    yield "contracts:week_add"
    yield from _empty_too(person, "contracts:week_submit", photographs, 2)
    for name in ("week_part", "week_dispute"):
        yield from _empty_too(person, f"contracts:{name}", photographs, 2)
    _go(person, "contracts:week", photographs, 2)
    yield "contracts:week"
    person.page.get_by_role("link", name=re.compile(say("me.change"))).first.click()
    person.see(say("week.entry.title"))
    yield "contracts:week_entry"
    person.page.fill("input[name=began]", "")
    _send(person)
    yield "contracts:week_entry"
    become(person.context, person.town.url, PAYS_BY_THE_HOUR)
    yield from _empty_too(person, "contracts:week_ask", work, 6)
    for name, *args in (("room", work), ("week", work, 6), ("week_confirm", work, 6), ("week", work, 2), ("week_fund", work)):
        _go(person, f"contracts:{name}", *args)
        yield f"contracts:{name}"
    person.context.clear_cookies(name="sessionid")


def _number_of(person: Person, page: str, title: str) -> str:
    """The number of a contract or a post, from the list in which it stands."""
    _go(person, page)
    return re.search(r"/(\d+)/", person.page.get_by_role("link", name=title).first.get_attribute("href"))[1]


def _go(person: Person, name: str, *args) -> None:
    person.open(f"{person.town.url}{reverse(name, args=args)}")


def _send(person: Person) -> None:
    """The form of the page, as it stands, without what a script would do with it."""
    with person.page.expect_navigation():
        person.page.evaluate("document.querySelector('main form').submit()")


def _choose_password(person: Person) -> None:
    for field in person.page.locator("main input[name^=password]").all():
        field.fill(PASSWORD)
    _send(person)


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


WAYS = (recording, judging, keeping, working_by_the_hour, joining, writing, overtaken, interrupted, giving, being_read, inviting, proving,
        coming_back, changing_an_offer, finishing, leaving)
