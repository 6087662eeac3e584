"""``meridian run``: the embedded system, serving."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType

import click

from libs.common.observability import configure_logging
from meridian.company import Company
from meridian.target import DEFAULT_HOME, embedded_target


@click.command()
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), default=Path(DEFAULT_HOME), show_default=True
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option(
    "--company", type=click.Path(path_type=Path, exists=True), help="Load this folder into a new system."
)
@click.option("--empty", is_flag=True, help="Start a new system without the example company.")
@click.option("--quiet", is_flag=True, help="Do not print the logins.")
def run(home: Path, host: str, port: int, company: Path | None, empty: bool, quiet: bool) -> None:
    """Start the embedded system and leave it serving; a new one is filled with the example company."""
    from meridian.embedded import EmbeddedSystem, Serving

    configure_logging("meridian", level="WARNING")
    target = embedded_target(home, host=host, port=port)
    arrived = Company(target).ensure(None if empty else company, say=click.echo)
    serving = Serving(EmbeddedSystem(target), host=host, port=port)
    address = f"http://{host}:{serving.port}"
    click.echo(f"Meridian serves at {address}")
    click.echo(f"API page: {address}/docs")
    for login in [] if quiet else arrived:
        click.echo(f"  {login.username:20} {login.password:20} {login.roles}")
    click.echo("Stop with Ctrl-C.")
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        serving.run()
    except KeyboardInterrupt:
        click.echo("stopped")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
