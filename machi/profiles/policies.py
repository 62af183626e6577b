"""Who may change a page: its person."""


def can_change_entry(user, entry) -> bool:
    return user.pk == entry.user_id
