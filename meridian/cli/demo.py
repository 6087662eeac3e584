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
from meridian.cli.options import resolve, target_option
from meridian.cli.progress import progress
from meridian.company import NORTHWIND, Company, Login
from meridian.demo.child import ServingChild
from meridian.demo.history import PastOrder, read_history
from meridian.demo.replay import Logins, Replay, schedule
from meridian.demo.summary import summarise
from meridian.target import Target

DEMO_HOME = "var/demo"
_FINISHED = "finished"


@click.command()
@target_option
@click.option("--orders", default=0, help="Replay only the first N orders; 0 means all.")
def demo(target: str, home: Path | None, orders: int) -> None:
    """Replay the Northwind company's 830 orders through the HTTP API, then audit every service.

    A replay that was cut off is taken up where it stood; a finished embedded one starts afresh.
    """
    started = time.monotonic()
    embedded = target == "embedded"
    system = resolve(target, home or (Path(DEMO_HOME) if embedded else None))
    if embedded:
        _start_afresh(system.home)
    logins = Company(system).ensure(NORTHWIND / "company", say=click.echo)
    history = read_history(NORTHWIND / "replay")[: orders or None]
    if embedded:
        with ServingChild(system.home, say=click.echo) as child:
            _replay(system, child.address, logins, history, started)
            (system.home / _FINISHED).touch()
    else:
        _replay(system, system.gateway_url, logins, history, started)


def _start_afresh(home: Path) -> None:
    if (home / _FINISHED).exists():
        shutil.rmtree(home)
        home.mkdir(parents=True)


def _replay(
    system: Target, address: str, logins: list[Login], history: list[PastOrder], started: float
) -> None:
    clock = SystemClock()
    replay = Replay(
        address,
        Logins({login.username: login.password for login in logins}),
        history,
        today=clock.now().date(),
    )
    click.echo(f"replaying {len(history)} orders through {address}")
    with progress(len(schedule(history)), "quotations, shipments, payments") as step:
        outcome = replay.run(step)
    replay.settle()
    with system.opened() as databases:
        report = audit(databases, now=clock.now())
    summary, lines = summarise(
        replay.admin,
        outcome,
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
