"""What became of recommendations."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.envelope import event
from libs.common.money import Money
from libs.common.quantity import Quantity


@event("crm.recommendation.accepted.v1", key="recommendation_id")
@dataclass(frozen=True)
class RecommendationAccepted:
    """A customer may buy what was recommended: ``opportunity_id`` has it as a line."""

    recommendation_id: str
    customer_id: str
    kind: str
    item_id: str
    quantity: Quantity
    value: Money
    opportunity_id: str


@event("crm.recommendation.dismissed.v1", key="recommendation_id")
@dataclass(frozen=True)
class RecommendationDismissed:
    """A customer does not want what was recommended, for ``reason``."""

    recommendation_id: str
    customer_id: str
    kind: str
    item_id: str
    reason: str
