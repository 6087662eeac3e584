"""RabbitMQ dies, hangs, refuses or forgets."""

from __future__ import annotations

from tests.faults.kinds.base import Fault, Strike


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
