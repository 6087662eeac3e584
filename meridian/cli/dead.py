"""``meridian dead``: what could not be handled, why, and what to do about it; every act is written down."""

from __future__ import annotations

import getpass
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from libs.common.db import Database
from libs.common.errors import NotFound
from libs.common.inbox import dead as parked
from meridian.cli.options import open_databases, target_option
from meridian.topography import SERVICES

LISTED = 1000
_service = click.option("--service", type=click.Choice(SERVICES), help="Only this service's.")
_reason = click.option("--reason", required=True, help="Why; it is kept with the act.")


@click.group()
def dead() -> None:
    """Messages that are parked or dead: list, show, retry, edit, discard."""


@dead.command("list")
@_service
@click.option(
    "--state", type=click.Choice(["retry", "dead"]), help="Only those still tried, or only the dead."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@target_option
def list_(service: str | None, state: str | None, as_json: bool, target: str, home: Path | None) -> None:
    """List parked and dead messages, oldest first."""
    found = 0
    for name, database in _databases(target, home, service):
        with database.reading() as connection:
            for message in parked.list_parked(connection, state=state, limit=LISTED):
                found += 1
                click.echo(_line(name, message, as_json))
    if not as_json:
        click.echo(f"{found} messages")


def _line(service: str, message: parked.ParkedMessage, as_json: bool) -> str:
    if as_json:
        return json.dumps({"service": service, **_plain(message)}, ensure_ascii=False)
    return (
        f"{message.id} {service:13} {message.state:5} {message.attempts:3} {message.type:40} "
        f"{message.reason}: {(message.error or '')[:80]}"
    )


def _plain(message: parked.ParkedMessage) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | str | None) else str(value)
        for name, value in vars(message).items()
    }


@dead.command()
@click.argument("message_id")
@target_option
def show(message_id: str, target: str, home: Path | None) -> None:
    """Show one message with its envelope and its error."""
    _, database = _holder(target, home, message_id)
    with database.reading() as connection:
        click.echo(json.dumps(_plain(parked.show(connection, message_id)), ensure_ascii=False, indent=2))


@dead.command()
@click.argument("message_id")
@_reason
@target_option
def retry(message_id: str, reason: str, target: str, home: Path | None) -> None:
    """Try a message again now; those that wait behind it follow in order."""
    _, database = _holder(target, home, message_id)
    database.transact(lambda tx: parked.retry(tx, message_id, _order(reason)))
    click.echo(f"{message_id} will be tried again")


@dead.command()
@click.argument("message_id")
@click.argument("data", type=click.File(encoding="utf-8"))
@_reason
@target_option
def edit(message_id: str, data: Any, reason: str, target: str, home: Path | None) -> None:
    """Replace a message's data by the JSON in DATA ('-' for standard input) and try it again."""
    changed = json.load(data)
    _, database = _holder(target, home, message_id)
    database.transact(lambda tx: parked.edit(tx, message_id, changed, _order(reason)))
    click.echo(f"{message_id} was changed and will be tried again")


@dead.command()
@click.argument("message_id")
@_reason
@target_option
def discard(message_id: str, reason: str, target: str, home: Path | None) -> None:
    """Give a message up for good; what it was is kept with the act."""
    _, database = _holder(target, home, message_id)
    database.transact(lambda tx: parked.discard(tx, message_id, _order(reason)))
    click.echo(f"{message_id} was discarded")


def _order(reason: str) -> parked.Order:
    return parked.Order(actor=getpass.getuser(), reason=reason)


def _databases(target: str, home: Path | None, service: str | None) -> list[tuple[str, Database]]:
    databases = open_databases(target, home)
    return [(name, databases[name]) for name in SERVICES if service in (None, name)]


def _holder(target: str, home: Path | None, message_id: str) -> tuple[str, Database]:
    for name, database in _databases(target, home, None):
        with database.reading() as connection, suppress(NotFound):
            parked.show(connection, message_id)
            return name, database
    raise click.ClickException(f"no service holds a message {message_id}; see: meridian dead list")
