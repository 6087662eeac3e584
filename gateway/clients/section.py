"""A section of a page from several services: what one said, or that it did not answer, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from gateway.clients.looking import Told
from gateway.clients.services import Services, ServiceUnavailable

Said = Told
SectionStatus = Literal["ok", "unavailable", "denied"]
_DENIED = frozenset({401, 403})


@dataclass(frozen=True)
class Silent:
    """A service did not answer: in which way, and since when it does not."""

    code: str
    detail: str
    since: datetime | None


Finding = Said | Silent


@dataclass(frozen=True)
class Section:
    """One service's part of the page. ``data`` is as of ``as_of``; ``since`` is when the service stopped answering."""

    status: SectionStatus
    source: str
    as_of: datetime | None = None
    data: Any = None
    since: datetime | None = None
    problem: dict[str, str] | None = None


def section(source: str, finding: Finding) -> Section:
    """Return the section that a finding makes.

    A service that knows nothing of the customer (404) is fine and has no data: its replica may not have heard
    of a new one yet.
    """
    if isinstance(finding, Silent):
        problem = {"code": finding.code, "detail": finding.detail}
        return Section("unavailable", source, since=finding.since, problem=problem)
    if finding.status == 200:
        return Section("ok", source, as_of=finding.at, data=finding.data)
    if finding.status == 404:
        return Section("ok", source, as_of=finding.at)
    status: SectionStatus = "denied" if finding.status in _DENIED else "unavailable"
    return Section(status, source, as_of=finding.at, problem=_problem(finding))


def _problem(said: Said) -> dict[str, str]:
    told = said.data if isinstance(said.data, dict) else {}
    return {
        "code": str(told.get("code", f"http_{said.status}")),
        "detail": str(told.get("detail", "The service could not give this section.")),
    }


def finding_of(services: Services, service: str, found: Told | ServiceUnavailable) -> Finding:
    """Return what asking a service came to."""
    if isinstance(found, Told):
        return found
    return Silent(found.code, found.detail, services.silent_since(service))
