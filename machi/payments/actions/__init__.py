"""The verbs of money: the only caller of the ledger. Every verb is one entry, safe to repeat.

Several in one transaction: `hold_accounts` first.
"""
from machi.payments.actions.bank import read_statement, send_payouts, send_refunds
from machi.payments.actions.books import COUNTED_AFTER, count_delivered, seal_books
from machi.payments.actions.escrow import Share, give_back, hold_accounts, hold_escrow, pass_escrow_on, settle, settle_escrow
from machi.payments.actions.payouts import name_bank_account, pay_due, remind_of_account
from machi.payments.actions.pots import give_back_pot, hold_pot, settle_pot

__all__ = ["COUNTED_AFTER", "Share", "count_delivered", "give_back", "give_back_pot", "hold_accounts", "hold_escrow", "hold_pot",
           "name_bank_account", "pass_escrow_on", "pay_due", "read_statement", "remind_of_account", "seal_books", "send_payouts",
           "send_refunds", "settle", "settle_escrow", "settle_pot"]
