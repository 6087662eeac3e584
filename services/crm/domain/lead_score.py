"""How likely a lead is won, learnt from those that were decided: naive Bayes, smoothed, and calibrated on others.

The oldest leads teach, later ones calibrate, the latest ones judge: a score is tried on leads that it has not seen.
Chances are estimates and no money: here, and only here, numbers may be floats.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from services.crm.domain.identity import mail_kind
from services.crm.domain.lead import Lead

FEATURES = ("source", "campaign", "country", "phone", "mail", "size")
LEAST_DECIDED = 100
LEAST_OF_EACH = 20
SMOOTHING = 1.0
BINS = 5
_TEACH, _CALIBRATE = 60, 80  # hundredths of all, the rest judges
_SIZES = ((10, "1-9"), (50, "10-49"), (250, "50-249"), (1000, "250-999"))
_STEPS = 50


@dataclass(frozen=True)
class Decided:
    """A lead of which is known what became of it; in the order in which they came."""

    features: Mapping[str, str]
    won: bool


@dataclass(frozen=True)
class Reason:
    """What one feature adds to the log-odds of the score; ``value`` as it was learnt, or empty if never seen."""

    feature: str
    value: str
    effect: float


@dataclass(frozen=True)
class Bin:
    """Leads of similar scores: what was foretold on average, and what share was won."""

    count: int
    foretold: float
    won: float


@dataclass(frozen=True)
class Model:
    """What was learnt. ``weights``: feature -> value -> log ratio; ``slope`` and ``shift`` calibrate the sum.

    ``brier`` is the mean squared error on ``judged`` leads that it had not seen, ``brier_of_mean`` that of foretelling
    for each lead the share of all that are won: a score that is not below it tells nothing.
    """

    prior: float
    weights: Mapping[str, Mapping[str, float]]
    slope: float
    shift: float
    taught: int
    calibrated: int
    judged: int
    brier: float
    brier_of_mean: float
    reliability: tuple[Bin, ...]


@dataclass(frozen=True)
class TooFew:
    """There is nothing to learn from yet: so many were decided, so many of them won, of so many that it takes."""

    decided: int
    won: int
    needed: int = LEAST_DECIDED
    needed_of_each: int = LEAST_OF_EACH


def features_of(lead: Lead, campaign_code: str | None) -> dict[str, str]:
    """Return what a score looks at; what is not known is a value as well."""
    return {
        "source": (lead.source or "unknown").casefold(),
        "campaign": campaign_code or "none",
        "country": (lead.country or "unknown").casefold(),
        "phone": "yes" if lead.phone else "no",
        "mail": mail_kind(lead.email),
        "size": _size(lead.employees),
    }


def learn(decided: Sequence[Decided]) -> Model | TooFew:
    """Return what ``decided``, the oldest first, teach; or that they are too few, in all or in one of the parts."""
    won = sum(each.won for each in decided)
    cut, judge = len(decided) * _TEACH // 100, len(decided) * _CALIBRATE // 100
    teach, calibrate, last = decided[:cut], decided[cut:judge], decided[judge:]
    enough = len(decided) >= LEAST_DECIDED and min(won, len(decided) - won) >= LEAST_OF_EACH
    if not enough or any(len({each.won for each in part}) < 2 for part in (teach, calibrate)):
        return TooFew(len(decided), won)
    prior, weights = _bayes(teach)
    slope, shift = _platt([(_sum(prior, weights, each.features), each.won) for each in calibrate])
    chances = [(_chance(slope * _sum(prior, weights, each.features) + shift), each.won) for each in last]
    mean = sum(each.won for each in decided[:judge]) / judge
    return Model(
        prior=prior,
        weights=weights,
        slope=slope,
        shift=shift,
        taught=len(teach),
        calibrated=len(calibrate),
        judged=len(last),
        brier=_brier(chances),
        brier_of_mean=_brier([(mean, each.won) for each in last]),
        reliability=_reliability(chances),
    )


def score(model: Model, features: Mapping[str, str]) -> tuple[float, tuple[Reason, ...]]:
    """Return how likely the lead is won, and what each feature adds to that, the strongest first."""
    reasons = tuple(
        Reason(
            name,
            features[name] if features[name] in known else "",
            model.slope * known.get(features[name], 0.0),
        )
        for name, known in model.weights.items()
    )
    chance = _chance(model.slope * _sum(model.prior, model.weights, features) + model.shift)
    return chance, tuple(sorted(reasons, key=lambda reason: -abs(reason.effect)))


def as_data(model: Model) -> dict[str, Any]:
    """Return the model as JSON can keep it."""
    return dict(vars(model)) | {"reliability": [dict(vars(each)) for each in model.reliability]}


def from_data(data: Mapping[str, Any]) -> Model:
    """Return the model that ``as_data`` wrote."""
    return Model(**dict(data) | {"reliability": tuple(Bin(**each) for each in data["reliability"])})


def _size(employees: int | None) -> str:
    if employees is None:
        return "unknown"
    return next((name for below, name in _SIZES if employees < below), "1000+")


def _bayes(teach: Sequence[Decided]) -> tuple[float, dict[str, dict[str, float]]]:
    """Return the log-odds of all, and for each value the log ratio of how often winners and others have it."""
    won = sum(each.won for each in teach)
    lost = len(teach) - won
    weights: dict[str, dict[str, float]] = {}
    for name in FEATURES:
        of_won = Counter(each.features[name] for each in teach if each.won)
        of_lost = Counter(each.features[name] for each in teach if not each.won)
        values = sorted(of_won.keys() | of_lost.keys())
        room = SMOOTHING * (len(values) + 1)
        weights[name] = {
            value: math.log(
                ((of_won[value] + SMOOTHING) / (won + room)) / ((of_lost[value] + SMOOTHING) / (lost + room))
            )
            for value in values
        }
    return math.log((won + SMOOTHING) / (lost + SMOOTHING)), weights


def _sum(prior: float, weights: Mapping[str, Mapping[str, float]], features: Mapping[str, str]) -> float:
    return prior + sum(known.get(features[name], 0.0) for name, known in weights.items())


def _chance(log_odds: float) -> float:
    bounded = max(-30.0, min(30.0, log_odds))
    return 1 / (1 + math.exp(-bounded))


def _platt(seen: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Return slope and shift of the logistic curve through what was foretold and came (Newton's steps, kept small).

    The targets are drawn in a little, as Platt does, so that a few leads do not make anybody certain; the slope is
    never below 0: a score that foretells the contrary is none.
    """
    won = sum(was_won for _, was_won in seen)
    high, low = (won + 1) / (won + 2), 1 / (len(seen) - won + 2)
    slope, shift = 1.0, 0.0
    for _ in range(_STEPS):
        errors = [(x, _chance(slope * x + shift), high if was_won else low) for x, was_won in seen]
        bend = [(x, p * (1 - p)) for x, p, _ in errors]
        down_slope = sum((p - t) * x for x, p, t in errors) + 1e-3 * (slope - 1)
        down_shift = sum(p - t for _, p, t in errors)
        a, b, c = (
            sum(w * x * x for x, w in bend) + 1e-3,
            sum(w * x for x, w in bend),
            sum(w for _, w in bend) + 1e-6,
        )
        whole = a * c - b * b
        slope -= (c * down_slope - b * down_shift) / whole
        shift -= (a * down_shift - b * down_slope) / whole
        slope, shift = max(0.0, min(5.0, slope)), max(-10.0, min(10.0, shift))
    return slope, shift


def _brier(chances: Sequence[tuple[float, bool]]) -> float:
    return sum((chance - won) ** 2 for chance, won in chances) / len(chances)


def _reliability(chances: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Return the leads that judged, cut into equally many by their scores (and by nothing else: not by what came)."""
    ordered = sorted(chances, key=lambda each: each[0])
    cuts = [len(ordered) * place // BINS for place in range(BINS + 1)]
    parts = [ordered[start:end] for start, end in pairwise(cuts) if start < end]
    return tuple(
        Bin(
            count=len(part),
            foretold=sum(chance for chance, _ in part) / len(part),
            won=sum(won for _, won in part) / len(part),
        )
        for part in parts
    )
