"""Work on an opportunity: change it, move it on, win it, lose it, reopen it, have it quoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.crm.domain import opportunity as rules
from services.crm.domain.opportunity import LostReason, Opportunity
from services.crm.domain.sight import Owners
from services.crm.events import (
    OpportunityLost,
    OpportunityReopened,
    OpportunityStageChanged,
    OpportunityWon,
    QuotationWanted,
    WantedLine,
)
from services.crm.store import opportunities
from services.crm.use_cases.open_opportunity import kept_stage, known_campaign, lines_for


@dataclass(frozen=True)
class AboutOpportunity:
    """Which one, by whom; ``owners`` are the salespeople whose customers the caller sees."""

    opportunity_id: str
    by: str
    owners: Owners = None
    expected_version: int | None = None


def change_opportunity(
    tx: Transaction,
    about: AboutOpportunity,
    changes: Mapping[str, Any],
    lines: tuple[tuple[str, Quantity], ...] | None = None,
) -> Opportunity:
    """Change what is known of an open opportunity; ``lines`` replace the old ones."""
    before = _locked(tx, about)
    rules.require_open(before, "changed")
    if "value" in changes:
        rules.check_value(changes["value"], before.currency)
    known_campaign(tx, changes.get("campaign_id"))
    after = replace(before, **changes)
    if lines is not None:
        after = replace(after, lines=lines_for(tx, lines))
    return before if after == before else opportunities.save(tx, after, lines=lines is not None)


def move_opportunity(tx: Transaction, about: AboutOpportunity, stage: str) -> Opportunity:
    """Move an open opportunity to another stage; to the one where it is, nothing happens."""
    before = _locked(tx, about)
    after = rules.moved(before, kept_stage(tx, stage).code, tx.now)
    if before.stage == after.stage:
        return before
    saved = opportunities.save(tx, after)
    opportunities.step(tx, saved, about.by)
    publish(tx, OpportunityStageChanged(saved.id, saved.number, saved.stage, before.stage))
    return saved


def want_quotation(tx: Transaction, about: AboutOpportunity) -> Opportunity:
    """Ask sales for a quotation of the lines; only one at a time can be accepted."""
    return _want(tx, _locked(tx, about), about.by)


def win_opportunity(tx: Transaction, about: AboutOpportunity) -> Opportunity:
    """Say that the customer buys; lines of which there is no quotation yet become one in the same act."""
    before = _locked(tx, about)
    won = opportunities.save(tx, rules.won(before, tx.now))
    opportunities.step(tx, won, about.by)
    tell_won(tx, won)
    is_quoted = won.quotation_state in ("wanted", "quoted")
    return won if is_quoted or not won.lines else _want(tx, won, about.by)


def lose_opportunity(
    tx: Transaction, about: AboutOpportunity, reason: LostReason, detail: str | None
) -> Opportunity:
    """Say that the customer does not buy, and why."""
    lost = opportunities.save(tx, rules.lost(_locked(tx, about), reason, detail, tx.now))
    opportunities.step(tx, lost, about.by)
    publish(
        tx,
        OpportunityLost(lost.id, lost.number, lost.customer_id, lost.value, str(reason), lost.owner_id),
    )
    return lost


def reopen_opportunity(tx: Transaction, about: AboutOpportunity) -> Opportunity:
    """Take up again what was lost, or won too early."""
    again = opportunities.save(tx, rules.reopened(_locked(tx, about), tx.now))
    opportunities.step(tx, again, about.by)
    publish(tx, OpportunityReopened(again.id, again.number, again.customer_id, again.stage))
    return again


def tell_won(tx: Transaction, won: Opportunity) -> None:
    """Tell that an opportunity is won."""
    publish(tx, OpportunityWon(won.id, won.number, won.customer_id, won.value, won.owner_id, won.order_id))


def _want(tx: Transaction, before: Opportunity, by: str) -> Opportunity:
    saved = opportunities.save(tx, rules.wanting_quotation(before))
    lines = tuple(WantedLine(line.item_id, line.quantity) for line in saved.lines)
    publish(tx, QuotationWanted(saved.id, saved.number, saved.customer_id, by, lines))
    return saved


def _locked(tx: Transaction, about: AboutOpportunity) -> Opportunity:
    found, owner = opportunities.lock(tx.connection, about.opportunity_id)
    opportunity = rules.visible(found, owner, about.owners)
    if about.expected_version not in (None, opportunity.version):
        raise VersionMismatch(f"{opportunity.number} is at version {opportunity.version}")
    return opportunity
