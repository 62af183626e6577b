"""Screens that one only comes to on the way into the town: joining, what one writes there, and the ways through the door."""
import re
import time
from collections.abc import Iterator

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from machi.shared import clock
from machi.web.pages.jobs.steps import STEPS
from machi.web.pages.profiles.lines import KINDS, LINES
from tests.faces.steps import go, look_on_the_way, send
from tests.faces.walk import ON_THE_WAY_IN, become, names_for
from tests.stories import doing
from tests.stories.person import Person
from tests.stories.test_the_frame import KEY
from tests.stories.test_words_of_a_post import JOB as WORDS_JOB
from tests.stories.words import say

WHO_HAS_WORKED, MODERATOR = 1, 16                       # of the people of /demo/, by their order there
EMPLOYMENT = "時給1,200円です。シフト制で、朝9時から12時まで、店長の指示のもとで受付をしてください。"
PASSWORD = "machi-no-hitobito"


def recording(person: Person) -> Iterator[str]:
    """One of the demo people, who has finished work, takes it along as a signed record, and could take it back."""
    become(person.context, person.town.url, WHO_HAS_WORKED)
    go(person, "record:mine")
    send(person)
    yield "record:paper"
    go(person, "record:revoke", re.search(r"/record/(\d+)/", person.page.url)[1])
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
        go(person, "profiles:line", line)
        yield "profiles:line"
    for kind in KINDS:
        go(person, "profiles:add", kind)
        yield "profiles:add"
        send(person)
        person.see(say("me.save"))
        yield "profiles:add"


def overtaken(person: Person) -> Iterator[str]:
    """Another window saved meanwhile: both texts stand beside each other (409)."""
    go(person, "profiles:line", "headline")
    other = person.context.new_page()
    other.goto(person.page.url)
    other.fill("textarea[name=headline], input[name=headline]", "こちらの窓")
    other.locator("main form.line-form button").first.click()
    other.wait_for_url(lambda address: "/write/" not in address)
    other.close()
    person.page.fill("textarea[name=headline], input[name=headline]", "あちらの窓")
    send(person)
    person.see(say("me.theirs"))
    yield "profiles:line"


def interrupted(person: Person) -> Iterator[str]:
    """The sign-in ran out while somebody wrote: it waits for them behind the door."""
    go(person, "profiles:add", "strength")
    person.fill(say("me.statement.label"), "聞き書きができます")
    person.context.clear_cookies(name="sessionid")
    send(person)
    person.fill(say("account.email"), person.email)
    person.press(say("account.login.go"))
    person.see(say("account.code"))
    doing.type_code(person, say("account.code.go"))
    yield "interrupted"


def giving(person: Person) -> Iterator[str]:
    """Each screen of a post, empty and as it comes back, and what is missing at the end."""
    go(person, "jobs:new")
    person.choose(say("job.category.label"), "記事・ライティング")
    send(person)
    number = re.search(r"/jobs/(\d+)/", person.page.url)[1]
    for step in STEPS:
        go(person, "jobs:step", number, step)
        yield f"jobs:step.{step}"
    send(person)
    yield f"jobs:step.{step}"
    go(person, "jobs:preview", number)
    yield "jobs:preview"
    for name in ("jobs:plan", "jobs:limit", "jobs:reopen"):
        go(person, name, number)
        yield name


def being_read(person: Person) -> Iterator[str]:
    """A post that sounds like an employment waits, and somebody of the town reads it."""
    doing.post_job(person, {**WORDS_JOB, "title": "毎朝の受付", "body": EMPLOYMENT}, clock.today())
    doing.publish(person)
    person.see(say("look.waiting"))
    cookies = person.context.cookies()
    person.context.clear_cookies(name="sessionid")          # becoming somebody else would end this session
    become(person.context, person.town.url, MODERATOR)
    go(person, "desk:posts")
    person.follow("毎朝の受付")
    yield "desk:post"
    person.context.clear_cookies(name="sessionid")
    person.context.add_cookies(cookies)


