"""Questions about money: read only."""
from machi.payments.queries.delivered import Delivered, delivered_in_all, delivered_since, reward_delivered
from machi.payments.queries.deposits import (
           DEPOSIT,
           is_paid_in,
           is_paid_in_for,
           is_pot_held,
           pot_place,
           pots_of,
           refunds_for,
           unread_deposits,
)
from machi.payments.queries.earned import (
           earning_of,
           earnings_for,
           earnings_of,
           given_out_of,
           paid_works_count,
           settlement_of,
           waiting_for,
           withheld_for,
)
from machi.payments.queries.numbers import ESCROW_NUMBERS, OWNERS, PARTY_NUMBERS, POT_NUMBERS, WORKER_NUMBERS
from machi.payments.queries.payouts import (
           CameBack,
           NextPayment,
           bank_account_of,
           came_back,
           due_workers,
           is_payday_now,
           next_pay_day,
           next_payment,
           payouts_of,
)
from machi.payments.queries.stops import is_money_stopped, was_stopped_lately

__all__ = ["CameBack", "DEPOSIT", "Delivered", "ESCROW_NUMBERS", "NextPayment", "OWNERS", "PARTY_NUMBERS", "POT_NUMBERS",
           "WORKER_NUMBERS", "bank_account_of", "came_back", "delivered_in_all", "delivered_since", "due_workers", "earning_of",
           "earnings_for", "earnings_of", "given_out_of", "is_money_stopped", "is_paid_in", "is_paid_in_for", "is_payday_now",
           "is_pot_held", "next_pay_day", "next_payment", "paid_works_count", "payouts_of", "pot_place", "pots_of", "refunds_for",
           "reward_delivered", "settlement_of", "unread_deposits", "waiting_for", "was_stopped_lately", "withheld_for"]
