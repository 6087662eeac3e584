"""Look at a customer anew: what to say next, and what may be expected of him."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from libs.common.db import Transaction
from services.crm.domain.buying import basket
from services.crm.domain.fortune import REMEMBERED_DAYS, Fared, chance_bp, expected
from services.crm.domain.ground import Ground
from services.crm.domain.idea import Idea, Looked
from services.crm.domain.offers import AFTER_SERVICE_DAYS
from services.crm.domain.potential import potential
from services.crm.domain.recommendation import Past, Recommendation, is_quiet
from services.crm.domain.recommending import ideas
from services.crm.store import bought, buyings, customers, recommendations, solved_tickets


def look_at_customer(tx: Transaction, customer_id: str, ground: Ground) -> bool:
    """Make, renew and end the recommendations of a customer; false when there is nothing known of him.

    The customer's row is kept first: what is heard of him meanwhile waits, and lets him be looked at once more.
    """
    if not buyings.lock(tx, customer_id):
        return False
    customer = customers.find(tx.connection, customer_id)
    if customer is None:
        buyings.looked_at(tx, customer_id, ground.today, None, None)
        return False
    theirs = basket(bought.of_customer(tx.connection, customer_id), customer.currency)
    since = ground.today - timedelta(days=AFTER_SERVICE_DAYS)
    solved = solved_tickets.solved_since(tx.connection, customer_id, since)
    looked = Looked(theirs, ground.model, ground.shelf, ground.today, solved)
    found = ideas(looked) if customer.active else []
    _match(tx, customer_id, customer.currency, found, ground)
    expectation = potential(theirs, ground.model, ground.today)
    buyings.looked_at(tx, customer_id, ground.today, customer.currency, expectation)
    return True


def note_failure(tx: Transaction, customer_id: str, today: date, failure: str) -> None:
    """Note that a customer could not be looked at, and why: what is recommended to him stays as it was."""
    buyings.failed(tx, customer_id, today, failure)


def _match(tx: Transaction, customer_id: str, currency: str, found: list[Idea], ground: Ground) -> None:
    live = {each.item_id: each for each in recommendations.live(tx.connection, customer_id)}
    asleep = {item for item, each in live.items() if _sleeps(each, ground.today)}
    past = _past(tx, customer_id, ground)
    refused = Counter(each.item_id for each in past if each.state == "dismissed")
    quiet = {each.item_id for each in past if is_quiet(each, ground.today)} | asleep
    wanted = {idea.item_id: idea for idea in found if idea.item_id not in quiet}
    holds = {
        item for item, each in live.items()
        if item in wanted and each.kind == wanted[item].kind and each.valid_until >= ground.today
    }  # fmt: skip
    ends = live.keys() - holds - asleep
    recommendations.lapse(tx, [live[item].id for item in sorted(ends)])
    over = {item for item in ends if live[item].shown_at and live[item].valid_until < ground.today}
    for item in sorted(wanted.keys() - over):
        idea = wanted[item]
        chance = chance_bp(idea, ground.fared.get(idea.kind, Fared()), refused[item])
        numbers = (idea, currency, chance, expected(idea.minor, chance))
        if item in holds:
            recommendations.renew(tx, live[item].id, *numbers)
        else:
            recommendations.make(tx, customer_id, *numbers)


def _sleeps(each: Recommendation, today: date) -> bool:
    return each.snoozed_until is not None and each.snoozed_until > today


def _past(tx: Transaction, customer_id: str, ground: Ground) -> list[Past]:
    since = tx.now - timedelta(days=REMEMBERED_DAYS)
    ended = recommendations.ended(tx.connection, customer_id, since)
    return [
        Past(
            each.item_id,
            each.state,
            each.decided_at.astimezone(ground.zone).date(),
            each.valid_until,
            each.shown_at is not None,
        )
        for each in ended
        if each.decided_at
    ]
