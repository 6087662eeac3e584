"""Every kind of fault: those that run here, those of the gate, and those that cannot be run, each with its reason."""

from __future__ import annotations

from tests.faults.kinds import broker, controls, copies, database, edge, links, messages, processes, times
from tests.faults.kinds.base import Fault

KINDS: tuple[type[Fault], ...] = (
    *processes.KILL_WEBS,
    processes.WorkerBetweenCommitAndAck,
    processes.RelayBetweenPublishAndMark,
    processes.RelayDuringPublish,
    edge.GatewayEnds,
    broker.BrokerKilled,
    broker.BrokerAway,
    broker.MemoryAlarm,
    broker.DiskAlarm,
    broker.BrokerFrozen,
    controls.BrokerHangsAndDies,
    broker.QueueRefuses,
    broker.BindingMissing,
    broker.ExchangeMissing,
    database.PostgresKilled,
    database.OneDatabaseAway,
    database.OldSnapshot,
    database.PostgresFrozen,
    database.SessionsTerminated,
    database.DiskFull,
    links.BrokerPartition,
    links.DatabasePartition,
    links.GatewayPartition,
    links.SlowLink,
    links.LateConfirms,
    messages.ThreeTimes,
    messages.Shuffled,
    messages.SlowConsumer,
    messages.LongerThanTheBrokerWaits,
    database.CommitsRefused,
    messages.Poison,
    messages.HandlerFails,
    processes.KillerMessage,
    messages.NewerPublisher,
    times.TimersAtOnce,
    times.ClockSkew,
    copies.TwoOfEach,
    copies.LeasesStolen,
    copies.RollingRestart,
    copies.RestoredFromBackup,
    messages.ReplayWhileLive,
    copies.ParticipantSilent,
    controls.WithoutConfirms,
    controls.AckBeforeCommit,
    controls.WithoutInbox,
)
# Those that leave the processes as they are come first: the change of clothes costs a restart.
QUICK_IDS = ("F1", "F2", "F9", "F10", "F17", "F20", "F7")
NOT_RUN: dict[str, str] = {
    "cluster": "partition of a three-node broker: this runs on one node; quorum queues of one node are what is tested",
    "embedded": "kill -9 of the embedded system: tests/e2e/test_recovery.py and the simulator do that without servers",
    "webhooks": "an endpoint that fails or hangs: there are no webhooks yet",
}


def find(name: str) -> type[Fault]:
    """Return the kind of that id; ``ValueError`` names those that there are."""
    for kind in KINDS:
        if kind.id == name:
            return kind
    raise ValueError(f"there is no fault {name}; there are {', '.join(kind.id for kind in KINDS)}")


QUICK: tuple[type[Fault], ...] = tuple(find(name) for name in QUICK_IDS)
