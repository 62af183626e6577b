"""Which window saved last. Whoever presses a button while their own autosave is still on its way is in nobody's way."""
import secrets

KEY, LENGTH = "autosaved", 16


def new() -> str:
    """A name for a window that opens."""
    return secrets.token_hex(LENGTH // 2)


def note(request, about: str, window: str, version: int) -> None:
    """This window has just saved this version by itself."""
    request.session[KEY] = [about, window, version]


def saved_last(request, about: str, window: str, version: int) -> bool:
    """Was it this very window that saved the newest version?"""
    return bool(window) and request.session.get(KEY) == [about, window, version]
