"""``meridian demo``: load the example company, replay its orders through the gateway, and check the result."""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

import click

from libs.common.clock import SystemClock
from meridian.audit import audit
from meridian.audit.keeping import keep
from meridian.cli.options import resolve, target_option
from meridian.cli.progress import progress
from meridian.company import Company, Login
from meridian.demo.child import ServingChild
from meridian.demo.history import PastOrder, read_history
from meridian.demo.replay import Logins, Replay
from meridian.demo.scenario import SCENARIOS, Scenario
from meridian.demo.summary import summarise
from meridian.target import Target
from meridian.topography import GATEWAY

DEMO_HOME = "var/demo"
_FINISHED = "finished"


@click.command()
@target_option
@click.option(
    "--scenario",
    "name",
    type=click.Choice(list(SCENARIOS)),
    default="northwind",
    show_default=True,
    help="; ".join(f"{each.name}: {each.what}" for each in SCENARIOS.values()),
)
@click.option("--orders", default=0, help="Replay only the first N orders; 0 means all.")
def demo(target: str, home: Path | None, name: str, orders: int) -> None:
    """Replay the orders of a real company through the HTTP API, then audit every service.

    A replay that was cut off is taken up where it stood; a finished embedded one starts afresh.
    """
    started = time.monotonic()
    embedded = target == "embedded"
    scenario = SCENARIOS[name]
    system = resolve(target, home or (Path(DEMO_HOME) / name if embedded else None))
    if embedded:
        _start_afresh(system.home)
    company = Company(system)
    if company.came_from() not in (None, scenario.company):
        raise click.ClickException(
            f"{system.home} holds another company: {company.came_from()}; name another --home"
        )
    logins = company.ensure(scenario.company, say=click.echo)
    history = read_history(scenario.replay)[: orders or None]
    if embedded:
        with ServingChild(system.home, say=click.echo) as child:
            _replay(system, child.address, logins, scenario, history, started)
            (system.home / _FINISHED).touch()
    else:
        _replay(system, system.gateway_url, logins, scenario, history, started)


def _start_afresh(home: Path) -> None:
    if (home / _FINISHED).exists():
        shutil.rmtree(home)
        home.mkdir(parents=True)


def _replay(
    system: Target,
    address: str,
    logins: list[Login],
    scenario: Scenario,
    history: list[PastOrder],
    started: float,
) -> None:
    clock = SystemClock()
    replay = Replay(
        address,
        Logins({login.username: login.password for login in logins}),
        scenario,
        history,
        today=clock.now().date(),
    )
    click.echo(f"replaying {len(history)} orders through {address}")
    with progress(len(replay.acts), "quotations, shipments, payments") as step:
        replay.run(step)
    replay.settle()
    with system.opened() as databases:
        began_at = clock.now()
        report = audit(databases, now=began_at)
        keep(databases[GATEWAY], report, began_at)
    summary, lines = summarise(
        replay.admin,
        scenario,
        events=report.events,
        violations=report.violations,
        seconds=time.monotonic() - started,
    )
    click.echo()
    click.echo("\n".join(lines))
    if report.violations:
        click.echo(report.as_text())
    click.echo(json.dumps(summary.as_json()))
    if report.violations:
        sys.exit(1)
