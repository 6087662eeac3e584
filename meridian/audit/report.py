"""What an audit found, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN_IDS = 20


@dataclass(frozen=True)
class Finding:
    """One check's result: ``violations`` counts the offenders and ``ids`` names the first of them."""

    invariant: str
    check: str
    says: str
    store: str
    violations: int
    ids: tuple[str, ...] = ()


@dataclass
class Report:
    """Every check that ran, whether it found anything or not."""

    findings: list[Finding] = field(default_factory=list)
    events: int = 0

    @property
    def violations(self) -> int:
        """How many offenders there are in all."""
        return sum(finding.violations for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data; the totals first."""
        return {
            "violations": self.violations,
            "checks": len(self.findings),
            "events": self.events,
            "invariants": dict(self._by_invariant()),
            "findings": [asdict(finding) for finding in self.findings],
        }

    def as_text(self) -> str:
        """Return the report as a table: a line per check, the offenders below theirs."""
        lines = []
        for finding in sorted(self.findings, key=lambda found: (found.invariant, found.store, found.check)):
            mark = "ok " if finding.violations == 0 else "BAD"
            lines.append(
                f"{mark} {finding.invariant:4} {finding.store:13} {finding.violations:6}  {finding.says}"
            )
            if finding.ids:
                lines.append(
                    "         " + ", ".join(finding.ids) + (" ..." if finding.violations > SHOWN_IDS else "")
                )
        lines.append(f"{len(self.findings)} checks, {self.events} events, {self.violations} violations")
        return "\n".join(lines)

    def _by_invariant(self) -> list[tuple[str, int]]:
        totals: dict[str, int] = {}
        for finding in self.findings:
            totals[finding.invariant] = totals.get(finding.invariant, 0) + finding.violations
        return sorted(totals.items())
