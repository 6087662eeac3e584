"""Calls over HTTP, with kept connections and a deadline for the whole answer, not only for each packet.

libcurl does the work outside of Python and without its lock: a call takes a third of the CPU that one through
``http.client`` takes, and passing calls on is most of what the gateway does.
"""

from __future__ import annotations

import ssl
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import pycurl

from gateway.clients.transport import LARGEST_ANSWER, Answer, Call, TooSlow, Unreachable

CONNECT_S = 1.0
KEPT_FOR_S = 25
"""Shorter than a service keeps an idle connection, so that none is used just when the other side closes it."""

_SETTLED: Mapping[int, Any] = {
    pycurl.NOSIGNAL: 1,
    pycurl.PROXY: "",
    pycurl.FOLLOWLOCATION: 0,
    pycurl.PATH_AS_IS: 1,
    pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
    pycurl.MAXAGE_CONN: KEPT_FOR_S,
    pycurl.MAXFILESIZE_LARGE: LARGEST_ANSWER,
    pycurl.USERAGENT: "meridian-gateway",
}
_NOT_OF_ITS_OWN = (b"Expect:", b"Accept:", b"Content-Type:")
"""Headers that libcurl would add by itself; named without a value they are left out."""


class HttpTransport:
    """Reaches each service at its base URL. Redirects are not followed.

    A call is sent again only where libcurl finds that a kept connection was closed before it, and never one that
    is not ``repeatable``: that always gets a connection of its own.
    """

    def __init__(self, urls: Mapping[str, str], *, connections: int = 32) -> None:
        self._bases = {service: url.rstrip("/") for service, url in urls.items()}
        # Whoever is used last is used next: few connections stay warm, and the others grow too old.
        self._idle = {service: deque[pycurl.Curl](maxlen=connections) for service in urls}
        self._authorities = ssl.get_default_verify_paths().cafile

    def send(self, service: str, call: Call) -> Answer:
        """Return the answer of ``service``."""
        curl = self._take(service)
        head: list[bytes] = []
        body: list[bytes] = []
        self._prepare(curl, self._bases[service] + call.target, call)
        curl.setopt(pycurl.HEADERFUNCTION, head.append)
        curl.setopt(pycurl.WRITEFUNCTION, body.append)
        try:
            curl.perform()
        except pycurl.error as error:
            told = _reason(curl, *error.args)
            curl.close()
            raise told from None
        answer = Answer(curl.getinfo(pycurl.RESPONSE_CODE), _headers(head), b"".join(body))
        self._idle[service].append(curl)
        return answer

    def _take(self, service: str) -> pycurl.Curl:
        try:
            return self._idle[service].pop()
        except IndexError:
            return pycurl.Curl()

    def _prepare(self, curl: pycurl.Curl, url: str, call: Call) -> None:
        curl.reset()
        for option, value in _SETTLED.items():
            curl.setopt(option, value)
        if self._authorities:
            curl.setopt(pycurl.CAINFO, self._authorities)
        curl.setopt(pycurl.URL, url)
        if call.method == "HEAD":
            curl.setopt(pycurl.NOBODY, 1)
        elif call.body or call.method not in ("GET", "DELETE"):
            curl.setopt(pycurl.POSTFIELDS, call.body)
        curl.setopt(pycurl.CUSTOMREQUEST, call.method)
        curl.setopt(pycurl.HTTPHEADER, _lines(call.headers))
        curl.setopt(pycurl.TIMEOUT_MS, max(round(call.deadline_s * 1000), 1))
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(round(min(CONNECT_S, call.deadline_s) * 1000), 1))
        curl.setopt(pycurl.FRESH_CONNECT, not call.repeatable)


def _lines(headers: Mapping[str, str]) -> list[bytes]:
    """Return the header lines as libcurl takes them; its own come first, so that the caller's replace them."""
    given = {name.lower() for name in headers}
    own = [line for line in _NOT_OF_ITS_OWN if line[:-1].decode().lower() not in given]
    # "Name:" would leave the header out, "Name;" sends it empty.
    return own + [
        (f"{name}: {text}" if text else f"{name};").encode("latin-1") for name, text in headers.items()
    ]


def _headers(lines: Sequence[bytes]) -> dict[str, str]:
    """Return the headers of the last answer in ``lines``; interim ones (1xx) may come before it."""
    found: dict[str, str] = {}
    for line in lines:
        name, colon, text = line.decode("latin-1").partition(":")
        if colon:
            found[name.lower()] = text.strip()
        elif name.startswith("HTTP/"):
            found.clear()
    return found


def _reason(curl: pycurl.Curl, code: int, detail: str) -> Unreachable | TooSlow:
    connected = curl.getinfo(pycurl.PRETRANSFER_TIME) > 0
    if code == pycurl.E_OPERATION_TIMEDOUT and connected:
        return TooSlow(detail)
    return Unreachable(detail)
