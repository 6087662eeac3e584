"""``meridian replay`` sends a subscriber what it listens to, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from libs.common.db import Database
from libs.common.inbox import dead
from libs.common.messaging.replay import Selection
from libs.common.testing.databases import TestDatabases
from libs.common.tests.messaging import sample
from meridian.broker import replay_history
from meridian.target import Target
from meridian.topography import STORES


@pytest.fixture
def databases(sqlite_databases: TestDatabases, clock) -> dict[str, Database]:
    return {name: sqlite_databases.make(name, None, clock=clock) for name in STORES}


@pytest.fixture
def target(databases: dict[str, Database], tmp_path: Path) -> Target:
    urls = {name: database.url for name, database in databases.items()}
    return Target(tmp_path, "http://127.0.0.1:1", urls)


@pytest.mark.parametrize(
    ("subscriber", "types"),
    [
        pytest.param("crm", (), id="a subscriber that listens to nothing"),
        pytest.param("sales", ("shop.sale.made.v1",), id="a type that the subscriber does not listen to"),
    ],
)
def test_what_a_subscriber_does_not_listen_to_is_not_sent(
    target: Target, databases: dict[str, Database], subscriber: str, types: tuple[str, ...]
) -> None:
    sample.sell(databases["inventory"], "a", 1, 2)
    assert replay_history(target, "inventory", subscriber, Selection(types), 1000) == 0
    assert databases[subscriber].read(lambda c: dead.list_parked(c, state=None)) == []
