"""The checks of serials that need two databases: who holds a unit, as inventory and as the service desk say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, on_the_way, rows

_HELD = (
    "SELECT u.item_id, u.serial, i.customer_id, u.delivery_id FROM installed_serial u "
    "JOIN installed_item i ON i.delivery_id = u.delivery_id AND i.line_no = u.line_no WHERE u.returned_on IS NULL"
)


def a_serial_is_with_one_customer(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give serials that inventory shipped and the desk does not know so, and those that it thinks two hold.

    A unit that came back is held, for the desk, until it was inspected. News on its way is not counted.
    """
    known = {
        (str(item), name): (state, customer and str(customer), str(document))
        for item, name, state, customer, document in rows(
            databases["inventory"], "SELECT item_id, serial, state, customer_id, document_id FROM serial"
        )
    }
    moving = on_the_way(databases, "inventory", "inventory.delivery.shipped.v1", "delivery_id")
    moving |= on_the_way(databases, "inventory", "inventory.return.inspected.v1", "delivery_id")
    held: dict[tuple[str, str], str] = {}
    for item, name, customer, delivery in rows(databases["service_desk"], _HELD):
        unit = (str(item), name)
        if str(delivery) in moving:
            continue
        state, owner, _ = known.get(unit, ("unknown", None, ""))
        if (
            unit in held
            or (state == "shipped" and owner != str(customer))
            or state not in ("shipped", "quarantine")
        ):
            yield name
        held[unit] = str(customer)
    for unit, (state, _, delivery) in sorted(known.items()):
        if state == "shipped" and unit not in held and delivery not in moving:
            yield unit[1]


SERIAL_CHECKS = (
    CrossCheck(
        "I1",
        "a_serial_is_with_one_customer",
        "Every serial that was shipped is held by that customer alone, for the service desk as for inventory.",
        a_serial_is_with_one_customer,
    ),
)
