"""What an application does not do until it is asked: describe itself, and build addresses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from openapi_spec_validator import validate
from werkzeug.routing import Map, Rule

from libs.common.db import Database
from libs.common.tests.web.sample import sample_noun
from libs.common.web import SigningKeys, create_service_app, document_of
from libs.common.web.rule import PatientRule


def test_applications_that_are_asked_at_once_all_describe_the_same_whole(
    store: Database, keys: SigningKeys
) -> None:
    noun, verifier = sample_noun(), keys.verifier()
    apps = [create_service_app("sample", store, [noun], keys=verifier, title="Sample") for _ in range(4)]
    together = Barrier(8)

    def ask(app: Flask) -> dict[str, Any]:
        together.wait(10)
        return document_of(app)

    with ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(ask, apps * 2)

    validate(first)
    assert all(other == first for other in others)


def test_an_application_that_has_served_can_still_be_described(app: Flask, keys: SigningKeys) -> None:
    assert app.test_client().get("/health/live").status_code == 200
    assert document_of(app)["paths"]


def test_a_patient_rule_builds_the_address_that_any_rule_builds() -> None:
    built = [
        Map([kind("/orders/<uuid:order_id>/lines/<int:line>", endpoint="line", defaults={"page": 1})])
        .bind("here.example")
        .build("line", {"order_id": "0199-x", "line": 7, "page": 1, "language": "zh"}, append_unknown=unknown)
        for kind in (Rule, PatientRule)
        for unknown in (True, False)
    ]
    assert built[:2] == built[2:]
    assert built[0] != built[1]
