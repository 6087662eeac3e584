"""What things are called on the broker; a prefix lets several systems share one virtual host."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.inbox.subscriptions import is_command

REPLAY_HEADER = "replay"


@dataclass(frozen=True)
class Names:
    """The names of exchanges and queues."""

    prefix: str = ""

    @property
    def events(self) -> str:
        """The topic exchange of facts; the routing key is the type."""
        return f"{self.prefix}meridian.events"

    @property
    def commands(self) -> str:
        """The topic exchange of orders; the routing key is the type, which begins with the target."""
        return f"{self.prefix}meridian.commands"

    @property
    def unrouted(self) -> str:
        """The exchange, and the queue behind it, of messages that no queue is bound for."""
        return f"{self.prefix}meridian.unrouted"

    @property
    def dead(self) -> str:
        """The exchange of dead letters; the routing key is the service whose they are."""
        return f"{self.prefix}meridian.dlx"

    def queue(self, service: str) -> str:
        """The queue that ``service`` reads."""
        return f"{self.prefix}{service}.in"

    def dead_queue(self, service: str) -> str:
        """The queue of what the broker gave up delivering to ``service``."""
        return f"{self.prefix}{service}.dlq"

    def exchange_for(self, type_: str) -> str:
        """The exchange that a message of ``type_`` is published to."""
        return self.commands if is_command(type_) else self.events
