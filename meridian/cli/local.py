"""``meridian local``: the production shape on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from meridian.target import LOCAL_HOME

_home = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(LOCAL_HOME),
    show_default=True,
    help="Where process ids, logs and keys are kept.",
)


@click.group()
def local() -> None:
    """The production shape as processes of this machine, over PostgreSQL and RabbitMQ."""


@local.command()
@_home
def up(home: Path) -> None:
    """Start what does not run yet; return once everything is ready."""
    from meridian.local.control import NotReady, up
    from meridian.local.servers import ServerMissing

    try:
        target = up(home, click.echo)
    except (NotReady, ServerMissing) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"Meridian serves at {target.gateway_url} (API page: {target.gateway_url}/docs)")


@local.command()
@_home
@click.option("--purge", is_flag=True, help="Also remove the databases and the virtual host.")
def down(home: Path, purge: bool) -> None:
    """Stop every process that 'up' started."""
    from meridian.local.control import down

    down(home, click.echo, purge=purge)


@local.command()
@_home
def status(home: Path) -> None:
    """Show each process, and whether it runs."""
    from meridian.local.processes import Processes

    processes = Processes(home)
    for name in processes.names():
        click.echo(f"{'up  ' if processes.alive(name) else 'DOWN'} {name} {processes.pid(name) or ''}")
