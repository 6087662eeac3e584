"""Who is let in when there is more to do than can be done: what is begun before what is new, and nobody waits long.

Signing in, health and metrics are always answered. See docs/decisions/0011.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from gateway.clients.intake import Intakes
from gateway.clients.routing import BASE
from libs.common.web.edge import edge
from libs.common.web.gate import Gate
from libs.common.web.intake import HEADER, busy
from libs.common.web.problems import EdgeError

NEW_PATIENCE_S = 0.4
BEGUN_PATIENCE_S = 5.0
_ALWAYS = ("/health/", "/metrics", f"{BASE}/auth/")


class Admission:
    """The door of the gateway's application."""

    def __init__(self, gate: Gate, intakes: Intakes) -> None:
        self._gate = gate
        self._intakes = intakes

    def let_in(self) -> None:
        """Let the request in, or refuse it with 503 and Retry-After."""
        if request.path.startswith(_ALWAYS):
            return
        address = request.path.removeprefix(BASE)
        new = self._intakes.begins_work(request.method, address)
        if new and self._intakes.refuses(address):
            raise _refused("busy")
        if not self._gate.enter(new=new, patience_s=NEW_PATIENCE_S if new else BEGUN_PATIENCE_S):
            raise _refused("full")
        g.inside = True
        g.begins = address if new else None

    def learn(self, response: Response) -> Response:
        """Remember what a service said about its intake."""
        if g.get("begins"):
            self._intakes.note(g.begins, response.headers.get(HEADER, "0"))
        return response

    def leave(self, _error: BaseException | None = None) -> None:
        """Give the place to the next."""
        if g.pop("inside", False):
            self._gate.leave()


def admit_requests(app: Flask, gate: Gate, intakes: Intakes) -> None:
    """Let requests of ``app`` in through ``gate``, and new work as far as its service takes it in."""
    door = Admission(gate, intakes)
    app.before_request(door.let_in)
    app.after_request(door.learn)
    app.teardown_request(door.leave)


def _refused(reason: str) -> EdgeError:
    edge().meters.refused(reason)
    return busy()
