"""``meridian classifier``: learn anew what tickets are about, and say how well that works."""

from __future__ import annotations

from pathlib import Path

import click

from meridian.cli.options import open_databases, target_option
from services.service_desk.jobs.learn_routing import learn_routing
from services.service_desk.reports.routing import classifier_report


@click.group()
def classifier() -> None:
    """What was learnt of tickets, by which those without a kind are routed."""


@classifier.command()
@target_option
def train(target: str, home: Path | None) -> None:
    """Learn from the tickets of which people said what they are about, and tell how well."""
    database = open_databases(target, home)["service_desk"]
    learnt = learn_routing(database)
    found = database.read(classifier_report)
    click.echo(f"version {found.version} was learnt" if learnt else "there is nothing more to learn from")
    click.echo(
        f"{found.right} of {found.judged} that it had not seen were told rightly; "
        f"{found.taught} examples, {found.learnt_from} of them tickets"
    )
