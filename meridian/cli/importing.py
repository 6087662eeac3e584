"""``meridian import``: bring a company in from CSV files."""

from __future__ import annotations

from pathlib import Path

import click

from meridian.cli.options import resolve, target_option


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--templates", is_flag=True, help="Write a template of every file, and the guide, into FOLDER instead."
)
@click.option("--check", is_flag=True, help="Only read and check the files; write nothing.")
@click.option(
    "--skip-existing",
    is_flag=True,
    help="Pass over rows that are there already instead of refusing the file.",
)
@target_option
def import_(
    folder: Path, templates: bool, check: bool, skip_existing: bool, target: str, home: Path | None
) -> None:
    """Load customers, items, prices, stock, past documents and tickets from the CSV files in FOLDER.

    Every bad cell is named by line and column, and then nothing is taken. What the system itself refuses undoes the
    500 documents that it stands among; what was taken before stays and is told.
    """
    from meridian.importing.checking import check_folder
    from meridian.importing.load import import_folder
    from meridian.importing.problems import Refused
    from meridian.importing.progress import Progress
    from meridian.importing.spool import NoRoom
    from meridian.importing.templates import write_templates

    if templates:
        for path in write_templates(folder):
            click.echo(f"wrote {path}")
        return
    try:
        if check:
            check_folder(folder, Progress(click.echo))
        else:
            system = resolve(target, home)
            system.migrate()
            import_folder(system, folder, passwords={}, skip_existing=skip_existing, say=click.echo)
    except NoRoom as no_room:
        raise click.ClickException(str(no_room)) from None
    except Refused as refused:
        click.echo(str(refused), err=True)
        raise click.ClickException(refused.summary) from None
