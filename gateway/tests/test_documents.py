"""The API's page and document: one for the whole system, valid, and served without leaving the house."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.api.documents import merge, read_contracts
from gateway.tests.conftest import House, build
from libs.common.testing import ManualClock

OWN = {
    "openapi": "3.1.0",
    "info": {"title": "x", "version": "1"},
    "paths": {"/api/v1/orders/{order_id}/timeline": {"get": {"tags": ["time-line"]}}},
    "components": {"schemas": {"Problem": {"type": "object"}, "Line": {"type": "string"}}},
}


def _contract(path: str, line: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Line"}}}
    return {
        "paths": {
            path: {"get": {"tags": ["orders"], "responses": {"200": {"content": content}}}},
            "/api/v1/events": {"get": {}},
            "/health/live": {"get": {}},
        },
        "components": {"schemas": {"Problem": {"type": "object"}, "Line": line}},
    }


def _reference(merged: dict[str, Any], path: str) -> str:
    answer = merged["paths"][path]["get"]["responses"]["200"]
    return str(answer["content"]["application/json"]["schema"]["$ref"])


def test_only_what_is_passed_on_is_listed_and_names_do_not_clash() -> None:
    merged = merge(
        OWN,
        {
            "sales": _contract("/api/v1/orders", {"type": "integer"}),
            "finance": _contract("/api/v1/invoices", {"type": "boolean"}),
            "crm": _contract("/api/v1/orders/x", {"type": "string"}),
        },
    )
    assert sorted(merged["paths"]) == [
        "/api/v1/invoices",
        "/api/v1/orders",
        "/api/v1/orders/{order_id}/timeline",
    ]
    assert _reference(merged, "/api/v1/orders") == "#/components/schemas/sales_Line"
    assert _reference(merged, "/api/v1/invoices") == "#/components/schemas/finance_Line"
    schemas = merged["components"]["schemas"]
    assert schemas["sales_Line"] == {"type": "integer"}
    assert schemas["finance_Line"] == {"type": "boolean"}
    assert schemas["Line"] == {"type": "string"}
    assert [tag["name"] for tag in merged["tags"]] == ["orders", "time-line"]
    assert "Line" in OWN["components"]["schemas"]  # type: ignore[index]


def test_what_refers_to_a_renamed_component_is_renamed_with_it() -> None:
    """The pages read alike in both contracts; that they mean two things shows only in what they refer to."""
    page = {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}
    contracts = {
        "sales": _contract("/api/v1/orders", {"type": "object"}),
        "finance": _contract("/api/v1/invoices", {"type": "integer"}),
    }
    for kind, contract in zip(("object", "integer"), contracts.values(), strict=True):
        contract["components"]["schemas"] |= {"Page": page, "Row": {"type": kind}}

    schemas = merge(OWN, contracts)["components"]["schemas"]

    assert schemas["Page"]["items"]["$ref"] == "#/components/schemas/Row"
    assert schemas["finance_Page"]["items"]["$ref"] == "#/components/schemas/finance_Row"


def test_contracts_are_read_where_there_are_some(tmp_path: Path) -> None:
    folder = tmp_path / "crm" / "contracts"
    folder.mkdir(parents=True)
    (folder / "http.json").write_text('{"paths": {}}')
    assert read_contracts(tmp_path, ["crm", "sales"]) == {"crm": {"paths": {}}}


def test_the_gateways_own_document_is_valid_and_every_route_names_its_roles(house: House) -> None:
    document = house.app.test_client().get("/openapi.json").json
    OpenAPIV31SpecValidator(document).validate()
    public = {
        path
        for path, item in document["paths"].items()
        for operation in item.values()
        if isinstance(operation, dict) and operation.get("security") == []
    }
    assert public == {f"/api/v1/auth/{word}" for word in ("login", "logout", "refresh", "session")}


def test_the_document_of_the_whole_system_is_valid(house: House, clock: ManualClock) -> None:
    services = Path(__file__).parents[2] / "services"
    if not list(services.glob("*/contracts/http.json")):
        pytest.skip("no contracts have been generated yet")
    whole = (
        build(house.database, clock, contracts_folder=services).app.test_client().get("/openapi.json").json
    )
    OpenAPIV31SpecValidator(whole).validate()


def test_the_page_loads_nothing_from_elsewhere(house: House) -> None:
    client = house.app.test_client()
    page = client.get("/docs")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "<script>" not in page.text
    assert "http" not in page.text.replace("http-equiv", "")
    for asset in ("swagger-ui.css", "swagger-ui-bundle.js", "index.css", "favicon-32x32.png", "start.js"):
        found = client.get(f"/docs/{asset}")
        assert found.status_code == 200
        assert f"/docs/{asset}" in page.text or asset.startswith("favicon")
    assert client.get("/docs/../app.py").status_code == 404
    assert client.get("/docs/oauth2-redirect.html").status_code == 404


def test_the_door_is_healthy_without_its_services(house: House) -> None:
    ready = house.app.test_client().get("/health/ready")
    assert (ready.status_code, json.loads(ready.data)["service"]) == (200, "gateway")


def test_of_two_descriptions_of_one_tag_the_first_stands() -> None:
    line = {"type": "string"}
    sales = _contract("/api/v1/orders", line) | {"tags": [{"name": "orders", "description": "Sales orders"}]}
    finance = _contract("/api/v1/invoices", line) | {
        "tags": [{"name": "orders", "description": "Billed orders"}]
    }
    merged = merge(OWN, {"sales": sales, "finance": finance})
    assert merged["tags"] == [{"name": "orders", "description": "Sales orders"}, {"name": "time-line"}]
