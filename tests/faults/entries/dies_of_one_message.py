"""A worker that one message kills, each time that it is handled, until the handler is mended."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.envelope import Message
from libs.common.inbox import Receiver
from libs.common.inbox.receiver import Receipt
from libs.common.worker import process
from tests.faults.entries.common import Deaths, home, is_on, run_worker, setting
from tests.faults.outfit import SWITCHES

TYPE = setting("type")
SWITCH = setting("switch")


def _killer() -> str:
    """Return the id of the message that kills; empty until one has been chosen."""
    chosen = home() / SWITCHES / f"{SWITCH}-id"
    return chosen.read_text() if chosen.exists() else ""


class DiesOfOne(Receiver):
    """Handles everything else like any other."""

    def receive(self, batch: Sequence[Message]) -> Receipt:
        """Die of the chosen message; the first of its type is chosen."""
        if is_on(SWITCH):
            for message in batch:
                if message.type == TYPE and not _killer():
                    (home() / SWITCHES / f"{SWITCH}-id").write_text(message.id)
                if message.id == _killer():
                    Deaths.die()
        return super().receive(batch)


if __name__ == "__main__":
    process.Receiver = DiesOfOne  # type: ignore[attr-defined, misc]
    run_worker()
