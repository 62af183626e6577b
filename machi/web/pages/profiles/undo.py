"""What was just taken off my page waits here, in the person's session, until it is brought back or ten minutes are over."""
import datetime

from machi.shared import clock

KEY, KEPT_FOR = "removed_entry", datetime.timedelta(minutes=10)


def remember(request, kind: str, entry, values: dict[str, str]) -> None:
    request.session[KEY] = {"kind": kind, "values": values, "at": clock.now().isoformat(), "place": entry.position}


def remembered(request) -> dict | None:
    """The kind and the words of the entry that was removed last; forgotten for good once its time is over."""
    kept = request.session.get(KEY)
    if kept and clock.now() - datetime.datetime.fromisoformat(kept["at"]) > KEPT_FOR:
        forget(request)
        return None
    return kept


def place(request, kind: str) -> int | None:
    """Where an entry that is being brought back stood; nothing for a new one."""
    kept = remembered(request)
    return kept["place"] if kept and kept["kind"] == kind and "brought_back" in request.POST else None


def forget(request) -> None:
    request.session.pop(KEY, None)
