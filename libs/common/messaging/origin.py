"""Whether a message is what its way says it is.

The broker lets a service publish under its own name only, which it sees by the exchange and the routing key. What
is handled is the envelope inside; so the two must say the same, or a service could speak as another after all.
"""

from __future__ import annotations

from libs.common.envelope import Message
from libs.common.inbox.subscriptions import is_command


def contradiction(message: Message, exchange: str, routing_key: str) -> str:
    """Return how the envelope contradicts the way that it came; the empty text when it does not.

    Nobody but the operator may publish to a queue directly (without an exchange), and what the operator sends
    there again is taken as it is.
    """
    if not exchange:
        return ""
    if message.type != routing_key:
        return f"forged: sent as {routing_key}, the envelope says {message.type}"
    if not is_command(message.type) and message.type.partition(".")[0] != message.source:
        return f"forged: {message.type} is not for {message.source} to say"
    return ""
