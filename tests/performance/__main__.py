"""``python -m tests.performance``: the benchmarks. Each prints what it does and ends with one line of JSON."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from libs.common.clock import SystemClock
from tests.performance import results
from tests.performance.growth import Past, growth
from tests.performance.hot import hot
from tests.performance.idle import idle, import_rate
from tests.performance.large import large
from tests.performance.measure import Window, machine, versions
from tests.performance.o2c import Looking, Plan, audited, closed_loop
from tests.performance.overload import Storm, overload
from tests.performance.profiles import FORMATS, Profiles
from tests.performance.rounds import beside, in_turn
from tests.performance.statements import PRELOAD, Statements
from tests.performance.sustained import Endurance, sustained
from tests.performance.system import PREFIX, SHAPES, System, home_of, running
from tests.performance.views import pages

DATA = Path("/var/tmp")  # on a disk by convention, unlike /tmp
F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Bench:
    """One benchmark: where it runs, and what becomes of its result."""

    name: str
    shape: str
    data: Path
    write: bool
    in_flight: int
    before: dict[str, Any] = field(default_factory=machine)

    def __post_init__(self) -> None:
        self.home = home_of(self.name)

    @contextmanager
    def system(self, settings: dict[str, str] | None = None) -> Iterator[tuple[System, dict[str, Any]]]:
        """Start the system; give it, and what is to be said about it in the result."""
        with running(self.shape, self.home, self.data, click.echo, settings) as system:
            with system.target.opened() as databases:
                about = {"shape": self.shape, "in_flight": self.in_flight, "versions": versions(databases)}
            yield system, about | {"machine": self.before}

    def finish(self, found: dict[str, Any]) -> None:
        """Remove what the run left, keep the result if wanted, and print it as the last line."""
        shutil.rmtree(self.home, ignore_errors=True)
        if self.write:
            results.keep(self.name if self.shape == "production" else f"{self.name}-{self.shape}", found)
        click.echo(json.dumps(found))


def bench_options(command: F) -> F:
    """Add the options that every benchmark has."""
    kind = click.Path(path_type=Path, file_okay=False)
    for option in (
        click.option("--shape", type=click.Choice(SHAPES), default="production", show_default=True),
        click.option(
            "--data", type=kind, default=DATA, show_default=True, help="The servers' data; on a disk."
        ),
        click.option("--write", is_flag=True, help="Keep the result in docs/reference/performance."),
        click.option("--in-flight", default=64, show_default=True, help="Cycles under way at once."),
    ):
        command = option(command)
    return command


@click.group()
def main() -> None:
    """Measure Meridian."""
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # a server that is being started refuses at first


@main.command("o2c")
@bench_options
@click.option("--warm-up", default=15.0, show_default=True, help="Least seconds before the first window.")
@click.option("--seconds", default=75.0, show_default=True, help="Length of each window.")
@click.option(
    "--runs", default=1, show_default=True, help="Rounds, each a window of the system and one of the floor."
)
@click.option("--wait", default=0, show_default=True, help="Seconds of Prefer: wait on accept.")
@click.option("--no-floor", is_flag=True, help="Leave the floor out.")
@click.option("--breakdown", is_flag=True, help="Print the CPU of each process.")
@click.option("--statements", is_flag=True, help="Print the statements that a cycle sends to PostgreSQL.")
@click.option("--profile", multiple=True, help="Look into a process, such as sales-web; may be given again.")
@click.option("--profile-format", type=click.Choice(sorted(FORMATS)), default="flamegraph", show_default=True)
def o2c_command(
    no_floor: bool, breakdown: bool, statements: bool, profile: tuple[str, ...], profile_format: str, **options: Any
) -> None:  # fmt: skip
    """Order to cash, closed loop, with the floor in the same run."""
    plan = Plan(
        options["in_flight"], options.pop("warm_up"), options.pop("seconds"), options.pop("runs"), options.pop("wait")
    )  # fmt: skip
    bench = Bench("o2c", **options)

    def opened() -> AbstractContextManager[tuple[System, dict[str, Any]]]:
        return bench.system(PRELOAD if statements else None)

    def looking() -> Looking:
        counted = Statements(os.environ["MERIDIAN_POSTGRES_URL"], PREFIX) if statements else None
        return Looking(Profiles(profile, profile_format) if profile else None, counted)

    floor: dict[str, Any] | None = None
    if no_floor or bench.shape == "embedded":
        with opened() as (system, about):
            measured = closed_loop(system, plan, click.echo, looking=looking())
    else:
        measured, floor, about = in_turn(opened, plan, bench.home, click.echo, looking)
    if breakdown:
        click.echo(table(measured.windows[-1]))
    bench.finish(summary(measured.as_json(), floor) | about)


@main.command("growth")
@bench_options
@click.option(
    "--sizes",
    default="0,20000,200000",
    show_default=True,
    help="Past orders, in turn; times 2000.",
)
@click.option("--seconds", default=60.0, show_default=True, help="Length of each window.")
@click.option("--runs", default=1, show_default=True, help="Windows at each size.")
def growth_command(sizes: str, seconds: float, runs: int, **options: Any) -> None:
    """The same load and pages in an empty and in a full database."""
    bench = Bench("growth", **options)
    wanted = [int(size) for size in sizes.split(",")]
    with bench.system() as (system, about):
        past = Past(system, bench.home, SystemClock().now().date(), click.echo)
        plan = Plan(bench.in_flight, window_s=seconds, runs=runs)
        with closing(past):
            found = growth(system, wanted, plan, past, click.echo)
    bench.finish(found | about)


@main.command("overload")
@bench_options
@click.option("--times", default=5.0, show_default=True, help="How many times the highest rate arrives.")
@click.option("--seconds", default=120.0, show_default=True, help="How long, of which 30 s are the rise.")
def overload_command(times: float, seconds: float, **options: Any) -> None:
    """Far more than can be done: what is refused, how fast, and what becomes of the rest."""
    bench = Bench("overload", **options)
    with bench.system() as (system, about):
        found = overload(system, Plan(bench.in_flight, window_s=45.0), Storm(times, seconds), click.echo)
    bench.finish(found | about)


@main.command("sustained")
@bench_options
@click.option("--minutes", default=10.0, show_default=True, help="How long.")
@click.option("--share", default=0.7, show_default=True, help="Of the highest rate.")
@click.option("--looks", default=1.0, show_default=True, help="Looks per second at each page.")
def sustained_command(minutes: float, share: float, looks: float, **options: Any) -> None:
    """Steady work for minutes, with people looking at pages: errors, memory, times."""
    bench = Bench("sustained", **options)
    with bench.system() as (system, about):
        plan = Plan(bench.in_flight, window_s=45.0)
        found = sustained(system, plan, Endurance(minutes, share, looks), click.echo)
    bench.finish(found | about)


@main.command("hot")
@bench_options
@click.option("--seconds", default=45.0, show_default=True, help="Length of each window.")
def hot_command(seconds: float, **options: Any) -> None:
    """Everybody wants the same item, everybody is one customer, an order of a thousand lines."""
    bench = Bench("hot", **options)
    with bench.system() as (system, about):
        found = hot(system, Plan(bench.in_flight, window_s=seconds), click.echo)
    bench.finish(found | about)


@main.command("large")
@bench_options
@click.option("--seconds", default=45.0, show_default=True, help="Length of the usual load's window.")
def large_command(seconds: float, **options: Any) -> None:
    """Orders of a thousand lines beside orders of three."""
    bench = Bench("large", **options)
    with bench.system() as (system, about):
        found = large(system, Plan(bench.in_flight, window_s=seconds), click.echo)
    bench.finish(found | about)


@main.command("views")
@bench_options
@click.option("--orders", default=20_000, show_default=True, help="Orders of the past; times 2000.")
def views_command(orders: int, **options: Any) -> None:
    """Every list, dashboard and the customer's page over a full database: times, CPU, and that page by its calls."""
    bench = Bench("views", **options)
    with bench.system() as (system, about):
        past = Past(system, bench.home, SystemClock().now().date(), click.echo)
        with closing(past):
            found = {"past_orders": orders, "import": past.grow(orders), "pages": pages(system)}
        with system.target.opened() as databases:
            found["audit_violations"] = audited(databases, click.echo)
    bench.finish(found | about)


