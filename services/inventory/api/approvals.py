"""Approvals of inventory over HTTP: the common edge, mounted for counts, requisitions and purchase orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.common.approvals import Facts
from libs.common.approvals.looking import Readable
from libs.common.approvals_api import Mount, Roles, approval_nouns
from libs.common.approvals_api.mount import Words
from libs.common.web import Strict, fields, principal
from services.inventory.api.buying import READERS, RULE_SETTERS
from services.inventory.api.company_day import company_today
from services.inventory.api.item_costs import COST_READERS
from services.inventory.reports.approvals import KINDS, readable
from services.inventory.use_cases.decide_approval import REACTIONS

PEOPLE = ("sales", "sales_manager", "warehouse", "finance", "service")
"""Whoever signs in as a person: anybody of them may be asked for an approval."""
_FACTS = (
    "amount", "absolute_value", "value_unknown", "currency", "supplier_id", "warehouse_id", "origin",
)  # fmt: skip


class SaidOut(Strict):
    """What the document said when the approval was asked for; what its kind does not have is null.

    What the differences of a count are worth is shown to those who may know what goods cost.
    """

    amount = fields.MoneyField(allow_none=True)
    absolute_value = fields.MoneyField(allow_none=True)
    value_unknown = fields.Flag(allow_none=True)
    currency = fields.Text(max=3, allow_none=True)
    supplier_id = fields.IdField(allow_none=True)
    warehouse_id = fields.IdField(allow_none=True)
    origin = fields.Text(max=16, allow_none=True)
    item_ids = fields.ListOf(fields.IdField(), least=0)
    item_categories = fields.ListOf(fields.Text(max=120), least=0)


class NeededDocument(Strict):
    """A past document."""

    document = fields.Choice(*REACTIONS, attribute="document.document")
    id = fields.IdField(attribute="document.id")
    number = fields.Text(max=64, attribute="document.number")


def _readable() -> Readable | None:
    return readable(reads_all=principal().has_any(READERS))


def _show(facts: Facts) -> Mapping[str, Any]:
    shown: dict[str, Any] = {name: facts.get(name) for name in _FACTS}
    if not principal().has_any(COST_READERS):
        shown["absolute_value"] = None
    return shown | {
        "item_ids": _several(facts.get("item_id")),
        "item_categories": _several(facts.get("item_category")),
    }


def _several(said: Any) -> list[str]:
    if said is None:
        return []
    return list(said) if isinstance(said, tuple) else [said]


MOUNT = Mount(
    prefix="inventory",
    about="Stock counts, requisitions and purchase orders",
    kinds=KINDS,
    roles=Roles(
        authors=RULE_SETTERS,
        readers_of_flows=("warehouse", "finance", "sales_manager"),
        lookers=(*PEOPLE, "api_client"),
        people=PEOPLE,
        askers=(*PEOPLE, "api_client"),
    ),
    reactions=REACTIONS,
    said=SaidOut,
    words=Words("documents", NeededDocument),
    today=company_today,
    terms=company_today,
    readable=_readable,
    show=_show,
)
approvals, flows, delegations, approval_fields = approval_nouns(MOUNT)
