"""The audit of the company's own fields sees each fault that it is there for."""

from __future__ import annotations

from pathlib import Path

from libs.common.db import Database
from libs.common.testing import ManualClock
from libs.common.testing.plugin import MakeDatabase
from meridian.audit.own_fields import found_by_what_it_says, sales_was_told
from meridian.tests.test_audit_bites import unguarded

SERVICES = Path(__file__).parents[2] / "services"
CUSTOMER = "00000000-0000-7000-8000-000000000001"
PUT = (
    "INSERT INTO customer (id, number, number_key, name, name_key, currency, active, version, created_at, updated_at,"
    f" fields, form_version) VALUES ('{CUSTOMER}', 'C-1', 'c-1', 'Harbor', 'harbor', 'USD', true, 1,"
    " '2026-03-01 00:00:00', '2026-03-01 00:00:00', '{\"risk\": \"high\"}', 1)"
)
INDEXED = (
    "INSERT INTO field_value (document, document_id, key, word) VALUES"
    f" ('customer', '{CUSTOMER}', 'risk', 'high')"
)
TOLD = f"INSERT INTO customer_form (customer_id, fields) VALUES ('{CUSTOMER}', '{{\"risk\": \"high\"}}')"


def test_each_fault_is_found_and_nothing_before_it(make_database: MakeDatabase) -> None:
    now = ManualClock().now()
    stores: dict[str, Database] = {
        name: make_database(name, SERVICES / name / "migrations") for name in ("crm", "inventory", "sales")
    }
    stores["crm"].transact(lambda tx: tx.connection.exec_driver_sql(PUT))
    assert list(found_by_what_it_says(stores, now)) == [CUSTOMER]
    assert list(sales_was_told(stores, now)) == [CUSTOMER]
    stores["crm"].transact(lambda tx: tx.connection.exec_driver_sql(INDEXED))
    stores["sales"].transact(lambda tx: tx.connection.exec_driver_sql(TOLD))
    assert list(found_by_what_it_says(stores, now)) == []
    assert list(sales_was_told(stores, now)) == []
    unguarded(stores["crm"], "UPDATE field_value SET word = 'low'")
    unguarded(stores["sales"], "UPDATE customer_form SET fields = '{}'")
    assert list(found_by_what_it_says(stores, now)) == [CUSTOMER]
    assert list(sales_was_told(stores, now)) == [CUSTOMER]
