"""From what the services said to the page: pure, so that every combination of answers can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from gateway.clients.looking import Told
from libs.common.errors import NotFound

SectionStatus = Literal["ok", "unavailable", "denied"]
_DENIED = frozenset({401, 403})


Said = Told


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


def compose(sources: Mapping[str, str], findings: Mapping[str, Finding]) -> dict[str, Section]:
    """Return the sections of the page by name; ``sources`` names the service of each, ``findings`` what it said.

    ``NotFound`` only when crm, the one truth of customers, says that there is no such customer (or none that the
    caller may see). When crm does not answer, the other sections are shown.
    """
    profile = findings["profile"]
    if isinstance(profile, Said) and profile.status == 404:
        raise NotFound("There is no such customer.")
    return {name: section(source, findings[name]) for name, source in sources.items()}
