"""The checks of figures: what orders count for is what their documents say, but for news under way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from libs.common.db import Database
from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, differing, on_the_way, pairs, rows
from services.sales.reports.counting_proof import orders_counted_wrong
from services.sales.reports.freshness import COUNTED


def orders_count_for_what_they_are_worth(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give orders that count for something else in the figures than their documents, counted again, come to."""
    with databases["sales"].reading() as connection:
        found = list(orders_counted_wrong(connection))
    moving: set[str] = set()
    for type_ in COUNTED if found else ():
        moving |= on_the_way(databases, "sales", type_, "order_id")
    return (order for order in found if order not in moving)


_OF_TEAM = "SELECT team_id, user_id FROM sales_team_member"
_KEEPERS = {
    "sales": f"{_OF_TEAM} WHERE until IS NULL",
    "inventory": _OF_TEAM,
    "finance": _OF_TEAM,
    "service_desk": _OF_TEAM,
}
"""How each service that keeps teams says who is in one now."""


def everybody_knows_the_teams(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give teams of which a service knows others than crm; those with news under way, or never told of, are left out.

    A team of before a service listened is told when it is saved next, or by ``meridian replay``; till then it is in
    no figure there, and shows nothing to who leads it.
    """
    moving = on_the_way(databases, "crm", "crm.sales_team.defined.v1", "team_id")
    truth = _teams(databases["crm"], _OF_TEAM)
    for service, members in _KEEPERS.items():
        copy = _teams(databases[service], members) if service in databases else {}
        told = {team: truth.get(team) for team in copy}
        yield from (team for team in differing(told, copy) if team not in moving)


def _teams(database: Database, members: str) -> dict[str, tuple[str | None, set[str]]]:
    found: dict[str, tuple[str | None, set[str]]] = {
        str(team): (manager, set())
        for team, manager in rows(database, "SELECT id, manager_id FROM sales_team")
    }
    for team, user in rows(database, members):
        found[str(team)][1].add(user)
    return found


def orders_count_for_their_campaign(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give counted orders that are owed to another campaign than the opportunity that they come of."""
    owed = pairs(databases["crm"], "SELECT id, campaign_id FROM opportunity WHERE campaign_id IS NOT NULL")
    counted = rows(
        databases["sales"],
        "SELECT o.order_id, o.campaign, q.opportunity_id FROM counted_order o "
        "JOIN sales_order s ON s.id = o.order_id JOIN quotation q ON q.id = s.quotation_id WHERE o.campaign <> ''",
    )
    return (str(order) for order, campaign, of in counted if str(owed.get(str(of))) != campaign)


COUNTED_CHECKS = (
    CrossCheck(
        "I13",
        "orders_count_for_what_they_are_worth",
        "Every order counts in the figures for exactly what its document, worked out again, comes to.",
        orders_count_for_what_they_are_worth,
    ),
    CrossCheck(
        "I13",
        "everybody_knows_the_teams",
        "Sales, inventory, finance and the service desk know who is in which team, as crm says.",
        everybody_knows_the_teams,
    ),
    CrossCheck(
        "I13",
        "orders_count_for_their_campaign",
        "An order counts for the campaign that crm owes its opportunity to.",
        orders_count_for_their_campaign,
    ),
)
