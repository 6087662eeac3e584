"""Ideas of what to say next to a customer, and all that the questions look at which lead to them.

Each idea has the numbers that its reason is told with. ``strength`` is how much likelier than usual for its kind it is
that the customer says yes; what is usual is learnt from how ideas of the kind fared (``fortune``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from libs.common.money import divide_half_up
from services.crm.domain.buying import Basket
from services.crm.domain.buying_model import Model

Kind = Literal["running_out", "upgrade", "goes_with", "win_back", "after_service"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST: Mapping[Kind, int] = {
    "running_out": 10,
    "upgrade": 3,
    "goes_with": 5,
    "win_back": 1,
    "after_service": 3,
}
VALID_DAYS = 30
UNIT = 1000
USUAL_CONFIDENCE = 0.2

Figures = Mapping[str, int | str]


@dataclass(frozen=True)
class Idea:
    """Something to offer: so much of an item, worth ``minor``, because of another one where ``because`` names it."""

    kind: Kind
    item_id: str
    milli: int
    minor: int
    strength: float
    valid_until: date
    because: str | None = None
    figures: Figures = field(default_factory=dict)


@dataclass(frozen=True)
class Solved:
    """A ticket about an item that was solved."""

    number: str
    item_id: str
    day: date


@dataclass(frozen=True)
class Shelf:
    """What may be offered: items that are sold, with their categories, and which is the better one of which."""

    categories: Mapping[str, str | None]
    better: Mapping[str, str]

    def sold(self, item_id: str) -> bool:
        """Tell whether the item can be offered."""
        return item_id in self.categories


@dataclass(frozen=True)
class Looked:
    """All that the questions look at."""

    basket: Basket
    model: Model
    shelf: Shelf
    today: date
    solved: tuple[Solved, ...] = ()


def worth(seen: Looked, item_id: str, milli: int) -> int:
    """Return what so much of an item usually costs; nothing where that is not known in the customer's currency."""
    lore = seen.model.lore.get(item_id)
    if lore is None or lore.unit_minor is None or seen.basket.currency != seen.model.currency:
        return 0
    return divide_half_up(lore.unit_minor * milli, UNIT)
