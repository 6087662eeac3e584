"""Hostile values in every field of every operation: refused by name, quickly, and without a trace in any row."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from libs.common.db import Database
from tests.security.attack import attacks
from tests.security.campaign import Campaign, describe, sample
from tests.security.corpus import VALUES
from tests.security.example import Example
from tests.security.examples import EXAMPLES, ROOMS, in_two_rooms
from tests.security.judge import judge
from tests.security.operations import Operation, Spot, operations
from tests.security.rows import Rows, changed
from tests.security.shelf import Shelf
from tests.security.wire import Answer

SEED = 20260302
REQUESTS = 5_000
UNNAMED = "refusal that names no field or cure"


@pytest.fixture(scope="module")
def campaign(shelf: Shelf) -> Iterator[Campaign]:
    running = Campaign(shelf)
    yield running
    running.close()


def _valid(campaign: Campaign, operation: Operation, example: Example) -> Answer:
    path = operation.path
    for name, value in example.path.items():
        path = path.replace(f"{{{name}}}", value)
    query = (
        "?" + "&".join(f"{name}={value}" for name, value in example.query.items()) if example.query else ""
    )
    headers = {"Authorization": f"Bearer {example.bearer or campaign._bearer()}", **example.headers}
    body = None if example.body is None else json.dumps(example.body).encode()
    if body is not None:
        headers["Content-Type"] = "application/json"
    return campaign.wire.send(operation.method, path + query, headers, body)


def test_the_corpus_is_what_it_says() -> None:
    assert len(VALUES) >= 250
    assert len({payload.json for payload in VALUES}) == len(VALUES)


def test_no_operation_has_two_examples() -> None:
    assert not in_two_rooms()
    assert in_two_rooms((*ROOMS, ROOMS[0])) == list(ROOMS[0]), "the same room twice is seen"


def test_every_operation_has_an_example(described: list[Operation]) -> None:
    missing = {operation.name for operation in described} - EXAMPLES.keys()
    assert not missing, f"write a valid request in tests/security/examples_of_*.py for: {sorted(missing)}"
    gone = EXAMPLES.keys() - {operation.name for operation in described} - {"GET /api/v1/events"}
    assert not gone, f"no such operation any more: {sorted(gone)}"


def test_every_example_is_accepted_and_fills_every_field(
    campaign: Campaign, shelf: Shelf, described: list[Operation]
) -> None:
    for operation in described:
        example = EXAMPLES[operation.name](shelf)
        answer = _valid(campaign, operation, example)
        if operation.streams:
            assert answer.status == 403, f"{operation.name} is open to a token"
            continue
        assert 200 <= answer.status < 300, f"{operation.name}: {answer.status} {answer.body[:400]!r}"
        known = (operation.body_schema or {}).get("properties", {}).keys()
        assert known <= (example.body or {}).keys(), (
            f"{operation.name} leaves out {known - example.body.keys()}"
        )


def test_hostile_values_are_refused_and_change_nothing(
    campaign: Campaign, described: list[Operation]
) -> None:
    share = -(-REQUESTS // len(described))
    for operation in described:
        campaign.against(operation, sample(list(attacks(operation)), share, SEED))
    # How long an answer takes is measured by `make security`; here other tests share the machine.
    assert {fault.kind for fault in campaign.tally.faults} <= {"over 5 s"}, describe(campaign.tally)
    assert not campaign.tally.unexplained, describe(campaign.tally)
    assert campaign.tally.requests >= REQUESTS


def _operation(described: list[Operation]) -> Operation:
    return next(each for each in described if each.name == "POST /api/v1/quotations")


def _error(**change: str) -> dict[str, str]:
    return {"field": "lines.0.quantity", "message": "No.", "cure": "Send another."} | change


def _problem(**change: object) -> bytes:
    document = {"type": "t", "title": "T", "status": 422, "detail": "d", "code": "c", "errors": [_error()]}
    return json.dumps(document | change).encode()


@pytest.mark.parametrize(
    ("status", "body", "kind", "seconds"),
    [
        (500, b"", "5xx", 0.0),
        (0, b"", "no answer", 0.0),
        (422, _problem(), "over 5 s", 5.1),
        (422, b"<html>", "refusal without problem+json", 0.0),
        (422, _problem(errors=[]), UNNAMED, 0.0),
        (422, _problem(errors=[_error(field="x")]), UNNAMED, 0.0),
        (422, _problem(errors=[_error(cure="")]), UNNAMED, 0.0),
        (422, _problem(detail="a: Traceback (most recent"), "inside shown", 0.0),
        (201, b'{"lines":[{"quantity":"-5"}]}', "accepted against its own schema", 0.0),
        (302, b"", "undocumented status", 0.0),
        (418, _problem(), "undocumented status", 0.0),
    ],
)  # fmt: skip
def test_the_judge_sees_what_is_forbidden(
    described: list[Operation], status: int, body: bytes, kind: str, seconds: float
) -> None:
    operation = _operation(described)
    spot = next(each for each in operation.spots() if each.name == "lines.0.quantity")
    answer = Answer(status, {"content-type": "application/problem+json"}, body, seconds)
    assert kind in [found for found, _ in judge(operation, spot, '"-5"', answer)]


def test_the_judge_lets_a_proper_refusal_pass(described: list[Operation]) -> None:
    operation = _operation(described)
    spot = Spot("body", ("lines", 0, "quantity"), {"type": "string"})
    answer = Answer(422, {"content-type": "application/problem+json"}, _problem(), 0.1)
    assert judge(operation, spot, '"-5"', answer) == []


def test_the_judge_sees_text_that_came_back_otherwise(described: list[Operation]) -> None:
    operation = next(each for each in described if each.name == "POST /api/v1/suppliers")
    spot = Spot("body", ("name",), {"type": "string"})
    answer = Answer(201, {"content-type": "application/json"}, '{"name":"Caf\u00e9"}'.encode(), 0.1)
    assert [kind for kind, _ in judge(operation, spot, '"Cafe\\u0301"', answer)] == [
        "stored otherwise than sent"
    ]


def test_the_judge_lets_a_field_pass_that_is_tidied_on_purpose(described: list[Operation]) -> None:
    operation = next(each for each in described if each.name == "POST /api/v1/users")
    spot = Spot("body", ("username",), {"type": "string"})
    for shown, found in (("infinity", []), ("infinit", ["stored otherwise than sent"])):
        answer = Answer(
            201, {"content-type": "application/json"}, json.dumps({"username": shown}).encode(), 0.1
        )
        assert [kind for kind, _ in judge(operation, spot, '"Infinity"', answer)] == found


def test_the_judge_takes_nothing_in_the_place_of_an_element_for_an_empty_list(
    described: list[Operation],
) -> None:
    operation = next(each for each in described if each.name == "POST /api/v1/payments")
    answer = Answer(201, {"content-type": "application/json"}, b"{}", 0.1)
    for pointer, found in ((("allocations", 0), []), (("amount",), ["accepted against its own schema"])):
        spot = Spot("body", pointer, {"type": "string"})
        assert [kind for kind, _ in judge(operation, spot, "", answer)] == found


def test_one_changed_row_is_seen(shelf: Shelf) -> None:
    assert shelf.item, "there is a row to change"
    rows = Rows(shelf.system.target)
    before = rows.settled()
    database = Database(shelf.system.target.database_urls["inventory"], service="inventory")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE item SET name = 'moved' WHERE sku = (SELECT min(sku) FROM item)"))
    database.close()
    assert changed(before, rows.print()) == ["inventory.item"]
    rows.close()


def test_a_name_that_the_operation_knows_is_not_taken_for_unknown() -> None:
    schema = {"type": "object", "properties": {"role": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": schema}}}
    post = {"requestBody": body, "responses": {}, "parameters": [{"in": "query", "name": "open"}]}
    (operation,) = operations({"paths": {"/contacts": {"post": post}}})
    names = {(attack.spot.where, attack.name) for attack in attacks(operation)}
    assert ("body", "unknown version") in names
    assert not names & {("body", "unknown role"), ("query", "unknown open")}
    assert ("query", "unknown role") in names
