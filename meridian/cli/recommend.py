"""``meridian recommend``: what recommendations would have hit in a past that is known."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from meridian.backtest import Backtest, BadLines, read_lines
from meridian.backtest import backtest as run_backtest

_NAMES = {
    "new": "what the customer had not bought before (cross-sell)",
    "again": "what he had bought before",
    "basket": "each thing of a basket, hidden once, from the rest of it",
}
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def recommend() -> None:
    """Recommendations: how good they are."""


@recommend.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="A CSV file, or its folder: InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID.",
)
@click.option(
    "--taught-until", type=_DAY, default="2011-04-30", show_default=True, help="The last day to learn from."
)
@click.option(
    "--judged-until", type=_DAY, default="2011-05-31", show_default=True, help="The last day to judge by."
)
@click.option(
    "--k", type=click.IntRange(1, 100), default=10, show_default=True, help="How many things are named."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backtest(data: Path, taught_until: datetime, judged_until: datetime, k: int, as_json: bool) -> None:
    """Learn until one day, judge by the days after it, and stand beside naming what is most popular."""
    try:
        read = read_lines(data)
    except BadLines as problem:
        raise click.ClickException(str(problem)) from None
    found = run_backtest(read.lines, taught_until.date(), judged_until.date(), k)
    if as_json:
        click.echo(json.dumps(asdict(found), default=str))
        return
    click.echo(
        f"{len(read.lines)} lines count; left out: {read.anonymous} of nobody, {read.not_sold} cancelled or free, "
        f"{read.charges} charges"
    )
    click.echo("\n".join(_told(found)))


def _told(found: Backtest) -> list[str]:
    first = (
        f"learnt from {found.taught_lines} lines until {found.taught_until}, judged by {found.judged_lines} until "
        f"{found.judged_until}, of {found.customers} customers known by then"
    )
    told = [first]
    for question, scores in found.scores.items():
        told.append(f"{_NAMES[question]}:")
        ours = scores["ours"]
        for name, score in scores.items():
            factor = ours.hit_rate / score.hit_rate if score.hit_rate else 0.0
            told.append(
                f"  {name:18} hit@{found.k} {score.hits}/{score.asked} = {score.hit_rate:.4f}"
                f"  recall@{found.k} {score.recall:.4f}  ours is {factor:.2f} times that"
            )
    return told
