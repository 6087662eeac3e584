"""What of a record is shown to whom: an order's story is everybody's, what goods cost and a customer's credit is not.

Services keep these fields from the same roles at their own addresses; here their records are read as the gateway, so
it has to be done once more. A hidden field is null, as there: its name stays, so nobody waits for one that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.common.web import Principal

_COST_READERS = ("sales_manager", "finance", "api_client")
_CREDIT_READERS = ("sales", "sales_manager", "finance", "service", "api_client")
_OF_COST = frozenset({"cost", "unit_cost", "margin", "margin_percent"})
_OF_STOCK = frozenset({"before", "value", "absolute_value", "net_value", "unit_price", "amount"})
_WORTH = (
    "inventory.item.", "inventory.stock.", "inventory.stock_count.", "inventory.purchase_order.",
    "inventory.requisition.", "inventory.supplier_return.",
)  # fmt: skip
_OF_CREDIT = frozenset({"exposure", "limit", "shortfall"})
_OF_OTHERS = frozenset({"other_order_id", "other_order_number"})


def shown_to(who: Principal, type_: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``who`` may see of a message of ``type_``; what is hidden is ``None``, at any depth."""
    hidden = _hidden_from(who, type_)
    return {name: _shown(name, value, hidden) for name, value in _without_reasons(who, data).items()}


def _hidden_from(who: Principal, type_: str) -> frozenset[str]:
    hidden: frozenset[str] = frozenset()
    if not who.has_any(_COST_READERS):
        hidden |= _OF_COST | (_OF_STOCK if type_.startswith(_WORTH) else frozenset())
    if not _reads_credit(who):
        hidden |= _OF_CREDIT
    return hidden | _OF_OTHERS if who.owner_only else hidden


def _reads_credit(who: Principal) -> bool:
    return who.has_any(_CREDIT_READERS)


def _without_reasons(who: Principal, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the message without what a refusal of credit was made from, if ``who`` may not see it."""
    if _reads_credit(who):
        return data
    told = {"figures": None} if data.get("code") == "credit" else {}
    told |= {"detail": None} if data.get("reason") == "credit_refused" else {}
    return {**data, **told}


def _shown(name: str, value: Any, hidden: frozenset[str]) -> Any:
    if name in hidden:
        return None
    if isinstance(value, dict):
        return {inner: _shown(inner, each, hidden) for inner, each in value.items()}
    return [_shown("", each, hidden) for each in value] if isinstance(value, list) else value
