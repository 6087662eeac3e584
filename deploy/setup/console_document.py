"""Writes the OpenAPI document of the whole system, from the committed contracts, for the console's typed client.

python -m deploy.setup.console_document FILE
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway.api import documents
from gateway.settings import SERVICES

_ROOT = Path(__file__).resolve().parents[2]
_SCHEMAS = "#/components/schemas/"


def main() -> None:
    """Merge the gateway's contract with those of the services, as the gateway itself does."""
    own = json.loads((_ROOT / "gateway" / "contracts" / "http.json").read_text(encoding="utf-8"))
    merged = documents.merge(own, documents.read_contracts(_ROOT / "services", SERVICES))
    _say_what_answers_hold(merged)
    Path(sys.argv[1]).write_text(json.dumps(merged), encoding="utf-8")


def _say_what_answers_hold(document: dict[str, Any]) -> None:
    """Mark every field of what is only ever answered as there: the schemas say it of requests alone."""
    schemas = document["components"]["schemas"]
    operations = [
        each for item in document["paths"].values() for each in item.values() if isinstance(each, dict)
    ]
    asked = _reached([each.get("requestBody") for each in operations], schemas)
    for name in _reached([each.get("responses") for each in operations], schemas) - asked:
        if "properties" in schemas[name]:
            schemas[name]["required"] = sorted(schemas[name]["properties"])


def _reached(roots: list[Any], schemas: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    open_ends = list(roots)
    while open_ends:
        for name in set(_names(open_ends.pop())) - found:
            found.add(name)
            open_ends.append(schemas[name])
    return found


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if str(node.get("$ref", "")).startswith(_SCHEMAS):
            yield node["$ref"].removeprefix(_SCHEMAS)
        for each in node.values():
            yield from _names(each)
    elif isinstance(node, list):
        for each in node:
            yield from _names(each)


if __name__ == "__main__":
    main()
