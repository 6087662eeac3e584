"""The audit of the service desk sees each fault that it is there for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from libs.common.db import Database
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from meridian.audit.noticed import a_finding_is_an_opportunity, a_ticket_shows_what_it_earned
from meridian.audit.run import QUERIES
from services.crm.tests.builders import MIGRATIONS as CRM
from services.service_desk.tests.builders import MIGRATIONS, Desk, open_ticket, registered
from services.service_desk.tests.integration.test_opened_by_itself import late

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FAULTS = {
    "I13_a_clock_stands_while_its_ticket_waits": "UPDATE ticket_clock SET paused_at = NULL",
    "I13_a_clock_knows_its_policy": "UPDATE ticket_clock SET policy_version = 9",
    "I13_what_opened_by_itself_has_its_cause": "UPDATE ticket SET opened_by = 'sergei'",
}


def offenders(database: Database, name: str) -> list[str]:
    statement = (QUERIES / "service_desk" / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[2]
    return database.read(lambda connection: list(connection.execute(text(statement)).scalars()))


def do(database: Database, statement: str) -> None:
    database.transact(lambda tx: tx.connection.execute(text(statement)))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_nothing_before_it(make_database: MakeDatabase, name: str) -> None:
    desk = Desk(make_database("service_desk", MIGRATIONS), SigningKeys.fresh())
    desk.hears(registered(), late())
    path = f"/api/v1/tickets/{open_ticket(desk.nancy)['id']}"
    for act, body in (("wait", None), ("take", None), ("resolve", {"resolution": "Done"})):
        assert desk.sergei.post(f"{path}/{act}", json=body).status_code == 200
    assert [each for each in FAULTS if offenders(desk.database, each)] == []
    do(desk.database, FAULTS[name])
    assert offenders(desk.database, name)


def test_a_finding_that_reaches_nobody_is_found_once_it_is_not_on_its_way(
    make_database: MakeDatabase,
) -> None:
    desk = Desk(make_database("service_desk", MIGRATIONS), SigningKeys.fresh())
    databases = {"service_desk": desk.database, "crm": make_database("crm", CRM)}
    desk.hears(registered())
    path = f"/api/v1/tickets/{open_ticket(desk.nancy)['id']}/findings"
    found = desk.sergei.post(path, json={"kind": "worn", "note": "Worn"}).json["findings"][0]["id"]
    assert list(a_finding_is_an_opportunity(databases, NOW)) == []
    do(desk.database, "DELETE FROM outbox")
    assert list(a_finding_is_an_opportunity(databases, NOW)) == [found]
    assert list(a_ticket_shows_what_it_earned(databases, NOW)) == []
    values = f"'{found}', '{found}', 'SO-1', 1, 1, 'USD', 'placed', 1"
    do(desk.database, f"INSERT INTO finding_revenue VALUES ({values})")
    assert list(a_ticket_shows_what_it_earned(databases, NOW)) == [found]
