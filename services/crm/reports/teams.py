"""Looking at sales teams: who leads whom, and how far they are from their targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from libs.common.money import Money
from libs.common.teams import Sight
from services.crm.domain.team import Team, Territory
from services.crm.store import teams
from services.crm.store.pipeline_tables import followed_order
from services.crm.store.tables import customer
from services.crm.store.team_tables import sales_target, sales_team, sales_team_member

_SIGHT = Sight(sales_team, sales_team_member)


@dataclass(frozen=True)
class TargetFigures:
    """A target, and what was ordered so far in its month by the customers of those it is for.

    ``others`` is what was ordered in other currencies: crm knows no rates, so it does not count towards the target.
    """

    month: str
    owner_id: str | None
    team_id: str | None
    team_name: str | None
    amount: Money
    ordered: Money
    others: tuple[Money, ...]


def led_by(connection: Connection, user_id: str) -> frozenset[str]:
    """Return the members of the teams that somebody leads."""
    return frozenset(connection.execute(_SIGHT.led_by(user_id)).scalars())


def list_teams(connection: Connection) -> list[Team]:
    """Return all teams in the order of their names."""
    return teams.all_teams(connection)


def list_territories(connection: Connection) -> list[Territory]:
    """Return the territories in their order."""
    return teams.territories(connection)


def list_targets(connection: Connection, month: str) -> list[TargetFigures]:
    """Return the targets of a month with what was ordered towards each; cancelled orders do not count."""
    by_owner = _ordered(connection, month)
    known = {team.id: team for team in teams.all_teams(connection)}
    query = select(sales_target).where(sales_target.c.month == month)
    found = []
    for row in connection.execute(query.order_by(sales_target.c.team_id, sales_target.c.owner_id)):
        team = known.get(row.team_id)
        whom = team.members if team else (row.owner_id,)
        sums: dict[str, int] = {row.currency: 0}
        for owner in whom:
            for currency, minor in by_owner.get(owner, {}).items():
                sums[currency] = sums.get(currency, 0) + minor
        ordered = Money(sums.pop(row.currency), row.currency)
        amount = Money(row.amount_minor, row.currency)
        others = tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))
        name = team.name if team else None
        found.append(TargetFigures(month, row.owner_id, row.team_id, name, amount, ordered, others))
    return found


def _ordered(connection: Connection, month: str) -> dict[str | None, dict[str, int]]:
    first = date.fromisoformat(f"{month}-01")
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    query = select(customer.c.owner_id, followed_order.c.currency, func.sum(followed_order.c.total_minor))
    query = query.join(customer, customer.c.id == followed_order.c.customer_id).where(
        followed_order.c.ordered_on >= first,
        followed_order.c.ordered_on < after,
        followed_order.c.state != "cancelled",
    )
    found: dict[str | None, dict[str, int]] = {}
    for owner, currency, minor in connection.execute(
        query.group_by(customer.c.owner_id, followed_order.c.currency)
    ):
        found.setdefault(owner, {})[currency] = int(minor)
    return found
