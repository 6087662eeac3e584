"""What operators do: check, migrate, rotate keys, declare and verify the topology, replay history."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from libs.common.clock import SystemClock
from meridian.audit import audit as run_audit
from meridian.cli.options import resolve, target_option
from meridian.topography import SERVICES


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@target_option
def audit(as_json: bool, target: str, home: Path | None) -> None:
    """Check the invariants I1 to I14 over every service; exit 1 when one is violated."""
    report = run_audit(resolve(target, home).databases(), now=SystemClock().now())
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else report.as_text())
    if report.violations:
        sys.exit(1)


@click.command()
@target_option
def migrate(target: str, home: Path | None) -> None:
    """Bring every database up to date."""
    resolve(target, home).migrate()
    click.echo("every database is up to date")


@click.group()
def keys() -> None:
    """The keys that tokens are signed with."""


@keys.command()
@target_option
def rotate(target: str, home: Path | None) -> None:
    """Sign with a new key from now on; tokens of the old one stay valid until they expire."""
    from meridian.keys import rotate_keys

    click.echo(f"now signing with key {rotate_keys(resolve(target, home))}")
