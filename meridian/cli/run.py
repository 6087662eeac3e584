"""``meridian run``: the embedded system, serving."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import click

from libs.common.memory import keep_what_is_loaded, loading
from libs.common.observability import configure_logging
from meridian.company import NORTHWIND, STARTER, Company
from meridian.home_lock import HomeTaken, alone_in
from meridian.target import DEFAULT_HOME, Target, embedded_target


@click.command()
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), default=Path(DEFAULT_HOME), show_default=True
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option(
    "--company",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=NORTHWIND / "company",
    show_default="the example company",
    help="What a new system is filled with, in the import format.",
)
@click.option("--empty", is_flag=True, help="Start a new system with an administrator and nothing else.")
@click.option("--quiet", is_flag=True, help="Do not print the logins.")
@click.option(
    "--until-stdin-closes", is_flag=True, hidden=True, help="End with the process that started this one."
)
def run(
    home: Path, host: str, port: int, company: Path, empty: bool, quiet: bool, until_stdin_closes: bool
) -> None:
    """Start the embedded system and leave it serving; a new one is filled with the example company."""
    configure_logging("meridian", level="WARNING")
    signal.signal(signal.SIGTERM, _interrupt)
    if until_stdin_closes:
        threading.Thread(target=_end_with_parent, name="watch-parent", daemon=True).start()
    try:
        with alone_in(home):
            _serve(embedded_target(home, host=host, port=port), STARTER if empty else company, quiet=quiet)
    except HomeTaken as taken:
        raise click.ClickException(str(taken)) from None
    except KeyboardInterrupt:
        click.echo("stopped")


def _serve(target: Target, company: Path, *, quiet: bool) -> None:
    with loading():
        from meridian.embedded import EmbeddedSystem, Serving

    logins = Company(target).ensure(company, say=click.echo)
    host, _, port = target.gateway_url.removeprefix("http://").rpartition(":")
    serving = Serving(EmbeddedSystem(target), host=host, port=int(port))
    address = f"http://{host}:{serving.port}"
    click.echo(f"Meridian serves at {address}")
    click.echo(f"API page: {address}/docs")
    for login in [] if quiet else logins:
        click.echo(f"  {login.username:20} {login.password:20} {login.roles}")
    click.echo("Stop with Ctrl-C.")
    keep_what_is_loaded()
    serving.run()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end_with_parent() -> None:
    """Stop when the other end of standard input is gone: nobody is left to stop this process."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
