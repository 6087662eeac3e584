"""Running the checks: a file of SQL per invariant and store, what is worked out again, and what needs two databases.

Each file of ``queries/<store>`` is named after its invariant, begins with the sentence that it proves, and
selects the ids of the offenders; ``queries/every`` holds those that every store must satisfy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, text

from libs.common.clock import pause
from libs.common.db import Database
from libs.common.db.types import Utc
from meridian.audit.across import CROSS_CHECKS, CrossCheck
from meridian.audit.across_credit import CREDIT_CHECKS
from meridian.audit.again import REPETITIONS, Repetition
from meridian.audit.amended import AMENDED_CHECKS
from meridian.audit.bought import BOUGHT_CHECKS
from meridian.audit.counted import COUNTED_CHECKS
from meridian.audit.followed import FOLLOWED_CHECKS
from meridian.audit.noticed import NOTICED_CHECKS
from meridian.audit.overview import OVERVIEW_CHECKS
from meridian.audit.own_fields import OWN_FIELD_CHECKS
from meridian.audit.report import SHOWN_IDS, Finding, Report
from meridian.audit.serials import SERIAL_CHECKS
from meridian.audit.valued import VALUE_CHECKS
from meridian.topography import SERVICES

QUERIES = Path(__file__).parent / "queries"
GRACE = timedelta(seconds=60)
LOOKS_AGAIN = 3
LOOK_AGAIN_S = 0.5
_CHECKS = (
    *CROSS_CHECKS,
    *FOLLOWED_CHECKS,
    *BOUGHT_CHECKS,
    *AMENDED_CHECKS,
    *CREDIT_CHECKS,
    *SERIAL_CHECKS,
    *VALUE_CHECKS,
    *OWN_FIELD_CHECKS,
    *COUNTED_CHECKS,
    *NOTICED_CHECKS,
    *OVERVIEW_CHECKS,
)


def audit(databases: Mapping[str, Database], *, now: datetime) -> Report:
    """Check every invariant over ``databases`` (by store) and return what was found."""
    report = Report()
    for store in SERVICES:
        for folder in ("every", store):
            for path in sorted((QUERIES / folder).glob("*.sql")):
                report.findings.append(_query(databases[store], store, path, now))
    for again in REPETITIONS:
        report.findings.append(_repeated(again, databases[again.store]))
    for check in _CHECKS:
        report.findings.append(
            _finding(check.invariant, check.name, check.says, "across", _lasting(check, databases, now))
        )
    report.events = sum(_events(databases[store]) for store in SERVICES)
    return report


def _query(database: Database, store: str, path: Path, now: datetime) -> Finding:
    sentence, _, statement = path.read_text(encoding="utf-8").partition("\n")
    invariant, _, name = path.stem.partition("_")
    query = text(statement)
    parameters = {}
    if ":minute_ago" in statement:
        query = query.bindparams(bindparam("minute_ago", type_=Utc))
        parameters["minute_ago"] = now - GRACE
    with database.reading() as connection:
        ids = [str(value) for value in connection.execute(query, parameters).scalars()]
    return _finding(f"I{int(invariant[1:])}", name, sentence.removeprefix("-- "), store, ids)


def _repeated(again: Repetition, database: Database) -> Finding:
    with database.reading() as connection:
        offenders = list(again.offenders(connection))
    return _finding(again.invariant, again.name, again.says, again.store, offenders)


def _lasting(check: CrossCheck, databases: Mapping[str, Database], now: datetime) -> list[str]:
    """Return the offenders that are still there when asked again: two databases are never read at one moment."""
    offenders = list(check.offenders(databases, now))
    for _ in range(LOOKS_AGAIN):
        if not offenders:
            break
        pause(LOOK_AGAIN_S)
        still = set(check.offenders(databases, now))
        offenders = [offender for offender in offenders if offender in still]
    return offenders


def _finding(invariant: str, name: str, says: str, store: str, offenders: Iterable[str]) -> Finding:
    ids = list(offenders)
    return Finding(invariant, name, says, store, len(ids), tuple(ids[:SHOWN_IDS]))


def _events(database: Database) -> int:
    with database.reading() as connection:
        return int(
            connection.execute(text("SELECT COUNT(*) FROM event_log WHERE kind = 'event'")).scalar_one()
        )
