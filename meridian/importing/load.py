"""Loading a folder: each file is read and checked whole, then taken in one transaction of the store that owns it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from gateway.store.users import index as list_users
from libs.common.db import Cause, Database, Transaction
from meridian.importing.batch import Batch, Loader
from meridian.importing.formats import FORMATS, Format
from meridian.importing.loaders import crm, finance, inventory, sales
from meridian.importing.loaders import gateway as gateway_loaders
from meridian.importing.reading import Content, Refused, read_file
from meridian.importing.settle import settle_by_workers, settle_embedded
from meridian.target import Target
from meridian.topography import GATEWAY

MOST_USERS = 10_000
Say = Callable[[str], None]


class NothingToImport(Refused):
    """The folder holds no file of the format."""


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
        for format in FORMATS:
            if format.name in contents:
                batch = _take(databases, contents[format.name], passwords, skip_existing)
                settle(databases)
                passed = f", {batch.skipped} there already" if batch.skipped else ""
                say(f"{format.file:20} {batch.taken:7} taken{passed}")
    finally:
        for database in databases.values():
            database.close()


def _take(
    databases: Mapping[str, Database], content: Content, passwords: Mapping[str, str], skip_existing: bool
) -> Batch:
    loader = _loader(content.format, databases)

    def work(tx: Transaction) -> Batch:
        batch = Batch(tx, content.format.file, content.rows, skip_existing, passwords)
        loader(batch)
        if batch.problems:
            raise Refused(sorted(batch.problems, key=lambda problem: problem.line))
        return batch

    return databases[content.format.owner].transact(work, cause=Cause(actor="import"))


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
}
