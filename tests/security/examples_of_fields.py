"""A valid request of every operation on the company's own forms, and on what quotations say of them."""

from __future__ import annotations

from typing import Any

from tests.security.example import Example, Make, listing
from tests.security.shelf import Shelf


def _fields(shelf: Shelf, now: Any) -> list[dict[str, Any]]:
    """All fields that there are, and one of ours; each has a default, so that no other example has to fill it in."""
    words = {"en": "Risk", "zh": "风险"}
    ours = {
        "key": "corpus_risk",
        "label": words,
        "type": "choice",
        "scale": 0,
        "longest": 200,
        "options": [{"key": "low", "label": words, "retired": False}],
        "help": words,
        "required_from": None,
        "default": {"value": "low"},
        "seen_by": [],
        "edited_by": [],
        "retired": False,
    }
    kept = [{name: each[name] for name in each if name != "since"} for each in now["fields"]]
    return [ours, *(each for each in kept if each["key"] != ours["key"])]


def _form(at: str, document: str, **more: Any) -> Make:
    def make(shelf: Shelf) -> Example:
        now = shelf.system["admin"].get(f"{at}?document={document}")["items"][0]
        body = {"document": document, "based_on": now["version"], "fields": _fields(shelf, now)}
        return Example(body=body | more)

    return make


def _forms(at: str, document: str) -> dict[str, Make]:
    return {
        f"GET /api/v1{at}": listing,
        f"POST /api/v1{at}": _form(at, document),
        f"POST /api/v1{at}/try": _form(at, document, last=10),
    }


FIELDS: dict[str, Make] = {
    **_forms("/crm-forms", "customer"),
    **_forms("/inventory-forms", "item"),
    **_forms("/sales-forms", "quotation"),
    "PUT /api/v1/quotations/{quotation_id}/fields": lambda shelf: Example(
        {"quotation_id": shelf.fresh_quotation()["id"]}, {"fields": {}}
    ),
}
