"""The checks of fields that the company added: a document is found by what it says, and sales was told the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from libs.common.db import Database
from libs.common.forms.values import word
from meridian.audit.across import CrossCheck
from meridian.audit.looking import Databases, differing, on_the_way, rows

_HELD = (
    ("crm", "customer", "SELECT id, fields FROM customer WHERE form_version > 0"),
    ("inventory", "item", "SELECT id, fields FROM item WHERE form_version > 0"),
    ("sales", "quotation", "SELECT quotation_id, fields FROM quotation_form"),
)
_KEPT_BY_SALES = {
    "customer": "SELECT customer_id, fields FROM customer_form",
    "item": "SELECT item_id, fields FROM item_form",
}


def found_by_what_it_says(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give documents whose values in the index are not those that they hold."""
    for store, document, statement in _HELD:
        held = {
            f"{owner} {key}": word(said)
            for owner, fields in _said(databases[store], statement).items()
            for key, said in fields.items()
        }
        indexed = {
            f"{owner} {key}": found
            for owner, key, found in rows(
                databases[store],
                "SELECT document_id, key, word FROM field_value WHERE document = :document",
                document=document,
            )
        }
        yield from dict.fromkeys(each.partition(" ")[0] for each in differing(held, indexed))


def sales_was_told(databases: Databases, _now: datetime) -> Iterator[str]:
    """Give customers and items that say something else at sales; those with news under way are left out."""
    for store, document, statement in _HELD[:2]:
        moving = {
            each
            for fact in ("registered", "details_changed")
            for each in on_the_way(databases, store, f"{store}.{document}.{fact}.v1", f"{document}_id")
        }
        owned = _filled(_said(databases[store], statement))
        kept = _filled(_said(databases["sales"], _KEPT_BY_SALES[document]))
        yield from (each for each in differing(owned, kept) if each not in moving)


def _said(database: Database, statement: str) -> dict[str, dict[str, str]]:
    """Return what documents say, by id; SQLite gives JSON as text."""
    found: list[tuple[Any, ...]] = rows(database, statement)
    return {str(one): json.loads(said) if isinstance(said, str) else said for one, said in found}


def _filled(said: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {one: fields for one, fields in said.items() if fields}


OWN_FIELD_CHECKS = (
    CrossCheck(
        "I13",
        "a_document_is_found_by_its_own_fields",
        "The index of the company's own fields says what the documents say.",
        found_by_what_it_says,
    ),
    CrossCheck(
        "I13",
        "sales_knows_the_own_fields",
        "What customers and items say of the company's own forms, sales was told.",
        sales_was_told,
    ),
)
