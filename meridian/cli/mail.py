"""``meridian mail take``: take in mail that a server has put into files."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from libs.common.db import Database
from libs.common.errors import MeridianError
from libs.common.ids import unguessable_id
from meridian.cli.options import open_databases, resolve, target_option
from services.service_desk.settings import read_attachments_folder
from services.service_desk.use_cases.enclose import vault_in
from services.service_desk.use_cases.take_mail import MailRoom, take_mail

BY = "mail"


@click.group()
def mail() -> None:
    """Mail that customers write to the service desk."""


@mail.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, readable=True))
@target_option
def take(paths: tuple[Path, ...], target: str, home: Path | None) -> None:
    """Take in .eml files, or all in a folder; what was taken before stays as it was. Exit 1 when one is refused."""
    zone = ZoneInfo(resolve(target, home).zone)
    desk = open_databases(target, home)["service_desk"]
    became: Counter[str] = Counter()
    for path in files_of(paths):
        try:
            state = take_file(desk, path, zone)
        except MeridianError as refused:
            state = "refused"
            click.echo(f"{path.name}: {refused.message}", err=True)
        became[state] += 1
    click.echo(", ".join(f"{count} {state}" for state, count in sorted(became.items())) or "no mail")
    if became["refused"]:
        sys.exit(1)


def files_of(paths: tuple[Path, ...]) -> list[Path]:
    """Return the files that are meant: those named, and the .eml files of the folders named, in order of name."""
    return [file for path in paths for file in (sorted(path.glob("*.eml")) if path.is_dir() else [path])]


def take_file(desk: Database, path: Path, zone: ZoneInfo) -> str:
    """Take one mail in, in a transaction of its own, and return what became of it."""
    raw, vault = path.read_bytes(), vault_in(read_attachments_folder())
    kept = desk.transact(
        lambda tx: take_mail(tx, raw, MailRoom(BY, tx.now.astimezone(zone).date(), vault, unguessable_id))
    )
    return kept.state
