"""Calls over HTTP, with pooled connections and a deadline for the whole answer, not only for each packet."""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError
from urllib3.exceptions import TimeoutError as OutOfTime

from gateway.clients.transport import LARGEST_ANSWER, Answer, Call, TooSlow, Unreachable

CONNECT_S = 1.0
_CHUNK = 64 * 1024


class HttpTransport:
    """Reaches each service at its base URL. Redirects are not followed and nothing is repeated here."""

    def __init__(self, urls: Mapping[str, str], *, connections: int = 32) -> None:
        self._bases = {service: (urlsplit(url).path.rstrip("/")) for service, url in urls.items()}
        self._pools = {
            # nosemgrep: call-without-a-deadline - every request brings its own
            service: urllib3.connection_from_url(url, maxsize=connections, retries=False)
            for service, url in urls.items()
        }

    def send(self, service: str, call: Call) -> Answer:
        """Return the answer of ``service``."""
        ends = time.monotonic() + call.deadline_s
        try:
            response = self._pools[service].urlopen(
                call.method,
                self._bases[service] + call.target,
                body=call.body or None,
                headers=dict(call.headers),
                timeout=urllib3.Timeout(connect=min(CONNECT_S, call.deadline_s), read=call.deadline_s),
                redirect=False,
                assert_same_host=False,
                preload_content=False,
            )
            body = _read(response, ends)
        except ConnectTimeoutError as error:
            raise Unreachable(str(error)) from None
        except OutOfTime as error:
            raise TooSlow(str(error)) from None
        except HTTPError as error:
            raise Unreachable(str(error)) from None
        return Answer(response.status, {name.lower(): text for name, text in response.headers.items()}, body)


def _read(response: urllib3.BaseHTTPResponse, ends: float) -> bytes:
    """Return the whole body; a body that drips in, or is far too large, gives its connection up."""
    chunks: list[bytes] = []
    size = 0
    try:
        for chunk in response.stream(_CHUNK):
            size += len(chunk)
            if time.monotonic() > ends:
                raise TooSlow("the body did not end in time")
            if size > LARGEST_ANSWER:
                raise Unreachable("the answer is too large")
            chunks.append(chunk)
    except BaseException:
        response.close()
        raise
    response.release_conn()
    return b"".join(chunks)
