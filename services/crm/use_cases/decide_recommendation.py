"""Decide what becomes of a recommendation: shown, accepted, dismissed, or put off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.crm.domain.opportunity import visible as visible_opportunity
from services.crm.domain.recommendation import (
    AnotherCustomer,
    Recommendation,
    RecommendationDecided,
    RecommendationNotFound,
    Refusal,
    check_snooze,
    is_hit,
)
from services.crm.domain.sight import Owners, within
from services.crm.events import RecommendationAccepted, RecommendationDismissed
from services.crm.store import items, opportunities, recommendations
from services.crm.use_cases.open_opportunity import OpenOpportunity, open_opportunity
from services.crm.use_cases.work_on_opportunity import AboutOpportunity, change_opportunity, want_quotation

SOURCE = "recommendation"
TITLE = 200


@dataclass(frozen=True)
class AboutRecommendation:
    """Which one, by whom; ``owners`` are the salespeople whose customers the caller sees."""

    recommendation_id: str
    by: str
    owners: Owners = None


def show_recommendation(tx: Transaction, about: AboutRecommendation) -> None:
    """Count a recommendation as shown to somebody; a second time changes nothing."""
    _seen(tx, about)
    recommendations.show(tx, about.recommendation_id, about.by)


def accept_recommendation(
    tx: Transaction,
    about: AboutRecommendation,
    *,
    quantity: Quantity | None = None,
    opportunity_id: str | None = None,
    quote: bool = False,
) -> str:
    """Make a line of it, in ``opportunity_id`` or a new opportunity, and return which; ``quote`` has it quoted."""
    found = _seen(tx, about)
    _decided(recommendations.decide(tx, found.id, "accepted", about.by, hit=is_hit(found.shown_at, tx.now)))
    wanted = (found.item_id, quantity or found.quantity)
    target = _open(tx, about, found, wanted) if opportunity_id is None else opportunity_id
    if opportunity_id is not None:
        _add_line(tx, about, found, wanted, opportunity_id)
    recommendations.led_to(tx, found.id, target)
    publish(
        tx,
        RecommendationAccepted(
            found.id, found.customer_id, found.kind, found.item_id, wanted[1], found.value, target
        ),
    )
    if quote:
        want_quotation(tx, AboutOpportunity(target, about.by, about.owners))
    return target


def dismiss_recommendation(
    tx: Transaction, about: AboutRecommendation, reason: Refusal, detail: str | None
) -> None:
    """Note that the customer does not want it, and why; it is offered less from now on."""
    found = _seen(tx, about)
    _decided(recommendations.decide(tx, found.id, "dismissed", about.by, reason=reason, detail=detail))
    publish(tx, RecommendationDismissed(found.id, found.customer_id, found.kind, found.item_id, reason))


def snooze_recommendation(tx: Transaction, about: AboutRecommendation, until: date, today: date) -> None:
    """Put a recommendation off until a day."""
    found = _seen(tx, about)
    day = check_snooze(until, today)
    _decided(recommendations.decide(tx, found.id, "snoozed", about.by, snoozed_until=day))


def _seen(tx: Transaction, about: AboutRecommendation) -> Recommendation:
    found, owner = recommendations.find(tx.connection, about.recommendation_id)
    if found is None or not within(owner, about.owners):
        raise RecommendationNotFound("there is no such recommendation", field="recommendation_id")
    return found


def _decided(done: bool) -> None:
    if not done:
        raise RecommendationDecided("the recommendation was decided, or does not hold any more")


def _open(
    tx: Transaction, about: AboutRecommendation, found: Recommendation, wanted: tuple[str, Quantity]
) -> str:
    item = items.known(tx.connection, [found.item_id])[found.item_id]
    command = OpenOpportunity(
        customer_id=found.customer_id,
        title=f"{item.sku} {item.name}"[:TITLE],
        by=about.by,
        owners=about.owners,
        value=found.value,
        source=SOURCE,
        lines=(wanted,),
    )
    return open_opportunity(tx, command).id


def _add_line(
    tx: Transaction,
    about: AboutRecommendation,
    found: Recommendation,
    wanted: tuple[str, Quantity],
    opportunity_id: str,
) -> None:
    kept, owner = opportunities.lock(tx.connection, opportunity_id)
    target = visible_opportunity(kept, owner, about.owners)
    if target.customer_id != found.customer_id:
        raise AnotherCustomer("the opportunity is another customer's", field="opportunity_id")
    lines = (*((line.item_id, line.quantity) for line in target.lines), wanted)
    change_opportunity(tx, AboutOpportunity(opportunity_id, about.by, about.owners), {}, lines)
