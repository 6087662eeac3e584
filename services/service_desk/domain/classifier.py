"""What a ticket is about, learnt from the words of others: logistic regression over pieces of words.

Some examples teach, others calibrate how sure it may be, and the rest judges: accuracy is counted on what it has not
seen. Chances are estimates and no money: here, and only here, numbers may be floats.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any

EPOCHS = 12
RATE = 0.5
SHRINK = 1e-5
MOST_FEATURES = 8000
LEAST_EXAMPLES = 30
LEAST_OF_EACH = 3
PARTS = 5  # of five examples one judges, one calibrates, three teach
_DIGITS = 4
_PIECES = (3, 4)
_COOLER = tuple(0.25 * 1.25**step for step in range(16))
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\d_]+|\d+")
Vector = dict[str, float]


@dataclass(frozen=True)
class Example:
    """Words of which is known what they are about."""

    text: str
    label: str


@dataclass(frozen=True)
class Guess:
    """What words are about, and how sure that is, from 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Model:
    """What was learnt: ``weights`` by label and piece, ``rarity`` of each piece; ``sharpness`` calibrates.

    ``right`` of ``judged`` examples that it had not seen were told rightly.
    """

    labels: tuple[str, ...]
    rarity: Mapping[str, float]
    weights: Mapping[str, Mapping[str, float]]
    bias: Mapping[str, float]
    sharpness: float
    taught: int
    judged: int
    right: int


def pieces(text: str) -> Counter[str]:
    """Return the pieces of a text: words and parts of them; of Chinese, characters and pairs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: Counter[str] = Counter()
    for run in _CHINESE.findall(plain):
        found.update(run)
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    for word in _WORD.findall(_CHINESE.sub(" ", plain)):
        padded = f" {word} "
        found[padded] += 1
        for size in _PIECES:
            found.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    return found


def learn(examples: Sequence[Example]) -> Model | None:
    """Return what the examples teach, in their order; nothing where there are too few of them."""
    counts = Counter(each.label for each in examples)
    labels = tuple(sorted(label for label, count in counts.items() if count >= LEAST_OF_EACH))
    known = [each for each in examples if each.label in labels]
    if len(known) < LEAST_EXAMPLES or len(labels) < 2:
        return None
    parts = _divided(known)
    teachers = [each for part in parts[2:] for each in part]
    rarity = _rarity([pieces(each.text) for each in teachers])
    weights, bias = _taught([(_vector(each.text, rarity), each.label) for each in teachers], labels)
    bare = Model(labels, rarity, weights, bias, 1.0, len(teachers), 0, 0)
    sharpness = min(_COOLER, key=lambda each: _loss(bare, parts[1], each))
    model = Model(labels, rarity, weights, bias, sharpness, len(teachers), len(parts[0]), 0)
    right = sum(guess(model, each.text).label == each.label for each in parts[0])
    # What was learnt was judged; now what judged and calibrated teaches as well.
    rarity = _rarity([pieces(each.text) for each in known])
    weights, bias = _taught([(_vector(each.text, rarity), each.label) for each in known], labels)
    return Model(labels, rarity, weights, bias, sharpness, len(known), len(parts[0]), right)


def guess(model: Model, text: str) -> Guess:
    """Return what a text is most likely about."""
    chances = _chances(model, _vector(text, model.rarity), model.sharpness)
    label = max(model.labels, key=lambda each: (chances[each], each))
    return Guess(label, chances[label])


def model_data(model: Model) -> dict[str, Any]:
    """Return the model as plain data, to be stored: figures only, nothing that could be run."""
    return dict(vars(model))


def model_from(data: Mapping[str, Any]) -> Model:
    """Read a stored model."""
    return Model(**{**data, "labels": tuple(data["labels"])})


def _divided(examples: Sequence[Example]) -> list[list[Example]]:
    """Deal the examples of each label out in turn, so that each part has some of every one."""
    parts: list[list[Example]] = [[] for _ in range(PARTS)]
    dealt: Counter[str] = Counter()
    for each in examples:
        parts[dealt[each.label] % PARTS].append(each)
        dealt[each.label] += 1
    return parts


def _rarity(texts: Sequence[Counter[str]]) -> dict[str, float]:
    seen = Counter(piece for text in texts for piece in text)
    kept = sorted(seen.items(), key=lambda each: (-each[1], each[0]))[:MOST_FEATURES]
    return {piece: round(math.log((1 + len(texts)) / (1 + count)) + 1, _DIGITS) for piece, count in kept}


def _vector(text: str, rarity: Mapping[str, float]) -> Vector:
    raw = {
        piece: (1 + math.log(count)) * rarity[piece]
        for piece, count in pieces(text).items()
        if piece in rarity
    }
    length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
    return {piece: value / length for piece, value in raw.items()}


def _taught(
    examples: Sequence[tuple[Vector, str]], labels: Sequence[str]
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Walk down the slope example by example, with smaller steps where much was learnt already (AdaGrad).

    Pieces go by their number here: this is a million additions, and a list is found in faster than a name.
    """
    number: dict[str, int] = {}
    for vector, _ in examples:
        for piece in vector:
            number.setdefault(piece, len(number))
    numbered = [
        ([number[piece] for piece in vector], list(vector.values()), truth) for vector, truth in examples
    ]
    weights = {label: [0.0] * len(number) for label in labels}
    steps = {label: [1e-4] * len(number) for label in labels}
    bias = dict.fromkeys(labels, 0.0)
    for _ in range(EPOCHS):
        for places, values, truth in numbered:
            scores = {
                label: bias[label] + sum(map(mul, map(weights[label].__getitem__, places), values))
                for label in labels
            }
            chances = _softmax(scores)
            for label in labels:
                miss = chances[label] - (label == truth)
                bias[label] -= RATE * miss / 10
                _correct(weights[label], steps[label], places, values, miss)
    kept = {
        label: {
            piece: round(value, _DIGITS)
            for piece, value in zip(number, row, strict=True)
            if abs(value) > 10**-_DIGITS
        }
        for label, row in weights.items()
    }
    return kept, {label: round(value, _DIGITS) for label, value in bias.items()}


def _correct(
    row: list[float], steps: list[float], places: Sequence[int], values: Sequence[float], miss: float
) -> None:
    for place, value in zip(places, values, strict=True):
        before = row[place]
        slope = miss * value + SHRINK * before
        steps[place] = step = steps[place] + slope * slope
        row[place] = before - RATE * slope / math.sqrt(step)


def _score(row: Mapping[str, float], bias: float, vector: Vector) -> float:
    return bias + sum(row.get(piece, 0.0) * value for piece, value in vector.items())


def _chances(model: Model, vector: Vector, sharpness: float) -> dict[str, float]:
    scores = {label: _score(model.weights[label], model.bias[label], vector) for label in model.labels}
    return _softmax({label: score * sharpness for label, score in scores.items()})


def _softmax(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values())
    raised = {label: math.exp(score - top) for label, score in scores.items()}
    total = sum(raised.values())
    return {label: value / total for label, value in raised.items()}


def _loss(model: Model, examples: Sequence[Example], sharpness: float) -> float:
    vectors = [(_vector(each.text, model.rarity), each.label) for each in examples]
    return -sum(math.log(max(_chances(model, vector, sharpness)[label], 1e-12)) for vector, label in vectors)
