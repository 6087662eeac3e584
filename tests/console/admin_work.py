"""What lies on an administrator's desk: a message that could not be handled, and what an audit found; and the rules of
the company.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from libs.common.clock import SystemClock
from libs.common.db import Database
from libs.common.envelope import Message
from libs.common.inbox import Receiver, Subscriptions, dead
from libs.common.inbox.tables import inbox
from libs.common.outbox import event_log
from meridian.audit import audit
from meridian.audit.keeping import keep
from meridian.topography import GATEWAY
from tests.e2e.systems import System
from tests.e2e.world import World, usd

REGISTERED = "inventory.item.registered.v1"


def a_parked_message(system: System) -> str:
    """Let sales, as if it knew no message yet, get the news of an item; return the id under which it lies there."""
    with system.target.opened() as databases:
        sales, news = databases["sales"], _news(databases["inventory"])
        sales.transact(lambda tx: tx.connection.execute(delete(inbox).where(inbox.c.event_id == news.id)))
        Receiver(sales, Subscriptions("sales")).receive([news])
        found = sales.read(lambda connection: dead.list_parked(connection, state=None))
    return next(each.id for each in found if each.event_id == news.id)


def _news(inventory: Database) -> Message:
    """Return what inventory said last of a new item."""
    query = select(event_log.c.envelope).where(event_log.c.envelope.like(f'%"{REGISTERED}"%'))
    with inventory.reading() as connection:
        envelope = connection.execute(query.order_by(event_log.c.seq.desc()).limit(1)).scalar_one()
    return Message.from_bytes(envelope.encode())


def an_audit(system: System) -> None:
    """Audit the whole system, and keep what was found."""
    with system.target.opened() as databases:
        began_at = SystemClock().now()
        keep(databases[GATEWAY], audit(databases, now=began_at), began_at)


def a_flow(world: World) -> Any:
    """Ask about large discounts of large quotations, and about prices that were set by hand; nobody's is so large."""
    clauses = [
        {"field": "largest_discount", "comparison": "at_least", "percent": "15"},
        {"field": "total", "comparison": "at_least", "amount": usd("900000.00")},
    ]
    by_hand = [
        {"field": "price_overridden", "comparison": "equals", "flag": True},
        {"field": "total", "comparison": "at_least", "amount": usd("800000.00")},
    ]
    manager = {"name": "Sales manager", "approvers": [{"kind": "role", "name": "sales_manager"}]}
    above = {
        "name": "Superior",
        "stage": 2,
        "approvers": [{"kind": "superior", "level": 1}],
        "otherwise": "sales_manager",
        "escalate_after_hours": 24,
        "escalate_to": "finance",
    }
    cases = [{"clauses": clauses}, {"clauses": by_hand}]
    flow = {"name": world.name("Large discounts"), "cases": cases, "steps": [manager, above]}
    return world.system["mia"].post("/approval-flows", flow, key=world.name("flow"))


def a_policy(world: World, item: Any) -> Any:
    """Price an item for a group, by the list, and less for many."""
    lines = [
        {"item_id": item["id"], "min_quantity": "1", "formula": {"base": "list", "percent_off": "5"}},
        {"item_id": item["id"], "min_quantity": "100", "unit_price": usd("88.00")},
    ]
    body = {"name": world.name("Dealers"), "currency": "USD", "customer_group": "dealer", "lines": lines}
    return world.system["mia"].post("/price-policies", body, key=world.name("policy"))


def a_promotion(world: World, item: Any) -> Any:
    """Give one of three for nothing to who bears a coupon, sixty times at most."""
    units = {"buy": "2", "free": "1", "items": [item["id"]]}
    terms = {"coupon": world.name("SPRING").upper(), "max_uses": 60, "valid_until": "2031-03-31"}
    body = {"name": world.name("Spring"), "currency": "USD", "customer_group": "dealer", "free_units": units}
    return world.system["mia"].post("/promotions", body | terms, key=world.name("promotion"))


def own_fields(world: World) -> None:
    """Let quotations and customers say how risky they are, which no form requires."""
    words = {"en": "Project", "zh": "项目"}
    level = {"en": "Risk", "zh": "风险"}
    low, high = {"en": "Low", "zh": "低"}, {"en": "High", "zh": "高"}
    options = [
        {"key": "low", "label": low, "retired": False},
        {"key": "high", "label": high, "retired": False},
    ]
    project = {"key": "project_name", "label": words, "type": "text", "scale": 0, "longest": 80}
    risk = {"key": "risk_level", "label": level, "type": "choice", "scale": 0, "longest": 200}
    _adds(world, "/crm-forms", "customer", risk | {"options": options})
    _adds(world, "/sales-forms", "quotation", project | {"options": []})


def _adds(world: World, at: str, document: str, field: dict[str, Any]) -> None:
    """Define the next version of a form: with one field more, unless it has it."""
    mia = world.system["mia"]
    now = mia.get(f"{at}?document={document}")["items"][0]
    kept = [{name: each[name] for name in each if name != "since"} for each in now["fields"]]
    if field["key"] in [each["key"] for each in kept]:
        return
    open_to_all = {"required_from": None, "seen_by": [], "edited_by": [], "retired": False}
    body = {"document": document, "based_on": now["version"], "fields": [*kept, field | open_to_all]}
    mia.post(at, body, key=world.name("form"))
