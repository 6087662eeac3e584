"""``meridian dead``: what could not be handled, why, and what to do about it; every act is written down."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from libs.common.errors import MeridianError
from libs.common.inbox.dead import Order
from meridian.cli.options import open_databases, resolve, target_option
from meridian.dead_letters import DeadLetters, Letter
from meridian.topography import SERVICES

_service = click.option("--service", type=click.Choice(SERVICES), help="Only this service's.")
_reason = click.option("--reason", required=True, help="Why; it is kept with the act.")


@click.group()
def dead() -> None:
    """Messages that are parked, or dead on the broker: list, show, retry, edit, discard."""


@dead.command("list")
@_service
@click.option(
    "--state", type=click.Choice(["retry", "dead"]), help="Only those still tried, or only the dead."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@target_option
def list_(service: str | None, state: str | None, as_json: bool, target: str, home: Path | None) -> None:
    """List what is parked in the services' databases and what the broker gave up, oldest first."""
    found = 0
    with _told():
        for letter in _letters(target, home).list(service, state):
            found += 1
            click.echo(_json(letter) if as_json else _line(letter))
    if not as_json:
        click.echo(f"{found} messages")


def _line(letter: Letter) -> str:
    attempts = "-" if letter.attempts is None else letter.attempts
    return (
        f"{letter.id} {letter.service:13} {letter.store:6} {letter.state:5} {attempts:>3} {letter.type:40} "
        f"{letter.trouble[:100]}"
    )


def _json(letter: Letter, **layout: int) -> str:
    about = {"service": letter.service, "store": letter.store, "state": letter.state}
    return json.dumps(about | letter.figures, ensure_ascii=False, **layout)  # type: ignore[arg-type]


@dead.command()
@click.argument("message_id")
@_service
@target_option
def show(message_id: str, service: str | None, target: str, home: Path | None) -> None:
    """Show one message with its envelope and its error."""
    with _found(target, home, message_id, service) as (_, letter):
        click.echo(_json(letter, indent=2))


@dead.command()
@click.argument("message_id")
@_service
@_reason
@target_option
def retry(message_id: str, service: str | None, reason: str, target: str, home: Path | None) -> None:
    """Try a message again now; those that wait behind it follow in order."""
    with _found(target, home, message_id, service) as (letters, letter):
        letters.retry(letter, _order(reason))
    click.echo(f"{message_id} will be tried again")


@dead.command()
@click.argument("message_id")
@click.argument("data", type=click.File(encoding="utf-8"))
@_service
@_reason
@target_option
def edit(
    message_id: str, data: Any, service: str | None, reason: str, target: str, home: Path | None
) -> None:
    """Replace a parked message's data by the JSON in DATA ('-' for standard input) and try it again."""
    changed = json.load(data)
    with _found(target, home, message_id, service) as (letters, letter):
        letters.edit(letter, changed, _order(reason))
    click.echo(f"{message_id} was changed and will be tried again")


@dead.command()
@click.argument("message_id")
@_service
@_reason
@target_option
def discard(message_id: str, service: str | None, reason: str, target: str, home: Path | None) -> None:
    """Give a message up for good; what it was is kept with the act."""
    with _found(target, home, message_id, service) as (letters, letter):
        letters.discard(letter, _order(reason))
    click.echo(f"{message_id} was discarded")


def _order(reason: str) -> Order:
    return Order(actor=getpass.getuser(), reason=reason)


def _letters(target: str, home: Path | None) -> DeadLetters:
    return DeadLetters(resolve(target, home), open_databases(target, home))


@contextmanager
def _told() -> Iterator[None]:
    """Tell what cannot be done, with its cure."""
    try:
        yield
    except MeridianError as problem:
        raise click.ClickException(f"{problem}; {problem.cure}" if problem.cure else str(problem)) from None


@contextmanager
def _found(
    target: str, home: Path | None, message_id: str, service: str | None
) -> Iterator[tuple[DeadLetters, Letter]]:
    """Give both stores and the message in them."""
    letters = _letters(target, home)
    with _told():
        yield letters, letters.find(message_id, service)
