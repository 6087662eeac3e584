"""A valid request of every operation that administrators have on what went wrong, and of the list of names."""

from __future__ import annotations

from libs.common.clock import SystemClock
from libs.common.db import Database
from libs.common.envelope import Message
from libs.common.ids import SystemIds
from libs.common.inbox import Receiver, Subscriptions, dead
from meridian.audit import Finding, Report
from meridian.audit.keeping import keep
from meridian.topography import GATEWAY
from tests.security.example import Example, Make, listing
from tests.security.shelf import Shelf


def _news(source: str) -> Message:
    """Return a message of a type that nobody handles."""
    event_id, now = SystemIds().new(), SystemClock().now()
    return Message(
        id=event_id, type=f"{source}.rumour.spread.v1", kind="event", source=source, time=now, partition_key=event_id,
        sequence=1, correlation_id=event_id, data={}, recorded_time=now,
    )  # fmt: skip


def _park(database: Database) -> str:
    news = _news("inventory" if database.service == "sales" else "sales")
    Receiver(database, Subscriptions(database.service)).receive([news])
    parked = database.read(lambda connection: dead.list_parked(connection, state=None))
    return next(each.id for each in parked if each.event_id == news.id)


def _parked(shelf: Shelf, service: str) -> dict[str, str]:
    """Let a service get what nobody handles: over HTTP nobody can make a message fail."""
    with shelf.system.target.opened() as databases:
        return {"parked_id": _park(databases[service])}


def _audit_run(shelf: Shelf) -> Example:
    """Keep what an audit said: over HTTP nobody can make one."""
    with shelf.system.target.opened() as databases:
        keep(
            databases[GATEWAY],
            Report([Finding("I1", "made for this", "Nothing is lost.", "sales", 0)], 1),
            SystemClock().now(),
        )
    return Example({"run_id": shelf.system["admin"].get("/audit-runs")["items"][0]["id"]})


def _messages_of(service: str) -> dict[str, Make]:
    at, store = f"/api/v1/parked-messages/{service}", service.replace("-", "_")
    return {
        f"GET {at}": listing,
        f"GET {at}/{{parked_id}}": lambda shelf: Example(_parked(shelf, store)),
        f"POST {at}/{{parked_id}}/retry": lambda shelf: Example(
            _parked(shelf, store), {"comment": "the price list was mended"}
        ),
    }


ADMIN: dict[str, Make] = {
    **_messages_of("crm"),
    **_messages_of("sales"),
    **_messages_of("inventory"),
    **_messages_of("finance"),
    **_messages_of("service-desk"),
    "GET /api/v1/audit-runs": listing,
    "GET /api/v1/audit-runs/{run_id}": _audit_run,
    "GET /api/v1/colleagues": listing,
}
