"""The command line: ``python -m meridian`` or, installed, ``meridian``."""

from __future__ import annotations

import click

from meridian.cli.classifier import classifier
from meridian.cli.dead import dead
from meridian.cli.demo import demo
from meridian.cli.importing import import_
from meridian.cli.local import local
from meridian.cli.mail import mail
from meridian.cli.operate import audit, keys, migrate, replay, topology
from meridian.cli.recommend import recommend
from meridian.cli.run import run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Meridian: from quotation to cash, one order, five services, nothing lost."""


for command in (
    run, demo, import_, audit, dead, topology, replay, keys, migrate, local, mail, recommend, classifier,
):  # fmt: skip
    main.add_command(command)
