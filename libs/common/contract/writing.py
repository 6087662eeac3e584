"""Writing a service's contracts beside its code: one file per message, one for its HTTP API."""

from __future__ import annotations

import importlib
import json
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from libs.common.contract.compat import compat
from libs.common.contract.schemas import contract_of
from libs.common.db import Database
from libs.common.envelope import declared_in
from libs.common.web import SigningKeys, document_of


class BreakingChange(Exception):
    """The new contract would break those who read the old one."""


def write_contracts(package: str, *, replace: bool = False) -> list[Path]:
    """Write the contracts of the importable ``package`` and return the files that changed, sorted.

    Files of messages that no longer exist are removed. A change that breaks a subscriber within a major version
    is refused with ``BreakingChange``, unless ``replace`` says that nobody has seen the old one yet.
    """
    folder = _folder(package) / "contracts"
    wanted = {folder / "events" / f"{name}.json": body for name, body in message_contracts(package).items()}
    document = http_document(package)
    if document is not None:
        wanted[folder / "http.json"] = document
    if not replace:
        _refuse_breaking(folder, wanted)
    changed = [path for path, body in wanted.items() if _write(path, body)]
    stale = [path for path in _existing(folder) if path not in wanted]
    for path in stale:
        path.unlink()
    return sorted(changed + stale)


def message_contracts(package: str) -> dict[str, dict[str, Any]]:
    """Return the contract of every message that ``package``.events declares, by type."""
    events = _module(f"{package}.events")
    if events is None:
        return {}
    return {name: contract_of(cls) for name, cls in declared_in(events).items()}


def http_document(package: str) -> dict[str, Any] | None:
    """Return the OpenAPI document of ``package``.app; None when it has no web process.

    The application is made by ``create_app(database, keys)``, or its module offers ``openapi_document()``.
    """
    app = _module(f"{package}.app")
    if app is None:
        return None
    if hasattr(app, "openapi_document"):
        found: dict[str, Any] = app.openapi_document()
        return found
    database = Database("sqlite://", service=package.rpartition(".")[2])
    try:
        return document_of(app.create_app(database, SigningKeys.fresh().verifier()))
    finally:
        database.close()


def _module(name: str) -> ModuleType | None:
    return importlib.import_module(name) if find_spec(name) else None


def _folder(package: str) -> Path:
    return Path(next(iter(importlib.import_module(package).__path__)))


def _existing(folder: Path) -> list[Path]:
    return [*sorted((folder / "events").glob("*.json")), *folder.glob("http.json")]


def _refuse_breaking(folder: Path, wanted: dict[Path, dict[str, Any]]) -> None:
    faults: list[str] = []
    for path in sorted((folder / "events").glob("*.json")):
        if path in wanted:
            old = json.loads(path.read_text(encoding="utf-8"))
            faults.extend(f"{path.stem}: {fault}" for fault in compat(old, wanted[path]))
    if faults:
        raise BreakingChange("\n".join(faults))


def _write(path: Path, body: dict[str, Any]) -> bool:
    text = json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True
