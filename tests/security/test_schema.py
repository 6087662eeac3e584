"""Schemathesis, a little of it in every run; `make security` does it at length and for every role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meridian.topography import GATEWAY, SERVICES
from tests.security.doors import Door, doors
from tests.security.schema_run import LOGIN_ROUTES, Plan, read, run_schemathesis
from tests.security.served import Served
from tests.security.shelf import Shelf

SEED = 20260302
# How long an answer takes is measured by `make security`; here other tests share the machine.
LITTLE = Plan(1, SEED, phases="fuzzing", slowest_s=None)
AT_A_SERVICE = dict(zip(SERVICES, ("sales_manager", "sales", "warehouse", "finance", "service"), strict=True))


@pytest.fixture(scope="module")
def entrances(target: Served) -> Iterator[dict[str, Door]]:
    with doors(target) as found:
        yield found


def test_answers_are_as_documented(target: Served, shelf: Shelf, entrances: dict[str, Door]) -> None:
    shelf.fill()
    found = run_schemathesis(target, entrances[GATEWAY], "admin", LITTLE)
    assert found["requests"] >= 50
    assert not found["failures"], "\n".join(found["told"])


def test_the_login_routes_answer_as_documented(
    target: Served, shelf: Shelf, entrances: dict[str, Door]
) -> None:
    plan = Plan(5, SEED, LOGIN_ROUTES, "fuzzing", None)
    found = run_schemathesis(target, entrances[GATEWAY], "sales", plan, shelf.fresh_user()["id"])
    assert found["requests"] >= 20
    assert not found["failures"], "\n".join(found["told"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_met_without_the_gateway_answers_as_it_documents(
    target: Served, entrances: dict[str, Door], service: str
) -> None:
    found = run_schemathesis(target, entrances[service], AT_A_SERVICE[service], LITTLE)
    assert found["requests"] >= 5
    assert not found["failures"], "\n".join(found["told"])


@pytest.mark.parametrize(
    ("said", "code", "failures"),
    [
        ("12 generated", 0, 0),
        ("12 generated, found 3 unique failures", 1, 3),
        ("12 generated\n= ERRORS =\nno token", 1, 1),
        ("no such file", 2, 1),
        ("", 0, 1),
    ],
)
def test_a_run_that_did_not_end_well_is_a_failure(said: str, code: int, failures: int) -> None:
    assert read(said, code)["failures"] == failures
