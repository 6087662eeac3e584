"""The results that are kept: one JSON file per benchmark, and the page that is made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from meridian.topography import ROOT
from tests.performance.page import write_page as write_page

FOLDER = ROOT / "docs" / "reference" / "performance"


def keep(name: str, found: dict[str, Any], folder: Path = FOLDER) -> None:
    """Write a benchmark's result down, and the page anew."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    write_page(read_all(folder), folder)


def read_all(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Return every result that was kept."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
