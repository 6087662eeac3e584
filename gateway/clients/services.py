"""Asking a service on somebody's behalf: token, trace, deadline, breaker, and one more try where that is harmless."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from gateway.clients.breaker import Breaker
from gateway.clients.transport import Answer, Call, TooSlow, Transport, Unreachable
from libs.common.clock import Clock
from libs.common.observability import logger
from libs.common.web import Principal
from libs.common.web.intake import HEADER
from libs.common.web.principal import GATEWAY

ITSELF = Principal(GATEWAY, "Meridian gateway", frozenset())
"""Who asks when the gateway asks on nobody's behalf."""

_OVERLOADED = frozenset({502, 503, 504})
_RETRY_AFTER_S = 2
_log = logger(__name__)


class ServiceUnavailable(Exception):
    """A service cannot answer now; ``code`` says in which way, ``retry_after_s`` when to try again."""

    def __init__(self, service: str, code: str, detail: str, retry_after_s: int = _RETRY_AFTER_S) -> None:
        super().__init__(f"{service}: {detail}")
        self.service = service
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s


class Signs(Protocol):
    """Makes the tokens that the services believe."""

    def internal_token(self, who: Principal, service: str) -> str:
        """Return a token with which the gateway speaks to ``service`` for ``who``."""
        ...


class Services:
    """The five services, each behind its breaker."""

    def __init__(
        self,
        names: Iterable[str],
        transport: Transport,
        signs: Signs,
        clock: Clock,
        *,
        traceparent: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._transport = transport
        self._signs = signs
        self._traceparent = traceparent
        self.clock = clock
        self._breakers = {name: Breaker(clock) for name in names}

    @property
    def names(self) -> tuple[str, ...]:
        """The services' names."""
        return tuple(self._breakers)

    def down_since(self, service: str) -> datetime | None:
        """Since when the service has not answered; ``None`` while it does."""
        return self._breakers[service].down_since

    def silent_since(self, service: str) -> datetime:
        """Since when a service that gave no answer just now has given none: now, where it was the first time."""
        return self.down_since(service) or self.clock.now()

    def traceparent(self) -> str | None:
        """Return the trace that the present thread works for."""
        return self._traceparent()

    def ask(self, service: str, call: Call, who: Principal) -> Answer:
        """Return the service's answer, whatever its status, or raise ``ServiceUnavailable``.

        A call that got no answer is repeated once if it is ``repeatable``; one that ran out of time is not.
        """
        breaker = self._breakers[service]
        rest = breaker.rest_seconds()
        if rest:
            raise ServiceUnavailable(
                service, "service_resting", "It did not answer several times in a row.", rest
            )
        try:
            answer = self._send(service, self._signed(service, call, who))
        except (Unreachable, TooSlow) as error:
            breaker.failed()
            _log.warning("no_answer", service=service, method=call.method, error=str(error)[:300])
            raise _unavailable(service, error) from error
        # Declining new work is no illness: what is begun must still get through.
        if answer.status in _OVERLOADED and HEADER.lower() not in answer.headers:
            breaker.failed()
        else:
            breaker.answered()
        return answer

    def _signed(self, service: str, call: Call, who: Principal) -> Call:
        headers = dict(call.headers) | {"Authorization": f"Bearer {self._signs.internal_token(who, service)}"}
        traceparent = self._traceparent()
        if traceparent and "traceparent" not in headers:
            headers["traceparent"] = traceparent
        return replace(call, headers=headers)

    def _send(self, service: str, call: Call) -> Answer:
        try:
            return self._transport.send(service, call)
        except Unreachable:
            if not call.repeatable:
                raise
            return self._transport.send(service, call)


def _unavailable(service: str, error: Exception) -> ServiceUnavailable:
    if isinstance(error, TooSlow):
        return ServiceUnavailable(service, "service_slow", "It did not answer in time.")
    return ServiceUnavailable(service, "service_unreachable", "It cannot be reached.")


def json_of(service: str, answer: Answer) -> Any:
    """Return the JSON body of an answer; ``ServiceUnavailable`` when it is none."""
    try:
        return json.loads(answer.body)
    except ValueError:
        raise ServiceUnavailable(service, "service_unreadable", "Its answer cannot be read.") from None
