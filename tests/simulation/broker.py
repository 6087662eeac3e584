"""The broker: it confirms, refuses or falls silent, delivers again what was not acknowledged, and what it likes twice.

The relay is the production one; this stands where its publisher talks to RabbitMQ. What a broker with one active
consumer per queue can do is done, and nothing else: messages of different aggregates overtake each other, those of
one come first in order, and any of them may come again later. Only a command that became a dead letter of the broker,
and was sent again by an operator, comes after its successors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from libs.common.envelope import Message
from libs.common.inbox import Receipt
from libs.common.messaging.pending import PendingRow
from libs.common.messaging.publisher import LinkDown, Settlement
from libs.common.messaging.relay import Relay
from libs.common.outbox import SHARDS
from meridian.topography import SERVICES
from meridian.wiring import wanted_types
from tests.simulation.plant import Plant
from tests.simulation.sabotage import ACKNOWLEDGEMENT, CONFIRMS

MOST_KEPT = 40


@dataclass(frozen=True)
class Copy:
    """One copy of a message in a queue; ``again`` when the queue had it before."""

    message: Message
    again: bool = False

    @property
    def stream(self) -> tuple[str, str]:
        """What the order is kept within."""
        return (self.message.source, self.message.partition_key)

    def __str__(self) -> str:
        again = " again" if self.again else ""
        return f"{self.message.type.removesuffix('.v1')} #{self.message.sequence}{again}"


class _AllShards:
    def held(self) -> tuple[int, ...]:
        return tuple(range(SHARDS))

    def release(self) -> None:
        """Nothing is leased here."""


class Broker:
    """The queues of all services, and what happens on the way into and out of them."""

    def __init__(self, plant: Plant, *, without: str | None = None) -> None:
        self.plant = plant
        self.queues: dict[str, list[Copy]] = {service: [] for service in SERVICES}
        self.delivered: dict[str, list[Message]] = {service: [] for service in SERVICES}
        self.trouble = 0.0
        self.rng = Random(0)
        self.set_aside: dict[str, list[Copy]] = {service: [] for service in SERVICES}
        self._acknowledges_first = without == ACKNOWLEDGEMENT
        self._trusts = without == CONFIRMS
        self._wanted = {service: frozenset(types) for service, types in wanted_types().items()}

    def relay(self, service: str, rng: Random, trouble: float) -> str:
        """Let the service's relay take one turn; ``trouble`` is how likely each message meets some."""
        self.rng, self.trouble = rng, trouble
        relay = Relay(self.plant.databases[service], self, _AllShards())  # type: ignore[arg-type]
        self.plant.databases[service]._listeners.clear()
        try:
            return f"{relay.turn()} confirmed"
        except LinkDown:
            return "the connection is lost"

    def publish(self, rows: Sequence[PendingRow]) -> Settlement:
        """Settle ``rows``: within an aggregate one at a time, in order, until the broker refuses one."""
        settlement, held = Settlement(), set()
        for row in rows:
            if row.partition_key in held:
                continue
            if self.rng.random() >= self.trouble:
                self._route(row)
                settlement.confirmed.append(row)
                continue
            if self._trusts:
                settlement.confirmed.append(row)
                continue
            held.add(row.partition_key)
            self._trouble(row, settlement)
            if settlement.lost:
                break
        return settlement

    def _trouble(self, row: PendingRow, settlement: Settlement) -> None:
        match self.rng.randrange(4):
            case 0:
                settlement.refused.append(row)
            case 1:
                self._route(row)
                settlement.silent.append(row)
            case 2:
                self._route(row)
                settlement.lost = True
            case _:
                settlement.lost = True

    def close(self) -> None:
        """Nothing to close."""

    def _route(self, row: PendingRow) -> None:
        message = Message.from_bytes(row.envelope.encode())
        for service, wanted in self._wanted.items():
            if message.type in wanted:
                again = any(copy.message.id == message.id for copy in self.queues[service])
                self.queues[service].append(Copy(message, again))

    def pick(self, service: str, rng: Random, most: int) -> list[Copy]:
        """Choose up to ``most`` copies to deliver together: any aggregates, each in its order."""
        streams: dict[tuple[str, str], list[Copy]] = {}
        for copy in self.queues[service]:
            streams.setdefault(copy.stream, []).append(copy)
        chosen: list[Copy] = []
        while streams and len(chosen) < most:
            stream = rng.choice(list(streams))
            chosen.append(streams[stream].pop(0))
            if not streams[stream]:
                del streams[stream]
        return chosen

    def deliver(self, service: str, copies: Sequence[Copy], *, acknowledge: bool = True) -> Receipt:
        """Hand ``copies`` to the receiver; they leave the queue once it has committed and they are acknowledged."""
        if self._acknowledges_first:
            self._forget(service, copies)
        receipt = self.plant.receivers[service].receive([copy.message for copy in copies])
        kept = self.delivered[service]
        kept += [copy.message for copy in copies]
        del kept[:-MOST_KEPT]
        if acknowledge:
            self._forget(service, copies)
        return receipt

    def _forget(self, service: str, copies: Sequence[Copy]) -> None:
        gone = {id(copy) for copy in copies}
        self.queues[service] = [copy for copy in self.queues[service] if id(copy) not in gone]

    def repeat(self, service: str, rng: Random) -> Copy | None:
        """Queue once more what was delivered before, at the end or, as after a lost connection, at the front."""
        if not self.delivered[service]:
            return None
        copy = Copy(rng.choice(self.delivered[service]), again=True)
        place = rng.choice((0, len(self.queues[service])))
        self.queues[service].insert(place, copy)
        return copy

    def give_up(self, service: str, rng: Random) -> Copy | None:
        """Set a command aside as a dead letter, as after a process has died over it again and again."""
        commands = [copy for copy in self.queues[service] if copy.message.kind == "command"]
        if not commands:
            return None
        copy = rng.choice(commands)
        self._forget(service, [copy])
        self.set_aside[service].append(copy)
        return copy

    def resend(self, service: str) -> list[Copy]:
        """Queue again what was set aside, as an operator does; others have overtaken it."""
        copies, self.set_aside[service] = self.set_aside[service], []
        self.queues[service] += copies
        return copies

    @property
    def busy(self) -> list[str]:
        """The services whose queues are not empty."""
        return [service for service, queue in self.queues.items() if queue]
