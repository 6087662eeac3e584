"""Customers in the database, on each engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import Inspector, inspect, text

from libs.common.db import Database, migrate
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from libs.common.testing.plugin import MakeDatabase
from services.crm.domain.errors import NumberTaken
from services.crm.events import CustomerOwnerChanged
from services.crm.reports.customers import CustomerSearch, list_customers, position_of
from services.crm.store import customers
from services.crm.store.tables import metadata
from services.crm.tests.builders import (
    JANET,
    MANAGER,
    MIGRATIONS,
    NANCY,
    UNKNOWN,
    Desk,
    harbor_pumps,
    registration,
)
from services.crm.use_cases.register_customer import register_customer


def test_migrations_make_the_declared_tables(crm: Database) -> None:
    inspector = inspect(crm.engine)
    for table in metadata.sorted_tables:
        assert _columns(inspector, table.name) == {
            column.name: bool(column.nullable) for column in table.columns
        }, table.name
        declared = {index.name for index in table.indexes}
        assert declared <= {index["name"] for index in inspector.get_indexes(table.name)}


def _columns(inspector: Inspector, table: str) -> dict[str, bool]:
    return {column["name"]: bool(column["nullable"]) for column in inspector.get_columns(table)}


def test_customers_of_before_the_groups_are_kept(make_database: MakeDatabase) -> None:
    crm = make_database("crm")
    migrate(crm, MIGRATIONS, target="0001")
    kept = {
        "id": UNKNOWN, "number": "C-000007", "number_key": "c-000007", "name": "Quay Works",
        "name_key": "quay works", "currency": "USD", "active": True, "version": 3,
    }  # fmt: skip
    columns = ", ".join(kept)
    values = ", ".join(f":{name}" for name in kept)
    statement = text(
        f"INSERT INTO customer ({columns}, created_at, updated_at) "
        f"VALUES ({values}, '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
    )
    crm.transact(lambda tx: tx.connection.execute(statement, kept))
    migrate(crm, MIGRATIONS)
    found = crm.read(lambda connection: customers.find(connection, UNKNOWN))
    assert found is not None
    assert (found.number, found.version, found.group, found.region) == ("C-000007", 3, None, None)


def test_what_is_stored_reads_back_the_same(crm: Database) -> None:
    customer = harbor_pumps(city="México D.F.", address="Pier 4\n2nd floor", active=False)
    assert crm.transact(lambda tx: customers.add(tx.connection, customer, tx.now))
    assert crm.read(lambda connection: customers.find(connection, customer.id)) == customer
    assert crm.read(lambda connection: customers.find(connection, UNKNOWN)) is None


def test_a_number_stands_once_whatever_its_case(crm: Database) -> None:
    crm.transact(lambda tx: register_customer(tx, registration(number="ALFKI"), by=MANAGER))
    with pytest.raises(NumberTaken):
        crm.transact(lambda tx: register_customer(tx, registration(number="alfki"), by=MANAGER))
    everybody = partial(list_customers, wanted=CustomerSearch(), after=None, limit=50)
    assert [row.number for row in crm.read(everybody)] == ["ALFKI"]


def test_the_series_steps_over_a_number_that_was_given_by_hand(crm: Database) -> None:
    crm.transact(lambda tx: register_customer(tx, registration(number="C-000002"), by=MANAGER))
    made = [
        crm.transact(lambda tx: register_customer(tx, registration(), by=MANAGER)).number for _ in range(2)
    ]
    assert made == ["C-000001", "C-000003"]


def test_customers_registered_at_once_get_numbers_of_their_own(crm: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(
                lambda _: crm.transact(lambda tx: register_customer(tx, registration(), by=MANAGER)).number,
                range(16),
            )
        )
    assert sorted(made) == [f"C-{count:06d}" for count in range(1, 17)]


def test_a_save_on_an_old_version_changes_nothing(crm: Database) -> None:
    customer = harbor_pumps()
    crm.transact(lambda tx: customers.add(tx.connection, customer, tx.now))
    saved = crm.transact(lambda tx: customers.save(tx.connection, harbor_pumps(city="Bremen"), tx.now))
    assert saved.version == 2
    with pytest.raises(VersionMismatch):
        crm.transact(lambda tx: customers.save(tx.connection, harbor_pumps(city="Kiel"), tx.now))
    assert crm.read(lambda connection: customers.find(connection, customer.id)) == saved


def test_pages_follow_each_other_by_name_on_both_engines(crm: Database) -> None:
    names = ["émile", "Zebra", "apple", "Äpfel", "_under", "港湾", "Apple", "2nd Hand", "zebra x"]
    for name in names:
        crm.transact(lambda tx, name=name: register_customer(tx, registration(name), by=MANAGER))
    seen: list[str] = []
    after: tuple[str, str] | None = None
    while rows := crm.read(partial(list_customers, wanted=CustomerSearch(), after=after, limit=2)):
        seen += [row.name for row in rows]
        after = position_of(rows[-1])
    assert seen == ["2nd Hand", "_under", "Äpfel", "apple", "Apple", "émile", "Zebra", "zebra x", "港湾"]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (CustomerSearch(search="MEXI"), ["México Import"]),
        (CustomerSearch(search="alf"), ["Harbor Pumps"]),
        (CustomerSearch(search="%"), []),
        (CustomerSearch(search="100%"), ["100% Cotton"]),
        (CustomerSearch(number="Alfki"), ["Harbor Pumps"]),
        (CustomerSearch(number="alf"), []),
        (CustomerSearch(owner_id=JANET), ["100% Cotton"]),
        (CustomerSearch(active=False), ["México Import"]),
        (CustomerSearch(owners=frozenset({NANCY})), ["Harbor Pumps", "México Import"]),
        (CustomerSearch(owners=frozenset({NANCY}), owner_id=JANET), []),
        (CustomerSearch(search="x" * 100), ["x" * 200]),
    ],
)
def test_searching(crm: Database, wanted: CustomerSearch, names: list[str]) -> None:
    for command in (
        registration("Harbor Pumps", number="ALFKI"),
        registration("100% Cotton", owner_id=JANET),
        registration("México Import", active=False),
        registration("x" * 200, owner_id=None),
    ):
        crm.transact(lambda tx, command=command: register_customer(tx, command, by=MANAGER))
    found = crm.read(partial(list_customers, wanted=wanted, after=None, limit=50))
    assert [row.name for row in found] == names


def test_an_owner_change_is_told_in_the_customers_own_order(desk: Desk) -> None:
    customer = desk.database.transact(lambda tx: register_customer(tx, registration(), by=MANAGER))
    desk.database.transact(lambda tx: publish(tx, CustomerOwnerChanged(customer.id, JANET, NANCY)))
    assert desk.told() == ["crm.customer.registered.v1", "crm.customer.owner_changed.v1"]
