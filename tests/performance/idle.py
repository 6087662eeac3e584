"""The embedded system with nothing to do: how fast it starts, what it keeps, what it uses. And how fast it imports."""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from libs.common.testing.databases import postgres_is_up, postgres_url, run_as_superuser
from meridian.company import Company
from meridian.demo.child import ServingChild
from meridian.demo.gateway import Gateway
from meridian.importing.load import import_folder
from meridian.target import Target, embedded_target
from meridian.topography import STORES
from tests.performance import cpu
from tests.performance.company import write_company
from tests.performance.figures import rounded
from tests.performance.growth import LINES, write_past
from tests.performance.measure import machine

IDLE_S = 30.0
SETTLE_S = 5.0
ENGINES = ("sqlite", "postgresql")
STEPS = (("orders.csv", "order_lines.csv"), ("shipments.csv",), ("invoices.csv",), ("payments.csv",))


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
    """Import a tenth of ``orders`` of the past, then all, on each engine; return rates, and memory at both sizes.

    Each import is a process of its own, into a system that does not run, until every event is delivered.
    """
    by_engine = {}
    for engine in ENGINES if postgres_is_up() else ENGINES[:1]:
        by_engine[engine] = {
            str(size): _in_a_process(engine, home / f"{engine}-{size}", size, today)
            for size in (orders // 10, orders)
        }
    chosen = by_engine[ENGINES[0]][str(orders)]
    return {"orders": orders, **chosen, "engines": by_engine}


def _in_a_process(engine: str, home: Path, orders: int, today: date) -> dict[str, Any]:
    """Import in a process that has done nothing else: its memory is that of the import."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(import_once, engine, home, orders, today).result()


def import_once(engine: str, home: Path, orders: int, today: date) -> dict[str, Any]:
    """Import into a new system on ``engine``; return lines per second, CPU and the highest memory.

    Lines are *taken* when they are committed; the other rates count until every event is delivered too, which in
    the production shape the workers do.
    """
    with _a_system(engine, home) as target:
        Company(target).ensure(write_company(home / "company"), say=lambda _line: None)
        write_past(home / "past", 0, orders, today)
        _forget_peak()
        before = _peak_mib()
        cpu_s = time.process_time()
        seconds = {names[0].removesuffix(".csv"): _import(target, home, names) for names in STEPS}
        cpu_s = time.process_time() - cpu_s
        peak = _peak_mib()
    lines = orders * LINES
    wall = {name: step["seconds"] for name, step in seconds.items()}
    return {
        "order_lines_taken_per_s": rounded(lines / seconds["orders"]["taken_after_s"]),
        "order_lines_per_s": rounded(lines / wall["orders"]),
        "order_lines_per_cpu_s": rounded(lines / seconds["orders"]["cpu_s"]),
        "order_lines_per_s_with_all_that_followed": rounded(lines / sum(wall.values())),
        "cpu_ms_per_order": rounded(cpu_s * 1000 / orders),
        "before_mib": rounded(before),
        "peak_mib": rounded(peak),
        "steps": {
            name: {figure: rounded(value) for figure, value in step.items()} for name, step in seconds.items()
        },
    }


def _import(target: Target, home: Path, names: tuple[str, ...]) -> dict[str, float]:
    """Import some of the files of the past; return the seconds that it took, and those of CPU in this process."""
    part = home / f"part-{names[0]}"
    part.mkdir()
    for name in names:
        (home / "past" / name).rename(part / name)
    wall, used = time.monotonic(), time.process_time()
    taken: list[float] = []

    def say(line: str) -> None:
        if re.search(r"\d taken$", line):
            taken.append(time.monotonic() - wall)

    import_folder(target, part, passwords={}, skip_existing=False, say=say)
    return {
        "taken_after_s": taken[0],
        "seconds": time.monotonic() - wall,
        "cpu_s": time.process_time() - used,
    }


@contextmanager
def _a_system(engine: str, home: Path) -> Iterator[Target]:
    """Give an empty system without a broker, and remove the databases that it has on a server."""
    target = embedded_target(home)
    if engine == "sqlite":
        yield target
        return
    names = {store: f"meridian_bench_{os.getpid()}_{store}" for store in STORES}
    server = make_url(postgres_url())
    urls = {
        store: server.set(database=name).render_as_string(hide_password=False)
        for store, name in names.items()
    }
    try:
        for name in names.values():
            run_as_superuser(f'CREATE DATABASE "{name}"')
        yield replace(target, database_urls=urls)
    finally:
        for name in names.values():
            run_as_superuser(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _forget_peak() -> None:
    """Let the kernel count the highest memory of this process anew: setting a company up hashes passwords."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mib() -> float:
    """Return the most memory that this process has had since its peak was forgotten, in MiB."""
    (kib,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kib) / 1024
