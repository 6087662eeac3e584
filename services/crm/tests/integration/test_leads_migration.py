"""What was there before leads were: activities stay, and customers and contacts are known again."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text

from libs.common.db import Database
from services.crm.domain.identity import keys_of
from services.crm.tests.builders import MIGRATIONS, Desk, a_customer
from services.crm.tests.leads import a_lead, done


def the_migration() -> ModuleType:
    """Return migration 0005 as a module."""
    spec = importlib.util.spec_from_file_location("leads_migration", Path(MIGRATIONS) / "0005_leads.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_was_there_stays_and_is_known_again(desk: Desk) -> None:
    customer = a_customer(desk.nancy, "Quay Works GmbH", phone="+49 40 55501234")
    path = f"/api/v1/customers/{customer['id']}/contacts"
    contact = done(desk.nancy.post(path, json={"name": "Li", "email": "Li@Quay.example"}))
    note = {"customer_id": customer["id"], "kind": "note", "subject": "Was here"}
    written = done(desk.nancy.post("/api/v1/activities", json=note))

    def again(connection: Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            migration = the_migration()
            migration.downgrade()
            migration.upgrade()

    with desk.database.engine.begin() as connection:
        again(connection)
    desk.database.engine.dispose()  # what was prepared before the tables were made anew is of no use

    (found,) = desk.nancy.get("/api/v1/activities").json["items"]
    assert found == written
    lead = a_lead(desk.nancy, "QUAY works", email="li@quay.example", phone="040 55501234")
    matched = {each["id"]: each["matched"] for each in lead["duplicates"]}
    assert matched == {customer["id"]: ["phone", "company"], contact["id"]: ["email"]}


@pytest.mark.parametrize(
    "told", [("Quáy Works, Ltd.", "A@B.example", "+49 (0) 40/555 012"), ("上海泵业有限公司", None, "12")]
)
def test_the_migration_knows_by_what_the_product_knows(told: tuple[str, str | None, str]) -> None:
    company, email, phone = told
    now = {(key.kind, key.value) for key in keys_of(company=company, email=email, phone=phone)}
    assert set(the_migration()._keys(company, email, phone)) == now


def test_an_activity_is_of_somebody_by_the_tables_own_word(crm: Database) -> None:
    rows = "INSERT INTO activity (id, kind, subject, owner_id, created_by, created_at, version) VALUES "
    values = "('00000000-0000-7000-8000-000000000001', 'call', 'x', 'a', 'a', '2026-03-02 08:00:00', 1)"
    with pytest.raises(Exception, match="activity_of_somebody"):
        crm.transact(lambda tx: tx.connection.execute(text(rows + values)))
