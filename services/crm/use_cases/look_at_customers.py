"""Look at customers anew: what to say to each next, and what may be expected of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from libs.common.db import Transaction
from services.crm.domain.buying import basket
from services.crm.domain.customer import Customer
from services.crm.domain.fortune import REMEMBERED_DAYS, Fared, chance_bp, expected
from services.crm.domain.ground import Ground
from services.crm.domain.idea import Idea, Looked
from services.crm.domain.offers import AFTER_SERVICE_DAYS
from services.crm.domain.potential import Potential, potential
from services.crm.domain.recommendation import Past, Recommendation, is_quiet
from services.crm.domain.recommending import ideas
from services.crm.store import bought, buyings, customers, recommendations, solved_tickets
from services.crm.store.recommendations import Offer


@dataclass
class _Outcome:
    """What is to be written of some customers, one statement for each kind of change."""

    made: list[Offer] = field(default_factory=list)
    renewed: list[tuple[str, Offer]] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)
    expected: dict[str, tuple[str | None, Potential | None]] = field(default_factory=dict)


def look_at_customers(tx: Transaction, customer_ids: Sequence[str], ground: Ground) -> int:
    """Make, renew and end the recommendations of customers; return of how many something is known.

    Their rows are kept first: what is heard of them meanwhile waits, and lets them be looked at once more.
    """
    kept = buyings.lock(tx, customer_ids)
    if not kept:
        return 0
    known = customers.find_many(tx.connection, kept)
    since = ground.today - timedelta(days=AFTER_SERVICE_DAYS)
    theirs = bought.of_customers(tx.connection, kept)
    solved = solved_tickets.solved_since(tx.connection, kept, since)
    live = recommendations.live(tx.connection, kept)
    past = _past(tx, kept, ground)
    outcome = _Outcome(expected=dict.fromkeys(kept, (None, None)))
    for each in kept:
        if each in known:
            purchases = basket(theirs.get(each, []), known[each].currency)
            looked = Looked(purchases, ground.model, ground.shelf, ground.today, tuple(solved.get(each, ())))
            found = ideas(looked) if known[each].active else []
            _match(outcome, known[each], found, live.get(each, []), past.get(each, []), ground)
            expectation = potential(purchases, ground.model, ground.today)
            outcome.expected[each] = (known[each].currency, expectation)
    _write(tx, outcome, ground.today)
    return len(known)


def note_failure(tx: Transaction, customer_id: str, today: date, failure: str) -> None:
    """Note that a customer could not be looked at, and why: what is recommended to him stays as it was."""
    buyings.failed(tx, customer_id, today, failure)


def _write(tx: Transaction, outcome: _Outcome, today: date) -> None:
    recommendations.lapse(tx, outcome.lapsed)
    recommendations.renew(tx, outcome.renewed)
    recommendations.make(tx, outcome.made)
    buyings.looked_at(tx, outcome.expected, today)


def _match(
    outcome: _Outcome,
    whose: Customer,
    found: list[Idea],
    standing: list[Recommendation],
    past: list[Past],
    ground: Ground,
) -> None:
    live = {each.item_id: each for each in standing}
    asleep = {item for item, each in live.items() if _sleeps(each, ground.today)}
    refused = Counter(each.item_id for each in past if each.state == "dismissed")
    quiet = {each.item_id for each in past if is_quiet(each, ground.today)} | asleep
    wanted = {idea.item_id: idea for idea in found if idea.item_id not in quiet}
    holds = {
        item for item, each in live.items()
        if item in wanted and each.kind == wanted[item].kind and each.valid_until >= ground.today
    }  # fmt: skip
    ends = live.keys() - holds - asleep
    outcome.lapsed += [live[item].id for item in sorted(ends)]
    over = {item for item in ends if live[item].shown_at and live[item].valid_until < ground.today}
    for item in sorted(wanted.keys() - over):
        idea = wanted[item]
        chance = chance_bp(idea, ground.fared.get(idea.kind, Fared()), refused[item])
        offer = Offer(whose.id, idea, whose.currency, chance, expected(idea.minor, chance))
        if item in holds:
            outcome.renewed.append((live[item].id, offer))
        else:
            outcome.made.append(offer)


def _sleeps(each: Recommendation, today: date) -> bool:
    return each.snoozed_until is not None and each.snoozed_until > today


def _past(tx: Transaction, customer_ids: Sequence[str], ground: Ground) -> dict[str, list[Past]]:
    since = tx.now - timedelta(days=REMEMBERED_DAYS)
    ended = recommendations.ended(tx.connection, customer_ids, since)
    return {
        whose: [
            Past(
                each.item_id,
                each.state,
                each.decided_at.astimezone(ground.zone).date(),
                each.valid_until,
                each.shown_at is not None,
            )
            for each in theirs
            if each.decided_at
        ]
        for whose, theirs in ended.items()
    }
