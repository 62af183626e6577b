"""How the money of a contract is counted: the rates, and what is withheld, as the terms hold them (条件に書いた計算)."""
import datetime
from typing import NamedTuple

from machi.contracts.models import Contract
from machi.payments.fees import Listed, Rates, Settlement, rates, rates_in, settlement_by
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxes.queries import is_company
from machi.taxes.withholding import because, proposed


class Counted(NamedTuple):
    """How the money of a contract is counted: by which rates, whether tax is withheld, and from which part where it is not all."""

    by: Rates
    is_withheld: bool
    listed: Listed | None = None

    def money(self, price: Yen, *, before: Yen | None = None) -> Settlement:
        return settlement_by(self.by, price, is_withheld=self.is_withheld, before=before, listed=self.listed)


def counted_in(contract: Contract) -> Counted:
    """As both agreed. Older terms say by the sum alone whether tax is withheld."""
    terms = contract.terms
    is_withheld = terms["withholding"]["is_withheld"] if "withholding" in terms else terms["withheld_yen"] > 0
    return Counted(rates_of(contract), is_withheld, listed_in(terms))


def bonus_in(contract: Contract) -> Counted:
    """What is given beside the price: by the rates of today for it, and tax is withheld from it as from the price."""
    return counted_in(contract)._replace(by=rates(clock.today(), "bonus"))


def listed_in(terms: dict) -> Listed | None:
    """The part of the price from which tax is withheld, where it is not all of it."""
    said = terms.get("withholding", {}).get("listed")
    return Listed(*said) if said else None


def withholding_in(terms: dict) -> str:
    """Why tax is withheld or not, in words; empty of older terms."""
    said = terms.get("withholding")
    return because(said["reason"], is_withheld=said["is_withheld"]) if said else ""


def rates_of(contract: Contract) -> Rates:
    """The rates that were agreed: they stand in the terms. Older terms go by those of the day on which they, or those that they took over,
    were drafted.
    """
    terms = contract.terms
    if "rates" in terms:
        return rates_in(terms["rates"])
    return rates(rates_day(terms), "package" if contract.package_id else contract.form)


def rates_day(terms: dict) -> datetime.date:
    """The day of drafting: that of these terms, or of those that were taken over."""
    return datetime.date.fromisoformat(terms.get("rates_on", terms["agreed_on"]))


def counted_for(person, contract: Contract) -> Counted:
    """For whoever takes over: all as it was agreed, but for what they are themselves."""
    counted, said = counted_in(contract), withholding_for(person, contract)
    return counted._replace(is_withheld=said["is_withheld"]) if said else counted


def withholding_for(person, contract: Contract) -> dict | None:
    """Whoever takes over may be a company where the worker before was none, or the other way round; None of older terms."""
    said, works_as_company = contract.terms.get("withholding"), is_company(person)
    if said and said["is_withheld"] and works_as_company:
        return said | {"is_withheld": False, "reason": "company"}
    if said and said["reason"] == "company" and not works_as_company:
        return said | proposed(category=contract.category_id or "", is_agent=True, has_part="listed" in said)._asdict()
    return said
