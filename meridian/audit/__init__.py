"""The self-check: the invariants I1 to I16 as queries over every service's database."""

from meridian.audit.report import Finding, Report
from meridian.audit.run import audit

__all__ = ["Finding", "Report", "audit"]
