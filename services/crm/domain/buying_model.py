"""What all purchases taught: what goes together, how often things are bought again, and when somebody is gone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SHRINK = 5
SHARPEN = 1.5
USUAL_GONE = 0.2
USUAL_RATIOS = (1.0, 1.2, 1.5, 2.0, 3.0)


@dataclass(frozen=True)
class Pair:
    """``together`` baskets hold ``other`` too; ``of_item`` and ``of_other`` hold the one and the other."""

    other: str
    together: int
    of_item: int
    of_other: int

    @property
    def confidence(self) -> float:
        """Of the baskets with the item, the share with the other too."""
        return self.together / self.of_item

    @property
    def cosine(self) -> float:
        """How alike the two sets of baskets are, from 0 to 1."""
        return self.together / math.sqrt(self.of_item * self.of_other)

    @property
    def strength(self) -> float:
        """The cosine, less where few baskets stand behind it, sharpened: faint hints shall not drown a clear one."""
        return float((self.cosine * self.together / (self.together + SHRINK)) ** SHARPEN)

    def lift(self, baskets: int) -> float:
        """How many times likelier it is with the item than without knowing of it."""
        return self.together * baskets / (self.of_item * self.of_other)


@dataclass(frozen=True)
class Lore:
    """How many customers have an item, how many bought it again and how many days apart, how many bought it lately.

    ``unit_minor`` is what a whole unit usually costs.
    """

    customers: int
    again: int
    interval: int | None
    unit_minor: int | None
    lately: int = 0

    @property
    def trend(self) -> float:
        """The share of its customers that bought it lately, smoothed: what is out of season is offered less."""
        return (self.lately + 1) / (self.customers + SHRINK)


@dataclass(frozen=True)
class Model:
    """What was learnt. ``ratios`` are quantiles of intervals in units of the customer's usual one.

    ``gone`` is the share of customers that stayed away for good after an order; ``interval`` the usual one of all.
    ``dearer`` names, for an item, the one of its category a price step above that most customers have.
    """

    lines: int
    customers: int
    baskets: int
    currency: str
    lore: Mapping[str, Lore]
    categories: Mapping[str, int]
    pairs: Mapping[str, tuple[Pair, ...]]
    dearer: Mapping[str, str]
    ratios: tuple[float, ...]
    gone: float
    interval: int | None


NOTHING = Model(0, 0, 0, "", {}, {}, {}, {}, USUAL_RATIOS, USUAL_GONE, None)


def as_data(model: Model) -> dict[str, Any]:
    """Return the model as plain data, which ``from_data`` reads."""
    return vars(model) | {
        "lore": {item: list(vars(lore).values()) for item, lore in model.lore.items()},
        "pairs": {item: [list(vars(pair).values()) for pair in pairs] for item, pairs in model.pairs.items()},
        "categories": dict(model.categories),
        "dearer": dict(model.dearer),
        "ratios": list(model.ratios),
    }


def from_data(data: Mapping[str, Any]) -> Model:
    """Return the model that was kept as plain data."""
    return Model(
        **dict(data)
        | {
            "lore": {item: Lore(*lore) for item, lore in data["lore"].items()},
            "pairs": {item: tuple(Pair(*pair) for pair in pairs) for item, pairs in data["pairs"].items()},
            "ratios": tuple(data["ratios"]),
        }
    )
