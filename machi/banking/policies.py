"""Who may do what with the town's own bank account."""
from machi.accounts.queries import duties_of


def can_import_statement(user) -> bool:
    return "finance" in duties_of(user)
