"""The pipeline in figures: what is at each stage, what it is worth, and how much of that may be counted upon."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, func, select

from libs.common.money import Money
from services.crm.domain.opportunity import weighted
from services.crm.domain.sight import Owners
from services.crm.domain.stage import Stage
from services.crm.reports.among import Among
from services.crm.store import stages
from services.crm.store.pipeline_tables import opportunity
from services.crm.store.tables import customer


@dataclass(frozen=True)
class Worth:
    """What open opportunities of one currency come to, and the part that may be counted upon."""

    count: int
    value: Money
    weighted_value: Money


@dataclass(frozen=True)
class StageFigures:
    """A stage with what is open there, by currency."""

    code: str
    name_en: str
    name_zh: str
    probability_percent: Decimal
    worth: tuple[Worth, ...]


def list_stages(connection: Connection) -> list[Stage]:
    """Return the stages in their order."""
    return list(stages.known(connection).values())


def pipeline(connection: Connection, *, among: Among, owners: Owners) -> list[StageFigures]:
    """Return the stages in their order with what is open at each, of all that ``owners`` see or of those ``among``.

    Grouped by probability too, and weighted group by group: each opportunity is weighted as it is in the list, except
    for the half cent by which sums and single amounts may differ in rounding.
    """
    found: dict[str, dict[str, list[tuple[int, int, int]]]] = {}
    chance = func.coalesce(opportunity.c.probability_bp, -1)
    query = select(
        opportunity.c.stage,
        opportunity.c.currency,
        chance.label("chance"),
        func.count().label("number"),
        func.sum(opportunity.c.value_minor).label("minor"),
    ).where(opportunity.c.state == "open", *among.holds(opportunity.c.owner_id, opportunity.c.campaign_id))
    if owners is not None:
        query = query.join(customer, customer.c.id == opportunity.c.customer_id)
        query = query.where(customer.c.owner_id.in_(owners))
    for row in connection.execute(query.group_by(opportunity.c.stage, opportunity.c.currency, chance)):
        by_currency = found.setdefault(row.stage, {})
        by_currency.setdefault(row.currency, []).append((row.chance, row.number, int(row.minor)))
    return [_figures(stage, found.get(stage.code, {})) for stage in list_stages(connection)]


def _figures(stage: Stage, by_currency: dict[str, list[tuple[int, int, int]]]) -> StageFigures:
    worth = tuple(_worth(stage, currency, groups) for currency, groups in sorted(by_currency.items()))
    return StageFigures(stage.code, stage.name_en, stage.name_zh, stage.probability_percent, worth)


def _worth(stage: Stage, currency: str, groups: list[tuple[int, int, int]]) -> Worth:
    parts = [
        weighted(Money(minor, currency), stage.probability_bp if chance < 0 else chance)
        for chance, _, minor in groups
    ]
    return Worth(
        count=sum(number for _, number, _ in groups),
        value=Money(sum(minor for _, _, minor in groups), currency),
        weighted_value=Money.total(parts, currency),
    )
