"""From what the services said to the page: pure, so that every combination of answers can be tried."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.clients.section import Finding, Said, Section, section
from libs.common.errors import NotFound


def compose(sources: Mapping[str, str], findings: Mapping[str, Finding]) -> dict[str, Section]:
    """Return the sections of the page by name; ``sources`` names the service of each, ``findings`` what it said.

    ``NotFound`` only when crm, the one truth of customers, says that there is no such customer (or none that the
    caller may see). When crm does not answer, the other sections are shown.
    """
    profile = findings["profile"]
    if isinstance(profile, Said) and profile.status == 404:
        raise NotFound("There is no such customer.")
    return {name: section(source, findings[name]) for name, source in sources.items()}