def inviting(person: Person) -> Iterator[str]:
    """An organisation asks somebody to join: the letter that its mail leads to."""
    go(person, "organisations:new")
    for name in ("name", "address", "contact"):
        person.page.fill(f"input[name={name}]", "hello@example.jp" if name == "contact" else "みなと出版")
    person.page.check("input[name=trade][value=company]")
    send(person)
    number = re.search(r"/organisations/(\d+)/", person.page.url)[1]
    go(person, "organisations:invite", number)
    yield "organisations:invite"
    send(person)
    yield "organisations:invite"
    person.page.fill("input[name=email]", f"guest-{person.email}")
    person.page.locator("input[name=powers]").first.check()
    send(person)
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
    go(person, "proof_by_code")
    yield "proof_by_code"
    person.press(say("account.again.send"))
    person.see(say("account.code"))
    yield "proof_by_code"
    doing.type_code(person, say("account.again.go"))
    go(person, "account_set_password")
    yield "account_set_password"
    _choose_password(person)
    go(person, "account_change_password")
    yield "account_change_password"
    send(person)
    yield "account_change_password"
    go(person, "account_reauthenticate")
    yield "account_reauthenticate"
    go(person, "mfa_activate_totp")
    yield "mfa_activate_totp"
    secret = person.page.locator("code.secret").inner_text()
    person.page.fill("input[name=code]", _code(secret))
    send(person)
    for name in ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "mfa_reauthenticate", "mfa_add_webauthn"):
        go(person, name)
        yield name
    device = person.context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    person.press(say("account.passkeys.add"))
    person.see(say("account.message.webauthn_added"))
    for name in ("mfa_reauthenticate_webauthn", "mfa_list_webauthn"):
        go(person, name)
        yield name
    keys = person.page.content()
    for deed in ("edit", "remove"):
        person.page.goto(person.town.url + re.search(rf'href="(/account/mfa/webauthn/keys/\d+/{deed}/)"', keys)[1])
        yield f"mfa_{deed}_webauthn"
    person.context.clear_cookies(name="sessionid")
    go(person, "account_login")
    person.fill(say("account.email"), person.email)
    person.page.locator("main details summary").first.click()
    person.page.fill("input[name=password]", PASSWORD)
    person.press(say("account.login.go"))
    person.page.wait_for_url("**/authenticate/**")
    yield "mfa_authenticate"
    person.context.clear_cookies(name="sessionid")


def coming_back(person: Person) -> Iterator[str]:
    """By a code, and past a forgotten password."""
    go(person, "account_request_login_code")
    yield "account_request_login_code"
    person.page.fill("input[name=email]", person.email)
    send(person)
    person.see(say("account.code"))
    yield "account_confirm_login_code"
    go(person, "account_reset_password")
    person.page.fill("input[name=email]", person.email)
    send(person)
    person.see(say("account.code"))
    yield "account_confirm_password_reset_code"
    send(person)
    yield "account_confirm_password_reset_code"
    doing.type_code(person, say("account.code.go"))
    yield "account_complete_password_reset"
    _choose_password(person)
    yield "account_password_reset_completed"


def _choose_password(person: Person) -> None:
    for field in person.page.locator("main input[name^=password]").all():
        field.fill(PASSWORD)
    send(person)


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


WAYS = (recording, joining, writing, overtaken, interrupted, giving, being_read, inviting, proving, coming_back)


def test_what_one_only_sees_on_the_way_in_is_for_everybody(town):
    """With the pages that come back: a form with something missing (422), and two texts side by side (409)."""
    wrong, seen = look_on_the_way(town, WAYS)

    assert not wrong, f"{len(wrong)} problems:\n" + "\n".join(wrong[:40])
    assert names_for(ON_THE_WAY_IN) <= seen
