"""Who may do what with a service package."""
from machi.accounts.powers import Power
from machi.accounts.queries import has_power
from machi.packages.lifecycle import PACKAGE_LIFECYCLE, PackageState
from machi.packages.models import Package


def can_change_package(user, package: Package) -> bool:
    return user.pk == package.worker_id


def can_open_package(user, package: Package) -> bool:
    return can_change_package(user, package) and PACKAGE_LIFECYCLE.allows(package.state, "open")


def can_pause_package(user, package: Package) -> bool:
    return can_change_package(user, package) and PACKAGE_LIFECYCLE.allows(package.state, "pause")


def can_read_package(user, package: Package) -> bool:
    """An open one is for everybody, every other one for whoever wrote it."""
    return _is_for_everybody(package) or user.pk == package.worker_id


def can_order_package(user, package: Package, party: int) -> bool:
    """Whoever may choose people for this party; never somebody from themselves."""
    return _is_for_everybody(package) and user.pk != package.worker_id and has_power(user, party, Power.APPROVER)


def _is_for_everybody(package: Package) -> bool:
    return package.state == PackageState.OPEN and package.worker.is_active and package.worker.closed_at is None
