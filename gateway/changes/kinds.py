"""What kinds of things change, by which messages that is known, and who may see every thing of a kind.

A hint tells no more than its kind: who gets it asks the usual address, which decides what is shown to whom. Whoever
sees only what is his own gets no hint of the kind, so that nobody learns when others were busy.
"""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.web import Principal

_EVERYBODY = frozenset({"sales", "sales_manager", "warehouse", "finance", "service"})
_KINDS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("inventory.delivery.", "deliveries", _EVERYBODY - {"sales"}),
    ("inventory.purchase_order.", "purchases", frozenset({"warehouse", "finance"})),
    ("inventory.stock_count.", "counts", frozenset({"warehouse", "finance", "sales_manager"})),
    ("inventory.stock.", "stock", _EVERYBODY),
    ("inventory.approval.", "approvals", _EVERYBODY),
    ("finance.approval.", "approvals", _EVERYBODY),
    ("sales.quotation.approval_", "approvals", _EVERYBODY),
    ("sales.order_change.approval_", "approvals", _EVERYBODY),
)
SOURCES = tuple(sorted({beginning.partition(".")[0] for beginning, _, _ in _KINDS}))
"""The services that tell of such changes."""


def kinds_of(types: Iterable[str]) -> frozenset[str]:
    """Return the kinds of things of which messages of these types tell."""
    told = tuple(types)
    return frozenset(
        kind for beginning, kind, _ in _KINDS if any(each.startswith(beginning) for each in told)
    )


def anything_of(service: str) -> list[str]:
    """Return what stands for every message of ``service`` that is of some kind."""
    return [beginning for beginning, _, _ in _KINDS if beginning.startswith(f"{service}.")]


def visible(kinds: Iterable[str], who: Principal) -> frozenset[str]:
    """Return those of ``kinds`` of which ``who`` may hear."""
    heard = {kind for _, kind, roles in _KINDS if who.has_any(roles)}
    return frozenset(kinds) & heard
