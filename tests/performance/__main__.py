"""``python -m tests.performance``: the benchmarks. Each prints what it does and ends with one line of JSON."""

from __future__ import annotations

import json
import logging
import os
import shutil
from pathlib import Path
from typing import Any

import click

from libs.common.clock import SystemClock
from tests.performance import growth as full
from tests.performance import overload as storms
from tests.performance.figures import ratio
from tests.performance.floor import measure_floor
from tests.performance.measure import Window, machine, versions
from tests.performance.o2c import Looking, Plan, closed_loop
from tests.performance.profiles import FORMATS, Profiles
from tests.performance.statements import PRELOAD, Statements
from tests.performance.system import PREFIX, SHAPES, home_of, running

DATA = Path("/var/tmp")  # on a disk by convention, unlike /tmp


@click.group()
def main() -> None:
    """Measure Meridian."""
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # a server that is being started refuses at first


shape_option = click.option(
    "--shape", type=click.Choice(SHAPES), default="production", show_default=True, help="Which of the two."
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DATA,
    show_default=True,
    help="Where the servers of the benchmark keep their data; on a disk.",
)


@main.command()
@shape_option
@data_option
@click.option("--in-flight", default=64, show_default=True, help="Cycles under way at once.")
@click.option("--warm-up", default=15.0, show_default=True, help="Least seconds before the first window.")
@click.option("--seconds", default=75.0, show_default=True, help="Length of each window.")
@click.option("--runs", default=1, show_default=True, help="Windows, of the system and of the floor.")
@click.option("--wait", default=0, show_default=True, help="Seconds of Prefer: wait on accept.")
@click.option("--no-floor", is_flag=True, help="Leave the floor out.")
@click.option("--breakdown", is_flag=True, help="Print the CPU of each process.")
@click.option("--statements", is_flag=True, help="Print the statements that a cycle sends to PostgreSQL.")
@click.option("--profile", multiple=True, help="Look into a process, such as sales-web; may be given again.")
@click.option("--profile-format", type=click.Choice(sorted(FORMATS)), default="flamegraph", show_default=True)
def o2c(shape: str, data: Path, no_floor: bool, breakdown: bool, statements: bool, **options: Any) -> None:
    """Order to cash, closed loop, with the floor in the same run."""
    home, before = home_of("o2c"), machine()
    plan = Plan(
        options["in_flight"], options["warm_up"], options["seconds"], options["runs"], options["wait"]
    )
    profiles = Profiles(options["profile"], options["profile_format"]) if options["profile"] else None
    floor = None
    with running(shape, home, data, click.echo, PRELOAD if statements else None) as system:
        counted = Statements(os.environ["MERIDIAN_POSTGRES_URL"], PREFIX) if statements else None
        measured = closed_loop(system, plan, click.echo, looking=Looking(profiles, counted))
        with system.target.opened() as databases:
            about = {"versions": versions(databases), "machine": before}
        if measured.recipe is not None and not no_floor:
            system.stop_services()
            floor = measure_floor(measured.recipe, plan, system.servers, home, click.echo)
    if breakdown:
        click.echo(table(measured.windows[-1]))
    what = {"shape": shape, "in_flight": plan.in_flight}
    finish(home, summary(measured.as_json(), floor) | what | about)


@main.command()
@shape_option
@data_option
@click.option(
    "--in-flight", default=64, show_default=True, help="Cycles under way at once, for the highest rate."
)
@click.option("--times", default=5.0, show_default=True, help="How many times the highest rate arrives.")
@click.option("--seconds", default=90.0, show_default=True, help="How long.")
def overload(shape: str, data: Path, in_flight: int, times: float, seconds: float) -> None:
    """Far more than can be done: what is refused, how fast, and what becomes of the rest."""
    home, before = home_of("overload"), machine()
    with running(shape, home, data, click.echo) as system:
        found = storms.overload(
            system, Plan(in_flight, window_s=45.0), storms.Storm(times, seconds), click.echo
        )
        with system.target.opened() as databases:
            about = {"shape": shape, "versions": versions(databases), "machine": before}
    finish(home, found | about)


@main.command()
@shape_option
@data_option
@click.option(
    "--sizes", default="0,20000,200000", show_default=True, help="Orders of the past, one after another."
)
@click.option("--in-flight", default=64, show_default=True, help="Cycles under way at once.")
@click.option("--seconds", default=60.0, show_default=True, help="Length of each window.")
@click.option("--runs", default=1, show_default=True, help="Windows at each size.")
def growth(shape: str, data: Path, sizes: str, in_flight: int, seconds: float, runs: int) -> None:
    """The same load and pages in an empty and in a full database."""
    home, before = home_of("growth"), machine()
    wanted = [int(size) for size in sizes.split(",")]
    with running(shape, home, data, click.echo) as system:
        past = full.Past(system, home, SystemClock().now().date(), click.echo)
        found = full.growth(system, wanted, Plan(in_flight, window_s=seconds, runs=runs), past, click.echo)
        with system.target.opened() as databases:
            about = {"shape": shape, "versions": versions(databases), "machine": before}
    finish(home, found | about)


def summary(found: dict[str, Any], floor: dict[str, Any] | None) -> dict[str, Any]:
    """Return the last line's object: the figures that matter first."""
    first: dict[str, Any] = {"cycles_per_s": found["cycles_per_s"]}
    if floor is not None:
        first["floor_cycles_per_s"] = floor["cycles_per_s"]
        first["ratio"] = ratio(found["cycles_per_s"], floor["cycles_per_s"])
    first["cpu_ms_per_cycle"] = found["cpu_ms_per_cycle"]
    if floor is not None:
        first["floor_cpu_ms_per_cycle"] = floor["cpu_ms_per_cycle"]
        first["cpu_ratio"] = ratio(floor["cpu_ms_per_cycle"], found["cpu_ms_per_cycle"])
    return first | {name: found[name] for name in found if name not in first} | {"floor": floor}


def table(window: Window) -> str:
    """Return the CPU of each process as text."""
    costs = sorted(window.cpu_ms.items(), key=lambda cost: -cost[1])
    return "\n".join(f"{name:22} {window.per_cycle(ms) or 0.0:8.1f} ms per cycle" for name, ms in costs)


def finish(home: Path, found: dict[str, Any]) -> None:
    """Remove what the run left and print its last line."""
    shutil.rmtree(home, ignore_errors=True)
    click.echo(json.dumps(found))


if __name__ == "__main__":
    main()
