"""Showing how far slow work has come: a bar on a terminal, a line at each tenth in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

TENTHS = 10


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many of ``length`` steps were done since it was last told."""
    if sys.stdout.isatty():
        with click.progressbar(length=length, label=label) as bar:
            yield bar.update
    else:
        yield _lines(length, label)


def _lines(length: int, label: str) -> Callable[[int], None]:
    done = 0

    def step(count: int) -> None:
        nonlocal done
        before, done = done, done + count
        if before * TENTHS // length != done * TENTHS // length:
            click.echo(f"{label}: {done} of {length}")

    return step
