"""Schemathesis, a little of it in every run; `make security` does it at length and for every role."""

from __future__ import annotations

from tests.security.schema_run import run_schemathesis
from tests.security.served import Served
from tests.security.shelf import Shelf


def test_answers_are_as_documented(target: Served, shelf: Shelf) -> None:
    shelf.fill()
    found = run_schemathesis(target, "admin", examples=2, seed=20260302, phases="fuzzing")
    assert found["requests"] >= 100
    assert not found["failures"], "\n".join(found["told"])
