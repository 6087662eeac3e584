"""The same runs over a system with one safeguard taken out: each must be seen to lose."""

from __future__ import annotations

from meridian.topography import SERVICES
from tests.faults.arrivals import marks
from tests.faults.kinds.base import Fault, Strike
from tests.faults.kinds.copying import Repeater
from tests.faults.kinds.processes import wait_for_deaths
from tests.faults.outfit import all_workers, worker_with

ORDERS = 150


class BrokerHangsAndDies(Fault):
    """The broker hangs for some seconds and dies without a word: what was on its way to it is gone."""

    id = "F12b"
    says = "broker frozen for 4 s, then kill -9 and a restart, 3 times"

    def strike(self, at: Strike) -> None:
        """Freeze, kill and start it."""
        for share in at.moments(3, last=0.7):
            at.wait_for_share(share)
            at.site.rabbit.freeze()
            at.pause(4)
            at.site.rabbit.kill()
            at.blow("broker hung and died")
            at.site.rabbit.start()


class WithoutConfirms(BrokerHangsAndDies):
    """The relay believes that what it wrote to the socket has arrived."""

    id = "C1"
    says = "F12b, with relays that publish without confirms"
    outfit = all_workers(worker_with("without_confirms"))
    must_lose = True
    most_orders = ORDERS


class AckBeforeCommit(Fault):
    """The consumer acknowledges first and works afterwards."""

    id = "C2"
    says = "F6, with consumers that acknowledge before they commit"
    outfit = all_workers(worker_with("acks_first", deaths=3, within=30))
    must_lose = True
    most_orders = ORDERS

    def strike(self, at: Strike) -> None:
        """Wait until they have died."""
        wait_for_deaths(at, 6)


class WithoutInbox(Fault):
    """The receiver remembers nothing of what it has handled."""

    id = "C3"
    says = "F20, with receivers that do not look into their inbox"
    outfit = all_workers(worker_with("without_inbox"))
    must_lose = True
    most_orders = ORDERS

    def begin(self, at: Strike) -> None:
        """Begin to repeat what leaves the outboxes."""
        since = marks(at.site.databases)
        self._repeaters = [Repeater(at.site, service, since[service], times=2) for service in SERVICES]

    def strike(self, at: Strike) -> None:
        """Repeat for a while: what is done twice may stop the work."""
        at.pause(40)
        at.blows = sum(repeater.stop() for repeater in self._repeaters)
