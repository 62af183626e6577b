"""Which pages there are: found by walking through a filled town as a visitor, a worker and a client, link by link.

The list comes from the addresses the town itself knows: one that was neither reached by a link nor named in ELSEWHERE fails.
"""
import re
from collections import defaultdict
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, get_resolver, resolve

_HREF = re.compile(r'<a\b[^>]*?\shref="([^"#]+)')
NOT_A_PAGE = re.compile(r"logout|/file/|\.csv|\.ics|/static/|/media/|mailto:|download|/source/")
TRIES = 4                               # of one name: what leads on or hands out a file four times has no face of its own

# Pages no link leads to, and how one gets there: the address, and as whom. Or why it has no face of its own.
ADDRESSES = {
    "account_signup": ("/account/signup/", "visitor"),
    "account_set_password": ("/account/password/set/", "worker"),
    "account_reset_password": ("/account/password/reset/", "visitor"),
    "account_inactive": ("/account/inactive/", "visitor"),
    "account_logout": ("/account/logout/", "worker"),
    "account_reauthenticate": ("/account/reauthenticate/", "worker"),
    "profiles:begun": ("/me/begin/done/", "worker"),
    "profiles:reviews": ("/people/2/reviews/", "visitor"),
    "profiles:thanks": ("/people/2/thanks/", "visitor"),
    "privacy:left": ("/account/left/?way=erase", "visitor"),
    "gallery": ("/gallery/", "visitor"),
    "gallery_answering": ("/gallery/tasks/", "visitor"),
    "gallery_building": ("/gallery/tasks/builder/", "visitor"),
    "payments:refund_account": ("/earnings/refunds-to/", "client"),
    "desk:cards": ("/desk/cards/", "finance"),
    "desk:suspense": ("/desk/bank/suspense/", "finance"),
    "tasks:new": ("/tasks/new/", "client"),
    "tasks:given": ("/tasks/given/", "client"),
    "nowhere": ("/nowhere/", "visitor"),
}

# Addresses without a face: they only answer to a form, hand out a file, or lead on; or no link leads to them, only a way through
# something (a code that was mailed, a second factor, somebody who left): test_on_the_way_....py walk it.
DEED, FILE, PART = "only answers to a form", "hands out a file", "a part of a page"
ON_THE_WAY_IN, ON_THE_WAY_AT_WORK = "only on the way in, and to what one writes there", "only on the way through some work"
IN_A_STORY = "two or three people bring it about, and it is looked at there (tests/stories)"
IN_TASKS = "on the way of a draft of micro-tasks, and of what costs more: looked at in tests/web/tasks/client"
OWN_ACCOUNT = "only in a town with a bank account of its own, which no demo town has (web/desk/test_money.py, payments/test_transfers.py)"
DOING = "on the way through a bundle of micro-tasks that somebody has taken: looked at in tests/web/tasks/test_looking.py"
NO_FACE = {
    **dict.fromkeys(("tasks:take", "tasks:undo", "tasks:finish", "tasks:agree"), DEED),
    **dict.fromkeys(("tasks:bundle", "tasks:answer", "tasks:leave", "tasks:done", "tasks:appeal"), DOING),
    **dict.fromkeys(("payments:deposit", "payments:refund_account_of", "desk:bank_line", "desk:batch", "desk:payee",
                     "desk:card_odd", "desk:card_held", "desk:refund", "desk:left", "payments:debt"), OWN_ACCOUNT),
    **dict.fromkeys(("cards:go", "cards:back"), "leads on to the page of the payment service, and back"),
    "cards:messages": "the payment service sends its messages there (tests/web/cards)",
    **dict.fromkeys(("contracts:offer_accept", "contracts:date_answer", "contracts:check_in", "contracts:check_ins",
                     "contracts:ending_why", "contracts:ending_reason", "contracts:price_answer",
                     "contracts:care_answer", "contracts:message", "demo:become", "look", "mfa_login_webauthn",
                     "notices:open", "notices:read_all", "profiles:begin", "profiles:evenings", "profiles:move", "profiles:remove",
                     "profiles:unsaved", "journey:forget", "journey:forget_plan", "desk:give_duty", "desk:end_duty",
                     "desk:leave_topic", "desk:pass_post", "desk:part_topic",
                     "desk:take_in", "desk:move_batch", "desk:move_payee", "desk:batch_file",
                     "desk:lift_stop", "desk:answer_lift", "desk:take_dispute", "desk:sign_ruling",
                     "desk:answer_adjustment", "desk:unsent", "desk:answer_left",
                     "organisations:acting", "organisations:accept", "organisations:withdraw",
                     "portfolio:back", "portfolio:back_file", "portfolio:move", "portfolio:remove", "portfolio:remove_file",
                     "jobs:keep", "jobs:template", "packages:open", "packages:pause", "privacy:take",
                     "end_session", "end_all_sessions"), DEED),
    **dict.fromkeys(("contracts:week", "contracts:week_ask", "contracts:week_confirm", "contracts:week_entry", "contracts:week_fund",
                     "contracts:week_submit", "contracts:week_part", "contracts:week_dispute"), ON_THE_WAY_AT_WORK),
    **dict.fromkeys(("contracts:week_press", "contracts:week_add", "contracts:week_mend", "contracts:week_dispute_back"), DEED),
    **dict.fromkeys(("contracts:wish", "contracts:stand_in_one", "contracts:stand_in_call", "privacy:entry_copy"), IN_A_STORY),
    "contracts:dispute_back": DEED,
    **dict.fromkeys(("tasks:leave_file", "tasks:media_again", "tasks:leave_media", "tasks:move",
                     "tasks:decide_item", "tasks:decide_flags", "tasks:take_back"), DEED),
    **dict.fromkeys(("tasks:about", "tasks:items", "tasks:form", "tasks:media", "tasks:trial", "tasks:price", "tasks:client", "tasks:pay",
                     "tasks:stop", "tasks:top_up", "tasks:raise", "tasks:refuse", "desk:appeal"), IN_TASKS),
    **dict.fromkeys(("contracts:dispute_split", "contracts:week_dispute_split", "desk:dispute", "desk:adjustment"), IN_A_STORY),
    "contracts:go_on": "no work of the demo town repeats every month (tests/web/contracts/test_going_on.py)",
    "documents:paper": "the clock writes it from what happened, and no demo person has one yet (tests/web/documents)",
    **dict.fromkeys(("contracts:calendar", "contracts:file", "contracts:dispute_file", "contracts:hours", "contracts:law_file", "cv:pdf",
                     "cv:resume", "documents:archive", "documents:earned", "documents:index", "documents:withheld",
                     "documents:pdf", "documents:sheet", "payments:export", "portfolio:file",
                     "portfolio:picture", "source", "mfa_download_recovery_codes", "privacy:copied_file", "privacy:entry_file",
                     "desk:dispute_file", "desk:appeal_file", "tasks:export", "tasks:file", "tasks:files", "tasks:small", "tasks:piece",
                     "tasks:piece_view"), FILE),
    **dict.fromkeys(("record:token", "record:envelope", "record:pdf", "record:status", "record:keys", "record:key"), FILE),
    **dict.fromkeys(("record:paper", "record:revoke", "desk:post"), ON_THE_WAY_IN),
    **dict.fromkeys(("contests:open", "contests:call_off", "contests:award", "contests:receipt", "contests:show", "jobs:answer"),
                    ON_THE_WAY_AT_WORK),
    "desk:money_stop": ON_THE_WAY_AT_WORK,
    **dict.fromkeys(("contests:mark", "contests:remove", "contests:win"), DEED),
    **dict.fromkeys(("contests:file", "contests:preview"), FILE),
    **dict.fromkeys(("payments:names", "profiles:topics", "profiles:skills"), PART),
    **dict.fromkeys(("contracts:price", "contracts:care"), ON_THE_WAY_AT_WORK),
    **dict.fromkeys(("contracts:ending", "contracts:changes", "contracts:offer_change", "contracts:review", "contracts:thanks",
                     "contracts:bonus", "privacy:copy", "desk:open_sealed"), ON_THE_WAY_AT_WORK),
    **dict.fromkeys(("account_request_login_code", "jobs:limit", "jobs:plan", "jobs:preview", "jobs:reopen", "jobs:step",
                     "organisations:letter"), ON_THE_WAY_IN),
    # a code that was mailed, a password or a key that somebody has
    **dict.fromkeys((
        "account_confirm_login_code", "account_confirm_password_reset_code", "account_email_verification_sent", "account_change_password",
        "account_complete_password_reset", "account_password_reset_completed", "interrupted", "mfa_authenticate", "mfa_activate_totp",
        "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes", "proof_by_code"), ON_THE_WAY_IN),
}


