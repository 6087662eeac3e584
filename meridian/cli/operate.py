"""What operators do: check, migrate, rotate keys, declare and verify the topology, replay history."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from gateway.auth.keys import rotate_keys
from libs.common.clock import SystemClock
from libs.common.messaging.replay import Selection
from meridian.audit import audit as run_audit
from meridian.audit.keeping import keep
from meridian.cli.options import open_databases, resolve, target_option
from meridian.topography import GATEWAY, SERVICES


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@target_option
def audit(as_json: bool, target: str, home: Path | None) -> None:
    """Check the invariants I1 to I16 over every service; exit 1 when one is violated.

    What was found is kept, and shown to administrators by the console.
    """
    databases, began_at = open_databases(target, home), SystemClock().now()
    report = run_audit(databases, now=began_at)
    keep(databases[GATEWAY], report, began_at)
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
@click.option(
    "--signing-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The private keys, if not the target's.",
)
@click.option(
    "--public-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The public keys, if not the target's.",
)
@target_option
def rotate(signing_file: Path | None, public_file: Path | None, target: str, home: Path | None) -> None:
    """Sign with a new key from now on; tokens of the old one stay valid until they expire."""
    system = resolve(target, home)
    key_id = rotate_keys(signing_file or system.signing_keys, public_file or system.token_keys)
    click.echo(f"now signing with key {key_id}")


@click.group()
def topology() -> None:
    """Exchanges, queues, bindings and limits on the broker."""


@topology.command()
@target_option
def apply(target: str, home: Path | None) -> None:
    """Declare what is missing."""
    from meridian.broker import NoBroker, apply_topology

    try:
        done = apply_topology(resolve(target, home))
    except NoBroker as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("\n".join(done) or "nothing was missing")


@topology.command()
@target_option
def verify(target: str, home: Path | None) -> None:
    """Show what differs from the description; exit 1 when something does."""
    from meridian.broker import NoBroker, verify_topology

    try:
        differences = verify_topology(resolve(target, home))
    except NoBroker as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("\n".join(differences) or "as described")
    if differences:
        sys.exit(1)


@click.command()
@click.argument("source", type=click.Choice(SERVICES))
@click.argument("subscriber", type=click.Choice(SERVICES))
@click.option("--type", "types", multiple=True, help="Only this message type; may be given several times.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Only from this time on (UTC)."
)
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Only before this time (UTC)."
)
@click.option("--aggregate", help="Only this document's messages.")
@click.option("--per-second", default=500, show_default=True, help="At most so many a second.")
@target_option
def replay(
    source: str,
    subscriber: str,
    types: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    aggregate: str | None,
    per_second: int,
    target: str,
    home: Path | None,
) -> None:
    """Send SOURCE's history again to SUBSCRIBER alone; what it has applied already it skips."""
    from meridian.broker import replay_history

    chosen = Selection(types, _utc(since), _utc(until), aggregate)
    sent = replay_history(resolve(target, home), source, subscriber, chosen, per_second)
    click.echo(f"{sent} messages sent to {subscriber}")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
