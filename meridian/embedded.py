"""The embedded system: five services and the gateway in one process, SQLite below, no broker, the same guarantees."""

from __future__ import annotations

import threading

import waitress
from flask import Flask

from gateway.api.parts import EXTENSION as GATEWAY_PARTS
from gateway.api.parts import Parts
from gateway.app import create_app as create_gateway
from gateway.clients.in_process import InProcessTransport
from gateway.settings import GatewaySettings
from libs.common.clock import Clock
from libs.common.web import TokenKeys, drain
from libs.common.worker import EmbeddedRuntime
from meridian.keys import ensure_keys
from meridian.slow_callers import LIMITS, PatientChannel
from meridian.target import Target
from meridian.topography import GATEWAY, SERVICES
from meridian.wiring import PARTS

THREADS = 16
_GOODBYE_S = 2.0
STREAMS = 8
"""How many browsers are told of changes as they happen, each by a thread beside those."""


class EmbeddedSystem:
    """Everything between the address and the files of one target."""

    def __init__(self, target: Target, *, clock: Clock | None = None) -> None:
        target.migrate()
        self.target = target
        self.databases = target.databases(clock, pool_size=THREADS)
        keys = ensure_keys(target)
        verifier = TokenKeys.from_file(target.token_keys)
        self.apps = {name: PARTS[name].create_app(self.databases[name], verifier) for name in SERVICES}
        self.gateway: Flask = create_gateway(
            GatewaySettings(
                signing_keys_file=target.signing_keys, token_keys_file=target.token_keys, most_streams=STREAMS
            ),
            self.databases[GATEWAY],
            InProcessTransport(self.apps),
            keys,
            follow_key_file=True,
        )
        self.runtime = EmbeddedRuntime(
            {name: self.databases[name] for name in SERVICES},
            {name: PARTS[name].subscriptions for name in SERVICES},
            {name: PARTS[name].jobs for name in SERVICES},
        )

    def start(self) -> None:
        """Start delivering messages, retrying parked ones and running jobs."""
        self.runtime.start()

    def stop(self) -> None:
        """Finish what is in hand and close every file."""
        self.runtime.stop()
        for database in self.databases.values():
            database.close()


class Serving:
    """An embedded system that listens on an address until it is told to stop."""

    def __init__(self, system: EmbeddedSystem, *, host: str = "127.0.0.1", port: int = 8080) -> None:
        self.system = system
        self._server = waitress.create_server(
            system.gateway,
            host=host,
            port=port,
            threads=THREADS + STREAMS,
            max_request_body_size=2 * 1024 * 1024,
            ident="meridian",
            **LIMITS,
        )
        self._server.channel_class = PatientChannel
        self.port = int(self._server.effective_port)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Serve in a thread of its own."""
        self.system.start()
        self._thread = threading.Thread(target=self._server.run, name="http", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Serve in this thread until interrupted."""
        self.system.start()
        try:
            self._server.run()
        finally:
            self.stop()

    def stop(self) -> None:
        """Let listeners go, stop listening, then stop the system."""
        drain(self.system.gateway)
        listeners: Parts = self.system.gateway.extensions[GATEWAY_PARTS]
        listeners.changes.ended(_GOODBYE_S)
        # A thread that has just let its listener go still wakes the loop once, which must be there to be woken.
        self._server.task_dispatcher.shutdown(timeout=_GOODBYE_S)
        self._server.close()
        self.system.stop()
