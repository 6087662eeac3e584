"""Loading a folder: each file is read and checked whole, then taken in one transaction of the store that owns it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.store.users import index as list_users
from libs.common.db import Cause, Database, Transaction
from meridian.importing.batch import Batch, Loader
from meridian.importing.formats import FORMATS, Format, parts_of
from meridian.importing.loaders import crm, finance, inventory, sales, service_desk
from meridian.importing.loaders import gateway as gateway_loaders
from meridian.importing.reading import Content, Refused, read_file
from meridian.importing.settle import settle_by_workers, settle_embedded
from meridian.target import Target
from meridian.topography import GATEWAY

MOST_USERS = 10_000
Say = Callable[[str], None]


def check_folder(folder: Path, *, say: Say) -> dict[str, Content]:
    """Read every file in ``folder`` and return its content by format; ``Refused`` names all that is wrong."""
    contents: dict[str, Content] = {}
    for format in FORMATS:
        path = folder / format.file
        if path.exists():
            contents[format.name] = read_file(path, format)
    problems = [problem for content in contents.values() for problem in content.problems]
    if problems:
        raise Refused(problems)
    for name, content in contents.items():
        say(f"{name + '.csv':20} {len(content.rows):7} rows")
    return contents


def import_folder(
    target: Target, folder: Path, *, passwords: Mapping[str, str], skip_existing: bool, say: Say
) -> None:
    """Take every file in ``folder``; the first one that is refused ends the import, those before it stay."""
    contents = check_folder(folder, say=lambda _line: None)
    databases = target.databases()
    settle = settle_by_workers if target.amqp_url else settle_embedded
    try:
        for group in _groups(contents):
            batch = _take(databases, group, passwords, skip_existing)
            settle(databases)
            for each in (batch, *batch.parts.values()):
                passed = f", {each.skipped} there already" if each.skipped else ""
                say(f"{each.file:20} {each.taken:7} taken{passed}")
            for username, password in batch.new_passwords.items():
                say(f"  new login {username} with password {password}; hand it over, it is not kept anywhere")
    finally:
        for database in databases.values():
            database.close()


@dataclass(frozen=True)
class _Group:
    """Files that are taken together: one, and those whose rows complete its rows."""

    head: Content
    parts: tuple[Content, ...] = ()


def _groups(contents: Mapping[str, Content]) -> Iterator[_Group]:
    """Give what is in the folder in the order of the formats; a file that is not there counts as empty."""
    for format in FORMATS:
        parts = parts_of(format)
        if format.part_of is None and any(each.name in contents for each in (format, *parts)):
            head, *rest = (contents.get(each.name, Content(each)) for each in (format, *parts))
            yield _Group(head, tuple(rest))


def _take(
    databases: Mapping[str, Database], group: _Group, passwords: Mapping[str, str], skip_existing: bool
) -> Batch:
    format = group.head.format
    loader = _loader(format, databases)

    def work(tx: Transaction) -> Batch:
        def batch_of(content: Content, **more: Any) -> Batch:
            return Batch(tx, content.format.file, content.rows, skip_existing, passwords, **more)

        parts = {content.format.name: batch_of(content) for content in group.parts}
        batch = batch_of(group.head, parts=parts)
        loader(batch)
        if batch.all_problems:
            raise Refused(batch.all_problems)
        return batch

    return databases[format.owner].transact(work, cause=Cause(actor="import"))


def _loader(format: Format, databases: Mapping[str, Database]) -> Loader:
    if format.name == "customers":
        return crm.customers(_owners(databases[GATEWAY]))
    return _LOADERS[format.name]


def _owners(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        return {user.username: user.id for user in list_users(connection, after=None, limit=MOST_USERS)}


_LOADERS: dict[str, Loader] = {
    "users": gateway_loaders.users,
    "contacts": crm.contacts,
    "suppliers": inventory.suppliers,
    "items": inventory.items,
    "warehouses": inventory.warehouses,
    "credit_limits": finance.credit_limits,
    "prices": sales.prices,
    "stock": inventory.stock,
    "orders": sales.orders,
    "shipments": inventory.shipments,
    "invoices": finance.invoices,
    "payments": finance.payments,
    "tickets": service_desk.tickets,
}
