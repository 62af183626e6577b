"""Questions about money: read only."""
from machi.payments.queries.answers import SLOTS_AWAY as SLOTS_AWAY
from machi.payments.queries.answers import earned_in_batches as earned_in_batches
from machi.payments.queries.answers import held_for_batch as held_for_batch
from machi.payments.queries.answers import slots_paid_by as slots_paid_by
from machi.payments.queries.answers import slots_place as slots_place
from machi.payments.queries.batches import (
           Told,
           Waiting,
           batches,
           ended_of,
           first_day_to_reach,
           hand_in,
           hand_in_of,
           pays_out_on,
           set_aside_in_vain,
           surely_not_sent,
           to_their_account,
           told,
           transfers_of_batch,
           waiting_batches,
           waiting_payouts,
)
from machi.payments.queries.bonuses import bonus_place, bonuses_paid_by, earned_by_bonuses, is_bonus_paid_in
from machi.payments.queries.cards import (
           again_place,
           card_for,
           is_at_the_card,
           is_gone,
           lost_held,
           lost_of,
           refunds_not_by_card,
           taken_back,
           unpaid_anew,
)
from machi.payments.queries.debts import debt_of, fee_debt, open_debts, owed_by, repaid_with, repay_place, repaying_now
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
from machi.payments.queries.held import Held, HeldNow, fees_by_month, held_by_day, held_now, room_of_the_town
from machi.payments.queries.holds import HeldBack, Holding, due_now, free_accounts, held_back, hold, is_payers_own, pause_of, why_held
from machi.payments.queries.left import accounts_to_forget, late_account_of, left_with_money
from machi.payments.queries.lines import (
           Fits,
           asked_with_its_number,
           backs_of_sum,
           batches_that_left,
           by_their_numbers,
           fee_of_a_file,
           fitting,
           in_suspense,
           lines_in_suspense,
           of_whom,
           payouts_of_sum,
           payouts_that_left,
           refunds_of_sum,
           refunds_that_left,
           sent_by_name,
           words_of,
)
from machi.payments.queries.months import Average, Month, monthly_average, months_of, reached_by_month, withheld_and_paid
from machi.payments.queries.numbers import BATCH_NUMBERS as BATCH_NUMBERS
from machi.payments.queries.numbers import ESCROW_NUMBERS, OWNERS, PARTY_NUMBERS, POT_NUMBERS, WORKER_NUMBERS
from machi.payments.queries.payouts import (
           CameBack,
           Early,
           NextPayment,
           bank_account_of,
           came_back,
           due_workers,
           early_pay,
           holding_of,
           is_payday_now,
           next_pay_day,
           next_payment,
           payouts_of,
           reaches_on,
           sums_in_suspense,
           untold_arrivals,
)
from machi.payments.queries.refunds import (
           NO_REFUND_ACCOUNT,
           refunds_by_transfer,
           refunds_of,
           refunds_without_account,
           waits_for_an_account,
           waits_for_its_card,
           why_not_sent,
           withheld_kind,
)
from machi.payments.queries.stops import is_money_stopped, was_stopped_lately
from machi.payments.queries.waiting import (
           deposit_of,
           deposits_of,
           deposits_under_way,
           has_own_account,
           heard_until,
           is_paid_by_card,
           late_deposits,
           may_have_come,
           pay_in_until,
           read_until,
           refund_account_of,
           refund_accounts_of,
)

__all__ = ["Average", "CameBack", "DEPOSIT", "Delivered", "ESCROW_NUMBERS", "Early", "Fits", "Held", "HeldBack", "HeldNow", "Holding",
           "Month", "NO_REFUND_ACCOUNT", "NextPayment", "OWNERS", "PARTY_NUMBERS", "POT_NUMBERS", "Told", "WORKER_NUMBERS", "Waiting",
           "accounts_to_forget", "again_place", "asked_with_its_number", "backs_of_sum", "bank_account_of", "batches",
           "batches_that_left", "bonus_place", "bonuses_paid_by", "by_their_numbers", "came_back", "card_for", "debt_of",
           "delivered_in_all", "delivered_since", "deposit_of", "deposits_of", "deposits_under_way", "due_now", "due_workers",
           "early_pay", "earned_by_bonuses", "earning_of", "earnings_for", "earnings_of", "ended_of", "fee_debt", "fee_of_a_file",
           "fees_by_month", "first_day_to_reach", "fitting", "free_accounts", "given_out_of", "hand_in", "hand_in_of", "has_own_account",
           "heard_until", "held_back", "held_by_day", "held_now", "hold", "holding_of", "in_suspense", "is_at_the_card",
           "is_bonus_paid_in", "is_gone", "is_money_stopped", "is_paid_by_card", "is_paid_in", "is_paid_in_for", "is_payday_now",
           "is_payers_own", "is_pot_held", "late_account_of", "late_deposits", "left_with_money", "lines_in_suspense", "lost_held",
           "lost_of", "may_have_come", "monthly_average", "months_of", "next_pay_day", "next_payment", "of_whom", "open_debts", "owed_by",
           "paid_works_count", "pause_of", "pay_in_until", "payouts_of", "payouts_of_sum", "payouts_that_left", "pays_out_on",
           "pot_place", "pots_of", "reached_by_month", "reaches_on", "read_until", "refund_account_of", "refund_accounts_of",
           "refunds_by_transfer", "refunds_for", "refunds_not_by_card", "refunds_of", "refunds_of_sum", "refunds_that_left",
           "refunds_without_account", "repaid_with", "repay_place", "repaying_now", "reward_delivered", "room_of_the_town",
           "sent_by_name", "set_aside_in_vain", "settlement_of", "sums_in_suspense", "surely_not_sent", "taken_back", "to_their_account",
           "told", "transfers_of_batch", "unpaid_anew", "unread_deposits", "untold_arrivals", "waiting_batches", "waiting_for",
           "waiting_payouts", "waits_for_an_account", "waits_for_its_card", "was_stopped_lately", "why_held", "why_not_sent",
           "withheld_and_paid", "withheld_for", "withheld_kind", "words_of"]
