"""What AMQP cannot do: policies and listings, through the broker's own command on the broker's machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_COMMAND = "rabbitmqctl"
_TIMEOUT_S = 60
_POLICY_PRIORITY = 10
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class BrokerControlFailed(Exception):
    """The command did not do what was asked; the message is its own."""


class BrokerControl:
    """``rabbitmqctl`` for one virtual host of the broker ``node``, by default the machine's own."""

    def __init__(self, vhost: str = "/", node: str | None = None) -> None:
        self.vhost = vhost
        self._node = ("--node", node) if node else ()

    @classmethod
    def reach(cls, url: str, node: str | None = None) -> BrokerControl | None:
        """Return the control of the broker at ``url``; ``None`` unless it runs here and this user may command it."""
        parts = urlsplit(url)
        if parts.hostname not in _LOCAL or shutil.which(_COMMAND) is None:
            return None
        found = cls(unquote(parts.path[1:]) or "/", node)
        try:
            names = [row["name"] for row in found._run_json("list_vhosts")]
        except (BrokerControlFailed, subprocess.TimeoutExpired):
            return None
        return found if found.vhost in names else None

    def set_policies(self, limits: Mapping[str, Mapping[str, Any]]) -> None:
        """Give each queue, by name, its limits as a policy of the same name; all in one call."""
        policies = [
            {
                "vhost": self.vhost,
                "name": queue,
                "pattern": f"^{re.escape(queue)}$",
                "apply-to": "queues",
                "priority": _POLICY_PRIORITY,
                "definition": dict(definition),
            }
            for queue, definition in limits.items()
        ]
        with tempfile.TemporaryDirectory(prefix="meridian-policies-") as folder:
            Path(folder).chmod(0o755)
            file = Path(folder) / "definitions.json"
            file.write_text(json.dumps({"policies": policies}))
            self._run("import_definitions", str(file))

    def clear_policy(self, queue: str) -> None:
        """Take a queue's policy away."""
        self._run("clear_policy", "-p", self.vhost, queue)

    def policies(self) -> dict[str, dict[str, Any]]:
        """Return what each policy sets, by its name."""
        rows = self._run_json("list_policies", "-p", self.vhost)
        return {row["name"]: _as_mapping(row["definition"]) for row in rows}

    def bindings(self) -> list[tuple[str, str, str]]:
        """Return (exchange, queue, key) of every binding of a queue."""
        columns = ("source_name", "destination_name", "destination_kind", "routing_key")
        rows = self._run_json("list_bindings", "-p", self.vhost, *columns)
        return [
            (row["source_name"], row["destination_name"], row["routing_key"])
            for row in rows
            if row["destination_kind"] == "queue"
        ]

    def limits(self) -> dict[str, dict[str, Any]]:
        """Return the limits in force by queue, whether they come from a policy or from arguments."""
        policies = self.policies()
        rows = self._run_json("list_queues", "-p", self.vhost, "name", "policy", "arguments")
        return {row["name"]: _limits_of(row, policies) for row in rows}

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(  # nosec B603 # noqa: S603 - a fixed command, its arguments never pass a shell
            [_COMMAND, "--quiet", *self._node, *arguments],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
        if done.returncode != 0:
            raise BrokerControlFailed(f"{_COMMAND} {arguments[0]}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def _run_json(self, *arguments: str) -> Any:
        return json.loads(self._run(*arguments, "--formatter", "json"))


def _limits_of(row: Mapping[str, Any], policies: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    arguments = {name.removeprefix("x-"): value for name, value in _as_mapping(row["arguments"]).items()}
    return {**policies.get(row["policy"], {}), **arguments}


def _as_mapping(value: Any) -> dict[str, Any]:
    """Read a table as the command prints it: an object, its JSON text, or a list of [name, type, value]."""
    if isinstance(value, str):
        value = json.loads(value)
    if isinstance(value, dict):
        return value
    return {item[0]: item[-1] for item in value or () if isinstance(item, list)}
