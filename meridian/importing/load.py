"""Loading a folder: all files are checked whole, then taken one after the other by the stores that own them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from gateway.store.users import index as list_users
from libs.common.db import BY_INDEX, Database
from libs.common.importing import Format, Loader
from meridian.importing.checking import Group, checked
from meridian.importing.loaders import finance, inventory, sales, service_desk
from meridian.importing.loaders import gateway as gateway_loaders
from meridian.importing.progress import Progress, Say
from meridian.importing.settle import settle_by_workers, settle_embedded
from meridian.importing.taking import Taken, Wishes, take
from meridian.target import Target
from meridian.topography import GATEWAY
from services.crm.imports.contacts import contacts
from services.crm.imports.customers import customers
from services.finance.imports.credit_limits import credit_limits
from services.finance.settings import read_settings as finance_settings
from services.inventory.imports.items import items
from services.inventory.imports.stock import stock
from services.inventory.imports.suppliers import suppliers
from services.inventory.imports.warehouses import warehouses
from services.inventory.settings import read_settings as inventory_settings
from services.sales.imports.prices import prices

MOST_USERS = 10_000
_WORTH_TELLING = 1000


def import_folder(
    target: Target, folder: Path, *, passwords: Mapping[str, str], skip_existing: bool, say: Say
) -> None:
    """Take every file in ``folder``; the first one that is refused ends the import, those before it stay.

    Of a file that is refused, whole documents may have been taken before: ``Refused`` says so.
    """
    progress, wishes = Progress(say), Wishes(skip_existing)
    settle = settle_by_workers if target.amqp_url else settle_embedded
    # Tables are empty at first: a plan that reads all of them would be kept when they have filled.
    with checked(folder, progress) as groups, target.opened(BY_INDEX) as databases:
        # An import that was refused or cut off has left messages that the next file may need.
        settle(databases, lambda _number: None)
        for group in groups:
            began = time.monotonic()
            taken = take(
                databases[group.formats[0].owner],
                group,
                _loader(group, databases, passwords),
                wishes,
                progress,
            )
            _report(group, taken, time.monotonic() - began, say)
            settle(databases, _telling(group, progress))


def _telling(group: Group, progress: Progress) -> Callable[[int], None]:
    return lambda number: progress.tell("  delivered", number, f"messages of {group.formats[0].file}")


def _report(group: Group, taken: Taken, seconds: float, say: Say) -> None:
    rate = _rate(sum(taken.taken[format.file] for format in group.formats), seconds)
    for format in group.formats:
        skipped = taken.skipped[format.file]
        passed = f", {skipped} there already" if skipped else ""
        say(f"{format.file:20} {taken.taken[format.file]:7} taken{passed}{rate}")


def _rate(rows: int, seconds: float) -> str:
    """Return how fast a group of files went; of a few rows it says nothing."""
    return f", {rows / seconds:.0f} rows/s" if rows >= _WORTH_TELLING else ""


def _loader(group: Group, databases: Mapping[str, Database], passwords: Mapping[str, str]) -> Loader:
    """Return the loader of a group's files, with what it has to know beside the rows."""
    format: Format = group.formats[0]
    match format.name:
        case "users":
            return gateway_loaders.users(passwords)
        case "customers":
            return customers(_owners(databases[GATEWAY]))
        case "credit_limits":
            return credit_limits(finance_settings().terms)
        case "stock":
            zone = inventory_settings().company_zone
            return stock(databases[format.owner].clock.now().astimezone(zone).date())
    return _LOADERS[format.name]


def _owners(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        return {user.username: user.id for user in list_users(connection, after=None, limit=MOST_USERS)}


_LOADERS: dict[str, Loader] = {
    "contacts": contacts,
    "suppliers": suppliers,
    "items": items,
    "warehouses": warehouses,
    "prices": prices,
    "orders": sales.orders,
    "shipments": inventory.shipments,
    "invoices": finance.invoices,
    "payments": finance.payments,
    "tickets": service_desk.tickets,
}
