"""The broker's part of the production shape on this machine: a virtual host with users of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from libs.common.clock import pause
from libs.common.messaging.topology import lets_in
from meridian.local.servers import ServerMissing
from meridian.rights.broker import BROKER_USERS, OPERATOR, definitions, user_name
from meridian.rights.passwords import Passwords, broker_hash
from meridian.topography import SERVICES

_COMMAND = "rabbitmqctl"
_TIMEOUT_S = 60
_LET_IN_S = 10.0


@dataclass(frozen=True)
class BrokerUrls:
    """The addresses of the broker: the operator's, and each service's own."""

    operator: str
    services: dict[str, str]


def broker_node() -> str | None:
    """Return the broker's node for ``rabbitmqctl``, when the environment names one; else it is the machine's own."""
    return os.environ.get("MERIDIAN_RABBITMQ_NODE") or os.environ.get("RABBITMQ_NODENAME") or None


def prepare_broker(
    amqp_url: str, vhost: str, passwords: Passwords, node: str | None, say: Callable[[str], None]
) -> BrokerUrls:
    """Make ``vhost`` and its users where they are missing, with their rights; return their URLs.

    Only the broker's own tool can do this. Without it ``amqp_url`` must already name a virtual host, and everybody
    works as the user in it, as is then said.
    """
    if shutil.which(_COMMAND) is None:
        say(
            f"{_COMMAND} is not here, so every service logs in to the broker as {urlsplit(amqp_url).username}"
        )
        return BrokerUrls(amqp_url, dict.fromkeys(SERVICES, amqp_url))
    hashes = {user: broker_hash(password) for user, password in passwords.broker.items()}
    _rabbitmqctl(node, "import_definitions", text=json.dumps(definitions(vhost, hashes)))
    urls = {user: _url(amqp_url, vhost, user, passwords.broker[user]) for user in BROKER_USERS}
    operator = urls.pop(OPERATOR)
    _wait_until_let_in(operator)
    return BrokerUrls(operator, urls)


def drop_broker(vhost: str, node: str | None) -> None:
    """Remove ``vhost`` with its queues, and its users."""
    if shutil.which(_COMMAND) is not None:
        _rabbitmqctl(node, "delete_vhost", vhost, tolerate="no_such_vhost")
        _rabbitmqctl(node, "eval", _delete_users([user_name(vhost, user) for user in BROKER_USERS]))


def _delete_users(names: list[str]) -> str:
    """Return the broker's own expression for it: the command deletes one user a call, and each call costs a second."""
    listed = ",".join(f"<<{json.dumps(name)}>>" for name in names)
    delete = 'rabbit_auth_backend_internal:delete_user(Name, <<"meridian">>)'
    return f"[catch {delete} || Name <- [{listed}]]."


def _url(amqp_url: str, vhost: str, user: str, password: str) -> str:
    parts = urlsplit(amqp_url)
    place = parts.netloc.rpartition("@")[2]
    login = f"{quote(user_name(vhost, user), safe='')}:{quote(password, safe='')}"
    return parts._replace(netloc=f"{login}@{place}", path=f"/{quote(vhost, safe='')}").geturl()


def _wait_until_let_in(url: str) -> None:
    """Return once the broker knows the user of ``url``: it imports definitions in its own time."""
    until = time.monotonic() + _LET_IN_S
    while not lets_in(url):
        if time.monotonic() > until:
            place = urlsplit(url).netloc.rpartition("@")[2]
            raise ServerMissing(
                f"RabbitMQ at {place} does not let the operator in. Start it, or name another in MERIDIAN_AMQP_URL; "
                f"if {_COMMAND} commands another broker than this one, name the node in MERIDIAN_RABBITMQ_NODE."
            )
        pause(0.1)


def _rabbitmqctl(node: str | None, *words: str, text: str | None = None, tolerate: str = "") -> None:
    command = [_COMMAND, *(["--node", node] if node else []), *words]
    done = subprocess.run(  # nosec B603 # a fixed command, its arguments never pass a shell
        command, input=text, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    said = done.stdout + done.stderr
    if done.returncode != 0 and (not tolerate or tolerate not in said):
        raise ServerMissing(f"{_COMMAND} {' '.join(words)} failed: {said.strip()[:400]}")
