"""A worker whose handlers fail for some aggregates while it is told to."""

from __future__ import annotations

import zlib
from typing import Any

from libs.common.inbox import receiver
from tests.faults.entries.common import is_on, run_worker, setting

ONE_IN = int(setting("one_in", "8"))
_run = receiver._run


def _chokes(tx: Any, message: Any, calls: Any) -> None:
    if zlib.crc32(message.partition_key.encode()) % ONE_IN == 0 and is_on(setting("switch")):
        raise RuntimeError("the handler is broken for this aggregate")
    _run(tx, message, calls)


if __name__ == "__main__":
    receiver._run = _chokes
    run_worker()
