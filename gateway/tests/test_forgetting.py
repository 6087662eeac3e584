"""The gateway forgets by itself what has had its time, about once an hour, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from gateway.auth import forgetting
from gateway.auth.forgetting import EVERY, Forgetting
from gateway.store.tables import login_throttle, refresh_token, session
from gateway.tests.conftest import House
from libs.common.db import Database
from libs.common.db.idempotency import idempotency

DAY = timedelta(days=1)


def _counts(house: House) -> dict[str, int]:
    def count(connection) -> dict[str, int]:
        tables = (session, refresh_token, login_throttle, idempotency)
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        }

    return house.database.read(count)


def test_a_login_removes_what_has_had_its_time(any_house: House) -> None:
    house = any_house
    admin = house.client("admin", username="root")
    gone = admin.delete(f"/api/v1/users/{house.add('bob', 'sales')}", headers={"Idempotency-Key": "k"})
    assert gone.status_code == 204
    house.add("ann", "sales")
    house.login("ann")
    house.login("ann", "wrong password")
    assert _counts(house) == {"session": 2, "refresh_token": 2, "login_throttle": 1, "idempotency": 1}
    house.clock.advance(2 * DAY)
    house.login("root", "wrong password")
    assert _counts(house) == {"session": 2, "refresh_token": 2, "login_throttle": 1, "idempotency": 1}
    house.clock.advance(13 * DAY)
    house.login("root")
    assert _counts(house) == {"session": 1, "refresh_token": 1, "login_throttle": 0, "idempotency": 1}
    house.clock.advance(16 * DAY)
    house.login("root")
    assert _counts(house) == {"session": 1, "refresh_token": 1, "login_throttle": 0, "idempotency": 0}


def test_several_gateways_forget_once_an_hour(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[object] = []
    monkeypatch.setattr(forgetting, "forget", lambda database: times.append(database.clock.now()))
    gateways = [Forgetting(house.database), Forgetting(house.database)]
    for _ in range(4):
        for gateway in gateways:
            gateway.when_due()
        house.clock.advance(EVERY / 2)
    assert len(times) == 2


def test_who_cannot_forget_still_logs_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_database: Database) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr(forgetting, "forget_old_keys", broken)
    house.add("ann", "sales")
    assert house.login("ann").status_code == 200
