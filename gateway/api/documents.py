"""One OpenAPI document of the whole system, merged from each service's contract and the gateway's own; pure."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gateway.clients.routing import BASE, route_of

Document = dict[str, Any]
_KINDS = ("schemas", "responses", "parameters")
API_KEY = "apiKey"


def merge(own: Document, contracts: Mapping[str, Document]) -> Document:
    """Return ``own`` with the paths of each service that the gateway passes on.

    Two services may name different things alike: a component that is not the same as one already there is
    renamed ``<service>_<name>``.
    """
    merged = copy.deepcopy(own)
    merged["info"] = {
        **own.get("info", {}),
        "title": "Meridian",
        "description": "Everything goes through the gateway. Log in at /api/v1/auth/login, or send X-API-Key.",
    }
    components = merged.setdefault("components", {})
    components.setdefault("securitySchemes", {})[API_KEY] = {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
    }
    merged["security"] = [{"bearer": []}, {API_KEY: []}]
    for service, contract in contracts.items():
        _add(merged, service, contract)
    _tags(merged, contracts)
    return merged


def _add(merged: Document, service: str, contract: Document) -> None:
    renamed = _renamed(merged["components"], service, contract.get("components", {}))
    mine = {path: item for path, item in contract.get("paths", {}).items() if _is_passed_on(path, service)}
    paths, components = _with_references((mine, contract.get("components", {})), renamed)
    for path, item in paths.items():
        merged["paths"].setdefault(path, {}).update(item)
    for kind in _KINDS:
        for name, component in components.get(kind, {}).items():
            new_name = renamed.get(f"#/components/{kind}/{name}", name).rpartition("/")[2]
            merged["components"].setdefault(kind, {}).setdefault(new_name, component)


def _is_passed_on(path: str, service: str) -> bool:
    route = route_of(path.removeprefix(f"{BASE}/")) if path.startswith(f"{BASE}/") else None
    return route is not None and route.service == service


def _renamed(known: Document, service: str, components: Document) -> dict[str, str]:
    """Return the references that must change, so that no name means two things.

    What refers to something that is renamed says something else then, and may have to be renamed as well.
    """
    found: dict[str, str] = {}
    while True:
        more = {
            f"#/components/{kind}/{name}": f"#/components/{kind}/{service}_{name}"
            for kind in _KINDS
            for name, component in components.get(kind, {}).items()
            if name in known.get(kind, {}) and known[kind][name] != _with_references(component, found)
        }
        if more.keys() <= found.keys():
            return found
        found |= more


def _with_references(node: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {
            name: renamed.get(value, value)
            if name == "$ref" and isinstance(value, str)
            else _with_references(value, renamed)
            for name, value in node.items()
        }
    if isinstance(node, list | tuple):
        return type(node)(_with_references(value, renamed) for value in node)
    return node


def _tags(merged: Document, contracts: Mapping[str, Document]) -> None:
    """Keep the tags that are used; of two descriptions of one tag the first stands."""
    used = {
        tag for item in merged["paths"].values() for operation in item.values() for tag in _tags_of(operation)
    }
    described: dict[str, Document] = {}
    for document in (merged, *contracts.values()):
        for tag in document.get("tags", []):
            described.setdefault(tag["name"], tag)
    merged["tags"] = [described.get(name, {"name": name}) for name in sorted(used)]


def _tags_of(operation: Any) -> Iterable[str]:
    return operation.get("tags", []) if isinstance(operation, dict) else []


def read_contracts(folder: Path, services: Iterable[str]) -> dict[str, Document]:
    """Return the OpenAPI document of each service that has one in ``folder/<service>/contracts/http.json``."""
    found = {}
    for service in services:
        path = folder / service / "contracts" / "http.json"
        if path.is_file():
            found[service] = json.loads(path.read_text(encoding="utf-8"))
    return found
