"""Each import contract is shown to bite: one fault after another is planted in a copy, and must be named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.linting import contracts, lint
from tests.architecture.tree import SOURCE_FOLDERS, copy_python


@dataclass(frozen=True)
class Fault:
    """Code that breaks a contract: written to a new file, or added to one that is there."""

    contract: str
    story: str
    path: str
    code: str
    more: tuple[tuple[str, str], ...] = ()

    @contextmanager
    def planted(self, tree: Path) -> Iterator[None]:
        """Keep the fault in ``tree`` while the block runs."""
        before: dict[Path, str | None] = {}
        for path, code in ((self.path, self.code), *self.more):
            file = tree / path
            assert file.parent.is_dir(), f"there is no {file.parent.relative_to(tree)} any more"
            before[file] = file.read_text(encoding="utf-8") if file.exists() else None
            file.write_text(f"{before[file] or ''}\n{code}\n", encoding="utf-8")
        try:
            yield
        finally:
            for file, text in before.items():
                file.unlink() if text is None else file.write_text(text, encoding="utf-8")


FAULTS = (
    Fault("0-root", "a service asks the whole", "services/crm/use_cases/planted.py", "import meridian"),
    Fault("0-root", "common asks the whole", "libs/common/db/planted.py", "import meridian.topography"),
    Fault(
        "1-services",
        "a subscriber borrows its publisher's class",
        "services/finance/subscribers/planted.py",
        "import services.sales.events",
    ),
    Fault(
        "1-services",
        "an import hidden in a function",
        "services/sales/use_cases/planted.py",
        "def look() -> None:\n    import services.inventory.domain",
    ),
    Fault(
        "1-services",
        "an import for types only",
        "services/service_desk/use_cases/planted.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import services.crm.domain",
    ),
    Fault(
        "1-services",
        "the gateway reaches into a service",
        "gateway/clients/planted.py",
        "import services.crm.reports",
    ),
    Fault("2-rooms", "a room that is none", "services/sales/utils.py", "X = 1"),
    Fault(
        "2-rooms",
        "the domain reads a table",
        "services/sales/domain/planted.py",
        "import services.sales.store",
    ),
    Fault(
        "2-rooms", "a route reads the settings", "services/crm/api/planted.py", "import services.crm.settings"
    ),
    Fault(
        "2-rooms",
        "a use case calls a route",
        "services/finance/use_cases/planted.py",
        "import services.finance.api",
    ),
    Fault(
        "2-rooms", "the worker builds the web process", "services/crm/worker.py", "import services.crm.app"
    ),
    Fault(
        "2-rooms",
        "a use case reads rows from elsewhere",
        "services/crm/use_cases/planted.py",
        "import services.crm.imports",
    ),
    Fault(
        "3-domain",
        "the domain reads rows",
        "services/sales/domain/planted.py",
        "import libs.common.importing",
    ),
    Fault("3-domain", "the domain speaks SQL", "services/finance/domain/planted.py", "import sqlalchemy"),
    Fault(
        "3-domain", "the domain asks the time", "services/sales/domain/planted.py", "import libs.common.clock"
    ),
    Fault("3-domain", "the domain draws lots", "services/crm/domain/planted.py", "import random"),
    Fault("3-domain", "SQL reaches the domain through a value", "libs/common/money.py", "import sqlalchemy"),
    Fault(
        "4-broker", "a use case publishes by itself", "services/sales/use_cases/planted.py", "import kombu"
    ),
    Fault(
        "4-broker",
        "the outbox pulls in the broker's client",
        "libs/common/outbox.py",
        "def hurry() -> None:\n    import libs.common.messaging.publisher",
    ),
    Fault("4b-broker", "a job opens a connection", "services/inventory/jobs/planted.py", "import pika"),
    Fault("4b-broker", "the command line opens one", "meridian/planted.py", "from kombu import Connection"),
    Fault(
        "5-flask",
        "a use case reads the request",
        "services/sales/use_cases/planted.py",
        "from flask import request",
    ),
    Fault("5-flask", "an event is a schema", "services/crm/events.py", "import marshmallow"),
    Fault(
        "5-flask",
        "a worker's room imports the edge",
        "libs/common/inbox/planted.py",
        "import libs.common.web",
    ),
    Fault("6-sql", "a route selects", "services/finance/api/planted.py", "from sqlalchemy import select"),
    Fault("4-broker", "an import publishes by itself", "services/crm/imports/planted.py", "import pika"),
    Fault("5-flask", "an import reads the request", "services/crm/imports/planted.py", "import flask"),
    Fault("6-sql", "an import selects", "services/crm/imports/planted.py", "import sqlalchemy"),
    Fault("6-sql", "a use case selects", "services/inventory/use_cases/planted.py", "import sqlalchemy"),
    Fault(
        "7-store",
        "a route opens the store",
        "services/crm/api/planted.py",
        "import services.crm.store.tables",
    ),
    Fault("7-store", "the audit opens a store", "meridian/planted.py", "import services.sales.store.tables"),
    Fault(
        "7b-gateway-store", "a route opens the store", "gateway/api/planted.py", "import gateway.store.users"
    ),
    Fault(
        "8-common",
        "the saga engine knows orders",
        "libs/common/saga/planted.py",
        "import services.sales.events",
    ),
    Fault("9-common-rooms", "a room that is none", "libs/common/helpers.py", "X = 1"),
    Fault(
        "9-common-rooms", "the database knows the web", "libs/common/db/planted.py", "import libs.common.web"
    ),
    Fault(
        "10-tests",
        "production uses a test's clock",
        "services/crm/use_cases/planted.py",
        "import libs.common.testing",
    ),
    Fault(
        "10-tests", "a demo borrows a test's client", "meridian/planted.py", "import libs.common.testing.web"
    ),
    Fault(
        "11-cycles",
        "two modules need each other",
        "services/crm/domain/planted.py",
        "import services.crm.domain.planted_too",
        more=(("services/crm/domain/planted_too.py", "import services.crm.domain.planted"),),
    ),
    Fault("12-gateway", "a room that is none", "gateway/helpers.py", "X = 1"),
    Fault("12-gateway", "a client calls a route", "gateway/clients/planted.py", "import gateway.api"),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the tree's Python files."""
    tree = tmp_path_factory.mktemp("tree")
    copy_python(tree, *SOURCE_FOLDERS)
    return tree


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.contract}: {fault.story}")
def test_a_planted_fault_is_named(copy: Path, fault: Fault) -> None:
    with fault.planted(copy):
        done = lint(copy, fault.contract)

    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contracts()[fault.contract]} BROKEN" in done.stdout


def test_every_contract_has_a_planted_fault() -> None:
    assert {fault.contract for fault in FAULTS} == set(contracts())


def test_the_copy_is_sound_without_a_fault(copy: Path) -> None:
    done = lint(copy)

    assert done.returncode == 0, done.stdout + done.stderr
