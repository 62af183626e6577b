"""The money and the days of a service, for whoever looks at it: if it were asked for today."""
from machi.accounts.models import Party
from machi.accounts.queries import chosen_role
from machi.contracts.terms import ACCEPTANCE_DAYS, due_day_of, withholding_from
from machi.packages.models import Package
from machi.packages.policies import can_order_package
from machi.payments.fees import settlement
from machi.payments.paydays import pay_day
from machi.shared import clock
from machi.taxes.withholding import class_of


def both_sides(package: Package, user, client: Party | None = None) -> dict:
    """Both sides' money and days. `client`: whoever asks; without one, income tax is not withheld, and the page says so."""
    due_on, role = due_day_of(package), chosen_role(user)
    proposal = withholding_from(package, client)
    return {"money": settlement(package.price, on=clock.today(), form="package", is_withheld=proposal.is_withheld), "due_on": due_on,
            "tax_why": proposal.words if client else "", "is_listed": class_of(package.category_id)[1],
            "pay_on": pay_day(due_on, acceptance_days=ACCEPTANCE_DAYS), "acceptance_days": ACCEPTANCE_DAYS,
            "side": "worker" if user.pk == package.worker_id else "client",
            "can_order": role is not None and can_order_package(user, package, role.party)}