def become(context, url: str, person: int) -> None:
    """Sign in as one of the demo people, with the form that is one click. Without a page: Chromium does not always close one that
    has just gone elsewhere, and then the test would wait for ever."""
    people = context.request.get(f"{url}/demo/").text()
    forms = re.findall(r'<form[^>]+action="(/demo/become/[^"]+)".*?name="csrfmiddlewaretoken" value="([^"]+)"', people, re.S)
    action, token = forms[person]
    answer = context.request.post(url + action, form={"csrfmiddlewaretoken": token}, headers={"Referer": f"{url}/demo/"}, max_redirects=0)
    assert answer.status == 302, answer.status


def names_of_pages() -> dict[str, str]:
    """Every address of the town by its name -> its pattern."""
    def walk(patterns, space="", route=""):
        for pattern in patterns:
            here = route + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space, here)
            else:
                yield f"{space}{pattern.name}", here
    return dict(walk(get_resolver().url_patterns))


def names_for(reason: str) -> set[str]:
    """The addresses that have no face of their own for this reason."""
    return {name for name, why in NO_FACE.items() if why == reason}


def name_of(path: str) -> str | None:
    """The name of the page at this address; the screens of writing a post are a page each."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return f"{found.view_name}.{found.kwargs['step']}" if "step" in found.kwargs else found.view_name


def walk(request, url: str, start: str = "/") -> dict[str, str]:
    """Follow links, breadth first, one address for each name; return name -> path. `request` keeps somebody's cookies."""
    tried, found, waiting = defaultdict(set), {}, [start]
    while waiting:
        path = waiting.pop(0)
        name = name_of(urlsplit(path).path)
        if name is None or name in found or path in tried[name] or len(tried[name]) == TRIES:
            continue
        tried[name].add(path)
        answer = request.get(url + path, max_redirects=0)
        if answer.status == 302 or "text/html" not in answer.headers.get("content-type", ""):
            target = answer.headers.get("location")
            if target and not target.startswith("http"):
                waiting.append(urljoin(path, target))
            continue
        assert answer.status == 200, f"{path}: {answer.status}"
        found[name] = path
        for href in map(unescape, _HREF.findall(answer.text())):
            target = urljoin(path, href)
            if target.startswith("/") and not NOT_A_PAGE.search(target):
                waiting.append(target)
    return found