@main.command("idle")
@click.option("--orders", default=10_000, show_default=True, help="Orders of the past to import.")
@click.option("--write", is_flag=True, help="Keep the result in docs/reference/performance.")
def idle_command(orders: int, write: bool) -> None:
    """The embedded system with nothing to do, and how fast it imports."""
    bench = Bench("idle", "production", DATA, write, 0)
    found = idle(bench.home / "idle", click.echo)
    found["import"] = import_rate(bench.home / "import", orders, SystemClock().now().date())
    bench.finish(found | {"machine": bench.before})


@main.command("page")
def page_command() -> None:
    """Write the page of results anew, from the results that are kept."""
    results.write_page(results.read_all(), results.FOLDER)


def summary(found: dict[str, Any], floor: dict[str, Any] | None) -> dict[str, Any]:
    """Return the last line's object: the figures that matter first."""
    names = ("cycles_per_s", "cpu_ms_per_cycle")
    first: dict[str, Any] = {name: found[name] for name in names}
    if floor is not None:
        first |= {f"floor_{name}": floor[name] for name in names} | beside(found, floor)
    return first | {name: found[name] for name in found if name not in first} | {"floor": floor}


def table(window: Window) -> str:
    """Return the CPU of each process as text."""
    costs = sorted(window.cpu_ms.items(), key=lambda cost: -cost[1])
    return "\n".join(f"{name:22} {window.per_cycle(ms) or 0.0:8.1f} ms per cycle" for name, ms in costs)


if __name__ == "__main__":
    main()
