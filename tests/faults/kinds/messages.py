"""Messages that come twice, late, in another order, broken, or in another version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

from libs.common.inbox.dead import Order
from libs.common.messaging.topology import open_channel
from meridian.broker import NAMES, replay_history
from meridian.topography import SERVICES
from tests.faults.arrivals import marks
from tests.faults.kinds.base import Fault, Strike
from tests.faults.kinds.broker import SINCE_EVER
from tests.faults.kinds.copying import Repeater
from tests.faults.kinds.postman import Postman
from tests.faults.outfit import Outfit, worker_with
from tests.faults.site import BROKER
from tests.faults.watch import Watch

SHUFFLED = ("sales", "inventory", "finance")


class ThreeTimes(Fault):
    """Everything is delivered three times, the copies in any order."""

    id = "F20"
    says = "each message delivered 3 times, the copies shuffled"

    def begin(self, at: Strike) -> None:
        """Begin to repeat what leaves the outboxes."""
        since = marks(at.site.databases)
        self._repeaters = [Repeater(at.site, service, since[service], times=2) for service in SERVICES]

    def strike(self, at: Strike) -> None:
        """Repeat until the clients are through."""
        at.wait_for_end()
        sent = sum(repeater.stop() for repeater in self._repeaters)
        at.blows = sent
        at.say(f"{sent} copies were sent")

    def after(self, at: Strike, watch: Watch) -> None:
        """See that the copies have arrived and were recognised."""
        if watch.received("duplicates") < watch.received("handled"):
            at.tally.blame("fewer copies arrived than messages: the fault did not strike")


class Shuffled(Fault):
    """Messages of different aggregates overtake each other within a window of fifty."""

    id = "F21"
    says = "messages to sales, inventory and finance shuffled across aggregates, window of 50"

    def begin(self, at: Strike) -> None:
        """Put a postman before each of the queues."""
        self._postmen = [Postman(at.site, service, at.lots.random()) for service in SHUFFLED]

    def strike(self, at: Strike) -> None:
        """Shuffle until the clients are through."""
        at.wait_for_end()
        at.blows = sum(postman.stop() for postman in self._postmen)
        at.say(f"{at.blows} messages were handed on in another order")


class SlowConsumer(Fault):
    """One service takes two seconds for each group of messages."""

    id = "F22"
    says = "worker of the service desk takes 2 s per group for 30 s"
    outfit = Outfit({"service_desk-worker": worker_with("dawdles", seconds=2, switch="slow")})

    def strike(self, at: Strike) -> None:
        """Slow it down; see that the others go on."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        finished = at.traffic.finished
        with at.switched_on("slow"):
            at.blow("service desk is slow")
            at.pause(30)
        done = at.traffic.finished - finished
        at.note(f"{done} orders were finished while the service desk was slow")
        if not done and not at.traffic.done():
            at.tally.blame("a slow service desk held up the orders")


