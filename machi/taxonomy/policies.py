"""Who keeps the list of topics: an editor (編集)."""
from machi.accounts.queries import duties_of


def can_edit_topics(user) -> bool:
    return "editor" in duties_of(user)
