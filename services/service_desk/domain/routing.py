"""Who deals with which kind of ticket. Both tables are the whole rule; a kind without a row cannot exist."""

from __future__ import annotations

from typing import Literal

from services.service_desk.domain.errors import QueueNotYours

Kind = Literal["technical", "quality", "delivery", "billing", "other"]
Queue = Literal["technical_support", "production", "warehouse", "finance"]

QUEUE_OF_KIND: dict[Kind, Queue] = {
    "technical": "technical_support",
    "quality": "production",
    "delivery": "warehouse",
    "billing": "finance",
    "other": "technical_support",
}
KINDS: tuple[Kind, ...] = tuple(QUEUE_OF_KIND)
QUEUES: tuple[Queue, ...] = tuple(dict.fromkeys(QUEUE_OF_KIND.values()))

_EVERY_QUEUE = frozenset(QUEUES)
QUEUES_OF_ROLE: dict[str, frozenset[Queue]] = {
    "service": _EVERY_QUEUE,
    "admin": _EVERY_QUEUE,
    "api_client": _EVERY_QUEUE,
    "warehouse": frozenset({"warehouse"}),
    "finance": frozenset({"finance"}),
}


def require_worker_of(queue: Queue, roles: frozenset[str]) -> None:
    """Refuse somebody none of whose ``roles`` works on ``queue``."""
    if not any(queue in QUEUES_OF_ROLE.get(role, frozenset()) for role in roles):
        raise QueueNotYours(
            f"this ticket lies in the queue {queue}, which your role does not work on",
            cure="leave it to that queue, or ask the service desk",
            queue=queue,
        )
