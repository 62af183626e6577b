"""The verbs of money: the only caller of the ledger. Every verb is one entry, safe to repeat.

Several in one transaction: `hold_accounts` first.
"""
from machi.payments.actions.adjusting import ask_adjustment, ask_to_stand_in, refuse_adjustment, sign_adjustment
from machi.payments.actions.answers import Back as Back
from machi.payments.actions.answers import hold_slots as hold_slots
from machi.payments.actions.answers import settle_answers as settle_answers
from machi.payments.actions.arriving import tell_what_arrived
from machi.payments.actions.bank import read_statement, rewind_play_bank, send_payouts, send_refunds
from machi.payments.actions.batching import approve_batch, give_batch, propose_batch, say_not_sent, take_file, withdraw_batch
from machi.payments.actions.bonuses import pay_bonus
from machi.payments.actions.books import COUNTED_AFTER, count_delivered, seal_books
from machi.payments.actions.cards import ask_about_cards, hear_cards, start_card, take_up_card, take_up_cards
from machi.payments.actions.debts import ask_to_repay, refuse_owing
from machi.payments.actions.escrow import Share, hold_accounts, hold_escrow, pass_escrow_on, settle, settle_escrow
from machi.payments.actions.expecting import expect_deposit, forget_deposit, lapse_deposits
from machi.payments.actions.giving_back import give_back
from machi.payments.actions.leaving import ask_late_account, forget_late_accounts, refuse_late_account, sign_late_account
from machi.payments.actions.lines import (
    answer_line,
    book_line,
    forget_reasons,
    give_line_back,
    match_line,
    settle_batch,
    take_in_statement,
    take_payout_back,
    take_refund_back,
)
from machi.payments.actions.pausing import confirm_holder, confirm_shared, end_pause, pause_payouts
from machi.payments.actions.payday import pay_due
from machi.payments.actions.payouts import ask_early, name_bank_account, remind_of_account, undo_set_aside
from machi.payments.actions.payouts import join_set_aside as join_set_aside
from machi.payments.actions.pots import hold_pot, settle_pot
from machi.payments.actions.refunding import look_at_refund_account, name_refund_account, remind_of_refund_account
from machi.payments.actions.stopping import MoneyStopped, agree_to_lift, ask_to_lift, guard, keep_stop, lift_clean_stop, mark, stop_money
from machi.payments.actions.withheld import give_back_withheld

__all__ = ["COUNTED_AFTER", "MoneyStopped", "Share", "agree_to_lift", "answer_line", "approve_batch", "ask_about_cards", "ask_adjustment",
           "ask_early", "ask_late_account", "ask_to_lift", "ask_to_repay", "ask_to_stand_in", "book_line", "confirm_holder",
           "confirm_shared", "count_delivered", "end_pause", "expect_deposit", "forget_deposit", "forget_late_accounts", "forget_reasons",
           "give_back", "give_back_withheld", "give_batch", "give_line_back", "guard", "hear_cards",
           "hold_accounts", "hold_escrow", "hold_pot", "keep_stop", "lapse_deposits", "lift_clean_stop", "look_at_refund_account", "mark",
           "match_line", "name_bank_account", "name_refund_account", "pass_escrow_on", "pause_payouts", "pay_bonus", "pay_due",
           "propose_batch", "read_statement", "refuse_adjustment", "refuse_late_account", "refuse_owing", "remind_of_account",
           "remind_of_refund_account", "rewind_play_bank", "say_not_sent", "seal_books", "send_payouts", "send_refunds", "settle",
           "settle_batch", "settle_escrow", "settle_pot", "sign_adjustment", "sign_late_account", "start_card", "stop_money", "take_file",
           "take_in_statement", "take_payout_back", "take_refund_back", "take_up_card", "take_up_cards", "tell_what_arrived",
           "undo_set_aside", "withdraw_batch"]
