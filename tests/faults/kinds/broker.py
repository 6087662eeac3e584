"""RabbitMQ dies, hangs, refuses or forgets."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager

from pika.adapters.blocking_connection import BlockingChannel

from libs.common.messaging.broker_control import BrokerControl
from libs.common.messaging.replay import Selection
from libs.common.messaging.topology import open_channel
from meridian.broker import NAMES, apply_topology, replay_history
from meridian.topography import SERVICES
from tests.faults.kinds.base import Fault, Strike
from tests.faults.site import BROKER, PREFIX

DETECTED_WITHIN_S = 30.0
SINCE_EVER = Selection()


class BrokerKilled(Fault):
    """A power cut of the broker, three times."""

    id = "F9"
    says = "kill -9 of the broker and a restart after 2 to 8 s, 3 times"

    def strike(self, at: Strike) -> None:
        """Kill and start it at drawn points of the work."""
        for share in at.moments(3, last=0.75):
            at.wait_for_share(share)
            at.site.rabbit.kill()
            at.blow("broker killed")
            at.pause(at.lots.uniform(2, 8))
            at.site.rabbit.start()
            at.say("broker is back")


class BrokerAway(Fault):
    """A broker that is gone for two minutes while everybody goes on working."""

    id = "F9b"
    says = "broker stopped for 120 s under load; the services answer meanwhile"

    def strike(self, at: Strike) -> None:
        """Stop it, see that orders are still taken, start it."""
        at.wait_for_share(at.lots.uniform(0.1, 0.2))
        at.site.rabbit.kill()
        at.blow("broker stopped")
        before = len(at.tally.answered.get("order", ()))
        at.pause(120)
        taken = len(at.tally.answered.get("order", ())) - before
        at.note(f"{taken} orders were accepted while there was no broker")
        if not taken:
            at.tally.blame("no order was accepted while there was no broker")
        at.site.rabbit.start()


class _Alarm(Fault):
    """The broker holds up its publishers."""

    on: tuple[str, ...]
    off: tuple[str, ...]

    def strike(self, at: Strike) -> None:
        """Raise the alarm, wait, and take it back."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        at.site.rabbit.control(*self.on)
        at.blow("alarm raised, publishers are blocked")
        at.pause(30 if at.quick else 60)
        at.site.rabbit.control(*self.off)
        at.say("alarm gone")


class MemoryAlarm(_Alarm):
    """No memory left, says the broker."""

    id = "F10"
    says = "memory alarm of the broker for 60 s (30 in the quick runs)"
    on = ("set_vm_memory_high_watermark", "absolute", "1MB")
    off = ("set_vm_memory_high_watermark", "0.4")


class DiskAlarm(_Alarm):
    """No disk left, says the broker."""

    id = "F11"
    says = "disk alarm of the broker for 60 s"
    on = ("set_disk_free_limit", "900000GB")
    off = ("set_disk_free_limit", "50MB")


class BrokerFrozen(Fault):
    """A broker that hangs: connections stand, nobody answers."""

    id = "F12"
    says = "SIGSTOP of the broker for 45 s (half-open connections), then SIGCONT"

    def strike(self, at: Strike) -> None:
        """Freeze it, measure when the workers notice, thaw it, measure when they are back."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        at.site.rabbit.freeze()
        at.blow("broker frozen")
        began = time.monotonic()
        noticed: dict[str, float] = {}
        while time.monotonic() - began < 45:
            for name in SERVICES:
                if name not in noticed and not at.site.is_ready(f"{name}-worker"):
                    noticed[name] = time.monotonic() - began
            at.pause(0.2)
        at.site.rabbit.thaw()
        thawed = time.monotonic()
        at.wait_until_ready(*(f"{name}-worker" for name in SERVICES))
        self._judge(at, noticed, time.monotonic() - thawed)

    def _judge(self, at: Strike, noticed: dict[str, float], back: float) -> None:
        if len(noticed) < len(SERVICES):
            at.tally.blame(f"only {sorted(noticed)} noticed a broker that was frozen for 45 s")
            return
        at.note(
            f"every worker noticed within {max(noticed.values()):.1f} s and was back {back:.1f} s after the thaw"
        )
        if max(noticed.values()) > DETECTED_WITHIN_S:
            at.tally.blame(f"a frozen broker was noticed only after {max(noticed.values()):.1f} s")


class QueueRefuses(Fault):
    """A full queue: the broker says no to every message for one service."""

    id = "F13"
    says = "queue of inventory full (reject-publish) for 25 s, its worker down"

    def strike(self, at: Strike) -> None:
        """Fill the queue, then let it drain."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        queue = NAMES.queue("inventory")
        limits = BrokerControl(PREFIX).policies()[queue] | {"max-length": 1}
        pattern = "^" + queue.replace(".", "\\.") + "$"
        with at.site.supervisor.held("inventory-worker"):
            at.site.rabbit.control(
                "set_policy", "-p", PREFIX, "--priority", "50", "--apply-to", "queues", "squeeze", pattern,
                json.dumps(limits),
            )  # fmt: skip
            at.blow("queue of inventory takes nothing more")
            at.pause(25)
            at.site.rabbit.control("clear_policy", "-p", PREFIX, "squeeze")
        at.say("queue takes messages again")


class _Forgets(Fault, ABC):
    """The broker loses a part of its topology: what is missing is declared again, and what was missed is replayed."""

    away_s = 15.0
    missed: tuple[tuple[str, str], ...]
    """Who (second) may have missed what whom (first) said."""

    def strike(self, at: Strike) -> None:
        """Take the part away for a while."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        with self._channel(at) as channel:
            self.take_away(channel)
        at.blow("taken away")
        at.pause(self.away_s)

    def repair(self, at: Strike) -> None:
        """Do what the operator's page says: apply the topology and replay to those that may have missed something."""
        apply_topology(at.site.target)
        sent = sum(
            replay_history(at.site.target, source, subscriber, SINCE_EVER, 2000)
            for source, subscriber in self.missed
        )
        at.note(f"repaired by `meridian topology apply` and a replay of {sent} messages")

    @abstractmethod
    def take_away(self, channel: BlockingChannel) -> None:
        """Remove the part."""

    @staticmethod
    def _channel(at: Strike) -> AbstractContextManager[BlockingChannel]:
        return open_channel(BROKER)


class BindingMissing(_Forgets):
    """One subscriber no longer gets one kind of event; nobody is told."""

    id = "F13b"
    says = "binding of finance to shipments missing for 15 s; topology applied again and replayed"
    missed = (("inventory", "finance"),)

    def take_away(self, channel: BlockingChannel) -> None:
        """Unbind finance from shipments."""
        channel.queue_unbind(NAMES.queue("finance"), NAMES.events, "inventory.delivery.shipped.v1")


class ExchangeMissing(_Forgets):
    """The exchange of events is gone, and all its bindings with it."""

    id = "F13c"
    says = "exchange of events deleted for 15 s; topology applied again and replayed"
    missed = tuple((source, target) for source in SERVICES for target in SERVICES if source != target)

    def take_away(self, channel: BlockingChannel) -> None:
        """Delete the exchange."""
        channel.exchange_delete(NAMES.events)
