"""Makes the secrets of the container shape, once: passwords of the databases, users of the broker.

    python -m deploy.setup.secrets [FOLDER]          (or: make secrets)

Writes deploy/secrets/, which is readable by its owner only, is not in version control, and is never copied into an
image. A second run changes nothing; to change a password, delete the folder and recreate the containers. The keys
that tokens are signed with are not here: the gateway makes them at its first start.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STORES = ("crm", "sales", "inventory", "finance", "service_desk", "gateway")
SERVICES = STORES[:-1]
VHOST = "meridian"
# To whom a service may give orders. Facts it may tell in its own name only.
COMMANDED_BY = {"sales": ("inventory", "finance")}
_MANAGED_BY = "operator"
# RabbitMQ 4 drops a message that came back 20 times; looking at dead letters brings them back each time.
_LOOKING_AT_DEAD_LETTERS = {
    "vhost": VHOST,
    "name": "dead letters may be looked at",
    "pattern": r"\.dlq$",
    "apply-to": "queues",
    "priority": 0,
    "definition": {"delivery-limit": 1_000_000},
}


def write_secrets(folder: Path) -> bool:
    """Write every secret into ``folder``; ``False`` when they are there already."""
    if (folder / "rabbitmq-definitions.json").exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    databases = {store: secrets.token_urlsafe(24) for store in STORES}
    broker = {user: secrets.token_urlsafe(24) for user in (*SERVICES, _MANAGED_BY)}
    _write_environments(folder, databases, broker)
    _write(folder / "target.json", json.dumps(_target(databases, broker), indent=2), shared=True)
    _write(folder / "rabbitmq-definitions.json", json.dumps(definitions(broker), indent=2), shared=True)
    return True


def _write_environments(folder: Path, databases: dict[str, str], broker: dict[str, str]) -> None:
    postgres = [f"MERIDIAN_{store.upper()}_PASSWORD={password}" for store, password in databases.items()]
    _write(folder / "postgres.env", "\n".join([f"POSTGRES_PASSWORD={secrets.token_urlsafe(24)}", *postgres]))
    for store in STORES:
        lines = [f"MERIDIAN_DATABASE_URL={database_url(store, databases[store])}"]
        if store in broker:
            lines.append(f"MERIDIAN_AMQP_URL={amqp_url(store, broker[store])}")
        _write(folder / f"{store}.env", "\n".join(lines))


def database_url(store: str, password: str) -> str:
    """Return the address of a store's own database under its own role."""
    return f"postgresql+psycopg://meridian_{store}:{password}@postgres:5432/meridian_{store}"


def amqp_url(user: str, password: str) -> str:
    """Return the address of the broker for ``user``."""
    return f"amqp://{user}:{password}@rabbitmq:5672/{VHOST}"


def _target(databases: dict[str, str], broker: dict[str, str]) -> dict[str, Any]:
    """Return what the operator's command line needs to reach every part."""
    return {
        "gateway_url": "http://gateway:8000",
        "database_urls": {store: database_url(store, password) for store, password in databases.items()},
        "amqp_url": amqp_url(_MANAGED_BY, broker[_MANAGED_BY]),
        "service_urls": {service: f"http://{service.replace('_', '-')}-web:8000" for service in SERVICES},
    }


def definitions(broker: dict[str, str]) -> dict[str, Any]:
    """Return the broker's definitions: who may do what.

    A service declares nothing, reads its own queue, and publishes facts under its own name only; so a service that
    is taken over cannot speak as another.
    """
    users = [_user(name, password) for name, password in broker.items()]
    permissions = [_permission(_MANAGED_BY, ".*", ".*", ".*")]
    topics: list[dict[str, str]] = []
    for service in SERVICES:
        queues = rf"^{service}\.(in|dlq)$"
        permissions.append(_permission(service, "^$", r"^meridian\.(events|commands)$", queues))
        ordered = "|".join(COMMANDED_BY.get(service, ())) or "nobody"
        topics.append(_topic(service, "meridian.events", rf"^{service}\."))
        topics.append(_topic(service, "meridian.commands", rf"^({ordered})\."))
    return {
        "vhosts": [{"name": VHOST}],
        "users": users,
        "permissions": permissions,
        "topic_permissions": topics,
    }


def _user(name: str, password: str) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": password_hash(password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"] if name == _MANAGED_BY else [],
    }


def password_hash(password: str) -> str:
    """Return ``password`` as RabbitMQ stores it: a salt, then the SHA-256 of salt and password, in base64."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _permission(user: str, configure: str, write: str, read: str) -> dict[str, str]:
    return {"user": user, "vhost": VHOST, "configure": configure, "write": write, "read": read}


def _topic(user: str, exchange: str, write: str) -> dict[str, str]:
    return {"user": user, "vhost": VHOST, "exchange": exchange, "write": write, "read": "^$"}


def _write(path: Path, text: str, *, shared: bool = False) -> None:
    """Write ``text`` for this user only; ``shared`` files are read by the containers' own users.

    The folder itself is closed to others, so on this machine nobody else gets at either kind.
    """
    mode = 0o444 if shared else 0o400
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text + "\n")


def main(arguments: list[str]) -> int:
    """Write the secrets and say where."""
    folder = Path(arguments[0]) if arguments else ROOT / "deploy" / "secrets"
    made = write_secrets(folder)
    sys.stderr.write(f"{folder}: {'written' if made else 'there already, nothing changed'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
