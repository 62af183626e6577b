"""The rows of this room: what came in, what is owed to whom on which day, what left for the bank. The yen themselves lie in the ledger."""
from machi.payments.models.accounts import BankAccount, RefundAccount
from machi.payments.models.adjustments import Adjustment
from machi.payments.models.batches import PayoutBatch
from machi.payments.models.debts import Debt, Repayment
from machi.payments.models.deposits import ExpectedDeposit, Funding
from machi.payments.models.earned import Earning
from machi.payments.models.left import LateAccount
from machi.payments.models.lines import BankLine
from machi.payments.models.pauses import PayoutPause
from machi.payments.models.payouts import DeliveredUntil, Payout
from machi.payments.models.refunds import Refund
from machi.payments.models.statement import StatementLine
from machi.payments.models.stops import MoneyStop
from machi.payments.models.taken import Taken

__all__ = ["Adjustment", "BankAccount", "BankLine", "Debt", "DeliveredUntil", "Earning", "ExpectedDeposit", "Funding", "LateAccount",
           "MoneyStop", "Payout", "PayoutBatch", "PayoutPause", "Refund", "RefundAccount", "Repayment", "StatementLine", "Taken"]
