"""What quotations, customers and items say of the company's own forms, and what that is to approval flows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from libs.common.db import Prepared, Transaction, Upsert, chunks
from libs.common.forms import Filled, Form, Values, current, facts
from services.sales.domain.approval import CUSTOMER, DOCUMENT, ITEM
from services.sales.store.form_tables import customer_form, item_form, quotation_form
from services.sales.store.tables import quotation, quotation_line

_NOTHING = Filled({}, 0)


def _last_word(table: Table, key: str) -> Upsert:
    def rule(insert: Any) -> Any:
        told = {column.name: insert.excluded[column.name] for column in table.c if not column.primary_key}
        return insert.on_conflict_do_update(index_elements=[key], set_=told)

    return Upsert(table, rule)


_PUT = _last_word(quotation_form, "quotation_id")
_PUT_CUSTOMER = _last_word(customer_form, "customer_id")
_PUT_ITEM = _last_word(item_form, "item_id")
_OF_QUOTATION = Prepared(
    select(quotation_form.c.fields, quotation_form.c.form_version, quotation_form.c.filled_by).where(
        quotation_form.c.quotation_id == bindparam("of_id")
    )
)
_OF_QUOTATIONS = Prepared(
    select(quotation_form.c.quotation_id, quotation_form.c.fields, quotation_form.c.form_version).where(
        quotation_form.c.quotation_id.in_(bindparam("of_ids", expanding=True))
    )
)


@dataclass(frozen=True)
class AskedAbout:
    """Whose fields a flow may ask for: of which quotation, customer and items."""

    quotation_id: str | None
    customer_id: str
    item_ids: frozenset[str]


def keep_customer(tx: Transaction, customer_id: str, said: Values) -> None:
    """Store what crm says that a customer says; the last word counts."""
    values = {"customer_id": customer_id, "fields": dict(said)}
    tx.connection.execute(_PUT_CUSTOMER.on(tx.connection), values)


def keep_item(tx: Transaction, item_id: str, said: Values) -> None:
    """Store what inventory says that an item says; the last word counts."""
    tx.connection.execute(_PUT_ITEM.on(tx.connection), {"item_id": item_id, "fields": dict(said)})


def put(tx: Transaction, quotation_id: str, said: Filled, by: str) -> None:
    """Store what a quotation says, and that this person had a hand in it; its row is held, or was just made."""
    _, before = _of_quotation(tx.connection, quotation_id)
    values = {
        "quotation_id": quotation_id,
        "fields": dict(said.values),
        "form_version": said.version,
        "filled_by": sorted(before | {by}),
    }
    tx.connection.execute(_PUT.on(tx.connection), values)


def of_quotation(connection: Connection, quotation_id: str) -> Filled:
    """Return what a quotation says."""
    return _of_quotation(connection, quotation_id)[0]


def _of_quotation(connection: Connection, quotation_id: str) -> tuple[Filled, set[str]]:
    row = connection.execute(_OF_QUOTATION, {"of_id": quotation_id}).one_or_none()
    return (_NOTHING, set()) if row is None else (Filled(row.fields, row.form_version), set(row.filled_by))


def of_quotations(connection: Connection, quotation_ids: Iterable[str]) -> dict[str, Filled]:
    """Return what quotations say, by id; those that say nothing are left out."""
    found: dict[str, Filled] = {}
    for some in chunks(sorted(set(quotation_ids))):
        rows = connection.execute(_OF_QUOTATIONS, {"of_ids": some})
        found |= {row.quotation_id: Filled(row.fields, row.form_version) for row in rows}
    return found


def fillers(connection: Connection, quotation_ids: Collection[str]) -> dict[str, list[str]]:
    """Return who filled in something of each quotation, which may decide who is asked."""
    columns = (quotation_form.c.quotation_id, quotation_form.c.filled_by)
    rows = connection.execute(select(*columns).where(quotation_form.c.quotation_id.in_(quotation_ids)))
    return {row.quotation_id: list(row.filled_by) for row in rows}


def facts_of(connection: Connection, asked: Mapping[str, AskedAbout]) -> dict[str, dict[str, Any]]:
    """Return what each document's own fields, its customer's and its items' say to flows.

    A field that several items fill in says several values.
    """
    forms = {name: current(connection, name) for name in (DOCUMENT, CUSTOMER, ITEM)}
    own = {each.quotation_id for each in asked.values() if each.quotation_id is not None}
    quoted = of_quotations(connection, own) if forms[DOCUMENT].version else {}
    customers = _said_of(
        connection, customer_form, forms[CUSTOMER], {each.customer_id for each in asked.values()}
    )
    wanted = {item_id for each in asked.values() for item_id in each.item_ids}
    items = _said_of(connection, item_form, forms[ITEM], wanted)
    return {
        name: {
            **facts(forms[DOCUMENT], quoted.get(each.quotation_id or "", _NOTHING).values),
            **facts(forms[CUSTOMER], customers.get(each.customer_id, {}), f"{CUSTOMER}."),
            **_several(forms[ITEM], [items[one] for one in sorted(each.item_ids) if one in items]),
        }
        for name, each in asked.items()
    }


def _said_of(connection: Connection, table: Table, form: Form, ids: Iterable[str]) -> dict[str, Values]:
    if not form.version:
        return {}
    (key,) = table.primary_key
    found: dict[str, Values] = {}
    for some in chunks(sorted(set(ids))):
        rows = connection.execute(select(key, table.c.fields).where(key.in_(some)))
        found |= {row[0]: row.fields for row in rows}
    return found


def _several(form: Form, said: Iterable[Values]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for each in said:
        for name, fact in facts(form, each, f"{ITEM}.").items():
            if fact not in found.setdefault(name, []):
                found[name].append(fact)
    return {name: tuple(several) for name, several in found.items()}


def items_of(connection: Connection, quotation_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the items of each quotation."""
    columns = (quotation_line.c.quotation_id, quotation_line.c.item_id)
    found: dict[str, set[str]] = {}
    for row in connection.execute(select(*columns).where(quotation_line.c.quotation_id.in_(quotation_ids))):
        found.setdefault(row.quotation_id, set()).add(row.item_id)
    return {name: frozenset(items) for name, items in found.items()}


def last_said(connection: Connection, most: int) -> list[Values]:
    """Return what the last quotations say of their form, also that they say nothing."""
    query = (
        select(quotation_form.c.fields)
        .select_from(quotation)
        .outerjoin(quotation_form, quotation_form.c.quotation_id == quotation.c.id)
        .order_by(quotation.c.id.desc())
        .limit(most)
    )
    return [said or {} for said in connection.execute(query).scalars()]
