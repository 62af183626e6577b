"""What a town's own bank writes, for tests: a file of lines that goes on from the last one."""
import datetime
import io

from machi.banking.queries import last_row
from machi.payments.actions import take_in_statement
from machi.payments.models import BankLine
from machi.shared import clock
from tests.banking.statements import ACCOUNT, PLAIN, plain
from tests.people import a_staff_member

OPENING = 100_000


class Account:
    """The town's own account, and somebody of the finance desk who brings its statements."""

    def __init__(self, finance=None):
        self.finance = finance or a_staff_member("finance")

    @property
    def balance(self) -> int:
        last = last_row(ACCOUNT)
        return last.balance_yen if last else OPENING

    def file(self, *lines, day: datetime.date | None = None) -> io.BytesIO:
        """(amount, words) -> a file that continues the account."""
        said = f"{day or clock.today():%Y/%m/%d}"
        return plain(*((said, amount, kana) for amount, kana in lines), opening=self.balance)

    def shows(self, *lines, day: datetime.date | None = None) -> list[BankLine]:
        """These lines stand on the statement, and somebody has brought it."""
        take_in_statement(file=self.file(*lines, day=day), account=ACCOUNT, layout=PLAIN, profile="plain", by=self.finance)
        return list(BankLine.objects.order_by("-pk")[:len(lines)])[::-1]
