"""Facts this room records."""

FUNDING_CONFIRMED = "funding.confirmed"
FUNDING_RETURNED = "funding.returned"
ESCROW_RELEASED = "escrow.released"
BANK_ACCOUNT_CHANGED = "payout.account_changed"
PAYOUT_REQUESTED = "payout.requested"
PAYOUT_PAID = "payout.paid"
PAYOUT_RETURNED = "payout.returned"
