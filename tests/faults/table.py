"""The table of runs: as data, as a page, and as lines on a terminal."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

DATA = "faults.json"
PAGE = "faults.md"
_INVARIANT = re.compile(r"I\d+\b")


@dataclass(frozen=True)
class Row:
    """What one run showed. ``violations`` says in words what must not be; a control must have some."""

    fault: str
    says: str
    control: bool
    seed: int
    orders: int
    ended: dict[str, int] = field(default_factory=dict)
    blows: int = 0
    requests: int = 0
    retries: int = 0
    handled: int = 0
    duplicates: int = 0
    parked: int = 0
    restarts: int = 0
    heal_s: float = 0.0
    settle_s: float = 0.0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    on: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether the run showed what it should: nothing wrong, or, as a control, a broken invariant."""
        broken = [text for text in self.violations if _INVARIANT.match(text)]
        return bool(broken) if self.control else not self.violations

    @property
    def result(self) -> str:
        """Say it in a word."""
        if self.control:
            return "lost, as it must" if self.passed else "CONTROL SAW NOTHING"
        return "ok" if self.passed else "FAILED"


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "postgresql": _said("postgres", "--version").rpartition(") ")[2].partition(" ")[0] or "unknown",
        "rabbitmq": _said("rabbitmqctl", "version") or "unknown",
        "packages": {name: version(name) for name in ("SQLAlchemy", "psycopg", "kombu", "pika", "gunicorn")},
    }


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return ""
    return (done.stdout.strip() or " ").splitlines()[-1].strip()


def merge(earlier: Iterable[Mapping[str, Any]], rows: Iterable[Row]) -> list[Row]:
    """Return the rows of earlier runs with ``rows`` in the place of those of the same fault and seed."""
    found = {(row["fault"], row["seed"]): Row(**row) for row in earlier}
    found |= {(row.fault, row.seed): row for row in rows}
    return sorted(found.values(), key=lambda row: (row.control, _natural(row.fault), row.seed))


def _natural(name: str) -> tuple[str, int, str]:
    letters = name.rstrip("0123456789abcdefghijklmnopqrstuvwxyz")
    digits = "".join(sign for sign in name[len(letters) :] if sign.isdigit())
    return letters, int(digits or 0), name


def write(folder: Path, rows: Iterable[Row], reasons: Mapping[str, str]) -> list[Row]:
    """Write data and page into ``folder``; runs of other faults that are there already are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / DATA
    earlier = json.loads(data.read_text(encoding="utf-8"))["runs"] if data.exists() else []
    whole = merge(earlier, rows)
    document = {"machine": machine(), "runs": [asdict(row) for row in whole], "not_run": dict(reasons)}
    data.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / PAGE).write_text(page(whole, document["machine"], reasons), encoding="utf-8")
    return whole


def page(rows: list[Row], about: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    """Return the page that shows the runs."""
    runs = [row for row in rows if not row.control]
    controls = [row for row in rows if row.control]
    lines = [
        "# Fault runs",
        "",
        "Written by `make faults`; how it is run and read: [operations/faults.md](../operations/faults.md).",
        "",
        _counted(runs, controls),
        "",
        _told(about),
        "",
        *_table(runs),
        "",
        "## Controls: must lose",
        "",
        "The same run over a system with one safeguard taken out. It has to see the loss; otherwise its silence above",
        "would mean nothing.",
        "",
        *_table(controls),
        "",
        *_remarks(rows),
        *_reasons(reasons),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _counted(runs: list[Row], controls: list[Row]) -> str:
    both = runs + controls
    days = sorted({row.on for row in both if row.on})
    orders, blows = sum(row.orders for row in both), sum(row.blows for row in runs)
    violations, failed = sum(len(row.violations) for row in runs), sum(not row.passed for row in both)
    when = " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "no day"
    return (
        f"{when}: {len(runs)} runs and {len(controls)} controls, {orders} orders, {blows} blows, "
        f"{violations} violations, {failed} not as wanted."
    )


def _told(about: Mapping[str, Any]) -> str:
    return (
        f"{about['cores']} cores, {about['memory_gib']} GiB, Linux {about['kernel']}, Python {about['python']}, "
        f"PostgreSQL {about['postgresql']} (fsync on), RabbitMQ {about['rabbitmq']}."
    )


_HEAD = (
    "fault", "what happens", "seed", "orders", "blows", "retries", "duplicates", "restarts", "heal s",
    "violations", "result",
)  # fmt: skip


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.fault, row.says, str(row.seed), str(row.orders), str(row.blows), str(row.retries), str(row.duplicates),
        str(row.restarts), f"{row.heal_s:.1f}", str(len(row.violations)), row.result,
    )  # fmt: skip


def _table(rows: list[Row]) -> list[str]:
    if not rows:
        return ["None yet."]
    head = ["| " + " | ".join(_HEAD) + " |", "|---|---|" + "---:|" * 8 + "---|"]
    return head + ["| " + " | ".join(_cells(row)) + " |" for row in rows]


def _remarks(rows: list[Row]) -> list[str]:
    found = [
        f"- {row.fault}, seed {row.seed}: {text}"
        for row in rows
        for text in (*row.notes, *(f"violation: {each}" for each in row.violations))
    ]
    return ["## Remarks", "", *found, ""] if found else []


def _reasons(reasons: Mapping[str, str]) -> list[str]:
    if not reasons:
        return []
    return ["## Not run, and why", "", *(f"- {name}: {why}" for name, why in reasons.items())]


def line(row: Row) -> str:
    """Return a run as one line for a terminal."""
    return (
        f"{row.fault:<5} seed {row.seed:<3} {row.orders:>5} orders {row.blows:>4} blows {row.retries:>6} retries "
        f"{row.duplicates:>6} duplicates  heal {row.heal_s:>5.1f} s  {len(row.violations):>2} violations  "
        f"{row.seconds:>6.1f} s  {row.result}"
    )


def dated(row: Row, today: date) -> Row:
    """Return the row with the day on which it was made."""
    return Row(**(asdict(row) | {"on": today.isoformat()}))
