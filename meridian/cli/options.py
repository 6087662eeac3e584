"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from libs.common.db import Database
from meridian.target import DEFAULT_HOME, LOCAL_HOME, Target, embedded_target, load_target


def target_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--target`` and ``--home``; ``resolve`` makes a ``Target`` of the two."""
    command = click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help=f"Where the system's files are. [default: {DEFAULT_HOME}, or {LOCAL_HOME} for --target local]",
    )(command)
    return click.option(
        "--target",
        type=click.Choice(["embedded", "local"]),
        default="embedded",
        show_default=True,
        help="embedded: one process on SQLite; local: the production shape on this machine.",
    )(command)


def open_databases(target: str, home: Path | None) -> dict[str, Database]:
    """Return the databases of the system that ``--target`` and ``--home`` name; they close with the command."""
    databases = resolve(target, home).databases()
    for database in databases.values():
        click.get_current_context().call_on_close(database.close)
    return databases


def resolve(target: str, home: Path | None) -> Target:
    """Return the system that ``--target`` and ``--home`` name."""
    if target == "local":
        folder = home or Path(LOCAL_HOME)
        try:
            return load_target(folder)
        except FileNotFoundError:
            raise click.ClickException(
                f"nothing is running from {folder}; start it with: make up-local"
            ) from None
    return embedded_target(home or Path(DEFAULT_HOME))
