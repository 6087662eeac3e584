"""Every kind of fault: those that run here, those of the gate, and those that cannot be run, each with its reason."""

from __future__ import annotations

from tests.faults.kinds import broker, processes
from tests.faults.kinds.base import Fault

KINDS: tuple[type[Fault], ...] = (
    *processes.KILL_WEBS,
    processes.WorkerBetweenCommitAndAck,
    processes.RelayBetweenPublishAndMark,
    processes.RelayDuringPublish,
    broker.BrokerKilled,
)
QUICK_IDS = ("F1", "F2", "F7", "F9")
NOT_RUN: dict[str, str] = {}


def find(name: str) -> type[Fault]:
    """Return the kind of that id; ``ValueError`` names those that there are."""
    for kind in KINDS:
        if kind.id == name:
            return kind
    raise ValueError(f"there is no fault {name}; there are {', '.join(kind.id for kind in KINDS)}")


QUICK: tuple[type[Fault], ...] = tuple(find(name) for name in QUICK_IDS)
