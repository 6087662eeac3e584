"""``python -m tests.performance``: the benchmarks. Each prints what it does and ends with one line of JSON."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from typing import Any

import click

from tests.performance.figures import ratio
from tests.performance.floor import measure_floor
from tests.performance.measure import machine, versions
from tests.performance.o2c import Plan, closed_loop
from tests.performance.system import SHAPES, home_of, running

DATA = Path("/var/tmp")  # on a disk by convention, unlike /tmp


@click.group()
def main() -> None:
    """Measure Meridian."""
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # a server that is being started refuses at first


_shape = click.option("--shape", type=click.Choice(SHAPES), default="production", show_default=True)
_data = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=DATA, show_default=True,
    help="Where the servers of the benchmark keep their data; on a disk.",
)  # fmt: skip


@main.command()
@_shape
@_data
@click.option("--in-flight", default=64, show_default=True, help="Cycles under way at once.")
@click.option("--warm-up", default=15.0, show_default=True, help="Seconds before the first window.")
@click.option("--seconds", default=75.0, show_default=True, help="Length of each window.")
@click.option("--runs", default=1, show_default=True, help="Windows.")
@click.option("--wait", default=0, show_default=True, help="Seconds of Prefer: wait on accept.")
def o2c(shape: str, data: Path, in_flight: int, warm_up: float, seconds: float, runs: int, wait: int) -> None:
    """Order to cash, closed loop, with the floor in the same run."""
    home = home_of("o2c")
    before = machine()
    with running(shape, home, data, click.echo) as system:
        plan = Plan(in_flight, warm_up, seconds, runs, wait)
        measured = closed_loop(system, plan, click.echo)
        with system.target.opened() as databases:
            about = {"versions": versions(databases), "machine": before}
        floor = None
        if measured.recipe is not None:
            system.stop_services()
            floor = measure_floor(measured.recipe, plan, system.servers, home, click.echo)
    finish(home, summary({"shape": shape, "in_flight": in_flight}, measured.as_json(), floor) | about)


def summary(what: dict[str, Any], found: dict[str, Any], floor: dict[str, Any] | None) -> dict[str, Any]:
    """Return the last line's object: the figures that matter first."""
    first: dict[str, Any] = {"cycles_per_s": found["cycles_per_s"]}
    if floor is not None:
        first["floor_cycles_per_s"] = floor["cycles_per_s"]
        first["ratio"] = ratio(found["cycles_per_s"], floor["cycles_per_s"])
    first["cpu_ms_per_cycle"] = found["cpu_ms_per_cycle"]
    if floor is not None:
        first["floor_cpu_ms_per_cycle"] = floor["cpu_ms_per_cycle"]
        first["cpu_ratio"] = ratio(floor["cpu_ms_per_cycle"], found["cpu_ms_per_cycle"])
    return first | what | {name: found[name] for name in found if name not in first} | {"floor": floor}


def finish(home: Path, found: dict[str, Any]) -> None:
    """Remove what the run left and print its last line."""
    shutil.rmtree(home, ignore_errors=True)
    click.echo(json.dumps(found))


if __name__ == "__main__":
    main()
