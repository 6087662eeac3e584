"""Price policies with their lines, and the rules that may price an item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    cast,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from libs.common.db import Prepared, Transaction
from libs.common.money import Price
from services.sales.domain.audience import Buyer
from services.sales.domain.formulas import Formula, named_bases, reached
from services.sales.domain.policy import PolicyLine, PricePolicy
from services.sales.domain.pricing import PriceRule
from services.sales.store.tables import (
    price_policy,
    price_policy_cost,
    price_policy_formula,
    price_policy_line,
)

_HEAD = (
    "id",
    "name",
    "revision",
    "currency",
    "customer_id",
    "customer_group",
    "channel",
    "region",
    "valid_from",
    "valid_until",
    "superseded_by",
    "version",
)
COLUMNS = tuple(price_policy.c[name] for name in _HEAD)


def _lines(condition: Any, *columns: Any) -> Any:
    """Return the query of the fixed prices and the formulas of policies, of those that meet the condition."""
    no_base = cast(null(), String(120)).label("base_policy")
    no_price = cast(null(), price_policy_line.c.unit_price_e4.type).label("unit_price_e4")
    fixed = (
        price_policy_line.c.unit_price_e4,
        cast(null(), Integer).label("change_bp"),
        no_base,
        literal(0).label("of_cost"),
    )
    worked_out = (
        no_price,
        price_policy_formula.c.change_bp,
        price_policy_formula.c.base_policy,
        literal(0).label("of_cost"),
    )
    of_cost = (no_price, price_policy_cost.c.change_bp, no_base, literal(1).label("of_cost"))
    return union_all(
        *(
            select(lines.c.item_id, lines.c.min_quantity_milli, *prices, *_of(lines, columns))
            .join(price_policy, price_policy.c.id == lines.c.policy_id)
            .where(condition(lines))
            for lines, prices in (
                (price_policy_line, fixed),
                (price_policy_formula, worked_out),
                (price_policy_cost, of_cost),
            )
        )
    )


def _of(lines: Table, columns: Iterable[Any]) -> list[Any]:
    return [lines.c[column] if isinstance(column, str) else column for column in columns]


def _of_items(lines: Table) -> Any:
    wanted = lines.c.item_id.in_(bindparam("item_ids", expanding=True))
    return wanted & price_policy.c.superseded_by.is_(None)


def _nobody_or(column: str, name: str) -> Any:
    named = price_policy.c[column]
    return or_(named.is_(None), named == bindparam(name, type_=named.type))


# Who the customer is decides what may be seen; what the document chose (channel, quantity, day) is tried.
_FOR_BUYER = (
    _nobody_or("customer_id", "for_customer")
    & _nobody_or("customer_group", "for_group")
    & _nobody_or("region", "for_region")
)
_ORDER = ("item_id", "id", "min_quantity_milli")
_RULES = Prepared(_lines(lambda lines: _of_items(lines) & _FOR_BUYER, *COLUMNS).order_by(*_ORDER))
# Not by way of a price either does anybody see what one other customer pays.
_BY_NAME = price_policy.c.name.in_(bindparam("names", expanding=True)) & _nobody_or(
    "customer_id", "for_customer"
)
_BASES = Prepared(_lines(lambda lines: _of_items(lines) & _BY_NAME, *COLUMNS).order_by(*_ORDER))
_LINES = _lines(lambda lines: lines.c.policy_id == bindparam("of_policy"), "line_no").order_by("line_no")
_BASED_ON = (
    select(price_policy.c.name, price_policy_formula.c.base_policy)
    .join(price_policy, price_policy.c.id == price_policy_formula.c.policy_id)
    .where(price_policy.c.superseded_by.is_(None), price_policy_formula.c.base_policy.is_not(None))
    .distinct()
)


class RulesOfItem(NamedTuple):
    """The rules that are tried for an item, and those that prices among them are worked out of."""

    tried: list[PriceRule]
    bases: list[PriceRule]


NO_RULES = RulesOfItem([], [])


def add(tx: Transaction, new: PricePolicy, created_by: str) -> None:
    """Store a policy; the one of the same name that was current until now is superseded by it."""
    current = (price_policy.c.name == new.name) & price_policy.c.superseded_by.is_(None)
    tx.connection.execute(
        update(price_policy).where(current).values(superseded_by=new.id, version=price_policy.c.version + 1)
    )
    head = {name: getattr(new, name) for name in _HEAD}
    tx.connection.execute(insert(price_policy).values(**head, created_by=created_by, created_at=tx.now))
    fixed: list[dict[str, Any]] = []
    formulas: list[dict[str, Any]] = []
    of_cost: list[dict[str, Any]] = []
    for line_no, line in enumerate(new.lines, start=1):
        place = {
            "policy_id": new.id,
            "item_id": line.item_id,
            "min_quantity_milli": line.min_quantity,
            "line_no": line_no,
        }
        if isinstance(line.price, Price):
            fixed.append(place | {"unit_price_e4": line.price.e4})
        elif line.price.of_cost:
            of_cost.append(place | {"change_bp": line.price.change_bp})
        else:
            formulas.append(place | {"change_bp": line.price.change_bp, "base_policy": line.price.policy})
    tables = (price_policy_line, price_policy_formula, price_policy_cost)
    for table, rows in zip(tables, (fixed, formulas, of_cost), strict=True):
        if rows:
            tx.connection.execute(insert(table), rows)


def find(connection: Connection, policy_id: str) -> PricePolicy | None:
    """Return a policy with its lines, or nothing."""
    row = connection.execute(select(*COLUMNS).where(price_policy.c.id == policy_id)).one_or_none()
    if row is None:
        return None
    found = connection.execute(_LINES, {"of_policy": row.id})
    lines = (PolicyLine(line.item_id, line.min_quantity_milli, _price(line, row.currency)) for line in found)
    return PricePolicy(**row._asdict(), lines=tuple(lines))


def current(connection: Connection, names: Iterable[str]) -> dict[str, PricePolicy]:
    """Return the current policy of each of ``names`` that there is, without its lines, by name."""
    named = price_policy.c.name.in_(sorted(names)) & price_policy.c.superseded_by.is_(None)
    rows = connection.execute(select(*COLUMNS).where(named))
    return {row.name: PricePolicy(**row._asdict(), lines=()) for row in rows}


def based_on(connection: Connection) -> dict[str, set[str]]:
    """Return for each current policy the names of those that its prices are worked out of."""
    found: dict[str, set[str]] = {}
    for row in connection.execute(_BASED_ON):
        found.setdefault(row.name, set()).add(row.base_policy)
    return found


def rules_for(connection: Connection, item_ids: Iterable[str], buyer: Buyer) -> dict[str, RulesOfItem]:
    """Return the current rules for these items that a customer may see, by item.

    Those are the rules for all, for his group and region, and his own; whichever channel they are for.
    """
    ids = sorted(set(item_ids))
    wanted = {
        "item_ids": ids,
        "for_customer": buyer.customer_id,
        "for_group": buyer.customer_group,
        "for_region": buyer.region,
    }
    tried = _by_item(connection.execute(_RULES, wanted))
    bases = _bases(connection, wanted, [rule for rules in tried.values() for rule in rules])
    return {
        item_id: RulesOfItem(rules, reached(rules, bases.get(item_id, [])))
        for item_id, rules in tried.items()
    }


def bases_for(
    connection: Connection, item_ids: Iterable[str], customer_id: str, rules: Iterable[PriceRule]
) -> dict[str, list[PriceRule]]:
    """Return by item the current rules of the policies that prices of ``rules`` are worked out of, for a customer."""
    return _bases(connection, {"item_ids": sorted(set(item_ids)), "for_customer": customer_id}, list(rules))


def items_priced_by(connection: Connection, name: str) -> set[str]:
    """Return the items that the current policy of that name prices."""
    this = select(price_policy.c.id).where(
        price_policy.c.name == name, price_policy.c.superseded_by.is_(None)
    )
    tables = (price_policy_line, price_policy_formula, price_policy_cost)
    query = union_all(*(select(lines.c.item_id).where(lines.c.policy_id.in_(this)) for lines in tables))
    return set(connection.execute(query).scalars())


def _bases(
    connection: Connection, wanted: dict[str, Any], tried: list[PriceRule]
) -> dict[str, list[PriceRule]]:
    """Return the rules of the policies that prices are worked out of and that are not among the ``tried``."""
    asked = {rule.policy for rule in tried}
    found: dict[str, list[PriceRule]] = {}
    names = named_bases(tried) - asked
    while names:
        about = {name: wanted[name] for name in ("item_ids", "for_customer")} | {"names": sorted(names)}
        more = _by_item(connection.execute(_BASES, about))
        asked |= names
        names = named_bases(rule for rules in more.values() for rule in rules) - asked
        for item_id, rules in more.items():
            found.setdefault(item_id, []).extend(rules)
    return found


def _by_item(rows: Iterable[Row[Any]]) -> dict[str, list[PriceRule]]:
    rules: dict[str, list[PriceRule]] = {}
    for row in rows:
        rules.setdefault(row.item_id, []).append(_rule(row))
    return rules


def _rule(row: Row[Any]) -> PriceRule:
    return PriceRule(
        policy_id=row.id,
        policy=row.name,
        revision=row.revision,
        price=_price(row, row.currency),
        min_quantity=row.min_quantity_milli,
        customer_id=row.customer_id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        customer_group=row.customer_group,
        channel=row.channel,
        region=row.region,
    )


def _price(row: Row[Any], currency: str) -> Price | Formula:
    if row.change_bp is None:
        return Price(row.unit_price_e4, currency)
    return Formula(currency, row.change_bp, row.base_policy, bool(row.of_cost))
