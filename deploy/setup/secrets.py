"""Makes the secrets of the container shape, once: passwords of the databases, users of the broker.

    python -m deploy.setup.secrets [FOLDER]          (or: make secrets)

Writes deploy/secrets/, which is readable by its owner only, is not in version control, and is never copied into an
image. A second run changes nothing; to change a password, delete the folder and recreate the containers. The keys
that tokens are signed with are not here: the gateway makes them at its first start.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from meridian.rights.broker import OPERATOR, definitions, user_name
from meridian.rights.passwords import Passwords, broker_hash, scram_verifier
from meridian.topography import ROOT, SERVICES, STORES

VHOST = "meridian"


def write_secrets(folder: Path) -> bool:
    """Write every secret into ``folder``; ``False`` when they are there already."""
    if (folder / "rabbitmq-definitions.json").exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    passwords = Passwords.fresh()
    hashes = {user: broker_hash(password) for user, password in passwords.broker.items()}
    _write_environments(folder, passwords)
    _write(folder / "target.json", _json(_target(passwords)), shared=True)
    _write(folder / "owners.json", _json(_owners(passwords)), shared=True)
    _write(folder / "rabbitmq-definitions.json", _json(definitions(VHOST, hashes)), shared=True)
    return True


def _write_environments(folder: Path, passwords: Passwords) -> None:
    postgres = [f"POSTGRES_PASSWORD={secrets.token_urlsafe(24)}"]
    for store in STORES:
        postgres.append(f"MERIDIAN_{store.upper()}_VERIFIER={scram_verifier(passwords.stores[store])}")
        postgres.append(f"MERIDIAN_{store.upper()}_OWNER_VERIFIER={scram_verifier(passwords.owners[store])}")
        lines = [f"MERIDIAN_DATABASE_URL={database_url(store, f'meridian_{store}', passwords.stores[store])}"]
        if store in SERVICES:
            lines.append(f"MERIDIAN_AMQP_URL={amqp_url(store, passwords.broker[store])}")
        _write(folder / f"{store}.env", "\n".join(lines))
    _write(folder / "postgres.env", "\n".join(postgres))


def database_url(store: str, role: str, password: str) -> str:
    """Return the address of a store's own database for ``role``."""
    return f"postgresql+psycopg://{role}:{password}@postgres:5432/meridian_{store}"


def amqp_url(user: str, password: str) -> str:
    """Return the address of the broker for ``user``."""
    return f"amqp://{user_name(VHOST, user)}:{password}@rabbitmq:5672/{VHOST}"


def _target(passwords: Passwords) -> dict[str, Any]:
    """Return what the operator's command line needs to reach every part."""
    return {
        "gateway_url": "http://gateway:8000",
        "database_urls": {
            store: database_url(store, f"meridian_{store}", passwords.stores[store]) for store in STORES
        },
        "amqp_url": amqp_url(OPERATOR, passwords.broker[OPERATOR]),
        "service_urls": {service: f"http://{service.replace('_', '-')}-web:8000" for service in SERVICES},
    }


def _owners(passwords: Passwords) -> dict[str, str]:
    """Return where migrations log in; only the container that migrates gets to see it."""
    return {
        store: database_url(store, f"meridian_{store}_owner", passwords.owners[store]) for store in STORES
    }


def _json(document: Any) -> str:
    return json.dumps(document, indent=2)


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
