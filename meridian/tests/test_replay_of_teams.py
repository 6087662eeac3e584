"""A service that begins to listen to teams later is given those so far by a replay of crm's history."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from libs.common.db import Database
from libs.common.messaging.replay import Selection
from libs.common.testing.databases import TestDatabases
from meridian.broker import replay_history
from meridian.target import Target
from services.crm.use_cases.lead_teams import change_team, form_team

SERVICES = Path(__file__).parents[2] / "services"
TEAMS = Selection(("crm.sales_team.defined.v1",))
MEMBERS = text(
    "SELECT t.manager_id, m.user_id FROM sales_team t JOIN sales_team_member m ON m.team_id = t.id ORDER BY 2"
)


def known(database: Database) -> list[tuple[str, str]]:
    return database.read(lambda connection: [tuple(row) for row in connection.execute(MEMBERS)])


@pytest.mark.parametrize("subscriber", ["inventory", "finance", "service_desk"])
def test_teams_of_before_a_service_listened_are_replayed_to_it(
    sqlite_databases: TestDatabases, clock, tmp_path: Path, subscriber: str
) -> None:
    stores = {
        name: sqlite_databases.make(name, SERVICES / name / "migrations", clock=clock)
        for name in ("crm", subscriber)
    }
    crm, late = stores["crm"], stores[subscriber]
    north = crm.transact(lambda tx: form_team(tx, "North", "margaret", ("nancy", "janet")))
    crm.transact(lambda tx: change_team(tx, north.id, "North", "steven", ("nancy", "robert"), None))
    assert known(late) == []

    target = Target(tmp_path, "http://127.0.0.1:1", {name: each.url for name, each in stores.items()})
    assert replay_history(target, "crm", subscriber, TEAMS, 1000) == 2
    assert known(late) == [("steven", "nancy"), ("steven", "robert")]
    replay_history(target, "crm", subscriber, TEAMS, 1000)
    assert known(late) == [("steven", "nancy"), ("steven", "robert")], "again, it changes nothing"
