"""A customer's credit in what sales shows: for those only who may see his account at finance, null or empty to others.

An order is everybody's; why it waits for credit is told with limit and exposure, which are not.
"""

from __future__ import annotations

from typing import Any

from libs.common.web import principal

CREDIT_READERS = ("sales", "sales_manager", "finance", "service", "api_client")
"""As the readers of accounts at finance."""
_CREDIT = "credit"
_REFUSED = "credit_refused"
_OF_CREDIT = frozenset({"limit", "amount", "exposure", "shortfall", "status"})


def hides_credit() -> bool:
    """Tell whether the caller may not know a customer's limit and exposure."""
    who = principal()
    return not who.has_any(CREDIT_READERS)


def hold_shown(shown: dict[str, Any]) -> dict[str, Any]:
    """Return a hold without the figures of credit, if the caller may not know them."""
    return shown | {"figures": {}} if shown["code"] == _CREDIT and hides_credit() else shown


def order_shown(shown: dict[str, Any]) -> dict[str, Any]:
    """Return an order without what a refusal of credit was made from, if the caller may not know it."""
    refused = shown.get("cancel_reason") == _REFUSED
    return shown | {"cancel_detail": None} if refused and hides_credit() else shown


def change_shown(shown: dict[str, Any]) -> dict[str, Any]:
    """Return a change of an order without figures of credit, if the caller may not know them."""
    if not hides_credit():
        return shown
    figures = shown["figures"]
    if figures is not None:
        shown = shown | {"figures": {name: figures[name] for name in figures if name not in _OF_CREDIT}}
    return shown | {"detail": None} if shown["outcome"] == _REFUSED else shown
