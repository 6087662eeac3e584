"""How recommendations fare, and what is learnt from that: what a kind is worth, and what a customer does not want.

A kind's chance is a Beta mean: it begins at what is usual, as if ``WEIGHT`` had been shown, and follows what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from libs.common.money import divide_half_up
from services.crm.domain.idea import Idea, Kind

FULL_BP = 10_000
HIT_DAYS = 30
WEIGHT = 20
USUAL_BP: Mapping[Kind, int] = {
    "running_out": 3000,
    "upgrade": 1000,
    "goes_with": 1000,
    "win_back": 1000,
    "after_service": 1500,
}
MOST_BP = 9500
LEAST_BP = 50
QUIET_DAYS = 30
REMEMBERED_DAYS = 365
UNWANTED_SHARE = 4


@dataclass(frozen=True)
class Fared:
    """Of so many that were shown, and of which is known what became of them, so many were accepted in time."""

    shown: int = 0
    accepted: int = 0


def kind_bp(kind: Kind, fared: Fared) -> int:
    """Return how likely an idea of the kind is accepted, in hundredths of a percent."""
    return (USUAL_BP[kind] * WEIGHT + FULL_BP * fared.accepted) // (WEIGHT + fared.shown)


def chance_bp(idea: Idea, fared: Fared, dismissed: int) -> int:
    """Return how likely the customer says yes, who has refused this very thing ``dismissed`` times within a year."""
    usual = kind_bp(idea.kind, fared) / float(UNWANTED_SHARE**dismissed)
    return min(max(round(usual * idea.strength), LEAST_BP), MOST_BP)


def expected(minor: int, chance: int) -> int:
    """Return the part of the value that may be counted upon."""
    return divide_half_up(minor * chance, FULL_BP)


def hit_rate_bp(fared: Fared) -> int | None:
    """Return accepted within thirty days / shown; nothing while nothing was shown."""
    return fared.accepted * FULL_BP // fared.shown if fared.shown else None
