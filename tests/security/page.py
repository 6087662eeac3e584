"""docs/reference/security.md and .json: what was sent, to what, on which machine, and what came back."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.security.judge import FORBIDDEN

_PACKAGES = ("flask", "werkzeug", "marshmallow", "waitress", "gunicorn", "schemathesis", "hypothesis")


def write_page(folder: Path, found: dict[str, Any]) -> None:
    """Write both files into ``folder``."""
    found = found | {"machine": machine()}
    text = json.dumps(found, indent=2, ensure_ascii=False)
    (folder / "security.json").write_text(text + "\n", encoding="utf-8")
    (folder / "security.md").write_text("\n".join(_lines(found)) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
    }


def _lines(found: dict[str, Any]) -> list[str]:
    corpus, runs, where = found["corpus"], found.get("schemathesis", []), found["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in where["packages"].items())
    memory = corpus["memory"]
    return [
        "# Hostile input, measured",
        "",
        (
            f"Written by `make security` on {where['when']}: {where['cores']} cores, {where['system']}, Python "
            f"{where['python']}; {packages}. Shape: {found['shape']}; seed {found['seed']}. What is sent and what is "
            "forbidden is explained in [hostile-input.md](../operations/hostile-input.md)."
        ),
        "",
        f"**{found['requests']:,} requests, {found['forbidden']} forbidden outcomes.**",
        "",
        "| group | requests |",
        "| --- | ---: |",
        *(f"| corpus, {group} | {count:,} |" for group, count in corpus["sent"].items()),
        *(f"| Schemathesis as {run['role']} | {run['requests']:,} |" for run in runs),
        "",
        "| forbidden outcome | seen |",
        "| --- | ---: |",
        *(f"| {kind} | {corpus['faults'].get(kind, 0)} |" for kind in FORBIDDEN),
        f"| rows moved and not explained by one request | {corpus['unexplained']} |",
        (
            f"| Schemathesis: 5xx, undocumented status or type, answer against its schema | "
            f"{sum(run['failures'] for run in runs)} |"
        ),
        "",
        f"Answers of the corpus by status: {', '.join(f'{n:,} x {s}' for s, n in corpus['statuses'].items())}.",
        f"The slowest took {corpus['slowest_s']} s (`{corpus['slowest']}`).",
        "",
        (
            f"Memory of the serving processes: {memory['warm_mib']} MiB after the first 2,000 requests, "
            f"{memory['end_mib']} MiB after the corpus, {found['memory_end_mib']} MiB at the end."
        ),
    ]
