"""When a flow applies: typed clauses about what a document says, all of one case, any of the cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from libs.common.approvals.faults import FlowInvalid
from libs.common.money import Money

Kind = Literal["money", "percent", "flag", "text", "number", "date"]
Comparison = Literal["at_least", "at_most", "equals", "one_of"]
Value = Money | Decimal | date | int | bool | tuple[str, ...]
Fact = Money | Decimal | date | int | bool | str | tuple[Any, ...] | None
"""What a document says of one field; several values, as of its lines, hold where one of them does."""
Facts = Mapping[str, Fact]
Fields = Mapping[str, Kind]
"""What a document can be asked for, and of which kind it is; a percentage is in hundredths of a percent."""

COMPARISONS: Mapping[Kind, tuple[Comparison, ...]] = {
    "money": ("at_least", "at_most", "equals"),
    "percent": ("at_least", "at_most", "equals"),
    "flag": ("equals",),
    "text": ("equals", "one_of"),
    "number": ("at_least", "at_most", "equals"),
    "date": ("at_least", "at_most", "equals"),
}
GIVEN_AS: Mapping[Kind, str] = {
    "money": "amount",
    "percent": "percent",
    "flag": "flag",
    "text": "texts",
    "number": "number",
    "date": "day",
}
"""The name under which a caller gives the value that a field of each kind is compared with."""

MOST = 20


@dataclass(frozen=True)
class Clause:
    """One comparison of a field with a value; texts are always several, for ``equals`` just one."""

    field: str
    comparison: Comparison
    value: Value

    def holds(self, facts: Facts) -> bool:
        """Tell whether the document is so; what it does not say, and an amount in another currency, is not."""
        fact = facts.get(self.field)
        return any(self._holds_of(each) for each in (fact if isinstance(fact, tuple) else (fact,)))

    def _holds_of(self, fact: Any) -> bool:
        if isinstance(self.value, tuple):
            return fact in self.value
        if isinstance(self.value, Money):
            return isinstance(fact, Money) and fact.currency == self.value.currency and self._orders(fact)
        if isinstance(self.value, Decimal | date):
            return isinstance(fact, type(self.value)) and self._orders(fact)
        return isinstance(fact, int) and self._orders(fact)

    def _orders(self, fact: Any) -> bool:
        if self.comparison == "at_least":
            return bool(fact >= self.value)
        return bool(fact <= self.value) if self.comparison == "at_most" else bool(fact == self.value)


@dataclass(frozen=True)
class Case:
    """Clauses that must all hold; without any, it always does."""

    clauses: tuple[Clause, ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Tell whether the document is such a case."""
        return all(clause.holds(facts) for clause in self.clauses)


def kind_of(value: Value) -> Kind:
    """Return of which kind the fields are that a value is compared with."""
    if isinstance(value, Money):
        return "money"
    if isinstance(value, tuple):
        return "text"
    if isinstance(value, Decimal | date):
        return "number" if isinstance(value, Decimal) else "date"
    return "flag" if isinstance(value, bool) else "percent"


def any_holds(cases: Sequence[Case], facts: Facts) -> bool:
    """Tell whether the document is any of the cases."""
    return any(case.holds(facts) for case in cases)


def read_clause(
    where: str,
    field: str,
    comparison: Comparison,
    given: Mapping[str, Any],
    known: Fields,
    choices: Mapping[str, Collection[str]] | None = None,
) -> Clause:
    """Return the clause that a caller wrote at ``where``, its value among those ``given``; refuse what does not fit.

    ``choices`` are what those fields can say at all that say one of a few words.
    """
    kind = known.get(field)
    if kind is None:
        cure = f"Choose one of: {', '.join(known)}."
        raise FlowInvalid(f"there is no field {field}", field=f"{where}.field", cure=cure)
    if comparison not in COMPARISONS[kind]:
        cure = f"Choose one of: {', '.join(COMPARISONS[kind])}."
        raise FlowInvalid(
            f"{field} cannot be compared by {comparison}", field=f"{where}.comparison", cure=cure
        )
    wanted = GIVEN_AS[kind]
    strange = next((name for name in given if name != wanted), None)
    if strange is not None:
        cure = f"Give {wanted} and nothing else."
        raise FlowInvalid(f"{field} is compared with {wanted}", field=f"{where}.{strange}", cure=cure)
    if wanted not in given:
        raise FlowInvalid(
            f"{field} is compared with nothing", field=f"{where}.{wanted}", cure=f"Give {wanted}."
        )
    value = _value(f"{where}.{wanted}", comparison, given[wanted])
    if choices is not None and field in choices and isinstance(value, tuple):
        _check_choice(f"{where}.{wanted}", field, value, choices[field])
    return Clause(field, comparison, value)


def _check_choice(where: str, field: str, value: Sequence[str], known: Collection[str]) -> None:
    strange = next((text for text in value if text not in known), None)
    if strange is not None:
        raise FlowInvalid(
            f"{field} never says {strange}", field=where, cure=f"Choose of: {', '.join(sorted(known))}."
        )


def _value(where: str, comparison: Comparison, value: Any) -> Value:
    if not isinstance(value, list | tuple):
        read: Value = value  # the edge read it as what its kind says
        return read
    if comparison == "equals" and len(value) != 1:
        raise FlowInvalid("equals compares with one text", field=where, cure="Give one, or use one_of.")
    return tuple(value)


def clause_data(clause: Clause) -> dict[str, Any]:
    """Return a clause as plain data, to be stored."""
    return {"field": clause.field, "comparison": clause.comparison, "value": plain(clause.value)}


def clause_from(data: Mapping[str, Any]) -> Clause:
    """Read a stored clause."""
    value = data["value"]
    if isinstance(value, list):
        return Clause(data["field"], data["comparison"], tuple(value))
    return Clause(data["field"], data["comparison"], fact_from(value))  # type: ignore[arg-type]


def plain(value: Value | Fact) -> Any:
    """Return a value as plain data; an amount keeps its minor units."""
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, Decimal):
        return {"number": f"{value:f}"}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def fact_from(data: Any) -> Fact:
    """Read a stored fact."""
    if isinstance(data, dict):
        if "number" in data:
            return Decimal(data["number"])
        return date.fromisoformat(data["day"]) if "day" in data else Money(data["minor"], data["currency"])
    if isinstance(data, list):
        return tuple(fact_from(each) for each in data)
    stored: Fact = data
    return stored
