"""Does what technicians noticed reach the salesperson, and does its ticket show what it earns?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, differing, on_the_way, pairs, rows

_NOTED = "service_desk.ticket.finding_noted.v1"
_OPENED = "crm.opportunity.opened.v1"
_CHANGED = "crm.opportunity.revenue_changed.v1"


def a_finding_is_an_opportunity(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give findings of which desk and crm do not name the same opportunity; news on its way is not counted."""
    noted = pairs(
        databases["service_desk"], "SELECT id, COALESCE(CAST(opportunity_id AS TEXT), '') FROM ticket_finding"
    )
    became = pairs(
        databases["crm"], "SELECT finding_id, CAST(opportunity_id AS TEXT) FROM opportunity_finding"
    )
    moving = on_the_way(databases, "service_desk", _NOTED, "finding_id")
    opened = on_the_way(databases, "crm", _OPENED, "opportunity_id")
    moving |= {finding for finding, opportunity in became.items() if opportunity in opened}
    return (finding for finding in differing(noted, became) if finding not in moving)


def a_ticket_shows_what_it_earned(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give orders that came of findings and whose figures desk and crm tell differently."""
    shown = {
        str(order): (state, int(total), int(revenue))
        for order, state, total, revenue in rows(
            databases["service_desk"],
            "SELECT order_id, state, ordered_minor, revenue_minor FROM finding_revenue",
        )
    }
    earned = {
        str(order): (state, int(total), int(revenue))
        for order, state, total, revenue in rows(
            databases["crm"],
            "SELECT o.order_id, o.state, o.total_minor, o.revenue_minor FROM followed_order o "
            "JOIN opportunity_finding f ON f.opportunity_id = o.opportunity_id",
        )
    }
    moving = on_the_way(databases, "crm", _CHANGED, "order_id")
    return (order for order in differing(shown, earned) if order not in moving)


NOTICED_CHECKS = (
    CrossCheck(
        "I13",
        "a_finding_is_an_opportunity",
        "What a technician noticed is one opportunity, for the service desk as for crm.",
        a_finding_is_an_opportunity,
    ),
    CrossCheck(
        "I13",
        "a_ticket_shows_what_it_earned",
        "A ticket shows what the orders earn that came of it.",
        a_ticket_shows_what_it_earned,
    ),
)
