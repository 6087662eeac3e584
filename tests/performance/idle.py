"""The embedded system with nothing to do: how fast it starts, what it keeps, what it uses. And how fast it imports."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

from meridian.company import Company
from meridian.demo.child import ServingChild
from meridian.demo.gateway import Gateway
from meridian.target import embedded_target
from tests.performance import cpu
from tests.performance.company import write_company
from tests.performance.figures import rounded
from tests.performance.growth import LINES, write_past
from tests.performance.measure import machine

IDLE_S = 30.0
SETTLE_S = 5.0


def idle(home: Path, say: Any) -> dict[str, Any]:
    """Start a prepared system, let it be, and return start time, memory and CPU."""
    target = embedded_target(home)
    Company(target).ensure(write_company(home / "company"), say=lambda _line: None)
    started = time.monotonic()
    with ServingChild(home, say=say) as child:
        Gateway(child.address).wait_until_ready()
        start_s = time.monotonic() - started
        assert child._process is not None
        roots = {"meridian": child._process.pid}
        time.sleep(SETTLE_S)
        before = cpu.by_family(roots, cpu.snapshot())
        time.sleep(IDLE_S)
        now = cpu.snapshot()
        used = cpu.spent(before, cpu.by_family(roots, now))["meridian"]
        resident = cpu.memory(roots, now)["meridian"]
    return {
        "start_s": rounded(start_s),
        "resident_mib": rounded(resident / 1024 / 1024),
        "percent_of_a_core": rounded(used / IDLE_S / 10),
        "machine": machine(),
    }


def import_rate(home: Path, orders: int, today: date) -> dict[str, Any]:
    """Import orders of the past into an embedded system that does not run; return lines per second by step."""
    from meridian.importing.load import import_folder

    target = embedded_target(home)
    Company(target).ensure(write_company(home / "company"), say=lambda _line: None)
    folder = home / "past"
    write_past(folder, 0, orders, today)
    parts: dict[str, float] = {}
    own = time.process_time()
    for names in (
        ("orders.csv", "order_lines.csv"),
        ("shipments.csv",),
        ("invoices.csv",),
        ("payments.csv",),
    ):
        part = home / f"part-{names[0]}"
        part.mkdir()
        for name in names:
            (folder / name).rename(part / name)
        started = time.monotonic()
        import_folder(target, part, passwords={}, skip_existing=False, say=lambda _line: None)
        parts[names[0].removesuffix(".csv")] = time.monotonic() - started
    lines = orders * LINES
    cpu_ms = (time.process_time() - own) * 1000
    return {
        "orders": orders,
        "cpu_ms_per_order": rounded(cpu_ms / orders),
        "order_lines_per_s": rounded(lines / parts["orders"]),
        "order_lines_per_s_with_all_that_followed": rounded(lines / sum(parts.values())),
        "seconds": {name: rounded(seconds) for name, seconds in parts.items()},
    }
