"""Who may do what with money."""


def can_change_bank_account(user, worker) -> bool:
    return user == worker
