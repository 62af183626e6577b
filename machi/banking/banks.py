"""Japan's banks and branches, from the table of the banks' own network (全銀). Loaded when first asked."""
from functools import cache


@cache
def _banks() -> dict:
    import zengin_code  # noqa: PLC0415  1,200 banks and 30,000 branches: 0.3 s that only the money pages pay
    return zengin_code.Bank.all


def _branch(bank_code: str, branch_code: str):
    bank = _banks().get(bank_code)
    return bank.branches.get(branch_code) if bank else None


def bank_name(code: str) -> str | None:
    """三菱ＵＦＪ for 0005; None for a code no bank has."""
    bank = _banks().get(code)
    return bank.name if bank else None


def branch_name(bank_code: str, branch_code: str) -> str | None:
    """The name of a branch; None when the bank has no such branch."""
    branch = _branch(bank_code, branch_code)
    return branch.name if branch else None


def bank_kana(code: str) -> str | None:
    """As the network itself spells the bank: ミツビシユ－エフジエイ."""
    bank = _banks().get(code)
    return bank.kana if bank else None


def branch_kana(bank_code: str, branch_code: str) -> str | None:
    """As the network itself spells the branch: ホンテン."""
    branch = _branch(bank_code, branch_code)
    return branch.kana if branch else None
