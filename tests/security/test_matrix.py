"""Every role x operation x ownership is pinned in matrix.csv, and what each role is shown in fields.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from libs.common.db import Database
from libs.common.web import SigningKeys, document_of
from meridian.topography import SERVICES
from meridian.wiring import PARTS
from tests.security.matrix import FIELDS_FILE, FILE, OWNERSHIP, ROLES, Matrix, Row, read
from tests.security.operations import METHODS, Operation
from tests.security.served import Served

NEW = "Run `make security-matrix`, read the rows it adds, and commit them: they say who may do it to whose."
OF_THE_EDGE = {"/health/live", "/health/ready", "/metrics", "/openapi.json"}
UNKNOWN = "00000000-0000-7000-8000-00000000dead"


@pytest.fixture(scope="module")
def matrix(target: Served) -> Iterator[Matrix]:
    asking = Matrix(target.system)
    yield asking
    asking.wire.close()


def _differing(pinned: list[Row], found: list[Row], keys: tuple[str, str]) -> list[str]:
    before = {tuple(row[key] for key in keys): row for row in pinned}
    now = {tuple(row[key] for key in keys): row for row in found}
    lines = [f"no row for {key}. {NEW}" for key in sorted(now.keys() - before.keys())]
    lines += [f"a row for what is not there: {key}" for key in sorted(before.keys() - now.keys())]
    for key in sorted(before.keys() & now.keys()):
        lines += [
            f"{' '.join(key)}, {column}: pinned {before[key][column]}, now {now[key][column]}"
            for column in before[key]
            if before[key][column] != now[key][column]
        ]
    return lines


def test_each_role_is_shown_the_pinned_fields(matrix: Matrix, described: list[Operation]) -> None:
    found = matrix.fields(described)
    assert not (lines := _differing(read(FIELDS_FILE), found, ("operation", "roles"))), "\n".join(lines)


def test_every_cell_is_as_pinned(matrix: Matrix, described: list[Operation]) -> None:
    found = matrix.rows(described)
    assert not (lines := _differing(read(FILE), found, ("operation", "whose"))), "\n".join(lines)
    assert {row["operation"] for row in found} == {operation.name for operation in described}


def test_what_is_pinned_follows_the_rules() -> None:
    """A second look at the file itself, so that a wrong system cannot simply be written down."""
    public = {f"POST /api/v1/auth/{word}" for word in ("login", "logout", "refresh", "session")}
    public |= {row["operation"] for row in read(FILE) if "/api/v1/public/" in row["operation"]}
    for row in read(FILE):
        name = f"{row['operation']} {row['whose']}"
        assert row["whose"] in OWNERSHIP
        assert row["anonymous"] == "401" or row["operation"] in public, name
        # A token never opens the stream of hints: it is the console's, and the console has a cookie.
        assert row["admin"] != "403" or row["operation"] == "GET /api/v1/changes", name
        if row["whose"] == "unknown":
            assert not any(row[role].startswith("2") for role in ROLES), name
        if row["whose"] == "other" and "{customer_id}" in row["operation"]:
            assert row["sales"] in ("403", "404"), name
        if any(word in row["operation"] for word in ("/users", "/api-keys")):
            assert row["api_client"] == "403", f"{name}: a program administers nobody"


def test_a_listing_shows_a_salesperson_nothing_of_anothers(
    matrix: Matrix, described: list[Operation]
) -> None:
    for shelf in matrix.shelves.values():
        shelf.fill()
    other = matrix.shelves["other"]
    theirs = {
        other.customer["id"],
        other.order["id"],
        other.quotation["id"],
        other.invoice["id"],
        other.payment["id"],
        other.approval["id"],
        other.watched["id"],
    }
    theirs |= {other.delivery["id"], other.ticket["id"], other.policy["id"], other.order["conversation_id"]}
    listings = [each for each in described if each.method == "GET" and "{" not in each.path]
    for operation in listings:
        example = matrix._example(operation, "own")
        assert example is not None
        answer = matrix.ask(operation, example, "sales")
        shown = [one for one in theirs if one.encode() in answer.body]
        assert not shown, f"{operation.name} shows sam what is ned's: {shown}"


def _shows_nothing(document: Any) -> bool:
    """Tell whether a list is empty, or whether figures were worked out of nothing."""
    if "items" in document:
        return document["items"] == []
    return all(document[part]["due"] == 0 for part in ("orders", "lines"))


def test_a_filter_does_not_open_what_a_listing_hides(matrix: Matrix, described: list[Operation]) -> None:
    other = matrix.shelves["other"]
    for operation in described:
        names = [spot.name for spot in operation.spots() if spot.where == "query"]
        if operation.method != "GET" or "customer_id" not in names or "currency" in names:
            continue
        if "{" in operation.path:
            continue  # about the one thing in its path: the stock of an item is everybody's to see
        headers = matrix.credentials("sales")
        answer = matrix.wire.send("GET", f"{operation.path}?customer_id={other.customer['id']}", headers)
        assert answer.status in (200, 403), operation.name
        assert answer.status == 403 or _shows_nothing(answer.json()), operation.name


def test_a_method_that_is_not_documented_is_not_there(matrix: Matrix, described: list[Operation]) -> None:
    documented = {(operation.method.lower(), operation.path) for operation in described}
    for path in sorted({operation.path for operation in described}):
        for method in (*METHODS, "trace", "options", "propfind"):
            if (method, path) in documented:
                continue
            address = path.replace("{", "").replace("}", "")
            for part in address.split("/"):
                address = address.replace(part, UNKNOWN) if part.endswith("_id") else address
            answer = matrix.wire.send(method.upper(), address, matrix.credentials("admin"))
            allowed = {200, 404, 405} if method == "options" else {404, 405}
            assert answer.status in allowed, f"{method} {path}: {answer.status}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_no_route_that_its_document_leaves_out(service: str) -> None:
    database = Database("sqlite://", service=service)
    app = PARTS[service].create_app(database, SigningKeys.fresh().verifier())
    rules = {re.sub(r"<[^>]*:(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    database.close()
    assert rules - OF_THE_EDGE == set(document_of(app)["paths"])
