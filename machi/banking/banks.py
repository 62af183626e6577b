"""Japan's banks and branches, from the table of the banks' own network (全銀). Loaded when first asked."""
from functools import cache


@cache
def _banks() -> dict:
    import zengin_code  # noqa: PLC0415  1,200 banks and 30,000 branches: 0.3 s that only the money pages pay
    return zengin_code.Bank.all


def _bank(code: str):
    return _banks().get(code)


def _branch(bank_code: str, branch_code: str):
    return getattr(_bank(bank_code), "branches", {}).get(branch_code)


def bank_name(code: str) -> str | None:
    """三菱ＵＦＪ for 0005; None for a code no bank has."""
    return getattr(_bank(code), "name", None)


def branch_name(bank_code: str, branch_code: str) -> str | None:
    """The name of a branch; None when the bank has no such branch."""
    return getattr(_branch(bank_code, branch_code), "name", None)


def bank_kana(code: str) -> str | None:
    """As the network itself spells the bank: ミツビシユ－エフジエイ."""
    return getattr(_bank(code), "kana", None)


def branch_kana(bank_code: str, branch_code: str) -> str | None:
    """As the network itself spells the branch: ホンテン."""
    return getattr(_branch(bank_code, branch_code), "kana", None)
