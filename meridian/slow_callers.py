"""The embedded server's reading of requests, with an end to it.

waitress collects requests in one loop, so a slow caller costs no thread; but it lets one that sends a byte now and
then stay for ever, and so its connections run out. Here a request has ``ARRIVAL_S`` to arrive.
"""

from __future__ import annotations

import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, ServerNotImplemented

from gateway.front.arrival import Arrival, State
from gateway.front.presence import is_closed

ARRIVAL_S = 15.0
LIMITS: dict[str, Any] = {
    "connection_limit": 1000,
    "channel_timeout": 30,
    "cleanup_interval": 5,
    "asyncore_use_poll": True,  # select() cannot count beyond 1,024 files
    "max_request_header_size": 64 * 1024,
}


class RequestTimeout(BadRequest):
    """The answer to a request that did not arrive in time."""

    code = 408
    reason = "Request Timeout"


class PatientParser(HTTPRequestParser):
    """Reads one request, for so long and no longer."""

    error: Any
    completed: bool

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self._ends = time.monotonic() + ARRIVAL_S

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head, unless two readers could disagree on where the request ends."""
        if Arrival().add(header_plus.rstrip(b"\r\n") + b"\r\n\r\n") is State.MALFORMED:
            raise ParsingError("it is not clear where this request ends")
        super().parse_header(header_plus)

    def received(self, data: bytes) -> int:
        """Take what was received; a coding that nobody here knows is the caller's fault, not ours."""
        consumed: int = super().received(data)
        if isinstance(self.error, ServerNotImplemented):
            self.error = BadRequest(self.error.body)
        if not self.completed and time.monotonic() > self._ends:
            self.parse_header(b"GET / HTTP/1.0\r\n")
            self.error = RequestTimeout("the request did not arrive in time")
            self.completed = True
        return consumed


class PatientChannel(HTTPChannel):
    """A connection whose requests are read by ``PatientParser``."""

    parser_class = PatientParser

    def check_client_disconnected(self) -> bool:
        """Say whether the caller has left, also while a request is answered: the loop reads nothing meanwhile."""
        return not self.connected or is_closed(self.socket)
