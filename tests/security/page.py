"""docs/reference/security.md and .json: what was sent, to what, on which machine, and what came back."""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.security.judge import FORBIDDEN
from tests.security.lane import ROUNDS

_PACKAGES = ("flask", "werkzeug", "marshmallow", "waitress", "gunicorn", "schemathesis", "hypothesis")
_HEAD = (
    "# Hostile input, measured",
    "",
    (
        "Written by `make security`. What is sent and what is forbidden is explained in "
        "[hostile-input.md](../operations/hostile-input.md)."
    ),
    "",
)


def write_page(folder: Path, found: dict[str, Any]) -> None:
    """Write both files into ``folder``; the last run of the other shape stays beside this one."""
    file = folder / "security.json"
    runs = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    runs[found["shape"]] = found | {"machine": machine()}
    file.write_text(json.dumps(runs, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = [*_HEAD, *(line for _, run in sorted(runs.items()) for line in _lines(run))]
    (folder / "security.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


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
    corpus, runs = found["corpus"], found["schemathesis"]
    return [
        f"## The {found['shape']} shape",
        "",
        _made(found),
        "",
        f"**{found['requests']:,} requests, {found['forbidden']} forbidden outcomes.**",
        "",
        "| group | requests |",
        "| --- | ---: |",
        *(f"| corpus, {group} | {count:,} |" for group, count in corpus["sent"].items()),
        *(f"| Schemathesis at {door} | {count:,} |" for door, count in _by_door(runs).items()),
        "",
        f"Schemathesis, at all doors: {_roles(runs)}; {found['left_out']} runs left out for want of time.",
        "",
        "| forbidden outcome | seen |",
        "| --- | ---: |",
        *(f"| {kind} | {corpus['faults'].get(kind, 0)} |" for kind in FORBIDDEN),
        f"| rows moved and not explained by one request | {corpus['unexplained']} |",
        (
            "| Schemathesis: 5xx, over 5 s, undocumented status or type, answer against its schema | "
            f"{sum(run['failures'] for run in runs)} |"
        ),
        f"| a process that grew by more than 50 MiB | {found['grown']} |",
        "",
        f"Answers of the corpus by status: {', '.join(f'{n:,} x {s}' for s, n in corpus['statuses'].items())}.",
        f"The slowest took {corpus['slowest_s']} s (`{corpus['slowest']}`).",
        "",
        "| process | MiB when every operation had been used | MiB at the end | grown by |",
        "| --- | ---: | ---: | ---: |",
        *map(_memory_line, found["memory"]),
        "",
    ]


def _made(found: dict[str, Any]) -> str:
    where = found["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in where["packages"].items())
    rounds = f"{found['corpus']['rounds']} of {ROUNDS} rounds of "
    share = "all of the corpus" if found["share"] is None else f"{found['share']} attacks per operation"
    return (
        f"Measured on {where['when']} in {found['seconds']:,} s: {where['cores']} cores, {where['system']}, Python "
        f"{where['python']}; {packages}; {rounds}{share}; seed {found['seed']}."
    )


def _by_door(runs: list[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for run in runs:
        counts[run["door"]] += run["requests"]
    return counts


def _roles(runs: list[dict[str, Any]]) -> str:
    counts: Counter[str] = Counter()
    for run in runs:
        counts[run["role"]] += run["requests"]
    return ", ".join(f"{count:,} as {role}" for role, count in counts.items()) or "not run"


def _memory_line(each: dict[str, Any]) -> str:
    name = f"{each['process']} (lane {each['lane']})"
    warm, end = each["warm_mib"], each["end_mib"]
    return f"| {name} | {warm} | {end} | {end - warm:.1f} |"
