"""The rows of this room: what came in, what is owed to whom on which day, what left for the bank. The yen themselves lie in the ledger."""
from machi.payments.models.deposits import Funding
from machi.payments.models.earned import Earning
from machi.payments.models.payouts import BankAccount, DeliveredUntil, Payout
from machi.payments.models.refunds import Refund
from machi.payments.models.statement import StatementLine
from machi.payments.models.stops import MoneyStop

__all__ = ["BankAccount", "DeliveredUntil", "Earning", "Funding", "MoneyStop", "Payout", "Refund", "StatementLine"]
