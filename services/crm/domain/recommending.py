"""What to say next to a customer: five questions, each asked of what was bought and of what all purchases taught."""

from __future__ import annotations

from services.crm.domain.idea import MOST, Idea, Looked
from services.crm.domain.offers import after_service, goes_with, upgrade
from services.crm.domain.timing import running_out, win_back


def ideas(seen: Looked) -> list[Idea]:
    """Return what to offer, of each kind the strongest; an item is offered once, by the first kind that names it."""
    found: dict[str, Idea] = {}
    for ask in (after_service, running_out, upgrade, goes_with, win_back):
        asked = [idea for idea in ask(seen) if seen.shelf.sold(idea.item_id)]
        asked.sort(key=lambda idea: (-idea.strength, idea.item_id))
        for idea in asked[: MOST[asked[0].kind] if asked else 0]:
            found.setdefault(idea.item_id, idea)
    return list(found.values())
