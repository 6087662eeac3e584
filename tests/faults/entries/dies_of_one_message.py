"""A worker that one message kills, each time that it is handled, until the handler is mended."""

from __future__ import annotations

from typing import Any

from libs.common.inbox import receiver
from tests.faults.entries.common import Deaths, home, is_on, run_worker, setting
from tests.faults.outfit import SWITCHES

TYPE = setting("type")
SWITCH = setting("switch")
_run = receiver._run


def _killer() -> str:
    """Return the id of the message that kills; empty until one has been chosen."""
    chosen = home() / SWITCHES / f"{SWITCH}-id"
    return chosen.read_text() if chosen.exists() else ""


def _dies_of_one(tx: Any, message: Any, calls: Any) -> None:
    """Die of the chosen message; the first of its type is chosen."""
    if is_on(SWITCH):
        if message.type == TYPE and not _killer():
            (home() / SWITCHES / f"{SWITCH}-id").write_text(message.id)
        if message.id == _killer():
            Deaths.die()
    _run(tx, message, calls)


if __name__ == "__main__":
    receiver._run = _dies_of_one
    run_worker()
