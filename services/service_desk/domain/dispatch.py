"""What a ticket is about and whose it is: by rules first, then by what was learnt, else a person looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from services.service_desk.domain.classifier import Model, guess
from services.service_desk.domain.errors import RoutingInvalid
from services.service_desk.domain.routing import QUEUE_OF_KIND, Kind, Queue

Decider = Literal["rule", "caller", "model", "nobody"]
DECIDERS: tuple[Decider, ...] = get_args(Decider)
MOST_RULES = 200
UNDECIDED: Kind = "other"
FULL_BP = 10_000
_PERCENT = 100


@dataclass(frozen=True)
class Asked:
    """What is known of a ticket when it is opened; without a ``kind`` nobody has said yet what it is about."""

    text: str
    customer_id: str
    kind: Kind | None = None
    group: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class RoutingRule:
    """Tickets of these kinds, words, categories of items and customers (none named: all) go this way."""

    name: str
    kind: Kind | None = None
    queue: Queue | None = None
    kinds: tuple[Kind, ...] = ()
    words: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    customer_ids: tuple[str, ...] = ()

    def fits(self, asked: Asked) -> bool:
        """Tell whether such a ticket goes this way; one without a kind needs a rule that gives it one."""
        text = asked.text.casefold()
        named = (
            (self.kinds, asked.kind),
            (self.categories, asked.category),
            (self.groups, asked.group),
            (self.customer_ids, asked.customer_id),
        )
        return (
            (asked.kind or self.kind) is not None
            and all(value in wanted for wanted, value in named if wanted)
            and (not self.words or any(word.casefold() in text for word in self.words))
        )


@dataclass(frozen=True)
class Routing:
    """The rules, of which the first that fits counts, and how sure what was learnt must be, in percent."""

    rules: tuple[RoutingRule, ...] = ()
    threshold_percent: int = 70
    version: int = 0


@dataclass(frozen=True)
class Way:
    """Where a ticket goes, who decided that, and how sure it is, in hundredths of a percent."""

    kind: Kind
    queue: Queue
    decided_by: Decider
    rule: str | None = None
    confidence_bp: int | None = None


def dispatch(asked: Asked, routing: Routing, model: Model | None) -> Way:
    """Return where a ticket goes."""
    rule = next((each for each in routing.rules if each.fits(asked)), None)
    if rule is not None:
        kind = asked.kind or rule.kind or UNDECIDED
        return Way(kind, rule.queue or QUEUE_OF_KIND[kind], "rule", rule.name)
    if asked.kind is not None:
        return Way(asked.kind, QUEUE_OF_KIND[asked.kind], "caller")
    return _learnt(asked.text, routing.threshold_percent, model)


def _learnt(text: str, threshold_percent: int, model: Model | None) -> Way:
    found = None if model is None else guess(model, text)
    if found is None or found.label not in QUEUE_OF_KIND:
        return Way(UNDECIDED, QUEUE_OF_KIND[UNDECIDED], "nobody")
    sure = int(found.confidence * FULL_BP)
    kind: Kind = found.label
    if sure < threshold_percent * _PERCENT:
        return Way(UNDECIDED, QUEUE_OF_KIND[UNDECIDED], "nobody", confidence_bp=sure)
    return Way(kind, QUEUE_OF_KIND[kind], "model", confidence_bp=sure)


def check_routing(routing: Routing) -> Routing:
    """Return the routing; refuse a rule that sends nothing anywhere, and two of one name."""
    names: set[str] = set()
    for place, rule in enumerate(routing.rules):
        if rule.name in names:
            raise RoutingInvalid("two rules have this name", field=f"rules.{place}.name", cure="rename one")
        if rule.kind is None and rule.queue is None:
            raise RoutingInvalid(
                "this rule sends nothing anywhere",
                field=f"rules.{place}.queue",
                cure="give a kind or a queue",
            )
        names.add(rule.name)
    return routing


def routing_data(routing: Routing) -> dict[str, Any]:
    """Return the routing as plain data, to be stored."""
    rules = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in vars(rule).items()}
        for rule in routing.rules
    ]
    return {"rules": rules, "threshold_percent": routing.threshold_percent}


def routing_from(data: Mapping[str, Any], version: int) -> Routing:
    """Read a stored routing."""
    return Routing(_rules(data["rules"]), data["threshold_percent"], version)


def _rules(stored: Sequence[Mapping[str, Any]]) -> tuple[RoutingRule, ...]:
    return tuple(rule_from(each) for each in stored)


def rule_from(data: Mapping[str, Any]) -> RoutingRule:
    """Read a rule from plain data."""
    read: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
    }
    return RoutingRule(**read)
