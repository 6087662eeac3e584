"""What people send over HTTP, and what they may rely on: an answer has its effect, a lost one is asked for again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.faults import Crash
from tests.simulation.plant import Plant

_OK = range(200, 300)
_REFUSALS = frozenset({403, 404, 409, 412, 422})
_UNAVAILABLE = 503


class OddAnswer(AssertionError):
    """An answer that nobody may get, such as a 500."""


@dataclass(frozen=True)
class Request:
    """One request; ``does`` names its effect, ``makes`` how many effects of which kind it has."""

    does: str
    service: str
    method: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    makes: Mapping[str, int] = field(default_factory=dict)
    key: str = ""
    version: int | None = None
    second: bool = False  # sent by somebody else than who sends all the others


@dataclass
class Ledger:
    """What was answered with 2xx, by kind of effect, and what was never answered."""

    made: Counter[str] = field(default_factory=Counter)
    in_doubt: list[Request] = field(default_factory=list)
    sent: int = 0


class Desk:
    """Sends requests; every one has a key, and one without an answer is kept to be sent again with the same key."""

    def __init__(self, plant: Plant, name: str) -> None:
        self.plant, self._name = plant, name
        self.ledger = Ledger()

    def send(self, request: Request, *, trouble: bool) -> tuple[str, Any]:
        """Send ``request`` and return how it went, and the answer's document."""
        if not request.key:
            self.ledger.sent += 1
            request = Request(**vars(request) | {"key": f"{self._name}-{self.ledger.sent}"})
        try:
            answer = self._open(request)
        except Crash:
            self.ledger.in_doubt.append(request)
            raise
        return self._settle(request, answer, trouble)

    def _open(self, request: Request) -> Any:
        headers = {"Idempotency-Key": request.key}
        if request.version is not None:
            headers["If-Match"] = f'"{request.version}"'
        if request.second:
            headers["Authorization"] = f"Bearer {self.plant.second[request.service]}"
        body = {} if request.method == "GET" else {"json": dict(request.body)}
        return self.plant.clients[request.service].open(
            f"/api/v1{request.path}", method=request.method, headers=headers, **body
        )

    def _settle(self, request: Request, answer: Any, trouble: bool) -> tuple[str, Any]:
        status = answer.status_code
        if status in _OK:
            self.ledger.made.update(request.makes)
            return str(status), answer.json
        if status == _UNAVAILABLE and trouble:
            self.ledger.in_doubt.append(request)
            return "503, in doubt", None
        if status not in _REFUSALS and not (trouble and status >= 500):
            raise OddAnswer(
                f"{request.method} {request.path} answered {status}: {answer.get_data(as_text=True)[:300]}"
            )
        if status >= 500:
            self.ledger.in_doubt.append(request)
            return f"{status}, in doubt", None
        return f"{status} {answer.json.get('code', '')}", None

    def ask_again(self, *, trouble: bool) -> str | None:
        """Send the oldest request without an answer again."""
        if not self.ledger.in_doubt:
            return None
        request = self.ledger.in_doubt.pop(0)
        outcome, _ = self.send(request, trouble=trouble)
        return f"{request.does} with {request.key} again: {outcome}"