class LongerThanTheBrokerWaits(Fault):
    """A handler that is slower than the broker's patience for an acknowledgement."""

    id = "F23"
    says = "groups of inventory take 45 s, twice; the broker waits 20 s for an ack"
    outfit = Outfit({"inventory-worker": worker_with("dawdles", seconds=45, switch="stall", times=2)})

    def open(self, site: Any) -> None:
        """Make the broker impatient before the consumers come."""
        self._patience(site, 20_000, 5_000)

    def close(self, site: Any) -> None:
        """Give it its usual patience again."""
        self._patience(site, 1_800_000, 60_000)

    def strike(self, at: Strike) -> None:
        """Let two lanes stall."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        with at.switched_on("stall"):
            at.blow("two groups stall")
            at.pause(50)

    @staticmethod
    def _patience(site: Any, milliseconds: int, tick: int) -> None:
        for name, value in (("consumer_timeout", milliseconds), ("channel_tick_interval", tick)):
            site.rabbit.control("eval", f"application:set_env(rabbit, {name}, {value}).")


class HandlerFails(Fault):
    """Handlers that fail for some aggregates until somebody has mended them."""

    id = "F25b"
    says = "handlers of finance fail for one aggregate in eight for 20 s"
    outfit = Outfit({"finance-worker": worker_with("chokes", one_in=8, switch="choke")})

    def strike(self, at: Strike) -> None:
        """Let them fail for less time than the first two retries take."""
        at.wait_for_share(at.lots.uniform(0.1, 0.3))
        with at.switched_on("choke"):
            at.blow("handlers fail")
            at.pause(20)

    def after(self, at: Strike, watch: Watch) -> None:
        """Tell how many messages had to wait."""
        at.note(f"{watch.received('parked')} messages were parked, and released in order by themselves")
        if not watch.received("parked"):
            at.tally.blame("nothing was parked: the fault did not strike")


class Poison(Fault):
    """What is no message at all, or none that anybody can read."""

    id = "F25"
    says = "poison into the queues of inventory and finance, 8 kinds, 10 times"
    victims = ("inventory", "finance")

    def strike(self, at: Strike) -> None:
        """Strew it over the work."""
        self._sent = 0
        for share in at.moments(10):
            at.wait_for_share(share)
            with open_channel(BROKER) as channel:
                channel.confirm_delivery()
                for service in self.victims:
                    self._sent += self._strew(channel, service, at)
            at.blow("poison sent")
        self._too_large(at)

    def _strew(self, channel: BlockingChannel, service: str, at: Strike) -> int:
        sent = 0
        for content_type, body in poisons(service, at.lots.randrange(10**9)):
            about = pika.BasicProperties(content_type=content_type, delivery_mode=2)
            channel.basic_publish("", NAMES.queue(service), body, about, mandatory=True)
            sent += 1
        return sent

    def _too_large(self, at: Strike) -> None:
        try:
            with open_channel(BROKER) as channel:
                channel.confirm_delivery()
                channel.basic_publish("", NAMES.queue("sales"), bytes(10 * 2**20), mandatory=True)
        except AMQPError as refused:
            at.note(f"a body of 10 MB is refused by the broker ({type(refused).__name__})")
        else:
            at.tally.blame("the broker took a body of 10 MB")

    def after(self, at: Strike, watch: Watch) -> None:
        """See that each is a dead letter with its reason, and that a person can clear them away."""
        letters = at.site.dead_letters()
        found = list(letters.list())
        parked = [letter for letter in found if letter.store == "parked"]
        if len(parked) != self._sent:
            at.tally.blame(f"{self._sent} poisons were sent, {len(parked)} are dead letters in a database")
        nameless = [letter for letter in found if not letter.trouble]
        if nameless:
            at.tally.blame(f"{len(nameless)} dead letters do not say why")
        for letter in found:
            letters.discard(letter, Order("fault run", "poison"))
        left = len(list(letters.list()))
        at.note(
            f"{self._sent} poisons became {len(parked)} dead letters, each with its reason; {left} left when discarded"
        )
        if left:
            at.tally.blame(f"{left} dead letters could not be discarded")


def poisons(service: str, number: int) -> Iterator[tuple[str, bytes]]:
    """Yield content type and body of each kind of poison for ``service``."""
    events = "application/cloudevents+json"
    yield events, f'{{"broken": {number}'.encode()
    yield "application/x-python-serialize", b"\x80\x04\x95" + str(number).encode()
    yield "text/plain", f"hello {number}".encode()
    yield events, json.dumps([number]).encode()
    yield events, b"[" * 2000 + str(number).encode() + b"]" * 2000
    yield events, json.dumps(_message(number, 1, "sales.order.exploded.v1")).encode()
    yield events, json.dumps(_message(number, 2, "sales.order.confirmed.v2")).encode()
    yield (
        events,
        json.dumps(_message(number, 3, "sales.order.confirmed.v1") | {"partitionkey": None}).encode(),
    )


def _message(number: int, kind: int, type_: str) -> dict[str, Any]:
    """Return an envelope as sales would send it, of an aggregate that nobody knows."""
    tail = f"{number * 10 + kind:012d}"[-12:]
    id_ = f"00000000-0000-7000-8000-{tail}"
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "/meridian/sales",
        "type": type_,
        "subject": id_,
        "time": "2026-01-01T00:00:00Z",
        "recordedtime": "2026-01-01T00:00:00Z",
        "datacontenttype": "application/json",
        "partitionkey": id_,
        "sequence": "00000000000000000001",
        "correlationid": id_,
        "causationid": None,
        "actor": "fault run",
        "data": {},
    }


class NewerPublisher(Fault):
    """Sales and inventory already say more than the others know."""

    id = "F26"
    says = "sales and inventory publish messages with additional fields (next minor version)"
    outfit = Outfit({f"{name}-worker": worker_with("says_more") for name in ("sales", "inventory")})

    def strike(self, at: Strike) -> None:
        """Let it go on for the whole of the work."""
        at.blow("every message bears fields that nobody knows")
        at.wait_for_end()


class ReplayWhileLive(Fault):
    """The whole history is sent again to every subscriber in the middle of the work."""

    id = "F30c"
    says = "`meridian replay` of everything to every subscriber under load"

    def strike(self, at: Strike) -> None:
        """Replay each publisher to each subscriber."""
        at.wait_for_share(at.lots.uniform(0.4, 0.6))
        for source in SERVICES:
            for subscriber in SERVICES:
                at.blows += replay_history(at.site.target, source, subscriber, SINCE_EVER, 2000)
        at.say(f"{at.blows} messages were replayed")

    def after(self, at: Strike, watch: Watch) -> None:
        """See that they were recognised."""
        if watch.received("duplicates") < at.blows // 2:
            at.tally.blame(f"{at.blows} were replayed, only {watch.received('duplicates')} were recognised")
