"""The sums of ``make security``: nothing forbidden may get lost between the lanes and the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.security.lane import Orders
from tests.security.page import write_page
from tests.security.run import judged, merged

RUN = {"door": "gateway", "role": "sales", "requests": 10, "failures": 0, "told": [], "seconds": 1}


def _lane(**change: Any) -> dict[str, Any]:
    corpus = {
        "requests": 100, "sent": {"body": 100}, "statuses": {"422": 100}, "slowest_s": 0.1, "slowest": "GET /a",
        "faults": {}, "unexplained": 0, "rounds": 8,
    }  # fmt: skip
    memory = {"warm_mib": {"web": 100.0}, "end_mib": {"web": 150.0}}
    lane = {"corpus": corpus, "schemathesis": [RUN], "left_out": 0, "memory": memory}
    return lane | {
        name: lane[name] | more if name != "schemathesis" else more for name, more in change.items()
    }


def test_the_lanes_add_up() -> None:
    slow = {"slowest_s": 4.0, "slowest": "POST /b", "statuses": {"422": 90, "200": 10}}
    found = judged(merged([_lane(), _lane(corpus=slow)]))
    assert found["requests"] == 220
    assert found["forbidden"] == 0
    assert found["corpus"]["statuses"] == {"200": 10, "422": 190}
    assert (found["corpus"]["slowest_s"], found["corpus"]["slowest"]) == (4.0, "POST /b")


@pytest.mark.parametrize(
    "change",
    [
        {"corpus": {"faults": {"5xx": 1}}},
        {"corpus": {"unexplained": 1}},
        {"memory": {"end_mib": {"web": 150.1}}},
        {"schemathesis": [RUN | {"failures": 1}]},
    ],
)
def test_what_one_lane_saw_is_in_the_sum(change: dict[str, Any]) -> None:
    assert judged(merged([_lane(), _lane(**change)]))["forbidden"] == 1


def test_a_process_that_grows_is_seen_beside_one_that_shrinks() -> None:
    memory = {"warm_mib": {"web": 300.0, "worker": 100.0}, "end_mib": {"web": 100.0, "worker": 200.0}}
    assert judged(merged([_lane(memory=memory)]))["grown"] == 1


def test_every_operation_is_some_lanes() -> None:
    every = list(range(7))
    lanes = [Orders("embedded", 1, None, "", 0, lane=lane, lanes=3).mine(every) for lane in range(3)]
    assert sorted(one for lane in lanes for one in lane) == every


def test_the_page_keeps_the_run_of_the_other_shape(tmp_path: Path) -> None:
    found = judged(merged([_lane()])) | {"share": None, "seed": 1, "seconds": 1}
    for shape in ("production", "embedded", "embedded"):
        write_page(tmp_path, found | {"shape": shape})
    assert sorted(json.loads((tmp_path / "security.json").read_text())) == ["embedded", "production"]
    page = (tmp_path / "security.md").read_text()
    assert page.count("110 requests, 0 forbidden outcomes") == 2
    assert page.count("## The embedded shape") == 1
