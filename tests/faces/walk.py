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
    "nowhere": ("/nowhere/", "visitor"),
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
