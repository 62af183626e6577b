"""Who may do what with what the payment service says."""
from machi.accounts.queries import duties_of


def can_close_quarantine(user) -> bool:
    return "finance" in duties_of(user)
