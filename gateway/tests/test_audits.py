"""What audits found is kept, the latest runs only, and shown to administrators."""

from __future__ import annotations

from typing import Any

from gateway.audits.runs import KEPT, keep_run
from gateway.tests.conftest import House, minutes

PATH = "/api/v1/audit-runs"


def _finding(violations: int = 0, *ids: str) -> dict[str, Any]:
    return {
        "invariant": "I5",
        "check": "ledger_balances",
        "says": "every entry of the ledger balances",
        "store": "finance",
        "violations": violations,
        "ids": list(ids),
    }


def _ran(house: House, *findings: dict[str, Any]) -> str:
    began_at = house.clock.now()
    house.clock.advance(minutes(1))
    return house.database.transact(
        lambda tx: keep_run(tx, began_at=began_at, events=70, findings=findings)
    ).id


def test_the_latest_run_comes_first_with_its_totals(any_house: House) -> None:
    _ran(any_house, _finding())
    latest = _ran(any_house, _finding(), _finding(2, "e-1", "e-2"))
    admin = any_house.client("admin")
    runs = admin.get(PATH).json["items"]
    assert [(run["checks"], run["events"], run["violations"]) for run in runs] == [(2, 70, 2), (1, 70, 0)]
    assert runs[0]["began_at"] < runs[0]["ended_at"]
    whole = admin.get(f"{PATH}/{latest}").json
    assert whole["findings"] == [_finding(), _finding(2, "e-1", "e-2")]
    page = admin.get(f"{PATH}?limit=1").json
    assert [run["violations"] for run in page["items"]] == [2]
    assert [run["violations"] for run in admin.get(f"{PATH}?cursor={page['next_cursor']}").json["items"]] == [
        0
    ]


def test_only_the_latest_are_kept(any_house: House) -> None:
    first = _ran(any_house, _finding())
    for _ in range(KEPT):
        _ran(any_house, _finding())
    admin = any_house.client("admin")
    assert len(admin.get(f"{PATH}?limit=200").json["items"]) == KEPT
    assert admin.get(f"{PATH}/{first}").status_code == 404


def test_nobody_but_an_administrator_sees_them(house: House) -> None:
    run = _ran(house, _finding())
    manager = house.client("sales_manager", "finance")
    assert [manager.get(path).status_code for path in (PATH, f"{PATH}/{run}")] == [403, 403]
