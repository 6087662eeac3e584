"""Who may do what on the broker, as the definitions that RabbitMQ imports.

A service declares nothing, reads its own queue, publishes facts in its own name only, and gives orders only to whom
it leads; so a service that is taken over cannot speak as another. The operator declares the topology, looks at dead
letters and replays history; no service logs in as the operator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from libs.common.messaging.names import Names
from meridian.topography import SERVICES

OPERATOR = "operator"
BROKER_USERS = (*SERVICES, OPERATOR)
# To whom a service may give orders. Facts it may tell in its own name only.
COMMANDED_BY = {"sales": ("inventory", "finance")}
_NOTHING = "^$"
_NAMES = Names()


def user_name(vhost: str, user: str) -> str:
    """Return what ``user`` is called on a broker, where names are shared by all virtual hosts."""
    return f"{vhost}_{user}"


def definitions(vhost: str, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Return the virtual host, its users with the ``hashes`` of their passwords, and what each may do."""
    users = [_user(user_name(vhost, name), digest, name == OPERATOR) for name, digest in hashes.items()]
    rights = [_right(vhost, OPERATOR, configure=".*", write=".*", read=".*")]
    topics: list[dict[str, str]] = []
    for service in SERVICES:
        own_queue = _exactly(_NAMES.queue(service))
        rights.append(_right(vhost, service, configure=_NOTHING, write=_exchanges(service), read=own_queue))
        topics.append(_topic(vhost, service, _NAMES.events, (service,)))
        topics.append(_topic(vhost, service, _NAMES.commands, COMMANDED_BY.get(service, ())))
    return {
        "vhosts": [{"name": vhost}],
        "users": users,
        "permissions": rights,
        "topic_permissions": topics,
    }


def _exchanges(service: str) -> str:
    return _exactly(_NAMES.events, *([_NAMES.commands] if service in COMMANDED_BY else []))


def _exactly(*names: str) -> str:
    return f"^({'|'.join(map(re.escape, names))})$"


def _user(name: str, digest: str, leads: bool) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": digest,
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["policymaker"] if leads else [],
    }


def _right(vhost: str, user: str, *, configure: str, write: str, read: str) -> dict[str, str]:
    rights = {"configure": configure, "write": write, "read": read}
    return {"user": user_name(vhost, user), "vhost": vhost} | rights


def _topic(vhost: str, user: str, exchange: str, first_words: tuple[str, ...]) -> dict[str, str]:
    write = rf"^({'|'.join(first_words)})\." if first_words else _NOTHING
    about = {"user": user_name(vhost, user), "vhost": vhost, "exchange": exchange}
    return about | {"write": write, "read": _NOTHING}
